// Products of packed weights, in both arithmetics, and of the factors of adapters: to the bit those
// of the oracle, whatever the bytes.

#include <bit>
#include <cstring>

#include "common/bytes.h"
#include "fuzz/require.h"
#include "kernels/block256.h"
#include "kernels/block32.h"
#include "kernels/factor_oracle.h"
#include "kernels/q6_k.h"
#include "kernels/weight_oracle.h"

namespace andon {
namespace {

constexpr WeightType kTypes[] = {WeightType::kF32,  WeightType::kF16,  WeightType::kBF16,
                                 WeightType::kQ4_0, WeightType::kQ4_1, WeightType::kQ5_0,
                                 WeightType::kQ5_1, WeightType::kQ8_0, WeightType::kQ4_K,
                                 WeightType::kQ5_K, WeightType::kQ6_K};

// The next `count` bytes of the input, again from its start where it ends.
class Source {
 public:
  explicit Source(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  uint8_t Byte() { return data_[at_++ % size_]; }
  std::vector<uint8_t> Take(size_t count) {
    std::vector<uint8_t> bytes(count);
    for (uint8_t& byte : bytes) byte = Byte();
    return bytes;
  }

 private:
  const uint8_t* data_;
  size_t size_;
  size_t at_ = 0;
};

using Multiplier = void (*)(const Matrix& w, const Activations& x, uint32_t first, uint32_t last,
                            float* y);

template <typename W>
constexpr Multiplier kOther =
    MultiplyGroups<W, kFastest == Arithmetic::kBytes ? Arithmetic::kWords : Arithmetic::kBytes>;

// The kernel with the arithmetic that this build does not use, where there are two.
Multiplier OtherOf(WeightType type) {
  switch (type) {
    case WeightType::kQ4_0:
      return kOther<Block32<false, false>>;
    case WeightType::kQ4_1:
      return kOther<Block32<false, true>>;
    case WeightType::kQ5_0:
      return kOther<Block32<true, false>>;
    case WeightType::kQ5_1:
      return kOther<Block32<true, true>>;
    case WeightType::kQ4_K:
      return kOther<Block256<false>>;
    case WeightType::kQ5_K:
      return kOther<Block256<true>>;
    case WeightType::kQ6_K:
      return kOther<Q6_K>;
    default:
      return Multiply;
  }
}

// NaN is NaN, whatever its bits; zeros may differ in sign.
bool Same(float a, float b) { return a == b || (a != a && b != b); }

void Check(WeightType type, uint32_t rows, uint32_t columns, uint32_t tokens, Source& source) {
  const WeightBlock block = WeightBlockOf(type);
  const size_t row_bytes = size_t{columns / block.weights} * block.bytes;
  const std::vector<uint8_t> file = source.Take(rows * row_bytes);
  std::vector<float> x(size_t{tokens} * columns);
  for (float& value : x) value = static_cast<float>(static_cast<int8_t>(source.Byte())) * 0.37F;
  std::vector<uint8_t> packed(MatrixBytes(type, rows, columns));
  for (uint32_t r = 0; r < rows; r += kGroupRows) {
    PackGroup(type, &file[r * row_bytes], std::min(kGroupRows, rows - r), columns,
              &packed[r / kGroupRows * MatrixBytes(type, kGroupRows, columns)]);
  }
  const Matrix w = {type, rows, columns, packed.data()};
  Activations activations;
  activations.Quantize(x.data(), tokens, columns);
  std::vector<float> y(size_t{tokens} * rows), other(y.size()), row(columns);
  Multiply(w, activations, 0, w.groups(), y.data());
  OtherOf(type)(w, activations, 0, w.groups(), other.data());
  for (uint32_t r = 0; r < rows; ++r) {
    UnpackRow(w, r, row.data());
    const std::vector<float> expected = oracle::Row(type, &file[r * row_bytes], columns);
    for (uint32_t c = 0; c < columns; ++c) Require(Same(expected[c], row[c]));
    for (uint32_t t = 0; t < tokens; ++t) {
      const float product =
          oracle::Product(type, &file[r * row_bytes], &x[size_t{t} * columns], columns);
      Require(Same(product, y[size_t{t} * rows + r]) && Same(product, other[size_t{t} * rows + r]));
    }
  }
}

constexpr DType kFactorTypes[] = {DType::kF32, DType::kF16, DType::kBF16};

// Values that are finite, as those of adapters are.
void AppendFinite(DType type, Source& source, Bytes& to) {
  uint8_t bytes[4] = {source.Byte(), source.Byte(), source.Byte(), source.Byte()};
  const size_t size = type == DType::kF32 ? 4 : 2;
  bytes[size - 1] &= 0xBB;  // exponents below the largest
  to.insert(to.end(), bytes, bytes + size);
}

struct FactorBytes {
  Bytes values, starts, indices;
};

// A factor whose sparse lines have what bits of the input say.
Factor MakeFactor(uint8_t form, uint32_t rows, uint32_t columns, Source& source, FactorBytes& to) {
  Factor w = {.type = kFactorTypes[form % 3], .rows = rows, .columns = columns};
  const bool is_sparse = form / 3 % 3 > 0;
  w.is_by_column = form / 3 % 3 == 2;
  AppendU32(to.starts, 0);
  for (uint32_t line = 0; line < (w.is_by_column ? columns : rows); ++line) {
    for (uint32_t i = 0; i < (w.is_by_column ? rows : columns); ++i) {
      if (is_sparse && source.Byte() % 4 != 0) continue;
      AppendFinite(w.type, source, to.values);
      AppendU32(to.indices, i);
    }
    AppendU32(to.starts, static_cast<uint32_t>(to.indices.size() / 4));
  }
  to.indices.push_back(0);
  w.values = to.values.data();
  w.starts = is_sparse ? to.starts.data() : nullptr;
  w.indices = to.indices.data();
  return w;
}

void CheckFactor(uint8_t form, uint32_t rows, uint32_t columns, uint32_t tokens, Source& source) {
  FactorBytes bytes;
  const Factor w = MakeFactor(form, rows, columns, source, bytes);
  std::vector<float> x(size_t{tokens} * columns);
  for (float& value : x) value = static_cast<float>(static_cast<int8_t>(source.Byte())) * 0.37F;
  std::vector<float> y(size_t{tokens} * rows), added(y.size(), 1), column(rows), row(columns);
  FactorProduct(w, x.data(), tokens, 0, rows, y.data());
  if (!w.is_by_column) AddFactorProduct(w, x.data(), tokens, 0, rows, 0.5F, nullptr, added.data());
  for (uint32_t r = 0; r < rows; ++r) {
    FactorRow(w, r, row.data());
    for (uint32_t t = 0; t < tokens; ++t) {
      const float dot = oracle::FactorDot(w, r, &x[size_t{t} * columns]);
      Require(Same(dot, y[size_t{t} * rows + r]));
      Require(w.is_by_column || Same(1 + 0.5F * dot, added[size_t{t} * rows + r]));
    }
    for (uint32_t c = 0; c < columns; ++c) {
      float value = 0;
      oracle::FactorHas(w, r, c, &value);
      FactorColumn(w, c, column.data());
      Require(Same(value, row[c]) && Same(value, column[r]));
    }
  }
}

}  // namespace
}  // namespace andon

// Four bytes of shape, then weights and activations; of a factor where the first is 128 or more.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 8) return 0;
  if (data[0] >= 128) {
    andon::Source factor(data + 4, size - 4);
    andon::CheckFactor(data[0] & 127, 1 + data[2] % 17, 1 + data[1] % 70, 1 + data[3] % 5, factor);
    return 0;
  }
  const andon::WeightType type = andon::kTypes[data[0] % std::size(andon::kTypes)];
  const uint32_t block = andon::WeightBlockOf(type).weights;
  const uint32_t columns = block * (1 + data[1] % (block == 256 ? 3 : block == 32 ? 12 : 70));
  andon::Source source(data + 4, size - 4);
  andon::Check(type, 1 + data[2] % 17, columns, 1 + data[3] % 9, source);
  return 0;
}
