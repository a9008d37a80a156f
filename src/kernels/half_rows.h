// Rows of float16.

#ifndef ANDON_KERNELS_HALF_ROWS_H_
#define ANDON_KERNELS_HALF_ROWS_H_

#include <cstddef>
#include <cstdint>

namespace andon {

// Exact; infinities and NaN stay what they are.
void WidenF16(const uint16_t* from, size_t count, float* to);

}  // namespace andon

#endif  // ANDON_KERNELS_HALF_ROWS_H_
