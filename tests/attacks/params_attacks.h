// Hostile PARAMS sections: an adapter of every kind with one field of a record, or one byte,
// changed.

#ifndef ANDON_TESTS_ATTACKS_PARAMS_ATTACKS_H_
#define ANDON_TESTS_ATTACKS_PARAMS_ATTACKS_H_

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "common/little_endian.h"
#include "formats/expert_params.h"
#include "tests/attacks/attack.h"
#include "tests/core/support/sample_adapter.h"

namespace andon::attacks {

// The modules of EveryKind, in their order.
enum : size_t { kLoraQ, kDoraK, kIa3V, kOsdO, kSparseGate, kLokrUp };

inline constexpr uint32_t kParamsLayer = 3;

inline Bytes EveryKind() {
  SampleAdapter adapter(kParamsLayer);
  adapter.Add(AdapterTarget::kQ, AdapterKind::kLora, DType::kF16);
  adapter.Add(AdapterTarget::kK, AdapterKind::kDora, DType::kF32);
  adapter.Add(AdapterTarget::kV, AdapterKind::kIa3, DType::kBF16);
  adapter.Add(AdapterTarget::kO, AdapterKind::kOsd, DType::kF16);
  adapter.AddResidual(SparseFormat::kCsr);
  adapter.Add(AdapterTarget::kGate, AdapterKind::kOsd, DType::kF32);
  adapter.MakeFactorsSparse();
  adapter.AddResidual(SparseFormat::kCsc);
  adapter.Add(AdapterTarget::kUp, AdapterKind::kLokr, DType::kBF16);
  return *WriteParams(adapter.layer());
}

// A field of a module record: where it lies and its size.
struct RecordField {
  size_t offset;
  unsigned size;
};
inline constexpr RecordField kTargetField = {0, 1}, kKindField = {1, 1}, kDTypeField = {2, 1},
                             kFlagsField = {3, 1}, kRankField = {4, 2}, kFormatField = {6, 2},
                             kInField = {8, 4}, kOutField = {12, 4}, kScaleField = {16, 4},
                             kWeightField = {20, 4}, kOffsetA = {24, 8}, kOffsetB = {32, 8},
                             kOffsetC = {40, 8}, kOffsetIndices = {48, 8}, kOffsetValues = {56, 8},
                             kCountField = {64, 8}, kW1RowsField = {64, 4}, kW1ColsField = {68, 4},
                             kReservedField = {95, 1};

inline uint64_t ParamsField(ByteView payload, size_t module, RecordField field) {
  return andon_load_le(payload.data() + 16 + 96 * module + field.offset, field.size);
}

inline void SetParamsField(Bytes& payload, size_t module, RecordField field, uint64_t value) {
  andon_store_le(payload.data() + 16 + 96 * module + field.offset, field.size, value);
}

inline Attack RecordAttack(std::string name, std::string why, ErrorCode code, size_t module,
                           RecordField field, uint64_t value) {
  Bytes payload = EveryKind();
  SetParamsField(payload, module, field, value);
  return {std::move(name), std::move(why), code, std::move(payload)};
}

// `size` bytes of a tensor, from `position` in it.
inline Attack TensorAttack(std::string name, std::string why, ErrorCode code, size_t module,
                           RecordField tensor, uint64_t position, unsigned size, uint64_t value) {
  Bytes payload = EveryKind();
  const uint64_t offset = ParamsField(payload, module, tensor);
  andon_store_le(payload.data() + offset + position, size, value);
  return {std::move(name), std::move(why), code, std::move(payload)};
}

inline std::vector<Attack> ParamsHeaderAttacks() {
  const auto cut = [](size_t size) {
    Bytes payload = EveryKind();
    payload.resize(size);
    return payload;
  };
  const auto set = [](size_t position, unsigned size, uint64_t value) {
    Bytes payload = EveryKind();
    andon_store_le(payload.data() + position, size, value);
    return payload;
  };
  Bytes longer = EveryKind();
  longer.push_back(0);
  using E = ErrorCode;
  return {
      {"CutInTheHeader", "reads past the end", E::kParamsMalformed, cut(15)},
      {"CutInTheRecords", "reads past the end", E::kParamsMalformed, cut(16 + 6 * 96 - 1)},
      {"OtherLayer", "an adapter put to another layer", E::kParamsMalformed, set(0, 4, 4)},
      {"NoModules", "an adapter of nothing", E::kParamsMalformed, set(4, 2, 0)},
      {"TooManyModules", "memory", E::kParamsMalformed, set(4, 2, 10)},
      {"ReservedInTheHeader", "content that nobody reads", E::kParamsMalformed, set(6, 2, 1)},
      {"ReservedInTheHeaderAbove", "content that nobody reads", E::kParamsMalformed,
       set(8, 8, uint64_t{1} << 63)},
      {"CutInTheTensors", "reads past the end", E::kParamsPlace, cut(EveryKind().size() - 1)},
      {"BytesAfterTheTensors", "content that nobody reads", E::kParamsPlace, longer},
  };
}

inline std::vector<Attack> ParamsRecordAttacks() {
  using E = ErrorCode;
  const auto module = [](std::string name, std::string why, size_t index, RecordField field,
                         uint64_t value) {
    return RecordAttack(std::move(name), std::move(why), E::kParamsModule, index, field, value);
  };
  constexpr uint64_t kNan = 0x7FC00000, kInfinity = 0x7F800000, kOne = 0x3F800000, kTwo = 1U << 30,
                     kMinusOne = 0xBF800000;
  return {
      module("UnknownTarget", "a name past the end of a table", kLokrUp, kTargetField, 9),
      module("UnknownKind", "mathematics that do not exist", kLoraQ, kKindField, 6),
      module("KindZero", "mathematics that do not exist", kLoraQ, kKindField, 0),
      module("UnknownDType", "sizes that do not exist", kLoraQ, kDTypeField, 4),
      module("DTypeZero", "sizes that do not exist", kLoraQ, kDTypeField, 0),
      module("UnknownFlag", "a meaning that a newer reader knows", kLoraQ, kFlagsField, 4),
      module("UnknownSparseFormat", "a form that does not exist", kOsdO, kFormatField, 3),
      module("ReservedInTheRecord", "content that nobody reads", kLoraQ, kReservedField, 1),
      module("TargetTwice", "two adapters of one weight", kDoraK, kTargetField, 0),
      module("TargetOutsideTheLayers", "one weight changed by many layers", kLokrUp, kTargetField,
             7),
      module("FeedForwardOfLora", "two ways to write the same", kLoraQ, kFlagsField, 1),
      module("SparseFactorsOfLora", "dense values read as indices", kLoraQ, kFlagsField, 2),
      module("SparseFormatOfLora", "a residual that its kind does not have", kLoraQ, kFormatField,
             1),
      module("WeightOfLora", "two ways to write the same", kLoraQ, kWeightField, kOne),
      module("WeightAboveOne", "an update that grows", kOsdO, kWeightField, kTwo),
      module("WeightBelowZero", "an update that turns around", kOsdO, kWeightField, kMinusOne),
      module("ScaleOfIa3", "two ways to write the same", kIa3V, kScaleField, kTwo),
      module("ScaleOfOsd", "two ways to write the same", kOsdO, kScaleField, kTwo),
      RecordAttack("ScaleNan", "weights that become NaN", E::kWeightNotFinite, kLoraQ, kScaleField,
                   kNan),
      RecordAttack("ScaleInfinite", "weights that become infinite", E::kWeightNotFinite, kLoraQ,
                   kScaleField, kInfinity),
      RecordAttack("WeightNan", "weights that become NaN", E::kWeightNotFinite, kOsdO, kWeightField,
                   kNan),
  };
}

inline std::vector<Attack> ParamsShapeAttacks() {
  using E = ErrorCode;
  const auto shape = [](std::string name, std::string why, size_t index, RecordField field,
                        uint64_t value) {
    return RecordAttack(std::move(name), std::move(why), E::kParamsShape, index, field, value);
  };
  return {
      shape("RankZero", "an update of nothing", kLoraQ, kRankField, 0),
      shape("RankTooLarge", "time", kLoraQ, kRankField, 1025),
      shape("RankOfIa3", "two ways to write the same", kIa3V, kRankField, 1),
      shape("RankOfLokrTooLarge", "a number that nobody needs", kLokrUp, kRankField, 1025),
      shape("NoInput", "a division by zero", kLoraQ, kInField, 0),
      shape("NoOutput", "a division by zero", kLoraQ, kOutField, 0),
      shape("InputTooLarge", "products that wrap", kLoraQ, kInField, 0xFFFFFFFF),
      shape("OutputTooLarge", "products that wrap", kLoraQ, kOutField, (1 << 24) + 1),
      shape("NoRowsOfW1", "a division by zero", kLokrUp, kW1RowsField, 0),
      shape("NoColumnsOfW1", "a division by zero", kLokrUp, kW1ColsField, 0),
      shape("RowsOfW1DoNotDivide", "a product of another shape", kLokrUp, kW1RowsField, 3),
      shape("ColumnsOfW1DoNotDivide", "a product of another shape", kLokrUp, kW1ColsField, 4),
  };
}

inline std::vector<Attack> ParamsPlaceAttacks() {
  using E = ErrorCode;
  const auto place = [](std::string name, std::string why, size_t index, RecordField field,
                        uint64_t value) {
    return RecordAttack(std::move(name), std::move(why), E::kParamsPlace, index, field, value);
  };
  Bytes padding = EveryKind();
  padding[static_cast<size_t>(ParamsField(padding, kLoraQ, kOffsetB)) - 1] = 1;
  const uint64_t first = ParamsField(padding, kLoraQ, kOffsetA);
  return {
      place("TensorsOverlap", "one value with two meanings", kLoraQ, kOffsetB, first),
      place("TensorInTheRecords", "records read as values", kLoraQ, kOffsetA, 0),
      place("TensorsLeaveAGap", "content that nobody reads", kLoraQ, kOffsetA, first + 64),
      place("TensorMisaligned", "reads that trap", kLoraQ, kOffsetA, first + 1),
      place("TensorPastTheEnd", "reads past the end", kLokrUp, kOffsetB, uint64_t{1} << 40),
      place("OffsetThatWraps", "a sum that wraps", kLokrUp, kOffsetB, ~uint64_t{63}),
      place("TensorThatItsKindDoesNotHave", "content that nobody reads", kLoraQ, kOffsetC, 64),
      place("LargerInput", "values of the next tensor", kLoraQ, kInField, 7 * 64),
      place("FactorMisplaced", "reads past the end", kSparseGate, kOffsetA, uint64_t{1} << 40),
      place("ResidualMisplaced", "reads past the end", kOsdO, kOffsetIndices, 0),
      {"PaddingThatSpeaks", "content that nobody reads", E::kParamsPlace, padding},
  };
}

// Of module kOsdO, CSR with 4 rows of 6 columns: starts {0, 2, 2, 2, 3}, columns {1, 5, 0}.
inline std::vector<Attack> ParamsSparseAttacks() {
  using E = ErrorCode;
  const auto index = [](std::string name, std::string why, uint64_t position, uint64_t value) {
    return TensorAttack(std::move(name), std::move(why), E::kParamsSparse, kOsdO, kOffsetIndices,
                        4 * position, 4, value);
  };
  const auto record = [](std::string name, std::string why, size_t module, RecordField field,
                         uint64_t value) {
    return RecordAttack(std::move(name), std::move(why), E::kParamsSparse, module, field, value);
  };
  return {
      index("FirstStartNotZero", "values that nobody reads", 0, 1),
      index("LastStartNotTheCount", "reads past the end", 4, 2),
      index("StartsDescend", "a row of negative length", 2, 1),
      index("StartPastTheCount", "reads past the end", 1, 4),
      index("ColumnPastTheEnd", "writes past the end of a row", 6, 6),
      index("ColumnFarPastTheEnd", "writes past the end of a row", 7, 0xFFFFFFFF),
      index("ColumnTwice", "one value with two meanings", 6, 1),
      index("ColumnsDescend", "searches that find nothing", 6, 0),
      record("ResidualWithoutAFormat", "content that nobody reads", kOsdO, kFormatField, 0),
      record("CountWithoutAResidual", "content that nobody reads", kLoraQ, kCountField, 1),
      record("IndicesWithoutAResidual", "content that nobody reads", kLoraQ, kOffsetIndices, 64),
      record("ValuesWithoutAResidual", "content that nobody reads", kLoraQ, kOffsetValues, 64),
      record("ResidualOfNothing", "tensors without bytes", kOsdO, kCountField, 0),
      record("CountThatWraps", "a product that wraps", kOsdO, kCountField, uint64_t{1} << 62),
      RecordAttack("CountPastTheEnd", "reads past the end", E::kParamsPlace, kOsdO, kCountField,
                   UINT32_MAX),
      TensorAttack("FactorCountThatWraps", "a product that wraps", E::kParamsSparse, kSparseGate,
                   kOffsetA, 0, 8, uint64_t{1} << 62),
      TensorAttack("FactorCountPastTheEnd", "reads past the end", E::kParamsPlace, kSparseGate,
                   kOffsetA, 0, 8, UINT32_MAX),
      TensorAttack("FactorColumnPastTheRank", "writes past the end of a row", E::kParamsSparse,
                   kSparseGate, kOffsetA, 8 + 4 * 5, 4, 2),
      TensorAttack("FactorColumnPastTheInput", "writes past the end of a row", E::kParamsSparse,
                   kSparseGate, kOffsetC, 8 + 4 * 3, 4, 6),
      {"FactorCutInItsCount", "reads past the end", E::kParamsSparse,
       [] {
         Bytes payload = EveryKind();
         payload.resize(static_cast<size_t>(ParamsField(payload, kSparseGate, kOffsetA)) + 7);
         return payload;
       }()},
  };
}

inline std::vector<Attack> ParamsValueAttacks() {
  using E = ErrorCode;
  const auto value = [](std::string name, size_t module, RecordField tensor, uint64_t position,
                        unsigned size, uint64_t bits) {
    return TensorAttack(std::move(name), "weights that become NaN or infinite", E::kWeightNotFinite,
                        module, tensor, position, size, bits);
  };
  return {
      value("InfinityInF16", kLoraQ, kOffsetA, 2, 2, 0x7C00),
      value("NanInB", kLoraQ, kOffsetB, 14, 2, 0xFE01),
      value("NanInF32", kDoraK, kOffsetC, 12, 4, 0xFFC00000),
      value("InfinityInBF16", kIa3V, kOffsetA, 6, 2, 0xFF80),
      value("NanInS", kSparseGate, kOffsetB, 4, 4, 0x7F800001),
      value("NanInAResidual", kOsdO, kOffsetValues, 4, 2, 0x7E00),
      value("NanInAFactor", kSparseGate, kOffsetA, 8 + 4 * (5 + 4), 4, 0x7FC00000),
      value("NanInTheOtherFactor", kSparseGate, kOffsetC, 8 + 4 * (3 + 4) + 12, 4, 0x7FC00000),
      value("InfinityInW2", kLokrUp, kOffsetB, 10, 2, 0x7F80),
  };
}

inline std::vector<Attack> ParamsAttacks() {
  return Joined({ParamsHeaderAttacks(), ParamsRecordAttacks(), ParamsShapeAttacks(),
                 ParamsPlaceAttacks(), ParamsSparseAttacks(), ParamsValueAttacks()});
}

}  // namespace andon::attacks

#endif  // ANDON_TESTS_ATTACKS_PARAMS_ATTACKS_H_
