// Versions of models and experts.

#ifndef ANDON_FORMATS_SEMANTIC_VERSION_H_
#define ANDON_FORMATS_SEMANTIC_VERSION_H_

#include <string_view>

namespace andon {

// Semantic Versioning 2.0.0, the whole grammar.
bool IsSemanticVersion(std::string_view text);

}  // namespace andon

#endif  // ANDON_FORMATS_SEMANTIC_VERSION_H_
