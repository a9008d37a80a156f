// A language model from the files of a Hugging Face folder: texts first, then one or more
// safetensors files.

#ifndef ANDON_LANGUAGE_HF_LOADING_H_
#define ANDON_LANGUAGE_HF_LOADING_H_

#include <map>
#include <optional>
#include <set>
#include <string>

#include "language/hf_index.h"
#include "language/model_format.h"
#include "language/weight_plan.h"
#include "language/weight_stream.h"

namespace andon {

class HfLoading : public ModelFormat {
 public:
  // `weight_type`: what matrices become.
  HfLoading(WeightType weight_type, uint64_t memory_limit)
      : weight_type_(weight_type), memory_limit_(memory_limit) {}

  // Whether a model has a file of this name.
  static bool Knows(std::string_view name);

  Status Begin(std::string_view name, uint64_t bytes) override;
  Status Push(ByteView piece) override;
  Status End() override;
  Result<ModelContent> Finish() override;

 private:
  ByteView TextOf(std::string_view name) const;  // empty where there is none
  Status BeginModel();
  Status TryHead();
  Status ReadTensors(ByteView header);

  WeightType weight_type_;
  uint64_t memory_limit_;
  ModelContent content_;
  std::map<std::string, Bytes, std::less<>> texts_;  // until the weights begin
  std::optional<HfIndex> index_;
  std::optional<WeightPlan> plan_;  // once the weights have begun
  std::set<std::string, std::less<>> weight_files_;

  // of the file that is being read
  std::string name_;
  uint64_t file_bytes_ = 0;
  Bytes* text_ = nullptr;  // nullptr: it is a safetensors file
  Bytes head_;             // of a safetensors file, until it is whole
  uint64_t head_bytes_ = 0;
  std::optional<WeightStream> stream_;
};

}  // namespace andon

#endif  // ANDON_LANGUAGE_HF_LOADING_H_
