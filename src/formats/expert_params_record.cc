#include "formats/expert_params_record.h"

#include <algorithm>
#include <bit>
#include <iterator>

#include "common/little_endian.h"

namespace andon {
namespace {

constexpr uint64_t kFeedForward = 1, kSparseFactors = 2;
constexpr DType kDTypes[] = {DType::kF32, DType::kF16, DType::kBF16};  // 1, 2, 3 in the file

bool IsBetween(uint64_t value, uint64_t first, uint64_t last) {
  return first <= value && value <= last;
}

}  // namespace

Result<ParamsRecord> ReadParamsRecord(ByteView bytes) {
  const auto field = [bytes](size_t offset, unsigned size) {
    return andon_load_le(bytes.data() + offset, size);
  };
  const uint64_t target = field(0, 1), kind = field(1, 1), dtype = field(2, 1), flags = field(3, 1),
                 sparse_format = field(6, 2);
  const bool has_zeros =
      std::ranges::all_of(bytes.subspan(72), [](uint8_t byte) { return byte == 0; });
  if (target > static_cast<uint64_t>(AdapterTarget::kLmHead) || !IsBetween(kind, 1, 5) ||
      !IsBetween(dtype, 1, 3) || flags > (kFeedForward | kSparseFactors) || sparse_format > 2 ||
      !has_zeros) {
    return Error(ErrorCode::kParamsModule, "params: a record of module ", target, ", kind ", kind,
                 ", dtype ", dtype, ", flags ", flags, ", sparse format ", sparse_format);
  }

  ParamsRecord record;
  AdapterModule& module = record.module;
  module.target = static_cast<AdapterTarget>(target);
  module.kind = static_cast<AdapterKind>(kind);
  module.dtype = kDTypes[dtype - 1];
  module.feed_forward = (flags & kFeedForward) != 0;
  module.sparse_factors = (flags & kSparseFactors) != 0;
  module.rank = static_cast<uint16_t>(field(4, 2));
  module.sparse_format = static_cast<SparseFormat>(sparse_format);
  module.in_features = static_cast<uint32_t>(field(8, 4));
  module.out_features = static_cast<uint32_t>(field(12, 4));
  module.scale = std::bit_cast<float>(static_cast<uint32_t>(field(16, 4)));
  module.sparse_weight = std::bit_cast<float>(static_cast<uint32_t>(field(20, 4)));
  record.offset_a = field(24, 8);
  record.offset_b = field(32, 8);
  record.offset_c = field(40, 8);
  record.offset_indices = field(48, 8);
  record.offset_values = field(56, 8);
  if (module.kind == AdapterKind::kLokr) {
    module.w1_rows = static_cast<uint32_t>(field(64, 4));
    module.w1_cols = static_cast<uint32_t>(field(68, 4));
  } else {
    module.sparse_count = field(64, 8);
  }
  return record;
}

void AppendParamsRecord(Bytes& out, const ParamsRecord& record) {
  const AdapterModule& module = record.module;
  const auto dtype = std::ranges::find(kDTypes, module.dtype) - std::begin(kDTypes) + 1;
  out.push_back(static_cast<uint8_t>(module.target));
  out.push_back(static_cast<uint8_t>(module.kind));
  out.push_back(static_cast<uint8_t>(dtype));
  out.push_back(static_cast<uint8_t>((module.feed_forward ? kFeedForward : 0) |
                                     (module.sparse_factors ? kSparseFactors : 0)));
  AppendU16(out, module.rank);
  AppendU16(out, static_cast<uint16_t>(module.sparse_format));
  AppendU32(out, module.in_features);
  AppendU32(out, module.out_features);
  AppendU32(out, std::bit_cast<uint32_t>(module.scale));
  AppendU32(out, std::bit_cast<uint32_t>(module.sparse_weight));
  AppendU64(out, record.offset_a);
  AppendU64(out, record.offset_b);
  AppendU64(out, record.offset_c);
  AppendU64(out, record.offset_indices);
  AppendU64(out, record.offset_values);
  if (module.kind == AdapterKind::kLokr) {
    AppendU32(out, module.w1_rows);
    AppendU32(out, module.w1_cols);
  } else {
    AppendU64(out, module.sparse_count);
  }
  out.resize(out.size() + 24);
}

TensorCounts CountsOf(const AdapterModule& module) {
  const uint64_t rank = module.rank, in = module.in_features, out = module.out_features;
  switch (module.kind) {
    case AdapterKind::kLora:
      return {.a_rows = rank, .a_cols = in, .b = out * rank};
    case AdapterKind::kDora:
      return {.a_rows = rank, .a_cols = in, .b = out * rank, .c_rows = out, .c_cols = 1};
    case AdapterKind::kIa3:
      return {.a_rows = module.feed_forward ? in : out, .a_cols = 1};
    case AdapterKind::kLokr:
      return {.a_rows = module.w1_rows,
              .a_cols = module.w1_cols,
              .b = out / module.w1_rows * (in / module.w1_cols)};
    case AdapterKind::kOsd:
      return {.a_rows = out, .a_cols = rank, .b = rank, .c_rows = rank, .c_cols = in};
  }
  return {};
}

}  // namespace andon
