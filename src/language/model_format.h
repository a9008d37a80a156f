// What ModelLoading (model_loading.h) asks of a format that language models come in.

#ifndef ANDON_LANGUAGE_MODEL_FORMAT_H_
#define ANDON_LANGUAGE_MODEL_FORMAT_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "common/bytes.h"
#include "common/json.h"
#include "common/status.h"
#include "language/loaded_weights.h"
#include "language/model_config.h"
#include "language/weight_plan.h"
#include "transformer/tokenizer.h"

namespace andon {

struct ModelContent {
  ModelConfig config = {};
  std::unique_ptr<LoadedWeights> weights = {};
  std::unique_ptr<Tokenizer> tokenizer = {};
  uint64_t weight_bytes = 0;  // that the packed weights take
  Json description = {};      // what the format knows beyond the config
};

class ModelFormat {
 public:
  virtual ~ModelFormat() = default;
  // A file begins, its bytes come, it ends. Push is never given more bytes than Begin said, and End
  // is called once all were.
  virtual Status Begin(std::string_view name, uint64_t bytes) = 0;
  virtual Status Push(ByteView piece) = 0;
  virtual Status End() = 0;
  virtual Result<ModelContent> Finish() = 0;
};

// Sets the tokenizer, which may have fewer tokens than the model. Error: TokenizerError.
Status SetTokenizer(TokenizerData data, ModelContent& content);

// Sets the weights, and what is known of them. Errors: those of WeightPlan::Finish.
Status SetWeights(WeightPlan& plan, ModelContent& content);

// Downloads of a repository without its large files give texts in their place (the specification of
// Git LFS, "The Pointer"). Error: GitLfsPointer.
Status RefuseGitLfsPointer(ByteView start);

}  // namespace andon

#endif  // ANDON_LANGUAGE_MODEL_FORMAT_H_
