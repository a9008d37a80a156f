// A tensor of weights where it lies in a file.

#ifndef ANDON_TENSOR_STORED_TENSOR_H_
#define ANDON_TENSOR_STORED_TENSOR_H_

#include <cstdint>
#include <string>

#include "tensor/quantized.h"

namespace andon {

struct StoredTensor {
  std::string name;
  WeightType type = WeightType::kF32;
  uint64_t columns = 0;  // weights of a row
  uint64_t rows = 0;     // the other dimensions multiplied; 1 for a vector
  uint64_t offset = 0;   // in the file
  uint64_t bytes = 0;

  uint64_t row_bytes() const { return bytes / rows; }
};

}  // namespace andon

#endif  // ANDON_TENSOR_STORED_TENSOR_H_
