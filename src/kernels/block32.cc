#include "kernels/block32.h"

namespace andon {

const WeightKernel kQ4_0Kernel = Block32<false, false>::Kernel();
const WeightKernel kQ4_1Kernel = Block32<false, true>::Kernel();
const WeightKernel kQ5_0Kernel = Block32<true, false>::Kernel();
const WeightKernel kQ5_1Kernel = Block32<true, true>::Kernel();

}  // namespace andon
