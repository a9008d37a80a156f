// Strongly connected components of a graph (Tarjan 1972).

#ifndef ANDON_GRAMMAR_COMPONENTS_H_
#define ANDON_GRAMMAR_COMPONENTS_H_

#include <cstdint>
#include <vector>

namespace andon {

using Graph = std::vector<std::vector<uint32_t>>;  // the vertices that each vertex leads to

// Each component comes after those that it leads to.
std::vector<std::vector<uint32_t>> StronglyConnectedComponents(const Graph& graph);

}  // namespace andon

#endif  // ANDON_GRAMMAR_COMPONENTS_H_
