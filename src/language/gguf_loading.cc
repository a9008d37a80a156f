#include "language/gguf_loading.h"

#include <algorithm>

#include "common/limits.h"
#include "language/gguf_model.h"

namespace andon {
namespace {

constexpr uint64_t kFirstTry = 64 * limits::kKiB;

Json DescribeGguf(const Gguf& gguf) {
  const auto text = [&gguf](std::string_view key) {
    const std::string* const value = gguf.Text(key);
    return value == nullptr ? Json() : Json(*value);
  };
  return {{"format", "gguf"},
          {"formatVersion", gguf.version},
          {"name", text("general.name")},
          {"license", text("general.license")},
          {"chatTemplate", text("tokenizer.chat_template")}};
}

}  // namespace

Status GgufLoading::Begin(std::string_view name, uint64_t bytes) {
  if (begun_ == parts_) {
    return Error(ErrorCode::kGgufSplit, "gguf: ", Quoted(name), " after the ", parts_,
                 " parts of the model");
  }
  ++begun_;
  file_bytes_ = bytes;
  next_try_ = std::min(kFirstTry, bytes);
  head_.clear();
  stream_.reset();
  return Status();
}

Status GgufLoading::Push(ByteView piece) {
  while (!stream_ && !piece.empty()) {
    const ByteView more = piece.first(
        static_cast<size_t>(std::min<uint64_t>(next_try_ - head_.size(), piece.size())));
    AppendBytes(head_, more);
    piece = piece.subspan(more.size());
    if (head_.size() == next_try_) ANDON_RETURN_IF_ERROR(TryHead());
  }
  return piece.empty() ? Status() : stream_->Push(piece);
}

// The length of the head is stated nowhere: it is parsed again each time twice as much is here.
Status GgufLoading::TryHead() {
  ANDON_RETURN_IF_ERROR(RefuseGitLfsPointer(head_));
  auto gguf = ParseGguf(head_, file_bytes_);
  if (gguf.code() == ErrorCode::kGgufTruncated && head_.size() < file_bytes_) {
    if (head_.size() >= limits::kMaxGgufHeadBytes) {
      return Error(ErrorCode::kGgufHeadTooLarge, "gguf: a head of more than ", head_.size(),
                   " bytes");
    }
    next_try_ = std::min<uint64_t>(head_.size() * 2, file_bytes_);
    return Status();
  }
  ANDON_RETURN_IF_ERROR(gguf.status());
  if (!plan_) ANDON_RETURN_IF_ERROR(BeginModel(*gguf));
  ANDON_RETURN_IF_ERROR(CheckPart(*gguf));
  ANDON_ASSIGN_OR_RETURN(auto targets, plan_->Bind(gguf->tensors, begun_ == parts_, memory_limit_));
  const Bytes head = std::exchange(head_, {});
  const ByteView rest = ByteView(head).subspan(static_cast<size_t>(gguf->head_bytes));
  stream_.emplace(std::move(gguf->tensors), std::move(targets), gguf->head_bytes);
  return stream_->Push(rest);
}

Status GgufLoading::BeginModel(Gguf& gguf) {
  ANDON_ASSIGN_OR_RETURN(content_.config, ConfigOfGguf(gguf));
  ANDON_ASSIGN_OR_RETURN(TokenizerData data, TokenizerOfGguf(gguf));
  // Nothing of the vocabulary is needed twice.
  std::erase_if(gguf.pairs,
                [](const auto& pair) { return pair.first.starts_with("tokenizer.ggml."); });
  ANDON_RETURN_IF_ERROR(SetTokenizer(std::move(data), content_));
  content_.description = DescribeGguf(gguf);
  plan_.emplace(content_.config, kGgufNames, std::nullopt);
  parts_ = gguf.Unsigned("split.count").value_or(1);
  tensors_stated_ = gguf.Unsigned("split.tensors.count").value_or(gguf.tensors.size());
  return Status();
}

// split.no counts from zero; each part states its own, the number of parts and the number of
// tensors of all together.
Status GgufLoading::CheckPart(const Gguf& gguf) {
  const bool split = parts_ > 1;
  if (parts_ == 0 || gguf.Unsigned("split.no").value_or(split ? parts_ : 0) != begun_ - 1 ||
      gguf.Unsigned("split.count").value_or(split ? 0 : 1) != parts_) {
    return Error(ErrorCode::kGgufSplit, "gguf: part ", begun_, " of ", parts_, " is not that part");
  }
  tensors_ += gguf.tensors.size();
  if (begun_ == parts_ && tensors_ != tensors_stated_) {
    return Error(ErrorCode::kGgufSplit, "gguf: ", tensors_, " tensors in all parts, not ",
                 tensors_stated_);
  }
  return Status();
}

Status GgufLoading::End() {
  return stream_ ? Status() : Error(ErrorCode::kGgufTruncated, "gguf: the head ends early");
}

Result<ModelContent> GgufLoading::Finish() {
  if (begun_ < parts_) {
    return Error(ErrorCode::kGgufSplit, "gguf: ", begun_, " of ", parts_, " parts");
  }
  ANDON_RETURN_IF_ERROR(SetWeights(*plan_, content_));
  return std::move(content_);
}

}  // namespace andon
