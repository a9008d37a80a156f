#include "transformer/adapter_base.h"

#include "transformer/parts.h"

namespace andon {
namespace {

double Square(float x) { return static_cast<double>(x) * static_cast<double>(x); }

// Of each row.
std::vector<double> RowSquares(const Matrix& w, ThreadPool& pool) {
  std::vector<double> squares(w.rows);
  const uint32_t rows[] = {w.rows};
  RunInParts(pool, rows, uint64_t{w.rows} * w.columns,
             [&](uint32_t, uint32_t first, uint32_t last) {
               std::vector<float> row(w.columns);
               for (uint32_t r = first; r < last; ++r) {
                 UnpackRow(w, r, row.data());
                 for (const float x : row) squares[r] += Square(x);
               }
             });
  return squares;
}

// Of each column: an embedding's rows are its tokens.
std::vector<double> ColumnSquares(const Matrix& w) {
  std::vector<double> squares(w.columns);
  std::vector<float> row(w.columns);
  for (uint32_t r = 0; r < w.rows; ++r) {
    UnpackRow(w, r, row.data());
    for (uint32_t c = 0; c < w.columns; ++c) squares[c] += Square(row[c]);
  }
  return squares;
}

}  // namespace

std::span<const double> RowNorms::Of(uint32_t layer, Module module, ThreadPool& pool) {
  const size_t layers = weights_.layers.size();
  squares_.resize(Adapter::Places(layers));
  std::vector<double>& squares = squares_[Adapter::PlaceOf(layers, layer, module)];
  if (squares.empty()) {
    const Matrix& w = MatrixOf(weights_, layer, module);
    squares = module == Module::kEmbedding ? ColumnSquares(w) : RowSquares(w, pool);
  }
  return squares;
}

}  // namespace andon
