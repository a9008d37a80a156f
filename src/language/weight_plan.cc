#include "language/weight_plan.h"

#include <algorithm>

namespace andon {

// https://github.com/ggml-org/llama.cpp/blob/master/gguf-py/gguf/constants.py
const WeightNames kGgufNames = {
    .embedding = "token_embd.weight",
    .final_norm = "output_norm.weight",
    .head = "output.weight",
    .frequency_factors = "rope_freqs.weight",
    .layer = "blk.",
    .attention_norm = "attn_norm.weight",
    .query = "attn_q.weight",
    .key = "attn_k.weight",
    .value = "attn_v.weight",
    .query_bias = "attn_q.bias",
    .key_bias = "attn_k.bias",
    .value_bias = "attn_v.bias",
    .query_norm = "attn_q_norm.weight",
    .key_norm = "attn_k_norm.weight",
    .output = "attn_output.weight",
    .output_bias = "attn_output.bias",
    .ffn_norm = "ffn_norm.weight",
    .gate = "ffn_gate.weight",
    .up = "ffn_up.weight",
    .down = "ffn_down.weight",
};

// As transformers saves LlamaForCausalLM, Qwen2ForCausalLM and Qwen3ForCausalLM.
const WeightNames kHuggingFaceNames = {
    .embedding = "model.embed_tokens.weight",
    .final_norm = "model.norm.weight",
    .head = "lm_head.weight",
    .frequency_factors = "",
    .layer = "model.layers.",
    .attention_norm = "input_layernorm.weight",
    .query = "self_attn.q_proj.weight",
    .key = "self_attn.k_proj.weight",
    .value = "self_attn.v_proj.weight",
    .query_bias = "self_attn.q_proj.bias",
    .key_bias = "self_attn.k_proj.bias",
    .value_bias = "self_attn.v_proj.bias",
    .query_norm = "self_attn.q_norm.weight",
    .key_norm = "self_attn.k_norm.weight",
    .output = "self_attn.o_proj.weight",
    .output_bias = "self_attn.o_proj.bias",
    .ffn_norm = "post_attention_layernorm.weight",
    .gate = "mlp.gate_proj.weight",
    .up = "mlp.up_proj.weight",
    .down = "mlp.down_proj.weight",
};

WeightPlan::WeightPlan(const ModelConfig& config, const WeightNames& names,
                       std::optional<WeightType> quantize)
    : architecture_(config.architecture), quantize_(quantize) {
  const TransformerConfig& shape = config.transformer;
  TransformerWeights& weights = loaded_->weights;
  AddMatrix(std::string(names.embedding), shape.vocabulary, shape.hidden, weights.embedding);
  AddVector(std::string(names.final_norm), shape.hidden, weights.final_norm);
  if (config.tied.value_or(false)) {
    unused_head_ = names.head;
  } else {
    AddMatrix(std::string(names.head), shape.vocabulary, shape.hidden, weights.head,
              config.tied.has_value());
  }
  if (!names.frequency_factors.empty()) {
    AddVector(std::string(names.frequency_factors), shape.rope.dimensions / 2,
              loaded_->frequency_factors, false);
  }
  weights.layers.resize(shape.layers);
  for (uint32_t i = 0; i < shape.layers; ++i) {
    AddLayer(config, names, std::string(names.layer) + std::to_string(i) + ".", weights.layers[i]);
  }
}

void WeightPlan::AddLayer(const ModelConfig& config, const WeightNames& names,
                          const std::string& prefix, LayerWeights& layer) {
  const TransformerConfig& shape = config.transformer;
  const uint32_t hidden = shape.hidden, query = shape.query_features(), kv = shape.kv_features();
  const auto name = [&prefix](std::string_view tensor) { return prefix + std::string(tensor); };
  AddVector(name(names.attention_norm), hidden, layer.attention_norm);
  AddMatrix(name(names.query), query, hidden, layer.query);
  AddMatrix(name(names.key), kv, hidden, layer.key);
  AddMatrix(name(names.value), kv, hidden, layer.value);
  AddVector(name(names.query_bias), query, layer.query_bias, false);
  AddVector(name(names.key_bias), kv, layer.key_bias, false);
  AddVector(name(names.value_bias), kv, layer.value_bias, false);
  if (config.architecture == "qwen3") {
    AddVector(name(names.query_norm), shape.head_dim, layer.query_norm);
    AddVector(name(names.key_norm), shape.head_dim, layer.key_norm);
  }
  AddMatrix(name(names.output), hidden, query, layer.output);
  AddVector(name(names.output_bias), hidden, layer.output_bias, false);
  AddVector(name(names.ffn_norm), hidden, layer.ffn_norm);
  AddMatrix(name(names.gate), shape.intermediate, hidden, layer.gate);
  AddMatrix(name(names.up), shape.intermediate, hidden, layer.up);
  AddMatrix(name(names.down), hidden, shape.intermediate, layer.down);
}

void WeightPlan::AddMatrix(std::string name, uint64_t rows, uint64_t columns, Matrix& to,
                           bool required) {
  targets_[std::move(name)] = {
      .rows = rows, .columns = columns, .required = required, .matrix = &to};
}

void WeightPlan::AddVector(std::string name, uint64_t size, std::vector<float>& to, bool required) {
  targets_[std::move(name)] = {.rows = 1, .columns = size, .required = required, .vector = &to};
}

// Old checkpoints hold the frequencies that the configuration already gives.
bool WeightPlan::IsIgnored(std::string_view name) const {
  return name == unused_head_ || name.ends_with(".rotary_emb.inv_freq");
}

Result<std::vector<WeightTarget*>> WeightPlan::Bind(const std::vector<StoredTensor>& tensors,
                                                    bool last, uint64_t memory_limit) {
  std::vector<WeightTarget*> targets;
  for (const StoredTensor& tensor : tensors) {
    ANDON_ASSIGN_OR_RETURN(WeightTarget* const target, BindOne(tensor));
    targets.push_back(target);
  }
  if (last) ANDON_RETURN_IF_ERROR(RequireAll());
  ANDON_RETURN_IF_ERROR(Allocate(targets, memory_limit));
  return targets;
}

Result<WeightTarget*> WeightPlan::BindOne(const StoredTensor& tensor) {
  const auto found = targets_.find(tensor.name);
  if (found == targets_.end()) {
    if (IsIgnored(tensor.name)) return static_cast<WeightTarget*>(nullptr);
    return Error(ErrorCode::kUnsupportedArchitecture, "model: the tensor ", Quoted(tensor.name),
                 " in a model of the kind ", architecture_);
  }
  WeightTarget& target = found->second;
  if (target.bound)
    return Error(ErrorCode::kTensorDuplicate, "model: ", Quoted(tensor.name), " is in two files");
  if (tensor.rows != target.rows || tensor.columns != target.columns) {
    return Error(ErrorCode::kTensorShape, "model: ", Quoted(tensor.name), " is [", tensor.rows,
                 ", ", tensor.columns, "], not [", target.rows, ", ", target.columns, "]");
  }
  if (target.vector != nullptr && WeightBlockOf(tensor.type).weights != 1) {
    return Error(ErrorCode::kTensorDtype, "model: ", Quoted(tensor.name), " is ",
                 WeightBlockOf(tensor.type).name, ", where F32, F16 or BF16 is needed");
  }
  target.bound = true;
  const WeightType type = target.vector != nullptr ? WeightType::kF32 : TypeInMemory(tensor);
  ++types_[type];
  if (target.matrix != nullptr) {
    *target.matrix = {.type = type,
                      .rows = static_cast<uint32_t>(target.rows),
                      .columns = static_cast<uint32_t>(target.columns)};
  }
  return &target;
}

// Rows that are no whole blocks stay as they are.
WeightType WeightPlan::TypeInMemory(const StoredTensor& tensor) const {
  if (!quantize_ || tensor.columns % WeightBlockOf(*quantize_).weights != 0) return tensor.type;
  return *quantize_;
}

Status WeightPlan::RequireAll() const {
  for (const auto& [name, target] : targets_) {
    if (target.required && !target.bound) {
      return Error(ErrorCode::kTensorMissing, "model: no tensor ", Quoted(name));
    }
  }
  return Status();
}

// What was bound exactly; what later files bring, at as many bytes a weight.
uint64_t WeightPlan::BytesNeeded() const {
  double bound_weights = 0, bound_bytes = 0, later_weights = 0;
  for (const auto& [name, target] : targets_) {
    if (target.matrix == nullptr) continue;
    const double weights = static_cast<double>(target.rows) * static_cast<double>(target.columns);
    if (target.bound) {
      bound_weights += weights;
      bound_bytes +=
          static_cast<double>(MatrixBytes(target.matrix->type, target.rows, target.columns));
    } else if (target.required) {
      later_weights += weights;
    }
  }
  if (bound_weights == 0) return 0;
  return static_cast<uint64_t>(bound_bytes + later_weights * (bound_bytes / bound_weights));
}

Status WeightPlan::Allocate(const std::vector<WeightTarget*>& targets, uint64_t memory_limit) {
  const uint64_t needed = BytesNeeded();
  const auto too_much = [needed](std::string_view why) {
    return Error(ErrorCode::kOutOfMemory, "model: its weights need ", needed, " bytes; ", why);
  };
  if (needed > memory_limit) return too_much("the limit is " + std::to_string(memory_limit));
  for (WeightTarget* const target : targets) {
    if (target == nullptr || target->matrix == nullptr) continue;
    const uint64_t bytes = MatrixBytes(target->matrix->type, target->rows, target->columns);
    target->memory = loaded_->Allocate(bytes);
    if (target->memory == nullptr) return too_much("there are not as many");
    target->matrix->data = target->memory;
    memory_bytes_ += bytes;
  }
  return Status();
}

Result<std::unique_ptr<LoadedWeights>> WeightPlan::Finish() {
  ANDON_RETURN_IF_ERROR(RequireAll());
  const std::vector<float>& factors = loaded_->frequency_factors;
  if (std::any_of(factors.begin(), factors.end(), [](float factor) { return factor <= 0; })) {
    return Error(ErrorCode::kWeightNotFinite,
                 "model: a factor of the frequencies that is not above zero");
  }
  TransformerWeights& weights = loaded_->weights;
  if (weights.head.data == nullptr) weights.head = weights.embedding;
  return std::move(loaded_);
}

}  // namespace andon
