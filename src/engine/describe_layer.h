// One layer of an adapter as JSON: AdapterLayer of docs/api.md, its numbers left where they are,
// and AdapterSummary.

#ifndef ANDON_ENGINE_DESCRIBE_LAYER_H_
#define ANDON_ENGINE_DESCRIBE_LAYER_H_

#include <string>

#include "engine/expert_content.h"

namespace andon {

// Where tensors have numbers, a place says which bytes of the section's content they are:
// {"offset", "count"}. Values are of the module's dtype, starts and indices are u32.
//   {"layer", "modules": [{"target", "kind", "dtype", "rank", "inFeatures", "outFeatures", "scale",
//     "feedForward", "sparseWeight",
//     "tensors": {"a": {"shape", "values"} or {"shape", "format", "starts", "indices",
//     "values"}}}]}
// REQUIRES: the content is that of a PARAMS section.
std::string DescribeLayer(const ExpertContent& content);

// The same without tensors, but with the norm of each module's update, "norm", which takes a while.
std::string SummarizeLayer(const ExpertContent& content);

}  // namespace andon

#endif  // ANDON_ENGINE_DESCRIBE_LAYER_H_
