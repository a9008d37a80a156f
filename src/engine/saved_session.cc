// A saved session:
//
//   "ANDNSESS", u32 version = 1, u32 context, u8 model[32]       the SHA-256 of the model's file
//   u32 tokens, u32 computed, u32 seen, u32 0, u64 random        counts, and the state of the sampler
//   u32 token x tokens, u32 token x seen
//   f32 x layers x computed x kv features, twice                 keys, then values
//   u8 sha256[32]                                                of all before
//
// Its size is 112 + 4 (tokens + seen) + 8 layers x computed x kv features bytes.

#include <cstring>

#include "common/checked.h"
#include "engine/text_session.h"

namespace andon {
namespace {

constexpr std::string_view kMagic = "ANDNSESS";
constexpr uint32_t kVersion = 1;

ByteView BytesOf(const float* values, size_t count) {
  return {reinterpret_cast<const uint8_t*>(values), count * sizeof(float)};
}

Status Malformed(std::string_view what) {
  return Error(ErrorCode::kSessionMalformed, "session: ", what);
}

struct SavedHead {
  uint32_t context = 0, tokens = 0, computed = 0, seen = 0;
  uint64_t random = 0;
};

Status ReadHead(const LanguageModel& model, ByteReader& reader, SavedHead& head) {
  ByteView magic, digest;
  uint32_t version = 0, zero = 0;
  const bool whole = reader.ReadBytes(kMagic.size(), &magic) && reader.ReadU32(&version) &&
                     reader.ReadU32(&head.context) && reader.ReadBytes(32, &digest) &&
                     reader.ReadU32(&head.tokens) && reader.ReadU32(&head.computed) &&
                     reader.ReadU32(&head.seen) && reader.ReadU32(&zero) && reader.ReadU64(&head.random);
  if (!whole || AsText(magic) != kMagic || version != kVersion || zero != 0) return Malformed("no valid head");
  if (!DigestMatches(model.sha256(), digest)) {
    return Error(ErrorCode::kSessionForeign, "session: of another model");
  }
  const bool fits = head.context > 0 && head.context <= model.config().context &&
                    head.computed <= head.tokens && head.tokens <= head.context && head.seen <= head.tokens;
  return fits ? Status() : Malformed("counts that do not fit together");
}

Status ReadTokens(ByteReader& reader, uint32_t count, uint32_t vocabulary, std::vector<uint32_t>& to) {
  if (reader.remaining() / 4 < count) return Malformed("cut off");
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t token = 0;
    if (!reader.ReadU32(&token) || token >= vocabulary) return Malformed("a token outside the vocabulary");
    to.push_back(token);
  }
  return Status();
}

}  // namespace

Bytes TextSession::Save() {
  Bytes saved;
  AppendBytes(saved, AsBytes(kMagic));
  AppendU32(saved, kVersion);
  AppendU32(saved, context());
  AppendBytes(saved, model_.sha256());
  const Sampler::State state = sampler_.Save();
  AppendU32(saved, static_cast<uint32_t>(tokens_.size()));
  AppendU32(saved, cache_.length());
  AppendU32(saved, static_cast<uint32_t>(state.seen.size()));
  AppendU32(saved, 0);
  AppendU64(saved, state.random);
  for (const uint32_t token : tokens_) AppendU32(saved, token);
  for (const uint32_t token : state.seen) AppendU32(saved, token);
  const size_t count = size_t{cache_.length()} * cache_.features();
  for (uint32_t i = 0; i < model_.config().layers; ++i) AppendBytes(saved, BytesOf(cache_.key(i, 0), count));
  for (uint32_t i = 0; i < model_.config().layers; ++i) AppendBytes(saved, BytesOf(cache_.value(i, 0), count));
  AppendBytes(saved, Sha256Of(saved));
  return saved;
}

Result<std::unique_ptr<TextSession>> TextSession::Restore(const LanguageModel& model, ByteView saved) {
  if (saved.size() < 32) return Malformed("cut off");
  const ByteView content = saved.first(saved.size() - 32);
  if (!DigestMatches(Sha256Of(content), saved.last(32))) return Malformed("its SHA-256 does not match");
  ByteReader reader(content);
  SavedHead head;
  ANDON_RETURN_IF_ERROR(ReadHead(model, reader, head));
  ANDON_ASSIGN_OR_RETURN(auto session, Make(model, {.context = head.context}));
  Sampler::State state{.random = head.random, .seen = {}};
  const uint32_t vocabulary = model.config().vocabulary;
  ANDON_RETURN_IF_ERROR(ReadTokens(reader, head.tokens, vocabulary, session->tokens_));
  ANDON_RETURN_IF_ERROR(ReadTokens(reader, head.seen, vocabulary, state.seen));
  session->sampler_.Restore(state);
  KvCache& cache = session->cache_;
  const uint64_t bytes = uint64_t{head.computed} * cache.features() * sizeof(float);
  const auto read_into = [&reader, bytes](float* to) {
    ByteView part;
    if (!reader.ReadBytes(bytes, &part)) return false;
    std::memcpy(to, part.data(), part.size());
    return true;
  };
  for (uint32_t i = 0; i < model.config().layers && head.computed > 0; ++i) {
    if (!read_into(cache.key(i, 0))) return Malformed("cut off");
  }
  for (uint32_t i = 0; i < model.config().layers && head.computed > 0; ++i) {
    if (!read_into(cache.value(i, 0))) return Malformed("cut off");
  }
  if (reader.remaining() > 0) return Malformed("bytes after its end");
  cache.Advance(head.computed);
  return session;
}

}  // namespace andon
