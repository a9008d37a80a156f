#include "adapters/dora.h"

#include <cmath>

#include "transformer/parts.h"

namespace andon {
namespace {

// All rows, [rows, columns].
std::vector<float> Widened(const Factor& factor) {
  std::vector<float> values(size_t{factor.rows} * factor.columns);
  for (uint32_t r = 0; r < factor.rows; ++r)
    FactorRow(factor, r, values.data() + size_t{r} * factor.columns);
  return values;
}

// A W^T, [rank, out].
std::vector<float> ProductWithRows(const AdapterBase& base, const Matrix& w, const Factor& a) {
  const std::vector<float> rows = Widened(a);
  Activations activations;
  activations.Quantize(rows.data(), a.rows, a.columns);
  std::vector<float> products(size_t{a.rows} * w.rows);
  const auto multiply = base.precision == Precision::kExact ? MultiplyExact : Multiply;
  const uint32_t groups[] = {w.groups()};
  RunInParts(base.pool, groups, uint64_t{w.rows} * w.columns * a.rows,
             [&](uint32_t, uint32_t first, uint32_t last) {
               multiply(w, activations, first, last, products.data());
             });
  return products;
}

// The same of an embedding, whose rows are the columns of W.
std::vector<float> ProductWithColumns(const Matrix& w, const Factor& a) {
  std::vector<float> products(size_t{a.rows} * w.columns), row(w.columns), column(a.rows);
  for (uint32_t token = 0; token < w.rows; ++token) {
    UnpackRow(w, token, row.data());
    FactorColumn(a, token, column.data());
    for (uint32_t r = 0; r < a.rows; ++r) {
      float* const to = products.data() + size_t{r} * w.columns;
      for (uint32_t o = 0; o < w.columns; ++o) to[o] += column[r] * row[o];
    }
  }
  return products;
}

// A A^T, [rank, rank].
std::vector<float> Gram(const Factor& a) {
  std::vector<float> gram(size_t{a.rows} * a.rows);
  FactorProduct(a, Widened(a).data(), a.rows, 0, a.rows, gram.data());
  return gram;
}

}  // namespace

std::vector<float> DoraScale(const AdapterBase& base, uint32_t layer, Module module,
                             const ModuleUpdate& update, const Factor& magnitude) {
  const Matrix& w = MatrixOf(base.weights, layer, module);
  const uint32_t rank = update.a.rows, out = update.b.rows;
  const std::vector<float> products = module == Module::kEmbedding
                                          ? ProductWithColumns(w, update.a)
                                          : ProductWithRows(base, w, update.a);
  const std::vector<float> gram = Gram(update.a);
  const std::span<const double> squares = base.norms.Of(layer, module, base.pool);
  std::vector<float> scale(out), b(rank);
  FactorRow(magnitude, 0, scale.data());
  for (uint32_t o = 0; o < out; ++o) {
    FactorRow(update.b, o, b.data());
    double square = squares[o];
    for (uint32_t i = 0; i < rank; ++i) {
      double sum = 0;
      for (uint32_t j = 0; j < rank; ++j)
        sum += static_cast<double>(gram[size_t{i} * rank + j]) *
               static_cast<double>(update.scales[j] * b[j]);
      const double own = static_cast<double>(update.scales[i] * b[i]);
      square += own * (2 * static_cast<double>(products[size_t{i} * out + o]) + sum);
    }
    scale[o] =
        square > 0 ? static_cast<float>(static_cast<double>(scale[o]) / std::sqrt(square)) : 1;
  }
  return scale;
}

}  // namespace andon
