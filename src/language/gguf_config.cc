#include <algorithm>
#include <cmath>
#include <string>

#include "common/limits.h"
#include "language/model_config.h"

namespace andon {
namespace {

// Reads "<architecture>.<name>". What is there must have its form; what may be absent leaves its
// target as it is. The first error stays.
class Pairs {
 public:
  Pairs(const Gguf& gguf, const std::string& architecture)
      : gguf_(gguf), prefix_(architecture + ".") {}

  const Status& status() const { return status_; }
  bool Has(std::string_view name) const { return gguf_.Has(Key(name)); }
  void Fail(std::string_view name) {
    if (status_.ok()) {
      status_ =
          Error(ErrorCode::kGgufPair, "gguf: ", Key(name), " is missing or outside its range");
    }
  }

  Pairs& Count(std::string_view name, uint64_t limit, uint32_t* to) {
    const auto value = gguf_.Unsigned(Key(name));
    if (!value || *value == 0 || *value > limit) return Fail(name), *this;
    *to = static_cast<uint32_t>(*value);
    return *this;
  }
  Pairs& CountIfAny(std::string_view name, uint64_t limit, uint32_t* to) {
    return Has(name) ? Count(name, limit, to) : *this;
  }
  Pairs& NumberIfAny(std::string_view name, double* to) {
    if (!Has(name)) return *this;
    const auto value = gguf_.Number(Key(name));
    if (!value) return Fail(name), *this;
    *to = *value;
    return *this;
  }
  Pairs& TextIfAny(std::string_view name, std::string* to) {
    if (!Has(name)) return *this;
    const std::string* const value = gguf_.Text(Key(name));
    if (value == nullptr) return Fail(name), *this;
    *to = *value;
    return *this;
  }

 private:
  std::string Key(std::string_view name) const { return prefix_ + std::string(name); }

  const Gguf& gguf_;
  const std::string prefix_;
  Status status_;
};

// Names and defaults are llama.cpp's: a factor without a type is linear, and YaRN's factor of
// attention is on top of that of the paper (ggml's rope_yarn). Llama 3's rule comes as the tensor
// rope_freqs.weight.
Status ReadRope(Pairs& pairs, TransformerConfig& config) {
  RopeConfig& rope = config.rope;
  std::string scaling = "linear";
  rope.dimensions = config.head_dim;
  rope.original_context = config.context;
  pairs.NumberIfAny("rope.freq_base", &rope.base)
      .CountIfAny("rope.dimension_count", limits::kMaxHeadDim, &rope.dimensions)
      .TextIfAny("rope.scaling.type", &scaling)
      .NumberIfAny("rope.scale_linear", &rope.factor)
      .NumberIfAny("rope.scaling.factor", &rope.factor)
      .CountIfAny("rope.scaling.original_context_length", limits::kMaxContext,
                  &rope.original_context)
      .NumberIfAny("rope.scaling.attn_factor", &rope.attention_factor)
      .NumberIfAny("rope.scaling.yarn_beta_fast", &rope.beta_fast)
      .NumberIfAny("rope.scaling.yarn_beta_slow", &rope.beta_slow);
  if (scaling == "linear") {
    rope.scaling = rope.factor == 1 ? RopeScaling::kNone : RopeScaling::kLinear;
  } else if (scaling == "yarn") {
    rope.scaling = RopeScaling::kYarn;
    rope.attention_factor *= 0.1 * std::log(rope.factor) + 1;
  } else if (scaling == "ntk") {
    rope.scaling = RopeScaling::kNtk;
  } else if (scaling != "none") {
    return Error(ErrorCode::kUnsupportedArchitecture, "gguf: positions scaled by the rule ",
                 Quoted(scaling));
  }
  if (!HasSoundRope(config)) pairs.Fail("rope.*");
  return pairs.status();
}

Status ReadShape(Pairs& pairs, TransformerConfig& config) {
  double epsilon = 1e-5;
  pairs.Count("block_count", limits::kMaxLayers, &config.layers)
      .Count("embedding_length", limits::kMaxFeatureWidth, &config.hidden)
      .Count("feed_forward_length", limits::kMaxFeatureWidth, &config.intermediate)
      .Count("attention.head_count", limits::kMaxHeads, &config.heads)
      .Count("context_length", limits::kMaxContext, &config.context)
      .NumberIfAny("attention.layer_norm_rms_epsilon", &epsilon);
  ANDON_RETURN_IF_ERROR(pairs.status());
  config.kv_heads = config.heads;
  config.head_dim = config.hidden / config.heads;
  pairs.CountIfAny("attention.head_count_kv", limits::kMaxHeads, &config.kv_heads)
      .CountIfAny("attention.key_length", limits::kMaxHeadDim, &config.head_dim);
  uint32_t value_length = config.head_dim;
  pairs.CountIfAny("attention.value_length", limits::kMaxHeadDim, &value_length);
  if (!HasSoundHeads(config)) pairs.Fail("attention.head_count_kv");
  if (value_length != config.head_dim) pairs.Fail("attention.value_length");
  if (!(epsilon > 0 && epsilon < 1)) pairs.Fail("attention.layer_norm_rms_epsilon");
  config.norm_epsilon = static_cast<float>(epsilon);
  return pairs.status();
}

// The first part of a split file may have no tensors: its tokens then count them.
Result<uint32_t> VocabularyOf(const Gguf& gguf) {
  uint64_t size = 0;
  const StoredTensor* const embedding = gguf.Find("token_embd.weight");
  const auto tokens = gguf.pairs.find("tokenizer.ggml.tokens");
  if (embedding != nullptr) {
    size = embedding->rows;
  } else if (tokens != gguf.pairs.end()) {
    const auto* const texts = std::get_if<std::vector<std::string>>(&tokens->second);
    if (texts != nullptr) size = texts->size();
  }
  if (size == 0 || size > limits::kMaxVocabulary) {
    return Error(ErrorCode::kGgufPair, "gguf: a vocabulary of ", size, " tokens");
  }
  return static_cast<uint32_t>(size);
}

}  // namespace

Result<ModelConfig> ConfigOfGguf(const Gguf& gguf) {
  const std::string* const architecture = gguf.Text("general.architecture");
  if (architecture == nullptr)
    return Error(ErrorCode::kGgufPair, "gguf: general.architecture is missing");
  if (!IsSupportedArchitecture(*architecture)) {
    return Error(ErrorCode::kUnsupportedArchitecture, "gguf: the architecture ",
                 Quoted(*architecture));
  }
  ModelConfig config{.architecture = *architecture};
  Pairs pairs(gguf, *architecture);
  if (gguf.Unsigned(*architecture + ".expert_count").value_or(0) > 0) {
    return Error(ErrorCode::kUnsupportedArchitecture, "gguf: a mixture of experts of the kind ",
                 *architecture);
  }
  ANDON_RETURN_IF_ERROR(ReadShape(pairs, config.transformer));
  ANDON_ASSIGN_OR_RETURN(config.transformer.vocabulary, VocabularyOf(gguf));
  ANDON_RETURN_IF_ERROR(ReadRope(pairs, config.transformer));
  config.transformer.rope.interleaved =
      *architecture == "llama";  // its query and key rows are permuted in GGUF files
  return config;
}

}  // namespace andon
