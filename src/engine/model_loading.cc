#include <algorithm>

#include "common/json.h"
#include "engine/language_model.h"

namespace andon {
namespace {

std::string Describe(const Gguf& gguf, const TransformerConfig& config, const Tokenizer& tokenizer,
                     const Sha256Digest& sha256, uint64_t weight_bytes) {
  Json tensors = Json::object();
  for (const GgufTensor& tensor : gguf.tensors) {
    Json& count = tensors[std::string(WeightBlockOf(tensor.type).name)];
    count = count.is_null() ? 1 : count.get<int>() + 1;
  }
  const auto text = [&gguf](std::string_view key) {
    const std::string* const value = gguf.Text(key);
    return value == nullptr ? Json() : Json(*value);
  };
  const TokenizerData& data = tokenizer.data();
  const auto id = [](const std::optional<uint32_t>& value) { return value ? Json(*value) : Json(); };
  return DumpJson(
      {{"format", "gguf"},
       {"formatVersion", gguf.version},
       {"sha256", ToHex(sha256)},
       {"name", text("general.name")},
       {"license", text("general.license")},
       {"architecture", text("general.architecture")},
       {"layers", config.layers},
       {"hidden", config.hidden},
       {"intermediate", config.intermediate},
       {"heads", config.heads},
       {"kvHeads", config.kv_heads},
       {"headDim", config.head_dim},
       {"vocabulary", config.vocabulary},
       {"contextLength", config.context},
       {"weightBytes", weight_bytes},
       {"tensorTypes", tensors},
       {"tokenizer",
        {{"kind", data.kind == TokenizerKind::kBytePairs ? "bpe" : "sentencepiece"},
         {"begin", id(data.begin)},
         {"end", id(data.end)},
         {"addBegin", data.add_begin},
         {"normalizeNfc", data.normalize_nfc}}},
       {"chatTemplate", text("tokenizer.chat_template")}});
}

}  // namespace

ModelLoading::ModelLoading(uint64_t file_bytes, const ModelLoadOptions& options)
    : file_bytes_(file_bytes), options_(options), model_(std::make_unique<LanguageModel>()) {}

Status ModelLoading::Push(ByteView piece) {
  hash_.Update(piece);
  if (plan_ != nullptr) return plan_->Push(piece);
  AppendBytes(head_, piece);
  if (head_.size() < std::min(next_try_, file_bytes_)) return Status();
  return TryHead();
}

// The length of the head is stated nowhere: it is parsed again each time twice as much is here.
Status ModelLoading::TryHead() {
  auto gguf = ParseGguf(head_, file_bytes_);
  const bool more = head_.size() < file_bytes_ && head_.size() < limits::kMaxGgufHeadBytes;
  if (gguf.code() == ErrorCode::kGgufTruncated && more) {
    next_try_ = head_.size() * 2;
    return Status();
  }
  ANDON_RETURN_IF_ERROR(gguf.status());
  if (gguf->data_offset > head_.size()) {  // only the padding is missing
    next_try_ = gguf->data_offset;
    return Status();
  }
  gguf_ = std::move(*gguf);
  ANDON_ASSIGN_OR_RETURN(model_->config_, ConfigOfGguf(gguf_));
  ANDON_ASSIGN_OR_RETURN(TokenizerData data, TokenizerOfGguf(gguf_));
  ANDON_ASSIGN_OR_RETURN(model_->tokenizer_, Tokenizer::Make(std::move(data)));
  if (model_->tokenizer_->size() > model_->config_.vocabulary) {
    return Error(ErrorCode::kTokenizerError, "gguf: ", model_->tokenizer_->size(), " tokens for ",
                 model_->config_.vocabulary, " embeddings");
  }
  model_->precision_ = options_.precision;
  ANDON_ASSIGN_OR_RETURN(plan_, GgufPlan::Make(gguf_, model_->config_, options_.memory_limit));
  const Bytes head = std::move(head_);
  head_.clear();
  return plan_->Push(ByteView(head).subspan(gguf_.data_offset));
}

Result<std::unique_ptr<LanguageModel>> ModelLoading::Finish() {
  if (plan_ == nullptr) return Error(ErrorCode::kGgufTruncated, "gguf: the head ends early");
  ANDON_ASSIGN_OR_RETURN(model_->weights_, plan_->Finish());
  model_->sha256_ = hash_.Finish();
  if (options_.sha256 && !DigestMatches(model_->sha256_, *options_.sha256)) {
    return Error(ErrorCode::kFileHash, "model: its SHA-256 is ", ToHex(model_->sha256_));
  }
  model_->description_ =
      Describe(gguf_, model_->config_, *model_->tokenizer_, model_->sha256_, plan_->memory_bytes());
  return std::move(model_);
}

}  // namespace andon
