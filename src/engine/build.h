// From the parsed package to a model that runs.

#ifndef ANDON_ENGINE_BUILD_H_
#define ANDON_ENGINE_BUILD_H_

#include <memory>

#include "common/status.h"
#include "engine/engine.h"
#include "formats/aprender_package.h"

namespace andon {

// Errors: FeatureTypeUnsupported, and those of BuildLinear and BuildLogistic.
Result<std::unique_ptr<Model>> BuildModel(const AprenderContainer& container,
                                          const AprenderPackage& package);

}  // namespace andon

#endif  // ANDON_ENGINE_BUILD_H_
