// Values of F32, F16 and BF16 tensors as float32 and back, rounded to nearest.

#ifndef ANDON_TENSOR_CONVERT_H_
#define ANDON_TENSOR_CONVERT_H_

#include <vector>

#include "common/bytes.h"
#include "tensor/tensor.h"

namespace andon {

// REQUIRES: dtype is F32, F16 or BF16; whole values.
std::vector<float> ToFloats(ByteView values, DType dtype);
// REQUIRES: dtype is F32, F16 or BF16.
Bytes FromFloats(const std::vector<float>& values, DType dtype);

}  // namespace andon

#endif  // ANDON_TENSOR_CONVERT_H_
