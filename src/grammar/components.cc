#include "grammar/components.h"

#include <algorithm>
#include <utility>

namespace andon {
namespace {

// Without recursion: graphs come from grammars, and those from outside.
class Tarjan {
 public:
  explicit Tarjan(const Graph& graph) : graph_(graph), vertices_(graph.size()) {}

  std::vector<std::vector<uint32_t>> Run() {
    for (uint32_t root = 0; root < graph_.size(); ++root) {
      if (vertices_[root].index == 0) Visit(root);
    }
    return std::move(components_);
  }

 private:
  struct Vertex {
    uint32_t index = 0;  // in the order of visits, from 1
    uint32_t low = 0;    // the least index that is known to be reached
    uint32_t next = 0;   // of the edges
    bool open = false;   // no component has it yet
  };

  void Enter(uint32_t vertex) {
    vertices_[vertex] = {.index = ++visits_, .low = visits_, .next = 0, .open = true};
    path_.push_back(vertex);
    open_.push_back(vertex);
  }

  void Visit(uint32_t root) {
    Enter(root);
    while (!path_.empty()) {
      const uint32_t at = path_.back();
      Vertex& vertex = vertices_[at];
      if (vertex.next < graph_[at].size()) {
        const uint32_t to = graph_[at][vertex.next++];
        if (vertices_[to].index == 0) {
          Enter(to);
        } else if (vertices_[to].open) {
          vertex.low = std::min(vertex.low, vertices_[to].index);
        }
        continue;
      }
      path_.pop_back();
      if (!path_.empty())
        vertices_[path_.back()].low = std::min(vertices_[path_.back()].low, vertex.low);
      if (vertex.low == vertex.index) CloseComponent(at);
    }
  }

  void CloseComponent(uint32_t root) {
    std::vector<uint32_t>& component = components_.emplace_back();
    do {
      component.push_back(open_.back());
      vertices_[open_.back()].open = false;
      open_.pop_back();
    } while (component.back() != root);
  }

  const Graph& graph_;
  std::vector<Vertex> vertices_;
  std::vector<uint32_t> path_;  // from the root to the vertex at hand
  std::vector<uint32_t> open_;
  uint32_t visits_ = 0;
  std::vector<std::vector<uint32_t>> components_;
};

}  // namespace

std::vector<std::vector<uint32_t>> StronglyConnectedComponents(const Graph& graph) {
  return Tarjan(graph).Run();
}

}  // namespace andon
