#include <cmath>
#include <string>

#include "common/limits.h"
#include "engine/model_config.h"

namespace andon {
namespace {

// Reads "<architecture>.<name>".
class Pairs {
 public:
  Pairs(const Gguf& gguf, std::string architecture)
      : gguf_(gguf), architecture_(std::move(architecture)) {}

  Status Count(std::string_view name, uint64_t limit, uint32_t* to) const {
    const auto value = gguf_.Unsigned(Key(name));
    if (!value || *value == 0 || *value > limit) return Missing(name);
    *to = static_cast<uint32_t>(*value);
    return Status();
  }
  uint32_t CountOr(std::string_view name, uint32_t fallback) const {
    const auto value = gguf_.Unsigned(Key(name));
    return value && *value > 0 && *value <= UINT32_MAX ? static_cast<uint32_t>(*value) : fallback;
  }
  double NumberOr(std::string_view name, double fallback) const {
    return gguf_.Number(Key(name)).value_or(fallback);
  }
  const std::string* Text(std::string_view name) const { return gguf_.Text(Key(name)); }
  Status Missing(std::string_view name) const {
    return Error(ErrorCode::kGgufPair, "gguf: ", Key(name), " is missing or outside its range");
  }

 private:
  std::string Key(std::string_view name) const { return architecture_ + "." + std::string(name); }

  const Gguf& gguf_;
  std::string architecture_;
};

Status ReadRope(const Pairs& pairs, std::string_view architecture, TransformerConfig& config) {
  RopeConfig& rope = config.rope;
  rope.base = pairs.NumberOr("rope.freq_base", 10'000);
  rope.dimensions = pairs.CountOr("rope.dimension_count", config.head_dim);
  rope.interleaved = architecture == "llama";  // its query and key rows are permuted in GGUF files
  rope.factor = pairs.NumberOr("rope.scaling.factor", 1);
  rope.original_context = pairs.CountOr("rope.scaling.original_context_length", config.context);
  const std::string* const scaling = pairs.Text("rope.scaling.type");
  if (scaling != nullptr && *scaling == "linear") rope.scaling = RopeScaling::kLinear;
  if (scaling != nullptr && *scaling == "yarn") {
    rope.scaling = RopeScaling::kYarn;
    rope.attention_factor = 0.1 * std::log(rope.factor) + 1;
  }
  if (rope.dimensions > config.head_dim || rope.dimensions % 2 != 0) {
    return pairs.Missing("rope.dimension_count");
  }
  if (!(rope.base > 1) || !(rope.factor >= 1)) return pairs.Missing("rope.freq_base");
  return Status();
}

}  // namespace

Result<ModelConfig> ConfigOfGguf(const Gguf& gguf) {
  const std::string* const architecture = gguf.Text("general.architecture");
  if (architecture == nullptr) {
    return Error(ErrorCode::kGgufPair, "gguf: general.architecture is missing");
  }
  if (*architecture != "llama" && *architecture != "qwen2" && *architecture != "qwen3") {
    return Error(ErrorCode::kUnsupportedArchitecture, "gguf: the architecture ", Quoted(*architecture));
  }
  const Pairs pairs(gguf, *architecture);
  ModelConfig model{.architecture = *architecture};
  TransformerConfig& config = model.transformer;
  ANDON_RETURN_IF_ERROR(pairs.Count("block_count", limits::kMaxLayers, &config.layers));
  ANDON_RETURN_IF_ERROR(pairs.Count("embedding_length", limits::kMaxFeatureWidth, &config.hidden));
  ANDON_RETURN_IF_ERROR(pairs.Count("feed_forward_length", limits::kMaxFeatureWidth, &config.intermediate));
  ANDON_RETURN_IF_ERROR(pairs.Count("attention.head_count", limits::kMaxHeads, &config.heads));
  ANDON_RETURN_IF_ERROR(pairs.Count("context_length", limits::kMaxContext, &config.context));
  config.kv_heads = pairs.CountOr("attention.head_count_kv", config.heads);
  if (config.heads % config.kv_heads != 0) return pairs.Missing("attention.head_count_kv");
  config.head_dim = pairs.CountOr("attention.key_length", config.hidden / config.heads);
  if (config.head_dim == 0 || config.head_dim > limits::kMaxHeadDim ||
      pairs.CountOr("attention.value_length", config.head_dim) != config.head_dim) {
    return pairs.Missing("attention.key_length");
  }
  config.norm_epsilon = static_cast<float>(pairs.NumberOr("attention.layer_norm_rms_epsilon", 1e-5));
  const StoredTensor* const embedding = gguf.Find("token_embd.weight");
  if (embedding == nullptr || embedding->rows > limits::kMaxVocabulary) {
    return Error(ErrorCode::kTensorMissing, "gguf: no token_embd.weight, or one with too many rows");
  }
  config.vocabulary = static_cast<uint32_t>(embedding->rows);
  ANDON_RETURN_IF_ERROR(ReadRope(pairs, *architecture, config));
  return model;
}

}  // namespace andon
