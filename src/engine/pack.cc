#include "engine/pack.h"

#include "engine/engine.h"
#include "engine/pack_description.h"
#include "formats/aprender_package.h"
#include "formats/safetensors.h"

namespace andon {
namespace {

TensorView ViewOf(const DescribedTensor& tensor, DType dtype) {
  return {dtype, tensor.shape, tensor.data};
}

// The tensors of the request: views into its weights or into the description.
Result<TensorMap> TensorsOf(const PackRequest& request, const PackDescription& description) {
  if (description.weights.has_value() == !request.weights.empty()) {
    return Error(ErrorCode::kDescriptionMalformed,
                 "description.weights: there must be either these or a safetensors file");
  }
  if (!description.weights) {
    ANDON_ASSIGN_OR_RETURN(Safetensors file, ParseSafetensors(request.weights));
    return std::move(file.tensors);
  }
  const auto& architecture = description.model.architecture();
  const auto name_tensors = [&weights = *description.weights](const auto& model) {
    TensorMap tensors;
    tensors[model.weights_tensor_name()] = ViewOf(weights.coefficients, weights.dtype);
    if (weights.intercept) {
      tensors[model.intercept_tensor_name()] = ViewOf(*weights.intercept, weights.dtype);
    }
    return tensors;
  };
  return architecture.has_linear() ? name_tensors(architecture.linear())
                                   : name_tensors(architecture.logistic());
}

}  // namespace

Result<Bytes> Pack(const PackRequest& request) {
  ANDON_ASSIGN_OR_RETURN(const PackDescription description,
                         ParsePackDescription(request.description));
  AprenderContent content{
      .model = description.model, .tensors = {}, .attachments = request.attachments};
  ANDON_ASSIGN_OR_RETURN(content.tensors, TensorsOf(request, description));
  ANDON_ASSIGN_OR_RETURN(Bytes file, WriteAprender(content, request.signing_seed));
  ANDON_RETURN_IF_ERROR(Open(file, Policy{}).status);
  return file;
}

}  // namespace andon
