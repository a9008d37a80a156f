// PARAMS: the adapter of one decoder layer (or, without a layer, of embed_tokens and lm_head).
//
//   u32 layer, u16 module count, u16 0, u64 0      16 bytes
//   module records, ascending by module             96 bytes each (formats/expert_params_record.h)
//   tensors, in the order of the records            a, b, c, indices, values of each
//
// A tensor begins at the next multiple of 64 from the start of the payload, with zeros before it;
// the last one ends the payload. The offset of a tensor that a module does not have is zero.

#ifndef ANDON_FORMATS_EXPERT_PARAMS_H_
#define ANDON_FORMATS_EXPERT_PARAMS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"
#include "tensor/tensor.h"

namespace andon {

enum class AdapterTarget : uint8_t { kQ, kK, kV, kO, kGate, kUp, kDown, kEmbedTokens, kLmHead };
enum class AdapterKind : uint8_t { kLora = 1, kDora = 2, kIa3 = 3, kOsd = 4, kLokr = 5 };
enum class SparseFormat : uint16_t { kNone = 0, kCsr = 1, kCsc = 2 };

// "q_proj", ..., "embed_tokens", "lm_head"; "lora", "dora", "ia3", "osd", "lokr"
std::string_view AdapterTargetName(AdapterTarget target);
std::string_view AdapterKindName(AdapterKind kind);

// One module. Tensors are views, row-major, in `dtype`; which are there and their shapes depends on
// the kind:
//   LoRA  a [rank, in], b [out, rank]                   dW = scale b a
//   DoRA  the same, c [out] magnitude
//   IA3   a [out], or [in] where feed_forward; rank 0; the features of the other side are 0 where
//         they are not known: PEFT's files do not tell
//   LoKr  a = w1 [w1_rows, w1_cols], b = w2 [out / w1_rows, in / w1_cols]
//                                                       dW = scale kron(w1, w2)
//         The rank tells only what w1 and w2 were made of. w1_rows lies in the low, w1_cols in the
//         high 32 bits of the field sp_nnz.
//   OSD   a = U [out, rank], b = S [rank], c = Vt [rank, in]
//                                                       dW = (1 - sparse_weight) U diag(S) Vt
//                                                            + sparse_weight residual
//         With sparse_factors U and Vt are each u64 nnz, u32 row starts [rows + 1], u32 columns
//         [nnz], values [nnz]. With a sparse_format the residual is sparse_indices = u32 starts
//         [out + 1] (CSR) or [in + 1] (CSC), u32 columns or rows [nnz], and sparse_values [nnz].
// What a kind does not use has one value: scale 1 (IA3, OSD), sparse_weight 0 (all but OSD). Of an
// embedding `in` is the vocabulary.
struct AdapterModule {
  AdapterTarget target = AdapterTarget::kQ;
  AdapterKind kind = AdapterKind::kLora;
  DType dtype = DType::kF32;  // kF32, kF16 or kBF16
  bool feed_forward = false;
  bool sparse_factors = false;
  uint16_t rank = 0;
  SparseFormat sparse_format = SparseFormat::kNone;
  uint32_t in_features = 0;
  uint32_t out_features = 0;
  float scale = 1;            // alpha / r, or alpha / sqrt(r), already
  float sparse_weight = 0;    // alpha of OSD, 0 to 1
  uint64_t sparse_count = 0;  // nnz of the residual
  uint32_t w1_rows = 0, w1_cols = 0;
  ByteView a = {}, b = {}, c = {}, sparse_indices = {}, sparse_values = {};
};

struct AdapterLayer {
  uint32_t layer = 0;  // kNoLayer: the modules outside the layers
  std::vector<AdapterModule> modules = {};
};

// Checks records, shapes, ranges, padding, and that every value is finite. REQUIRES: the payload
// outlives the result. Errors: Params... codes, one a rule; WeightNotFinite.
Result<AdapterLayer> ParseParams(ByteView payload, uint32_t layer);

// What this writes, ParseParams reads; the errors are the same.
Result<Bytes> WriteParams(const AdapterLayer& layer);

// Of a base model: config.json. 0: not stated, so not checked.
struct BaseShapes {
  uint32_t layers = 0, hidden = 0, intermediate = 0, heads = 0, kv_heads = 0, head_dim = 0,
           vocabulary = 0;
};
// Whether each module fits the base. Error: BaseShapeMismatch, naming layer, module and both
// shapes.
Status CheckAgainstBase(const AdapterLayer& layer, const BaseShapes& base);

// Frobenius norm of the update that the module makes to its weight (for IA3: of its vector minus
// one; for DoRA: of the low-rank part, as its base weight is not here).
double UpdateNorm(const AdapterModule& module);

}  // namespace andon

#endif  // ANDON_FORMATS_EXPERT_PARAMS_H_
