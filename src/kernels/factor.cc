#include "kernels/factor.h"

#include <algorithm>
#include <array>

#include "kernels/float_types.h"

namespace andon {
namespace {

constexpr uint32_t kTileRows = 4;    // of a dense factor: a vector of their sums
constexpr uint32_t kPairTokens = 2;  // that share what was widened, as far as registers reach

uint32_t LoadU32(const uint8_t* from, size_t index) {
  uint32_t value;
  std::memcpy(&value, from + index * sizeof(value), sizeof(value));
  return value;
}

// The sums of four vectors' lanes, each as F32x4::Total().
v128_t Totals(const v128_t (&sums)[kTileRows]) {
  v128_t halves[2];
  for (uint32_t i = 0; i < 2; ++i) {
    const v128_t a = sums[2 * i], b = sums[2 * i + 1];
    halves[i] =
        wasm_f32x4_add(wasm_i32x4_shuffle(a, b, 0, 4, 1, 5), wasm_i32x4_shuffle(a, b, 2, 6, 3, 7));
  }
  return wasm_f32x4_add(wasm_i32x4_shuffle(halves[0], halves[1], 0, 1, 4, 5),
                        wasm_i32x4_shuffle(halves[0], halves[1], 2, 3, 6, 7));
}

// How the values of dense rows are read: a vector of them may be smaller than they are, by a power
// of two that inputs and sums make up for, which costs less than making up for it in each.
template <typename W>
struct Loading {
  static v128_t Load(const uint8_t* from) { return W::Load(from); }
  static v128_t ScaleInput(v128_t x) { return x; }
  static v128_t ScaleSum(v128_t sum) { return sum; }
};
template <>
struct Loading<F16> {  // 2^-112 in two steps, so that sums stay normal numbers
  static v128_t Load(const uint8_t* from) { return LoadSmallF16x4(from); }
  static v128_t ScaleInput(v128_t x) { return wasm_f32x4_mul(x, wasm_f32x4_splat(0x1p64F)); }
  static v128_t ScaleSum(v128_t sum) { return wasm_f32x4_mul(sum, wasm_f32x4_splat(0x1p48F)); }
};

// Four rows times kTokens tokens, which lie `columns` apart.
template <typename W, uint32_t kTokens>
void MultiplyTile(const std::array<const uint8_t*, kTileRows>& rows, uint32_t columns,
                  const float* x, v128_t (&sums)[kTokens]) {
  v128_t part[kTokens][kTileRows];
  for (auto& p : part) std::fill_n(p, kTileRows, wasm_f32x4_splat(0));
  uint32_t c = 0;
  for (; columns - c >= 4; c += 4) {
    v128_t values[kTokens];
    for (uint32_t t = 0; t < kTokens; ++t)
      values[t] = Loading<W>::ScaleInput(wasm_v128_load(x + size_t{t} * columns + c));
    for (uint32_t r = 0; r < kTileRows; ++r) {
      const v128_t w = Loading<W>::Load(rows[r] + size_t{c} * W::kBytes);
      for (uint32_t t = 0; t < kTokens; ++t)
        part[t][r] = wasm_f32x4_add(part[t][r], wasm_f32x4_mul(w, values[t]));
    }
  }
  for (uint32_t t = 0; t < kTokens; ++t) sums[t] = Loading<W>::ScaleSum(Totals(part[t]));
  for (; c < columns; ++c) {
    const size_t at = size_t{c} * W::kBytes;
    const v128_t w = wasm_f32x4_make(W::Value(rows[0] + at), W::Value(rows[1] + at),
                                     W::Value(rows[2] + at), W::Value(rows[3] + at));
    for (uint32_t t = 0; t < kTokens; ++t) {
      const v128_t value = wasm_v128_load32_splat(x + size_t{t} * columns + c);
      sums[t] = wasm_f32x4_add(sums[t], wasm_f32x4_mul(w, value));
    }
  }
}

// Where sums go: y[token, row] = sum.
struct SetSums {
  float* y;
  size_t rows;

  void Put(uint32_t token, uint32_t row, float sum) const { y[token * rows + row] = sum; }
  void Put(uint32_t token, uint32_t row, v128_t sums) const {
    wasm_v128_store(y + token * rows + row, sums);
  }
};

// y[token, row] += scale * row_scale[row] * sum.
struct AddSums {
  float* y;
  size_t rows;
  float scale;
  const float* row_scale;

  void Put(uint32_t token, uint32_t row, float sum) const {
    y[token * rows + row] += (row_scale == nullptr ? scale : scale * row_scale[row]) * sum;
  }
  void Put(uint32_t token, uint32_t row, v128_t sums) const {
    v128_t factor = wasm_f32x4_splat(scale);
    if (row_scale != nullptr) factor = wasm_f32x4_mul(factor, wasm_v128_load(row_scale + row));
    float* const to = y + token * rows + row;
    wasm_v128_store(to, wasm_f32x4_add(wasm_v128_load(to), wasm_f32x4_mul(factor, sums)));
  }
};

// Rows of so few columns that all inputs stay in registers: B of an adapter. All but the last rows
// that fill no tile; returns where those begin.
template <typename W, uint32_t kTokens, uint32_t kVectors, typename Sums>
uint32_t MultiplyNarrow(const Factor& w, const float* x, uint32_t token, uint32_t first,
                        uint32_t last, const Sums& to) {
  constexpr size_t kVectorBytes = size_t{4} * W::kBytes;
  v128_t values[kTokens][kVectors];
  for (uint32_t t = 0; t < kTokens; ++t) {
    for (uint32_t v = 0; v < kVectors; ++v)
      values[t][v] =
          Loading<W>::ScaleInput(wasm_v128_load(x + size_t{token + t} * w.columns + 4 * v));
  }
  const uint8_t* row = w.values + size_t{first} * kVectors * kVectorBytes;
  uint32_t r = first;
  for (; last - r >= kTileRows; r += kTileRows) {
    v128_t part[kTokens][kTileRows];
    for (uint32_t i = 0; i < kTileRows; ++i, row += kVectors * kVectorBytes) {
      for (uint32_t v = 0; v < kVectors; ++v) {
        const v128_t weights = Loading<W>::Load(row + v * kVectorBytes);
        for (uint32_t t = 0; t < kTokens; ++t) {
          const v128_t product = wasm_f32x4_mul(weights, values[t][v]);
          part[t][i] = v == 0 ? product : wasm_f32x4_add(part[t][i], product);
        }
      }
    }
    for (uint32_t t = 0; t < kTokens; ++t)
      to.Put(token + t, r, Loading<W>::ScaleSum(Totals(part[t])));
  }
  return r;
}

template <typename W, uint32_t kTokens, typename Sums>
void MultiplyRows(const Factor& w, const float* x, uint32_t token, uint32_t first, uint32_t last,
                  const Sums& to) {
  const size_t row_bytes = size_t{w.columns} * W::kBytes;
  const float* const from = x + size_t{token} * w.columns;
  v128_t sums[kTokens];
  if (w.columns == 8) first = MultiplyNarrow<W, kTokens, 2>(w, x, token, first, last, to);
  if (w.columns == 16) first = MultiplyNarrow<W, kTokens, 4>(w, x, token, first, last, to);
  for (uint32_t r = first; r < last; r += kTileRows) {
    MultiplyTile<W, kTokens>(RowsFrom<kTileRows>(r, last, w.values, row_bytes), w.columns, from,
                             sums);
    for (uint32_t t = 0; t < kTokens; ++t) {
      if (last - r >= kTileRows) {
        to.Put(token + t, r, sums[t]);
        continue;
      }
      float each[kTileRows];
      wasm_v128_store(each, sums[t]);
      for (uint32_t i = 0; i < last - r; ++i) to.Put(token + t, r + i, each[i]);
    }
  }
}

template <typename W, typename Sums>
void MultiplyDense(const Factor& w, const float* x, uint32_t tokens, uint32_t first, uint32_t last,
                   const Sums& to) {
  uint32_t t = 0;
  for (; tokens - t >= kPairTokens; t += kPairTokens)
    MultiplyRows<W, kPairTokens>(w, x, t, first, last, to);
  if (t < tokens) MultiplyRows<W, 1>(w, x, t, first, last, to);
}

template <typename W, typename Sums>
void MultiplySparse(const Factor& w, const float* x, uint32_t tokens, uint32_t first, uint32_t last,
                    const Sums& to) {
  for (uint32_t r = first; r < last; ++r) {
    const uint32_t begin = LoadU32(w.starts, r), end = LoadU32(w.starts, size_t{r} + 1);
    for (uint32_t t = 0; t < tokens; ++t) {
      const float* const values = x + size_t{t} * w.columns;
      float sum = 0;
      for (size_t i = begin; i < end; ++i)
        sum += W::Value(w.values + i * W::kBytes) * values[LoadU32(w.indices, i)];
      to.Put(t, r, sum);
    }
  }
}

// Calls use(W()) with the type of the factor's values.
template <typename Use>
void WithType(DType type, const Use& use) {
  if (type == DType::kF32) return use(F32());
  if (type == DType::kF16) return use(F16());
  use(BF16());
}

template <typename Sums>
void MultiplyFactor(const Factor& w, const float* x, uint32_t tokens, uint32_t first, uint32_t last,
                    const Sums& to) {
  WithType(w.type, [&](auto type) {
    using W = decltype(type);
    w.is_sparse() ? MultiplySparse<W>(w, x, tokens, first, last, to)
                  : MultiplyDense<W>(w, x, tokens, first, last, to);
  });
}

// Of all rows, column after column, so that the sum of a row has the order of its columns.
template <typename W>
void MultiplyColumns(const Factor& w, const float* x, uint32_t tokens, float* y) {
  std::fill_n(y, size_t{tokens} * w.rows, 0.0F);
  for (uint32_t t = 0; t < tokens; ++t, x += w.columns, y += w.rows) {
    for (uint32_t c = 0; c < w.columns; ++c) {
      const uint32_t end = LoadU32(w.starts, size_t{c} + 1);
      for (size_t i = LoadU32(w.starts, c); i < end; ++i)
        y[LoadU32(w.indices, i)] += W::Value(w.values + i * W::kBytes) * x[c];
    }
  }
}

// The value of a sparse line (a row, or a column of one by column) at `index`.
template <typename W>
float ValueInLine(const Factor& w, uint32_t line, uint32_t index) {
  size_t begin = LoadU32(w.starts, line), end = LoadU32(w.starts, size_t{line} + 1);
  while (begin < end) {
    const size_t middle = begin + (end - begin) / 2;
    const uint32_t there = LoadU32(w.indices, middle);
    if (there == index) return W::Value(w.values + middle * W::kBytes);
    there < index ? begin = middle + 1 : end = middle;
  }
  return 0;
}

template <typename W>
float ValueAt(const Factor& w, uint32_t row, uint32_t column) {
  if (w.is_by_column) return ValueInLine<W>(w, column, row);
  if (w.is_sparse()) return ValueInLine<W>(w, row, column);
  return W::Value(w.values + (size_t{row} * w.columns + column) * W::kBytes);
}

// All values of a sparse line, of `size`.
template <typename W>
void UnpackLine(const Factor& w, uint32_t line, uint32_t size, float* to) {
  std::fill_n(to, size, 0.0F);
  const uint32_t end = LoadU32(w.starts, size_t{line} + 1);
  for (size_t i = LoadU32(w.starts, line); i < end; ++i)
    to[LoadU32(w.indices, i)] = W::Value(w.values + i * W::kBytes);
}

}  // namespace

void FactorProduct(const Factor& w, const float* x, uint32_t tokens, uint32_t first, uint32_t last,
                   float* y) {
  if (w.is_by_column) {
    return WithType(w.type, [&](auto type) { MultiplyColumns<decltype(type)>(w, x, tokens, y); });
  }
  MultiplyFactor(w, x, tokens, first, last, SetSums{.y = y, .rows = w.rows});
}

void AddFactorProduct(const Factor& w, const float* x, uint32_t tokens, uint32_t first,
                      uint32_t last, float scale, const float* row_scale, float* y) {
  MultiplyFactor(w, x, tokens, first, last,
                 AddSums{.y = y, .rows = w.rows, .scale = scale, .row_scale = row_scale});
}

void FactorRow(const Factor& w, uint32_t row, float* to) {
  WithType(w.type, [&](auto type) {
    using W = decltype(type);
    if (w.is_sparse() && !w.is_by_column) return UnpackLine<W>(w, row, w.columns, to);
    for (uint32_t c = 0; c < w.columns; ++c) to[c] = ValueAt<W>(w, row, c);
  });
}

void FactorColumn(const Factor& w, uint32_t column, float* to) {
  WithType(w.type, [&](auto type) {
    using W = decltype(type);
    if (w.is_by_column) return UnpackLine<W>(w, column, w.rows, to);
    for (uint32_t r = 0; r < w.rows; ++r) to[r] = ValueAt<W>(w, r, column);
  });
}

}  // namespace andon
