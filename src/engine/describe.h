// The description of a model as JSON: ModelDescription of docs/api.md.

#ifndef ANDON_ENGINE_DESCRIBE_H_
#define ANDON_ENGINE_DESCRIBE_H_

#include <string>

#include "formats/aprender_package.h"
#include "models/predictor.h"

namespace andon {

std::string DescribeModel(const AprenderContainer& container, const AprenderPackage& package,
                          const Predictor& predictor);

}  // namespace andon

#endif  // ANDON_ENGINE_DESCRIBE_H_
