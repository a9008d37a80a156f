#include "language/hf_loading.h"

#include <algorithm>
#include <array>

#include "common/limits.h"
#include "formats/safetensors_header.h"
#include "language/hf_tokenizer.h"

namespace andon {
namespace {

constexpr std::string_view kConfig = "config.json", kTokenizer = "tokenizer.json",
                           kTokenizerConfig = "tokenizer_config.json",
                           kGenerationConfig = "generation_config.json",
                           kChatTemplate = "chat_template.jinja",
                           kIndex = "model.safetensors.index.json";

struct TextFile {
  std::string_view name;
  uint64_t max_bytes;
};
constexpr std::array<TextFile, 6> kTextFiles = {{{kConfig, limits::kMaxManifestBytes},
                                                 {kTokenizer, limits::kMaxTokenizerJsonBytes},
                                                 {kTokenizerConfig, limits::kMaxManifestBytes},
                                                 {kGenerationConfig, limits::kMaxManifestBytes},
                                                 {kChatTemplate, limits::kMaxManifestBytes},
                                                 {kIndex, limits::kMaxSafetensorsHeaderBytes}}};

const TextFile* FindTextFile(std::string_view name) {
  const auto* const found = std::ranges::find(kTextFiles, name, &TextFile::name);
  return found == kTextFiles.end() ? nullptr : found;
}

Status Misplaced(std::string_view name, std::string_view why) {
  return Error(ErrorCode::kModelFiles, "model: ", Quoted(name), " ", why);
}

std::optional<WeightType> WeightTypeOf(DType dtype) {
  if (dtype == DType::kF32) return WeightType::kF32;
  if (dtype == DType::kF16) return WeightType::kF16;
  if (dtype == DType::kBF16) return WeightType::kBF16;
  return std::nullopt;
}

// A vector is one row.
Result<StoredTensor> Stored(const TensorExtent& extent, uint64_t data_begin) {
  const TensorView& tensor = *extent.tensor;
  const auto type = WeightTypeOf(tensor.dtype);
  if (!type) {
    return Error(ErrorCode::kTensorDtype, "model: ", Quoted(*extent.name), " is ",
                 DTypeName(tensor.dtype), ", where F32, F16 or BF16 is needed");
  }
  const Shape& shape = tensor.shape;
  if (shape.empty() || shape.size() > 2 || extent.begin == extent.end) {
    return Error(ErrorCode::kTensorShape, "model: ", Quoted(*extent.name), " is ",
                 ShapeText(shape));
  }
  return StoredTensor{.name = *extent.name,
                      .type = *type,
                      .columns = shape.back(),
                      .rows = shape.size() == 2 ? shape.front() : 1,
                      .offset = data_begin + extent.begin,
                      .bytes = extent.end - extent.begin};
}

// A text, or a list of named ones of which "default" is meant.
Json TemplateOf(ByteView tokenizer_config) {
  const auto config = ParseJson(tokenizer_config, kTokenizerConfig);
  if (!config.ok() || !config->is_object() || !config->contains("chat_template")) return {};
  const Json& stated = (*config)["chat_template"];
  if (stated.is_string()) return stated;
  if (!stated.is_array()) return {};
  for (const Json& entry : stated) {
    if (!entry.is_object() || entry.value("name", Json()) != "default") continue;
    const Json text = entry.value("template", Json());
    if (text.is_string()) return text;
  }
  return {};
}

}  // namespace

bool HfLoading::Knows(std::string_view name) {
  return FindTextFile(name) != nullptr || name.ends_with(".safetensors");
}

ByteView HfLoading::TextOf(std::string_view name) const {
  const auto found = texts_.find(name);
  return found == texts_.end() ? ByteView() : ByteView(found->second);
}

Status HfLoading::Begin(std::string_view name, uint64_t bytes) {
  name_ = name;
  file_bytes_ = bytes;
  if (const TextFile* const text = FindTextFile(name); text != nullptr) {
    if (plan_) return Misplaced(name, "after weights");
    if (bytes > text->max_bytes)
      return Error(ErrorCode::kFileTooLarge, "model: ", Quoted(name), " of ", bytes, " bytes");
    const auto [place, fresh] = texts_.try_emplace(name_);
    if (!fresh) return Misplaced(name, "twice");
    text_ = &place->second;
    text_->reserve(static_cast<size_t>(bytes));
    return Status();
  }
  if (!Knows(name)) return Misplaced(name, "in a folder of safetensors");
  if (!plan_) ANDON_RETURN_IF_ERROR(BeginModel());
  if (index_ ? !index_->files().contains(name) : !weight_files_.empty())
    return Misplaced(name, "is in no index");
  if (!weight_files_.insert(name_).second) return Misplaced(name, "twice");
  text_ = nullptr;
  stream_.reset();
  head_.clear();
  head_bytes_ = kSafetensorsLengthBytes;
  return Status();
}

Status HfLoading::BeginModel() {
  for (const std::string_view name : {kConfig, kTokenizer}) {
    if (!texts_.contains(name)) return Misplaced(name, "is missing");
  }
  ANDON_ASSIGN_OR_RETURN(content_.config, ConfigOfJson(TextOf(kConfig)));
  ANDON_ASSIGN_OR_RETURN(
      TokenizerData data,
      ParseTokenizerJson(TextOf(kTokenizer), TextOf(kTokenizerConfig), TextOf(kGenerationConfig)));
  ANDON_RETURN_IF_ERROR(SetTokenizer(std::move(data), content_));
  const ByteView chat = TextOf(kChatTemplate);
  content_.description = {
      {"format", "safetensors"},
      {"formatVersion", nullptr},
      {"name", nullptr},
      {"license", nullptr},
      {"chatTemplate", chat.empty() ? TemplateOf(TextOf(kTokenizerConfig)) : Json(AsText(chat))}};
  if (texts_.contains(kIndex)) {
    ANDON_ASSIGN_OR_RETURN(index_, HfIndex::Parse(TextOf(kIndex)));
  }
  texts_.clear();
  plan_.emplace(content_.config, kHuggingFaceNames, weight_type_);
  return Status();
}

Status HfLoading::Push(ByteView piece) {
  if (text_ != nullptr) {
    AppendBytes(*text_, piece);
    return Status();
  }
  while (!stream_ && !piece.empty()) {
    const auto missing = static_cast<size_t>(head_bytes_ - head_.size());
    const ByteView more = piece.first(std::min(missing, piece.size()));
    AppendBytes(head_, more);
    piece = piece.subspan(more.size());
    if (head_.size() == head_bytes_) ANDON_RETURN_IF_ERROR(TryHead());
  }
  return piece.empty() ? Status() : stream_->Push(piece);
}

// First the length of the header, then the header.
Status HfLoading::TryHead() {
  const ByteView head = head_;
  if (head.size() == kSafetensorsLengthBytes) {
    ANDON_RETURN_IF_ERROR(RefuseGitLfsPointer(head));
    ANDON_ASSIGN_OR_RETURN(
        const uint64_t length,
        SafetensorsHeaderLength(head, file_bytes_, limits::kMaxSafetensorsHeaderBytes));
    head_bytes_ += length;
    if (length > 0) return Status();
  }
  const Status status = ReadTensors(head.subspan(kSafetensorsLengthBytes));
  head_ = {};
  return status;
}

Status HfLoading::ReadTensors(ByteView text) {
  ANDON_ASSIGN_OR_RETURN(SafetensorsHeader header, ParseSafetensorsHeader(text));
  ANDON_RETURN_IF_ERROR(CheckExtents(header.extents, file_bytes_ - head_bytes_));
  std::vector<StoredTensor> tensors;
  for (const TensorExtent& extent : header.extents) {
    ANDON_ASSIGN_OR_RETURN(StoredTensor tensor, Stored(extent, head_bytes_));
    tensors.push_back(std::move(tensor));
  }
  if (index_) ANDON_RETURN_IF_ERROR(index_->Check(name_, tensors));
  const bool last = !index_ || weight_files_.size() == index_->files().size();
  ANDON_ASSIGN_OR_RETURN(auto targets, plan_->Bind(tensors, last, memory_limit_));
  stream_.emplace(std::move(tensors), std::move(targets), head_bytes_);
  return Status();
}

Status HfLoading::End() {
  if (text_ != nullptr) return RefuseGitLfsPointer(*text_);
  if (stream_) return Status();
  return Error(ErrorCode::kSafetensorsTooShort, "safetensors: file of ", file_bytes_, " bytes");
}

Result<ModelContent> HfLoading::Finish() {
  if (!plan_) return Error(ErrorCode::kModelFiles, "model: no safetensors file");
  if (index_ && weight_files_.size() < index_->files().size()) {
    return Error(ErrorCode::kModelFiles, "model: ", weight_files_.size(), " of ",
                 index_->files().size(), " files of weights");
  }
  ANDON_RETURN_IF_ERROR(SetWeights(*plan_, content_));
  return std::move(content_);
}

}  // namespace andon
