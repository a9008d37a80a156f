#include <cmath>
#include <string>

#include "common/limits.h"
#include "engine/gguf_model.h"

namespace andon {

class GgufLoader {
 public:
  GgufLoader(const Gguf& gguf, const TransformerConfig& config, InputFile& file)
      : gguf_(gguf), config_(config), file_(file), loaded_(std::make_unique<LoadedWeights>()) {}

  Result<std::unique_ptr<LoadedWeights>> Load() {
    TransformerWeights& weights = loaded_->weights_;
    ANDON_RETURN_IF_ERROR(ReadMatrix("token_embd.weight", config_.vocabulary, config_.hidden, weights.embedding));
    ANDON_RETURN_IF_ERROR(ReadVector("output_norm.weight", config_.hidden, weights.final_norm));
    weights.head = weights.embedding;
    if (gguf_.Find("output.weight") != nullptr) {
      ANDON_RETURN_IF_ERROR(ReadMatrix("output.weight", config_.vocabulary, config_.hidden, weights.head));
    }
    weights.layers.resize(config_.layers);
    for (uint32_t i = 0; i < config_.layers; ++i) {
      ANDON_RETURN_IF_ERROR(ReadLayer("blk." + std::to_string(i) + ".", weights.layers[i]));
    }
    return std::move(loaded_);
  }

 private:
  Status ReadLayer(const std::string& prefix, LayerWeights& layer) {
    const uint32_t hidden = config_.hidden, query = config_.query_features(), kv = config_.kv_features();
    ANDON_RETURN_IF_ERROR(ReadVector(prefix + "attn_norm.weight", hidden, layer.attention_norm));
    ANDON_RETURN_IF_ERROR(ReadMatrix(prefix + "attn_q.weight", query, hidden, layer.query));
    ANDON_RETURN_IF_ERROR(ReadMatrix(prefix + "attn_k.weight", kv, hidden, layer.key));
    ANDON_RETURN_IF_ERROR(ReadMatrix(prefix + "attn_v.weight", kv, hidden, layer.value));
    ANDON_RETURN_IF_ERROR(ReadOptional(prefix + "attn_q.bias", query, layer.query_bias));
    ANDON_RETURN_IF_ERROR(ReadOptional(prefix + "attn_k.bias", kv, layer.key_bias));
    ANDON_RETURN_IF_ERROR(ReadOptional(prefix + "attn_v.bias", kv, layer.value_bias));
    ANDON_RETURN_IF_ERROR(ReadOptional(prefix + "attn_q_norm.weight", config_.head_dim, layer.query_norm));
    ANDON_RETURN_IF_ERROR(ReadOptional(prefix + "attn_k_norm.weight", config_.head_dim, layer.key_norm));
    ANDON_RETURN_IF_ERROR(ReadMatrix(prefix + "attn_output.weight", hidden, query, layer.output));
    ANDON_RETURN_IF_ERROR(ReadOptional(prefix + "attn_output.bias", hidden, layer.output_bias));
    ANDON_RETURN_IF_ERROR(ReadVector(prefix + "ffn_norm.weight", hidden, layer.ffn_norm));
    ANDON_RETURN_IF_ERROR(ReadMatrix(prefix + "ffn_gate.weight", config_.intermediate, hidden, layer.gate));
    ANDON_RETURN_IF_ERROR(ReadMatrix(prefix + "ffn_up.weight", config_.intermediate, hidden, layer.up));
    return ReadMatrix(prefix + "ffn_down.weight", hidden, config_.intermediate, layer.down);
  }

  Status Require(const std::string& name, uint64_t rows, uint64_t columns, const GgufTensor** tensor) const {
    *tensor = gguf_.Find(name);
    if (*tensor == nullptr) return Error(ErrorCode::kTensorMissing, "gguf: no tensor ", Quoted(name));
    if ((*tensor)->rows != rows || (*tensor)->columns != columns) {
      return Error(ErrorCode::kTensorShape, "gguf: ", Quoted(name), " is [", (*tensor)->rows, ", ",
                   (*tensor)->columns, "], not [", rows, ", ", columns, "]");
    }
    return Status();
  }

  Status ReadOptional(const std::string& name, uint32_t size, std::vector<float>& to) {
    return gguf_.Find(name) == nullptr ? Status() : ReadVector(name, size, to);
  }

  Status ReadVector(const std::string& name, uint32_t size, std::vector<float>& to) {
    const GgufTensor* tensor = nullptr;
    ANDON_RETURN_IF_ERROR(Require(name, 1, size, &tensor));
    if (tensor->type != WeightType::kF32) {
      return Error(ErrorCode::kTensorDtype, "gguf: ", Quoted(name), " is not F32");
    }
    std::vector<uint8_t> bytes(tensor->bytes);
    ANDON_RETURN_IF_ERROR(file_.Read(tensor->offset, bytes));
    to.resize(size);
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<uint8_t*>(to.data()));
    for (const float value : to) {
      if (!std::isfinite(value)) return Error(ErrorCode::kWeightNotFinite, "gguf: ", Quoted(name));
    }
    return Status();
  }

  // Group by group, so that the file's own layout is never in memory as a whole.
  Status ReadMatrix(const std::string& name, uint32_t rows, uint32_t columns, Matrix& to) {
    const GgufTensor* tensor = nullptr;
    ANDON_RETURN_IF_ERROR(Require(name, rows, columns, &tensor));
    to = {.type = tensor->type, .rows = rows, .columns = columns};
    auto& memory = loaded_->memory_.emplace_back(MatrixBytes(to.type, rows, columns));
    to.data = memory.data();
    const uint64_t row_bytes = tensor->bytes / rows;
    const uint64_t group_bytes = memory.size() / to.groups();
    std::vector<uint8_t> group(row_bytes * kGroupRows);
    for (uint32_t g = 0; g < to.groups(); ++g) {
      const uint32_t count = std::min(kGroupRows, rows - g * kGroupRows);
      const std::span<uint8_t> part = std::span(group).first(count * row_bytes);
      ANDON_RETURN_IF_ERROR(file_.Read(tensor->offset + g * kGroupRows * row_bytes, part));
      PackGroup(to.type, part.data(), count, columns, memory.data() + g * group_bytes);
    }
    return Status();
  }

  const Gguf& gguf_;
  const TransformerConfig& config_;
  InputFile& file_;
  std::unique_ptr<LoadedWeights> loaded_;
};

Result<std::unique_ptr<LoadedWeights>> LoadGgufWeights(const Gguf& gguf, const TransformerConfig& config,
                                                       InputFile& file) {
  return GgufLoader(gguf, config, file).Load();
}

}  // namespace andon
