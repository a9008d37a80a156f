#include "kernels/block256.h"

namespace andon {

const WeightKernel kQ4_KKernel = Block256<false>::Kernel();
const WeightKernel kQ5_KKernel = Block256<true>::Kernel();

}  // namespace andon
