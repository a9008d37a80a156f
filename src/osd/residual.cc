#include "osd/residual.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace andon {
namespace {

struct Candidate {
  double importance = 0;
  ResidualEntry entry;

  std::tuple<Index, Index> place() const { return {entry.row, entry.column}; }
  // Whether it is kept rather than the other.
  bool operator>(const Candidate& other) const {
    return importance != other.importance ? importance > other.importance : place() < other.place();
  }
};

// A heap whose front is the least important of the best so far: the whole of dW is never held.
class Best {
 public:
  explicit Best(size_t count) : count_(count) { heap_.reserve(count); }

  void Offer(const Candidate& candidate) {
    if (heap_.size() == count_) {
      if (!(candidate > heap_.front())) return;
      std::ranges::pop_heap(heap_, std::greater<>());
      heap_.pop_back();
    }
    heap_.push_back(candidate);
    std::ranges::push_heap(heap_, std::greater<>());
  }

  const std::vector<Candidate>& kept() const { return heap_; }

 private:
  size_t count_;
  std::vector<Candidate> heap_;
};

}  // namespace

void ForEachRemainder(const Update& update, const Factors& factors,
                      const std::function<void(Index, const Matrix&)>& take) {
  const Matrix scaled = factors.u * factors.s.asDiagonal();
  const Matrix vt = factors.v.transpose();
  update.ForEachBlock([&](Index first, const Matrix& rows) {
    take(first, rows - scaled.middleRows(first, rows.rows()) * vt);
  });
}

std::vector<ResidualEntry> LargestRemainders(const Update& update, const Factors& factors,
                                             const Matrix* gradient, size_t count, bool by_column) {
  if (count == 0) return {};
  Best best(count);
  ForEachRemainder(update, factors, [&](Index first, const Matrix& rows) {
    for (Index i = 0; i < rows.rows(); ++i) {
      for (Index j = 0; j < rows.cols(); ++j) {
        const double weight = gradient == nullptr ? 1 : (*gradient)(first + i, j);
        best.Offer({std::abs(rows(i, j) * weight), {first + i, j, rows(i, j)}});
      }
    }
  });
  std::vector<ResidualEntry> entries;
  for (const Candidate& candidate : best.kept()) entries.push_back(candidate.entry);
  std::ranges::sort(entries, {}, [by_column](const ResidualEntry& e) {
    return by_column ? std::tuple(e.column, e.row) : std::tuple(e.row, e.column);
  });
  return entries;
}

}  // namespace andon
