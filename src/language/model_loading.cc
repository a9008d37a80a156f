#include "language/model_loading.h"

#include <algorithm>
#include <vector>

#include "language/gguf_loading.h"
#include "language/hf_loading.h"
#include "tensor/quantize.h"

namespace andon {
namespace {

struct HashedFile {
  std::string name;
  uint64_t bytes = 0;
  FileDigests digests = {};
};

Json DescribeTokenizer(const TokenizerData& data) {
  const auto id = [](const std::optional<uint32_t>& value) {
    return value ? Json(*value) : Json();
  };
  return {{"kind", data.kind == TokenizerKind::kBytePairs ? "bpe" : "sentencepiece"},
          {"begin", id(data.begin)},
          {"end", id(data.end)},
          {"addBegin", data.add_begin},
          {"appended", id(data.appended)},
          {"normalizeNfc", data.normalize_nfc}};
}

// Of one file its own. Of several that of their names and digests, as sha256sum would list them.
// Nothing where a file has none.
std::optional<Sha256Digest> DigestOf(std::vector<HashedFile> files,
                                     std::optional<Sha256Digest> FileDigests::*digest) {
  if (files.size() == 1) return files.front().digests.*digest;
  std::ranges::sort(files, {}, &HashedFile::name);
  std::string list;
  for (const HashedFile& file : files) {
    if (!(file.digests.*digest)) return std::nullopt;
    list += ToHex(*(file.digests.*digest)) + "  " + file.name + "\n";
  }
  return Sha256Of(AsBytes(list));
}

Json HexOrNull(const std::optional<Sha256Digest>& digest) {
  return digest ? Json(ToHex(*digest)) : Json();
}

std::string Describe(const ModelContent& content, const std::vector<HashedFile>& files,
                     const std::optional<Sha256Digest>& sha256, const Sha256Digest& fingerprint) {
  Json description = content.description;
  const TransformerConfig& shape = content.config.transformer;
  description["sha256"] = HexOrNull(sha256);
  description["fingerprint"] = ToHex(fingerprint);
  for (const HashedFile& file : files) {
    description["files"].push_back(
        {{"name", file.name}, {"bytes", file.bytes}, {"sha256", HexOrNull(file.digests.sha256)}});
  }
  description["architecture"] = content.config.architecture;
  description["layers"] = shape.layers;
  description["hidden"] = shape.hidden;
  description["intermediate"] = shape.intermediate;
  description["heads"] = shape.heads;
  description["kvHeads"] = shape.kv_heads;
  description["headDim"] = shape.head_dim;
  description["vocabulary"] = shape.vocabulary;
  description["contextLength"] = shape.context;
  description["weightBytes"] = content.weight_bytes;
  description["merged"] = Json::array();
  description["tokenizer"] = DescribeTokenizer(content.tokenizer->data());
  return DumpJson(description);
}

Sha256Digest FormOf(const ModelContent& content, const Sha256Digest& fingerprint,
                    Precision precision) {
  const Json form = {{"fingerprint", ToHex(fingerprint)},
                     {"tensorTypes", content.description["tensorTypes"]},
                     {"exact", precision == Precision::kExact}};
  return Sha256Of(AsBytes(DumpJson(form)));
}

}  // namespace

struct ModelLoading::State {
  ModelLoadOptions options;
  std::unique_ptr<ModelFormat> format;
  std::vector<HashedFile> files;    // the last one under way
  std::optional<PieceHash> pieces;  // of it; nothing where the caller hashes
  std::optional<Sha256> sha256;     // of it; nothing where the caller hashes, or nobody needs it
  uint64_t missing = 0;             // bytes of it
};

// Files of a folder of safetensors have names of their own; a GGUF file may have any.
Status ModelLoading::ChooseFormat(std::string_view name, State& state) {
  const ModelLoadOptions& options = state.options;
  if (!HfLoading::Knows(name)) {
    state.format = std::make_unique<GgufLoading>(options.memory_limit);
  } else if (CanNarrowTo(options.weight_type)) {
    state.format = std::make_unique<HfLoading>(options.weight_type, options.memory_limit);
  } else {
    return Error(ErrorCode::kInvalidArgument, "model: weights cannot become that type");
  }
  return Status();
}

ModelLoading::ModelLoading(const ModelLoadOptions& options) : state_(std::make_unique<State>()) {
  state_->options = options;
}

ModelLoading::~ModelLoading() = default;

bool ModelLoading::needs_sha256() const {
  return state_->options.compute_sha256 || !state_->options.sha256.empty();
}

Status ModelLoading::Begin(std::string_view name, uint64_t bytes, HashedByCaller by_caller) {
  State& state = *state_;
  if (!state.options.sha256.empty() && !state.options.sha256.contains(name)) {
    return Error(ErrorCode::kFileHash, "model: no SHA-256 is stated for ", Quoted(name));
  }
  if (state.format == nullptr) ANDON_RETURN_IF_ERROR(ChooseFormat(name, state));
  ANDON_RETURN_IF_ERROR(state.format->Begin(name, bytes));
  state.files.push_back({.name = std::string(name), .bytes = bytes});
  state.pieces.reset();
  if (!by_caller.pieces) state.pieces.emplace();
  state.sha256.reset();
  if (needs_sha256() && !by_caller.sha256) state.sha256.emplace();
  state.missing = bytes;
  return Status();
}

Status ModelLoading::Push(ByteView piece) {
  State& state = *state_;
  if (piece.size() > state.missing) {
    return Error(ErrorCode::kSourceChanged, "model: more bytes than the ", state.files.back().bytes,
                 " it had at first");
  }
  state.missing -= piece.size();
  if (state.pieces) state.pieces->Update(piece);
  if (state.sha256) state.sha256->Update(piece);
  return state.format->Push(piece);
}

Status ModelLoading::End(const FileDigests& computed) {
  State& state = *state_;
  HashedFile& file = state.files.back();
  if (state.missing > 0) {
    return Error(ErrorCode::kSourceChanged, "model: ", state.missing,
                 " bytes fewer than it had at first");
  }
  file.digests = computed;
  if (state.pieces) file.digests.pieces = state.pieces->Finish();
  if (state.sha256) file.digests.sha256 = state.sha256->Finish();
  const auto& sha256 = file.digests.sha256;
  if (!file.digests.pieces || (needs_sha256() && !sha256))
    return Error(ErrorCode::kInvalidArgument, "model: a file that was not hashed");
  const auto stated = state.options.sha256.find(file.name);
  if (stated != state.options.sha256.end() && !DigestMatches(*sha256, stated->second)) {
    return Error(ErrorCode::kFileHash, "model: the SHA-256 of ", Quoted(file.name), " is ",
                 ToHex(*sha256));
  }
  return state.format->End();
}

Result<std::unique_ptr<LanguageModel>> ModelLoading::Finish() {
  State& state = *state_;
  ANDON_ASSIGN_OR_RETURN(ModelContent content, state.format->Finish());
  const auto sha256 = DigestOf(state.files, &FileDigests::sha256);
  const Sha256Digest fingerprint = *DigestOf(state.files, &FileDigests::pieces);
  const Sha256Digest form = FormOf(content, fingerprint, state.options.precision);
  std::string description = Describe(content, state.files, sha256, fingerprint);
  return std::make_unique<LanguageModel>(
      LanguageModelParts{.config = content.config.transformer,
                         .weights = std::move(content.weights),
                         .tokenizer = std::move(content.tokenizer),
                         .precision = state.options.precision,
                         .sha256 = sha256,
                         .form = form,
                         .description = std::move(description),
                         .pool = std::make_shared<ThreadPool>(state.options.threads)});
}

}  // namespace andon
