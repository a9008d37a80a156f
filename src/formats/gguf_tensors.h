// The tensors of a GGUF file: what each is and where it lies.

#ifndef ANDON_FORMATS_GGUF_TENSORS_H_
#define ANDON_FORMATS_GGUF_TENSORS_H_

#include <cstdint>
#include <vector>

#include "common/status.h"
#include "formats/gguf_head.h"
#include "tensor/stored_tensor.h"

namespace andon {

// As the file lists them, offsets counted from the data. Errors: GgufTruncated, GgufTensorName,
// GgufShape, GgufTensorType, GgufDuplicate.
Result<std::vector<StoredTensor>> ReadGgufTensors(GgufHead& head, uint64_t count);

// Sorts them by place and counts offsets from the start of the file: data begins at the first
// multiple of `alignment` after `head_bytes`, each tensor at the first one after the tensor before
// it, and the file ends with the last one and its padding. REQUIRES: alignment is a power of two.
// Errors: GgufAlignment, GgufTensorPlace, GgufTrailingData.
Status PlaceGgufTensors(uint64_t head_bytes, uint64_t alignment, uint64_t file_bytes,
                        std::vector<StoredTensor>& tensors);

}  // namespace andon

#endif  // ANDON_FORMATS_GGUF_TENSORS_H_
