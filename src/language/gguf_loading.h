// A language model from a GGUF file, or from the parts of a split one in their order.

#ifndef ANDON_LANGUAGE_GGUF_LOADING_H_
#define ANDON_LANGUAGE_GGUF_LOADING_H_

#include <optional>

#include "formats/gguf.h"
#include "language/model_format.h"
#include "language/weight_plan.h"
#include "language/weight_stream.h"

namespace andon {

class GgufLoading : public ModelFormat {
 public:
  explicit GgufLoading(uint64_t memory_limit) : memory_limit_(memory_limit) {}

  Status Begin(std::string_view name, uint64_t bytes) override;
  Status Push(ByteView piece) override;
  Status End() override;
  Result<ModelContent> Finish() override;

 private:
  Status TryHead();
  Status BeginModel(Gguf& gguf);
  Status CheckPart(const Gguf& gguf);

  uint64_t memory_limit_;
  ModelContent content_;
  std::optional<WeightPlan> plan_;
  uint64_t parts_ = 1;           // of the model; 1 where it is not split
  uint64_t begun_ = 0;           // parts, this one included
  uint64_t tensors_stated_ = 0;  // in all parts of a split model
  uint64_t tensors_ = 0;         // that were there

  // of the part that is being read
  uint64_t file_bytes_ = 0;
  Bytes head_;             // until it is whole
  uint64_t next_try_ = 0;  // bytes of head to wait for before it is parsed again
  std::optional<WeightStream> stream_;
};

}  // namespace andon

#endif  // ANDON_LANGUAGE_GGUF_LOADING_H_
