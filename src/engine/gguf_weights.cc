#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "engine/gguf_model.h"

namespace andon {

Result<std::unique_ptr<GgufPlan>> GgufPlan::Make(const Gguf& gguf, const TransformerConfig& config,
                                                 uint64_t memory_limit) {
  std::unique_ptr<GgufPlan> plan(new GgufPlan(gguf));
  ANDON_RETURN_IF_ERROR(plan->PlanAll(config, memory_limit));
  return plan;
}

Status GgufPlan::PlanAll(const TransformerConfig& config, uint64_t memory_limit) {
  targets_.resize(gguf_.tensors.size());
  position_ = gguf_.data_offset;
  TransformerWeights& weights = loaded_->weights_;
  ANDON_RETURN_IF_ERROR(
      PlanMatrix("token_embd.weight", config.vocabulary, config.hidden, weights.embedding));
  ANDON_RETURN_IF_ERROR(PlanVector("output_norm.weight", config.hidden, weights.final_norm));
  if (gguf_.Find("output.weight") != nullptr) {
    ANDON_RETURN_IF_ERROR(PlanMatrix("output.weight", config.vocabulary, config.hidden, weights.head));
  }
  weights.layers.resize(config.layers);
  for (uint32_t i = 0; i < config.layers; ++i) {
    ANDON_RETURN_IF_ERROR(PlanLayer(config, "blk." + std::to_string(i) + ".", weights.layers[i]));
  }
  ANDON_RETURN_IF_ERROR(Allocate(memory_limit));
  if (weights.head.data == nullptr) weights.head = weights.embedding;
  return Status();
}

Status GgufPlan::PlanLayer(const TransformerConfig& config, const std::string& prefix, LayerWeights& layer) {
  const uint32_t hidden = config.hidden, query = config.query_features(), kv = config.kv_features();
  ANDON_RETURN_IF_ERROR(PlanVector(prefix + "attn_norm.weight", hidden, layer.attention_norm));
  ANDON_RETURN_IF_ERROR(PlanMatrix(prefix + "attn_q.weight", query, hidden, layer.query));
  ANDON_RETURN_IF_ERROR(PlanMatrix(prefix + "attn_k.weight", kv, hidden, layer.key));
  ANDON_RETURN_IF_ERROR(PlanMatrix(prefix + "attn_v.weight", kv, hidden, layer.value));
  ANDON_RETURN_IF_ERROR(PlanOptional(prefix + "attn_q.bias", query, layer.query_bias));
  ANDON_RETURN_IF_ERROR(PlanOptional(prefix + "attn_k.bias", kv, layer.key_bias));
  ANDON_RETURN_IF_ERROR(PlanOptional(prefix + "attn_v.bias", kv, layer.value_bias));
  ANDON_RETURN_IF_ERROR(PlanOptional(prefix + "attn_q_norm.weight", config.head_dim, layer.query_norm));
  ANDON_RETURN_IF_ERROR(PlanOptional(prefix + "attn_k_norm.weight", config.head_dim, layer.key_norm));
  ANDON_RETURN_IF_ERROR(PlanMatrix(prefix + "attn_output.weight", hidden, query, layer.output));
  ANDON_RETURN_IF_ERROR(PlanOptional(prefix + "attn_output.bias", hidden, layer.output_bias));
  ANDON_RETURN_IF_ERROR(PlanVector(prefix + "ffn_norm.weight", hidden, layer.ffn_norm));
  ANDON_RETURN_IF_ERROR(PlanMatrix(prefix + "ffn_gate.weight", config.intermediate, hidden, layer.gate));
  ANDON_RETURN_IF_ERROR(PlanMatrix(prefix + "ffn_up.weight", config.intermediate, hidden, layer.up));
  return PlanMatrix(prefix + "ffn_down.weight", hidden, config.intermediate, layer.down);
}

Status GgufPlan::Require(const std::string& name, uint64_t rows, uint64_t columns, size_t* index) const {
  const GgufTensor* const tensor = gguf_.Find(name);
  if (tensor == nullptr) return Error(ErrorCode::kTensorMissing, "gguf: no tensor ", Quoted(name));
  if (tensor->rows != rows || tensor->columns != columns) {
    return Error(ErrorCode::kTensorShape, "gguf: ", Quoted(name), " is [", tensor->rows, ", ", tensor->columns,
                 "], not [", rows, ", ", columns, "]");
  }
  *index = static_cast<size_t>(tensor - gguf_.tensors.data());
  return Status();
}

Status GgufPlan::PlanMatrix(const std::string& name, uint32_t rows, uint32_t columns, Matrix& to) {
  size_t index = 0;
  ANDON_RETURN_IF_ERROR(Require(name, rows, columns, &index));
  to = {.type = gguf_.tensors[index].type, .rows = rows, .columns = columns};
  targets_[index] = {.tensor = &gguf_.tensors[index], .matrix = &to};
  return Status();
}

Status GgufPlan::PlanVector(const std::string& name, uint32_t size, std::vector<float>& to) {
  size_t index = 0;
  ANDON_RETURN_IF_ERROR(Require(name, 1, size, &index));
  if (gguf_.tensors[index].type != WeightType::kF32) {
    return Error(ErrorCode::kTensorDtype, "gguf: ", Quoted(name), " is not F32");
  }
  targets_[index] = {.tensor = &gguf_.tensors[index], .vector = &to};
  return Status();
}

Status GgufPlan::PlanOptional(const std::string& name, uint32_t size, std::vector<float>& to) {
  return gguf_.Find(name) == nullptr ? Status() : PlanVector(name, size, to);
}

Status GgufPlan::Allocate(uint64_t memory_limit) {
  for (const Target& target : targets_) {
    if (target.matrix != nullptr) {
      memory_bytes_ += MatrixBytes(target.matrix->type, target.matrix->rows, target.matrix->columns);
    }
  }
  if (memory_bytes_ > memory_limit) {
    return Error(ErrorCode::kOutOfMemory, "model: its weights take ", memory_bytes_, " bytes, there are ",
                 memory_limit);
  }
  for (Target& target : targets_) {
    if (target.matrix == nullptr) continue;
    Matrix& matrix = *target.matrix;
    auto& memory = loaded_->memory_.emplace_back(MatrixBytes(matrix.type, matrix.rows, matrix.columns));
    target.memory = memory.data();
    matrix.data = target.memory;
  }
  return Status();
}

// Of a tensor that is packed or copied at once: a group of rows, or all of a vector.
uint64_t GgufPlan::PartBytes(const Target& target) const {
  const GgufTensor& tensor = *target.tensor;
  const uint64_t row_bytes = tensor.bytes / tensor.rows;
  return std::min(tensor.bytes - taken_, row_bytes * kGroupRows);
}

Status GgufPlan::Take(Target& target, ByteView part) {
  const GgufTensor& tensor = *target.tensor;
  if (target.vector != nullptr) {
    target.vector->resize(tensor.columns);
    std::memcpy(target.vector->data(), part.data(), part.size());
    const bool finite = std::all_of(target.vector->begin(), target.vector->end(),
                                    [](float value) { return std::isfinite(value); });
    return finite ? Status() : Error(ErrorCode::kWeightNotFinite, "gguf: ", Quoted(tensor.name));
  }
  const Matrix& matrix = *target.matrix;
  const uint64_t row_bytes = tensor.bytes / tensor.rows;
  const uint64_t group_bytes = MatrixBytes(matrix.type, kGroupRows, matrix.columns);
  PackGroup(matrix.type, part.data(), static_cast<uint32_t>(part.size() / row_bytes), matrix.columns,
            target.memory + taken_ / (row_bytes * kGroupRows) * group_bytes);
  return Status();
}

Status GgufPlan::Push(ByteView piece) {
  while (!piece.empty() && current_ < targets_.size()) {
    const GgufTensor& tensor = gguf_.tensors[current_];
    if (position_ < tensor.offset) {  // padding
      const uint64_t count = std::min<uint64_t>(tensor.offset - position_, piece.size());
      piece = piece.subspan(count);
      position_ += count;
      continue;
    }
    Target& target = targets_[current_];
    const bool wanted = target.tensor != nullptr;
    const uint64_t part_bytes = wanted ? PartBytes(target) : tensor.bytes - taken_;
    const uint64_t count = std::min<uint64_t>(part_bytes - part_.size(), piece.size());
    const ByteView fresh = piece.first(count);
    piece = piece.subspan(count);
    position_ += count;
    if (!wanted) {
      taken_ += count;
    } else if (part_.empty() && count == part_bytes) {  // whole within the piece: no copy
      ANDON_RETURN_IF_ERROR(Take(target, fresh));
      taken_ += count;
    } else {
      part_.insert(part_.end(), fresh.begin(), fresh.end());
      if (part_.size() < part_bytes) continue;
      ANDON_RETURN_IF_ERROR(Take(target, part_));
      taken_ += part_bytes;
      part_.clear();
    }
    if (taken_ == tensor.bytes) {
      ++current_;
      taken_ = 0;
    }
  }
  return Status();
}

Result<std::unique_ptr<LoadedWeights>> GgufPlan::Finish() {
  if (current_ < targets_.size()) {
    return Error(ErrorCode::kGgufTruncated, "gguf: ends within ", Quoted(gguf_.tensors[current_].name));
  }
  return std::move(loaded_);
}

}  // namespace andon
