#include "formats/expert_params.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "common/limits.h"
#include "formats/adapter_values.h"
#include "formats/expert_index.h"
#include "formats/expert_layout.h"
#include "formats/expert_params_record.h"

namespace andon {
namespace {

constexpr std::array<std::string_view, 9> kTargetNames = {"q_proj",    "k_proj",       "v_proj",
                                                          "o_proj",    "gate_proj",    "up_proj",
                                                          "down_proj", "embed_tokens", "lm_head"};
constexpr std::array<std::string_view, 6> kKindNames = {"", "lora", "dora", "ia3", "osd", "lokr"};

template <typename... Parts>
Status Refuse(ErrorCode code, AdapterTarget target, const Parts&... parts) {
  return Error(code, "params: ", AdapterTargetName(target), ", ", parts...);
}

Status CheckRecord(const ParamsRecord& record, uint32_t layer) {
  const AdapterModule& module = record.module;
  const bool in_layer = module.target < AdapterTarget::kEmbedTokens;
  if (in_layer != (layer != kNoLayer))
    return Refuse(ErrorCode::kParamsModule, module.target, "which does not belong to the layer");
  const bool is_osd = module.kind == AdapterKind::kOsd;
  const bool is_ia3 = module.kind == AdapterKind::kIa3;
  if ((module.feed_forward && !is_ia3) || (module.sparse_factors && !is_osd) ||
      (module.sparse_format != SparseFormat::kNone && !is_osd)) {
    return Refuse(ErrorCode::kParamsModule, module.target, "a flag or format of another kind than ",
                  AdapterKindName(module.kind));
  }
  if (!std::isfinite(module.scale) || !std::isfinite(module.sparse_weight))
    return Refuse(ErrorCode::kWeightNotFinite, module.target, "its scale or weight");
  const float most_weight = is_osd ? 1.0f : 0.0f;
  if (!(module.sparse_weight >= 0 && module.sparse_weight <= most_weight) ||
      ((is_osd || is_ia3) && module.scale != 1)) {
    return Refuse(ErrorCode::kParamsModule, module.target, "a scale or weight outside its range");
  }
  return {};
}

// Rank and features, and for LoKr how w1 divides them.
Status CheckShape(const AdapterModule& module) {
  const auto in_range = [](uint32_t features, bool may_be_unknown) {
    return (features >= 1 || may_be_unknown) && features <= limits::kMaxAdapterFeatures;
  };
  const bool is_vector = module.kind == AdapterKind::kIa3;  // it has one of the two sides
  if (!in_range(module.in_features, is_vector && !module.feed_forward) ||
      !in_range(module.out_features, is_vector && module.feed_forward))
    return Refuse(ErrorCode::kParamsShape, module.target, module.in_features, " to ",
                  module.out_features, " features");
  const bool is_ia3 = module.kind == AdapterKind::kIa3, is_lokr = module.kind == AdapterKind::kLokr;
  if (module.rank > limits::kMaxAdapterRank || (!is_lokr && (module.rank == 0) != is_ia3))
    return Refuse(ErrorCode::kParamsShape, module.target, "rank ", module.rank);
  if (!is_lokr) return {};
  if (module.w1_rows == 0 || module.out_features % module.w1_rows != 0 || module.w1_cols == 0 ||
      module.in_features % module.w1_cols != 0) {
    return Refuse(ErrorCode::kParamsShape, module.target, "w1 of ", module.w1_rows, " x ",
                  module.w1_cols, ", which does not divide the features");
  }
  return {};
}

// Takes the tensors of the payload in order.
class TensorReader {
 public:
  TensorReader(ByteView payload, uint64_t end) : payload_(payload), end_(end) {}

  // The next tensor: at the next multiple of 64, where the record says.
  Status Take(AdapterTarget target, uint64_t offset, uint64_t length, ByteView* tensor) {
    ANDON_RETURN_IF_ERROR(Open(target, offset));
    const auto range = SubRange(payload_, offset, length);
    if (!range)
      return Refuse(ErrorCode::kParamsPlace, target, length, " bytes at ", offset,
                    ", past the end of the section");
    *tensor = *range;
    end_ = offset + length;
    return {};
  }

  // Likewise, a sparse factor, which says its length itself.
  Status TakeFactor(AdapterTarget target, uint64_t offset, uint64_t rows, uint64_t value_bytes,
                    ByteView* tensor) {
    ANDON_RETURN_IF_ERROR(Open(target, offset));
    ByteReader reader(payload_.subspan(static_cast<size_t>(offset)));
    uint64_t count = 0;
    if (!reader.ReadU64(&count) || count > UINT32_MAX)  // row starts have 32 bits
      return Refuse(ErrorCode::kParamsSparse, target, "a sparse factor of ", count, " values");
    const uint64_t length = sizeof(uint64_t) + SparseIndexBytes(rows, count) + count * value_bytes;
    return Take(target, offset, length, tensor);
  }

  bool at_end() const { return end_ == payload_.size(); }

 private:
  // Whether a tensor may begin at `offset`, with zeros before it.
  Status Open(AdapterTarget target, uint64_t offset) {
    const uint64_t aligned = AlignTensor(end_);
    const auto gap = SubRange(payload_, end_, aligned - end_);
    if (offset != aligned || !gap)
      return Refuse(ErrorCode::kParamsPlace, target, "a tensor at ", offset, ", the next is at ",
                    aligned);
    if (!std::ranges::all_of(*gap, [](uint8_t byte) { return byte == 0; }))
      return Refuse(ErrorCode::kParamsPlace, target, "padding that is not zero before ", offset);
    return {};
  }

  ByteView payload_;
  uint64_t end_;  // of the tensor before
};

Status TakeTensors(const ParamsRecord& record, TensorReader& reader, AdapterModule& module) {
  const AdapterTarget target = module.target;
  const uint64_t size = DTypeSize(module.dtype);
  const auto take = [&](uint64_t offset, uint64_t count, ByteView* tensor) {
    if (count != 0) return reader.Take(target, offset, count * size, tensor);
    if (offset == 0) return Status();
    return Refuse(ErrorCode::kParamsPlace, target, "a tensor that its kind does not have");
  };
  const auto take_factor = [&](uint64_t offset, uint64_t rows, uint64_t cols, ByteView* tensor) {
    if (!module.sparse_factors) return take(offset, rows * cols, tensor);
    return reader.TakeFactor(target, offset, rows, size, tensor);
  };
  const TensorCounts counts = CountsOf(module);
  ANDON_RETURN_IF_ERROR(take_factor(record.offset_a, counts.a_rows, counts.a_cols, &module.a));
  ANDON_RETURN_IF_ERROR(take(record.offset_b, counts.b, &module.b));
  ANDON_RETURN_IF_ERROR(take_factor(record.offset_c, counts.c_rows, counts.c_cols, &module.c));
  if (module.sparse_format == SparseFormat::kNone) {
    if (record.offset_indices == 0 && record.offset_values == 0 && module.sparse_count == 0)
      return {};
    return Refuse(ErrorCode::kParamsSparse, target, "a residual without a format");
  }
  if (module.sparse_count == 0 || module.sparse_count > UINT32_MAX)
    return Refuse(ErrorCode::kParamsSparse, target, "a residual of ", module.sparse_count,
                  " values");
  ANDON_RETURN_IF_ERROR(reader.Take(target, record.offset_indices,
                                    SparseIndexBytes(ResidualRows(module), module.sparse_count),
                                    &module.sparse_indices));
  return take(record.offset_values, module.sparse_count, &module.sparse_values);
}

Status CheckFinite(const AdapterModule& module, ByteView values) {
  const uint64_t count = values.size() / DTypeSize(module.dtype);
  if (AllFinite(values, module.dtype)) return {};
  return Refuse(ErrorCode::kWeightNotFinite, module.target, "one of ", count, " values");
}

Status CheckSparse(const AdapterModule& module, const SparseRows& sparse, uint64_t columns) {
  if (!sparse.IsOrdered(columns))
    return Refuse(ErrorCode::kParamsSparse, module.target,
                  "indices that are out of range or out of order");
  return CheckFinite(module, sparse.values());
}

Status CheckValues(const AdapterModule& module) {
  if (module.sparse_factors) {
    ANDON_RETURN_IF_ERROR(CheckSparse(module, SparseFactorA(module), module.rank));
    ANDON_RETURN_IF_ERROR(CheckFinite(module, module.b));
    ANDON_RETURN_IF_ERROR(CheckSparse(module, SparseFactorC(module), module.in_features));
  } else {
    for (const ByteView values : {module.a, module.b, module.c})
      ANDON_RETURN_IF_ERROR(CheckFinite(module, values));
  }
  if (module.sparse_format == SparseFormat::kNone) return {};
  return CheckSparse(module, Residual(module), ResidualColumns(module));
}

}  // namespace

std::string_view AdapterTargetName(AdapterTarget target) {
  return kTargetNames[static_cast<size_t>(target)];
}

std::string_view AdapterKindName(AdapterKind kind) { return kKindNames[static_cast<size_t>(kind)]; }

Result<AdapterLayer> ParseParams(ByteView payload, uint32_t layer) {
  ByteReader reader(payload);
  AdapterLayer result;
  uint16_t count = 0, zero = 0;
  uint64_t zeros = 0;
  const bool has_header = reader.ReadU32(&result.layer) && reader.ReadU16(&count) &&
                          reader.ReadU16(&zero) && reader.ReadU64(&zeros);
  if (!has_header || result.layer != layer || zero != 0 || zeros != 0)
    return Error(ErrorCode::kParamsMalformed, "params: a header that is not that of layer ", layer);
  if (count == 0 || count > kTargetNames.size())
    return Error(ErrorCode::kParamsMalformed, "params: ", count, " modules");

  ByteView records;
  if (!reader.ReadBytes(count * kParamsRecordBytes, &records))
    return Error(ErrorCode::kParamsMalformed, "params: a section that ends within its records");
  TensorReader tensors(payload, kParamsHeaderBytes + records.size());
  for (; !records.empty(); records = records.subspan(kParamsRecordBytes)) {
    ANDON_ASSIGN_OR_RETURN(ParamsRecord record,
                           ReadParamsRecord(records.first(kParamsRecordBytes)));
    AdapterModule& module = record.module;
    if (!result.modules.empty() && module.target <= result.modules.back().target)
      return Refuse(ErrorCode::kParamsModule, module.target, "which is out of order");
    ANDON_RETURN_IF_ERROR(CheckRecord(record, layer));
    ANDON_RETURN_IF_ERROR(CheckShape(module));
    ANDON_RETURN_IF_ERROR(TakeTensors(record, tensors, module));
    ANDON_RETURN_IF_ERROR(CheckValues(module));
    result.modules.push_back(module);
  }
  if (!tensors.at_end())
    return Error(ErrorCode::kParamsPlace, "params: bytes after the last tensor");
  return result;
}

}  // namespace andon
