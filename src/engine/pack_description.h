// The JSON description of a model to pack: PackDescription of docs/api.md.

#ifndef ANDON_ENGINE_PACK_DESCRIPTION_H_
#define ANDON_ENGINE_PACK_DESCRIPTION_H_

#include <optional>

#include "aprender_models.pb.h"
#include "common/bytes.h"
#include "common/json.h"
#include "common/status.h"
#include "tensor/tensor.h"

namespace andon {

// Numbers with their shape, in the bytes of a tensor.
struct DescribedTensor {
  Shape shape;
  Bytes data;
};

struct DescribedWeights {
  DType dtype = DType::kF64;
  DescribedTensor coefficients;
  std::optional<DescribedTensor> intercept;
};

struct PackDescription {
  aprender::v2::ModelPackage model;
  std::optional<DescribedWeights> weights;
};

// Strict: every member has its type, and none is unknown. What the values may be is left to the
// checks of the package. Errors: Json..., DescriptionMalformed.
Result<PackDescription> ParsePackDescription(ByteView text);

// The `weights` member. Errors: DescriptionMalformed.
Result<DescribedWeights> ParseDescribedWeights(const Json& value, const std::string& path);

}  // namespace andon

#endif  // ANDON_ENGINE_PACK_DESCRIPTION_H_
