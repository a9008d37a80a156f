// The bytes of a module record of PARAMS, and which tensors a module has.
//
//   u8 module, u8 kind, u8 dtype, u8 flags (bit 0 feed-forward, bit 1 sparse factors),
//   u16 rank, u16 sparse_format, u32 in_features, u32 out_features, f32 scale, f32 sparse_weight,
//   u64 offset_a, u64 offset_b, u64 offset_c, u64 offset_sp_indices, u64 offset_sp_values,
//   u64 sp_nnz, 24 bytes zero                                                       96 bytes

#ifndef ANDON_FORMATS_EXPERT_PARAMS_RECORD_H_
#define ANDON_FORMATS_EXPERT_PARAMS_RECORD_H_

#include <cstdint>

#include "formats/expert_params.h"

namespace andon {

inline constexpr uint64_t kParamsHeaderBytes = 16;
inline constexpr uint64_t kParamsRecordBytes = 96;
inline constexpr uint64_t kParamsTensorAlignment = 64;

struct ParamsRecord {
  AdapterModule module;  // all but its tensors
  // From the start of the payload; 0 where there is no such tensor.
  uint64_t offset_a = 0, offset_b = 0, offset_c = 0, offset_indices = 0, offset_values = 0;
};

// REQUIRES: 96 bytes. Error: ParamsModule (unknown values, bytes that must be zero).
Result<ParamsRecord> ReadParamsRecord(ByteView bytes);
void AppendParamsRecord(Bytes& out, const ParamsRecord& record);

// Values of each tensor, 0 where the kind has none. Features of 2^24 and a rank of 1,024 at most
// leave every product of them far below 2^64.
struct TensorCounts {
  uint64_t a_rows = 0, a_cols = 0, b = 0, c_rows = 0, c_cols = 0;
};
TensorCounts CountsOf(const AdapterModule& module);

// The first multiple of 64 at or above. REQUIRES: the end of something in memory.
inline uint64_t AlignTensor(uint64_t end) {
  return (end + kParamsTensorAlignment - 1) / kParamsTensorAlignment * kParamsTensorAlignment;
}

}  // namespace andon

#endif  // ANDON_FORMATS_EXPERT_PARAMS_RECORD_H_
