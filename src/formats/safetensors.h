// safetensors: https://huggingface.co/docs/safetensors
//
//   u64    header length N
//   N      JSON object, may be padded with white space at its end:
//            name -> {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}
//            "__metadata__" -> {text: text}
//   ...    tensor data; offsets count from here; no holes, no overlaps, exact end

#ifndef ANDON_FORMATS_SAFETENSORS_H_
#define ANDON_FORMATS_SAFETENSORS_H_

#include <map>
#include <string>

#include "common/bytes.h"
#include "common/limits.h"
#include "common/status.h"
#include "tensor/tensor.h"

namespace andon {

struct Safetensors {
  TensorMap tensors;                            // views into the parsed file
  std::map<std::string, std::string> metadata;  // the content of __metadata__
};

// Stricter than the reference implementation: keys that occur twice, white space before the header,
// names that IsSafeTensorName (safetensors_header.h) refuses, and members of an entry beyond its
// three are errors. REQUIRES: the file outlives the result. Errors: one Safetensors... code a rule.
// max_header_bytes is capped by kHardMaxSafetensorsHeaderBytes.
Result<Safetensors> ParseSafetensors(
    ByteView file, uint64_t max_header_bytes = limits::kMaxSafetensorsHeaderBytes);

// What this writes, ParseSafetensors reads with its default limit; the errors are the same.
// Deterministic: tensors in name order, the header padded with spaces so that data begins at a
// multiple of 64 bytes, each tensor following the one before without a hole.
Result<Bytes> WriteSafetensors(const TensorMap& tensors,
                               const std::map<std::string, std::string>& metadata = {});

}  // namespace andon

#endif  // ANDON_FORMATS_SAFETENSORS_H_
