// One module of an OSD expert: an update compressed into a budget of bytes.

#ifndef ANDON_OSD_MODULE_H_
#define ANDON_OSD_MODULE_H_

#include <optional>

#include "formats/expert_params.h"
#include "osd/factors.h"
#include "osd/size.h"

namespace andon {

struct OsdSettings {
  int rank = 8;     // r: the budget is the size of a LoRA of this rank in the same dtype
  int relaxed = 0;  // k = r + c
  // Share of the entries of dW that the residual keeps, 0 to 1.
  double sparsity = 0;
  // alpha, between 0 and 1: dW = (1 - alpha) U diag(S) Vt + alpha residual. The values are stored
  // so that the sum is right, whatever it is.
  float blend = 0.5f;
  SparseFormat format = SparseFormat::kCsr;  // of the residual
  DType dtype = DType::kF16;
  SizeRule size = {};
};

// Errors are in the Frobenius norm, relative to dW; energies are shares of its square.
struct OsdFigures {
  uint64_t budget = 0;
  uint64_t bytes = 0;          // measured as the budget, and at most as much
  uint64_t memory_bytes = 0;   // of the tensors
  uint64_t factor_values = 0;  // of U, S and V
  uint64_t residual_values = 0;
  double squared_norm = 0;        // of dW
  double squared_error = 0;       // of what is stored, rounded
  double weighted_error = 0;      // the same with each entry times its gradient, where there is one
  double squared_lora_error = 0;  // of the best approximation of rank r, not rounded
  double squared_spectrum = 0;    // of the k largest singular values
  bool exact = true;              // whether the SVD was
};

struct OsdModule {
  AdapterModule form = {};  // without tensors
  Bytes u = {}, s = {}, vt = {}, indices = {}, values = {};
  OsdFigures figures = {};

  // REQUIRES: this outlives the result.
  AdapterModule module() const;
};

// Dense factors of the largest rank up to k that has room, or sparse ones of rank k with as many
// entries as have room, whichever come closer (in the weighted error); the residual has its room
// before them. `gradient` [out, in], where given, says which entries matter. Nothing where the
// budget does not even hold rank 1, or where a singular value is beyond the dtype. `svd`: of the
// update, of r and k at least. REQUIRES: an update that is not zero, of at least one entry; a rank
// and a k of at least 1.
std::optional<OsdModule> CompressUpdate(const Update& update, const Svd& svd,
                                        const Matrix* gradient, const OsdSettings& settings);

}  // namespace andon

#endif  // ANDON_OSD_MODULE_H_
