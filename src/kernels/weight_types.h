// What each weight type knows: how to pack a group of eight rows, how to read a row back, and how
// to multiply. One file a type.

#ifndef ANDON_KERNELS_WEIGHT_TYPES_H_
#define ANDON_KERNELS_WEIGHT_TYPES_H_

#include "kernels/matrix.h"

namespace andon {

struct WeightKernel {
  uint64_t group_bytes_a_block;  // of eight rows
  void (*pack)(const uint8_t* rows, uint32_t count, uint32_t columns, uint8_t* group);
  void (*unpack)(const uint8_t* group, uint32_t row, uint32_t columns, float* to);
  void (*multiply)(const Matrix& w, const Activations& x, uint32_t first, uint32_t last, float* y);
};

extern const WeightKernel kF32Kernel, kF16Kernel, kBF16Kernel, kQ8_0Kernel;
extern const WeightKernel kQ4_0Kernel, kQ4_1Kernel, kQ5_0Kernel, kQ5_1Kernel;
extern const WeightKernel kQ4_KKernel, kQ5_KKernel, kQ6_KKernel;

}  // namespace andon

#endif  // ANDON_KERNELS_WEIGHT_TYPES_H_
