#include <cmath>
#include <string>

#include "common/json.h"
#include "common/limits.h"
#include "language/model_config.h"

namespace andon {
namespace {

Status Wrong(std::string_view name) {
  return Error(ErrorCode::kModelConfig, "config.json: ", name, " is missing or outside its range");
}

Status Unsupported(std::string_view what, std::string_view name) {
  return Error(ErrorCode::kUnsupportedArchitecture, "config.json: ", what, " ", Quoted(name));
}

// Reads members of an object. Null counts as absent; what may be absent leaves its target as it is.
// The first error stays.
class Members {
 public:
  explicit Members(const Json& object) : object_(object) {}

  const Status& status() const { return status_; }
  void Fail(Status status) {
    if (status_.ok()) status_ = std::move(status);
  }
  const Json* Find(const char* name) const {
    const auto found = object_.find(name);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }

  Members& Count(const char* name, uint64_t limit, uint32_t* to) {
    const Json* const value = Find(name);
    const uint64_t count =
        value != nullptr && value->is_number_unsigned() ? value->get<uint64_t>() : 0;
    if (count == 0 || count > limit) return Fail(Wrong(name)), *this;
    *to = static_cast<uint32_t>(count);
    return *this;
  }
  Members& CountIfAny(const char* name, uint64_t limit, uint32_t* to) {
    return Find(name) == nullptr ? *this : Count(name, limit, to);
  }
  Members& NumberIfAny(const char* name, double* to) {
    const Json* const value = Find(name);
    if (value == nullptr) return *this;
    if (!value->is_number()) return Fail(Wrong(name)), *this;
    *to = value->get<double>();
    return *this;
  }
  Members& FlagIfAny(const char* name, bool* to) {
    const Json* const value = Find(name);
    if (value == nullptr) return *this;
    if (!value->is_boolean()) return Fail(Wrong(name)), *this;
    *to = value->get<bool>();
    return *this;
  }
  Members& TextIfAny(const char* name, std::string* to) {
    const Json* const value = Find(name);
    if (value == nullptr) return *this;
    if (!value->is_string()) return Fail(Wrong(name)), *this;
    *to = value->get<std::string>();
    return *this;
  }

 private:
  const Json& object_;
  Status status_;
};

// transformers' _compute_yarn_parameters; mscale is DeepSeek's.
Status ReadYarn(Members& scaling, RopeConfig& rope) {
  double mscale = 0, mscale_all = 0;
  bool truncate = true;
  scaling.NumberIfAny("beta_fast", &rope.beta_fast)
      .NumberIfAny("beta_slow", &rope.beta_slow)
      .NumberIfAny("mscale", &mscale)
      .NumberIfAny("mscale_all_dim", &mscale_all)
      .FlagIfAny("truncate", &truncate);
  if (!truncate) scaling.Fail(Unsupported("positions scaled by the rule", "yarn without truncate"));
  const auto factor_of = [&rope](double scale) { return 0.1 * scale * std::log(rope.factor) + 1; };
  rope.scaling = RopeScaling::kYarn;
  rope.attention_factor =
      mscale != 0 && mscale_all != 0 ? factor_of(mscale) / factor_of(mscale_all) : factor_of(1);
  scaling.NumberIfAny("attention_factor", &rope.attention_factor);
  return scaling.status();
}

// https://github.com/huggingface/transformers/blob/main/src/transformers/modeling_rope_utils.py
Status ReadScaling(const Json& object, RopeConfig& rope) {
  if (!object.is_object()) return Wrong("rope_scaling");
  Members scaling(object);
  std::string rule = "default";
  scaling.TextIfAny("type", &rule)
      .TextIfAny("rope_type", &rule)
      .NumberIfAny("rope_theta", &rope.base)
      .NumberIfAny("factor", &rope.factor)
      .CountIfAny("original_max_position_embeddings", limits::kMaxContext, &rope.original_context);
  if (rule == "yarn") return ReadYarn(scaling, rope);
  if (rule == "linear") {
    rope.scaling = RopeScaling::kLinear;
  } else if (rule == "ntk") {
    rope.scaling = RopeScaling::kNtk;
  } else if (rule == "llama3") {
    rope.scaling = RopeScaling::kLlama3;
    scaling.NumberIfAny("low_freq_factor", &rope.low_frequency)
        .NumberIfAny("high_freq_factor", &rope.high_frequency);
  } else if (rule != "default" &&
             rule != "dynamic") {  // dynamic: the plain rule within the context, which is not left
    return Unsupported("positions scaled by the rule", rule);
  }
  return scaling.status();
}

Status ReadRope(Members& members, TransformerConfig& config) {
  RopeConfig& rope = config.rope;
  rope.original_context = config.context;
  double rotated = 1;  // of a head
  members.NumberIfAny("rope_theta", &rope.base).NumberIfAny("partial_rotary_factor", &rotated);
  for (const char* name : {"rope_scaling", "rope_parameters"}) {
    const Json* const scaling = members.Find(name);
    if (scaling != nullptr) members.Fail(ReadScaling(*scaling, rope));
  }
  ANDON_RETURN_IF_ERROR(members.status());
  if (!(rotated > 0 && rotated <= 1)) return Wrong("partial_rotary_factor");
  rope.dimensions = static_cast<uint32_t>(config.head_dim * rotated);
  return HasSoundRope(config) ? Status() : Wrong("rope_scaling");
}

Status ReadShape(Members& members, TransformerConfig& config) {
  double epsilon = 1e-6;
  members.Count("num_hidden_layers", limits::kMaxLayers, &config.layers)
      .Count("hidden_size", limits::kMaxFeatureWidth, &config.hidden)
      .Count("intermediate_size", limits::kMaxFeatureWidth, &config.intermediate)
      .Count("num_attention_heads", limits::kMaxHeads, &config.heads)
      .Count("max_position_embeddings", limits::kMaxContext, &config.context)
      .Count("vocab_size", limits::kMaxVocabulary, &config.vocabulary)
      .NumberIfAny("rms_norm_eps", &epsilon);
  ANDON_RETURN_IF_ERROR(members.status());
  config.kv_heads = config.heads;
  config.head_dim = config.hidden / config.heads;
  members.CountIfAny("num_key_value_heads", limits::kMaxHeads, &config.kv_heads)
      .CountIfAny("head_dim", limits::kMaxHeadDim, &config.head_dim);
  if (!HasSoundHeads(config)) members.Fail(Wrong("num_key_value_heads"));
  if (!(epsilon > 0 && epsilon < 1)) members.Fail(Wrong("rms_norm_eps"));
  config.norm_epsilon = static_cast<float>(epsilon);
  return members.status();
}

// MLX says "quantization", all others "quantization_config".
Status RequirePlainWeights(const Members& members) {
  for (const char* name : {"quantization", "quantization_config"}) {
    const Json* const quantization = members.Find(name);
    if (quantization == nullptr) continue;
    std::string method = "mlx";
    if (quantization->is_object()) Members(*quantization).TextIfAny("quant_method", &method);
    return Error(ErrorCode::kQuantizationUnsupported, "config.json: weights quantised by ",
                 Quoted(method));
  }
  return Status();
}

Status RequireKnownLayers(Members& members) {
  std::string activation = "silu";
  bool sliding_window = false;
  members.TextIfAny("hidden_act", &activation).FlagIfAny("use_sliding_window", &sliding_window);
  if (activation != "silu") members.Fail(Unsupported("the activation", activation));
  if (sliding_window) members.Fail(Unsupported("attention in a", "sliding window"));
  return members.status();
}

}  // namespace

Result<ModelConfig> ConfigOfJson(ByteView config_json) {
  ANDON_ASSIGN_OR_RETURN(const Json json, ParseJson(config_json, "config.json"));
  if (!json.is_object()) return Wrong("the object");
  Members members(json);
  ModelConfig config{.tied = false};
  members.TextIfAny("model_type", &config.architecture)
      .FlagIfAny("tie_word_embeddings", &*config.tied);
  ANDON_RETURN_IF_ERROR(members.status());
  if (config.architecture.empty()) return Wrong("model_type");
  if (!IsSupportedArchitecture(config.architecture))
    return Unsupported("the architecture", config.architecture);
  ANDON_RETURN_IF_ERROR(RequirePlainWeights(members));
  ANDON_RETURN_IF_ERROR(RequireKnownLayers(members));
  ANDON_RETURN_IF_ERROR(ReadShape(members, config.transformer));
  ANDON_RETURN_IF_ERROR(ReadRope(members, config.transformer));
  return config;
}

}  // namespace andon
