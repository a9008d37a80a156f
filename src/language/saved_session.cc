// A saved session, version 1:
//
//   "ANDNSESS", u32 version, u32 context, u8 model[32]   form of the session
//   u32 tokens, u32 computed, u32 seen, u32 cache type   counts; 0: f32, 1: f16; computed with the
//                                                        positions of the soft prompt
//   u64 random                                           with what was seen, the sampler's state
//   u32 token x tokens, u32 token x seen
//   f32 or f16 x layers x {keys, values} x kv heads x computed x head dim
//   u8 sha256[32]                                        of all before
//
// The form is LanguageModel::form(); with adapters or a soft prompt the SHA-256 of that, u32 number
// of adapters, of each u8 id[32] and f32 weight, by id, and the values of the soft prompt, f32.

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>

#include "crypto/sha256.h"
#include "language/text_session.h"

namespace andon {
namespace {

constexpr std::string_view kMagic = "ANDNSESS";
constexpr uint32_t kVersion = 1;
constexpr uint64_t kHeadBytes = 72;
constexpr uint64_t kDigestBytes = 32;

struct SavedHead {
  uint32_t context = 0, tokens = 0, computed = 0, seen = 0, cache = 0;
  uint64_t random = 0;
  ByteView form = {};

  CacheType cache_type() const { return cache == 0 ? CacheType::kF32 : CacheType::kF16; }
  // Of the whole file. Cannot overflow: limits.h keeps a position below 2^34 bytes and a context
  // below 2^25 positions.
  uint64_t Bytes(const TransformerConfig& config) const {
    return kHeadBytes + 4 * (uint64_t{tokens} + seen) +
           computed * KvCache::PositionBytes(config, cache_type()) + kDigestBytes;
  }
};

Status Malformed(std::string_view what) {
  return Error(ErrorCode::kSessionMalformed, "session: ", what);
}

// Its form is not compared yet. REQUIRES: kHeadBytes are there.
Result<SavedHead> ReadHead(ByteReader& reader) {
  SavedHead head;
  ByteView magic;
  uint32_t version = 0;
  reader.ReadBytes(kMagic.size(), &magic);
  reader.ReadU32(&version);
  reader.ReadU32(&head.context);
  reader.ReadBytes(kDigestBytes, &head.form);
  for (uint32_t* count : {&head.tokens, &head.computed, &head.seen, &head.cache})
    reader.ReadU32(count);
  reader.ReadU64(&head.random);
  if (AsText(magic) != kMagic) return Malformed("no saved session");
  if (version != kVersion)
    return Error(ErrorCode::kSessionMalformed, "session: of version ", version);
  return head;
}

Status CheckCounts(const SavedHead& head, uint32_t soft_length) {
  const uint64_t length = uint64_t{soft_length} + head.tokens;
  if (length > head.context) return Malformed("more tokens than its context");
  if (head.computed > length) return Malformed("keys of more positions than tokens");
  if (head.seen > head.tokens) return Malformed("a sampler that has seen more than the tokens");
  return Status();
}

// REQUIRES: so many are there.
Status ReadTokens(ByteReader& reader, uint32_t count, uint32_t vocabulary,
                  std::vector<uint32_t>& to) {
  to.resize(count);
  for (uint32_t& token : to) {
    reader.ReadU32(&token);
    if (token >= vocabulary) return Malformed("a token outside the vocabulary");
  }
  return Status();
}

// Calls `use` with each run of keys or values in the order of the file.
template <typename Use>
void ForEachRun(const TransformerConfig& config, uint32_t positions, const Use& use) {
  for (uint32_t layer = 0; layer < config.layers; ++layer) {
    for (const KvPart part : {KvPart::kKeys, KvPart::kValues}) {
      for (uint32_t head = 0; head < config.kv_heads; ++head) {
        for (uint32_t first = 0; first < positions; first += kBlockPositions) {
          use(part, layer, head, first / kBlockPositions,
              std::min(kBlockPositions, positions - first));
        }
      }
    }
  }
}

}  // namespace

Sha256Digest TextSession::Form() const {
  if (adapters().empty() && soft_length_ == 0) return model_.form();
  Sha256 form;
  form.Update(model_.form());
  Bytes uses;
  AppendU32(uses, static_cast<uint32_t>(adapters().size()));
  for (const AdapterUse& use : adapters()) {
    AppendBytes(uses, use.adapter->id());
    AppendU32(uses, std::bit_cast<uint32_t>(use.weight));
  }
  form.Update(uses);
  if (soft_length_ > 0)
    form.Update({reinterpret_cast<const uint8_t*>(soft_prompt_->data()),
                 soft_prompt_->size() * sizeof(float)});
  return form.Finish();
}

Bytes TextSession::Save() const {
  const Sampler::State state = sampler_.Save();
  const SavedHead head = {.context = context(),
                          .tokens = static_cast<uint32_t>(tokens_.size()),
                          .computed = cache_.length(),
                          .seen = static_cast<uint32_t>(state.seen.size()),
                          .cache = cache_.type() == CacheType::kF32 ? 0u : 1u,
                          .random = state.random};
  Bytes saved;
  saved.reserve(static_cast<size_t>(head.Bytes(model_.config())));
  AppendBytes(saved, AsBytes(kMagic));
  AppendU32(saved, kVersion);
  AppendU32(saved, head.context);
  AppendBytes(saved, Form());
  for (const uint32_t count : {head.tokens, head.computed, head.seen, head.cache})
    AppendU32(saved, count);
  AppendU64(saved, head.random);
  for (const uint32_t token : tokens_) AppendU32(saved, token);
  for (const uint32_t token : state.seen) AppendU32(saved, token);
  ForEachRun(model_.config(), head.computed,
             [&](KvPart part, uint32_t layer, uint32_t kv_head, uint32_t block, uint32_t count) {
               AppendBytes(saved, cache_.Stored(part, layer, kv_head, block, count));
             });
  AppendBytes(saved, Sha256Of(saved));
  return saved;
}

Result<std::unique_ptr<TextSession>> TextSession::Restore(const LanguageModel& model,
                                                          ByteView saved,
                                                          std::vector<AdapterUse> adapters,
                                                          SoftPromptValues soft_prompt) {
  if (saved.size() < kHeadBytes + kDigestBytes) return Malformed("cut off");
  const ByteView content = saved.first(saved.size() - kDigestBytes);
  if (!DigestMatches(Sha256Of(content), saved.last(kDigestBytes)))
    return Malformed("its SHA-256 does not match");
  ByteReader reader(content);
  ANDON_ASSIGN_OR_RETURN(const SavedHead head, ReadHead(reader));
  const TransformerConfig& config = model.config();
  if (head.context == 0 || head.context > config.context)
    return Malformed("a context that the model does not have");
  if (head.cache > 1) return Malformed("an unknown type of keys and values");
  std::unique_ptr<TextSession> session(
      new TextSession(model, KvCache(config, head.context, head.cache_type())));
  ANDON_RETURN_IF_ERROR(session->SetAdapters(std::move(adapters)));
  ANDON_RETURN_IF_ERROR(session->SetSoftPrompt(std::move(soft_prompt)));
  if (!DigestMatches(session->Form(), head.form)) {
    return Error(ErrorCode::kSessionForeign,
                 "session: of another model, or of this one in another type or precision, or with "
                 "other adapters or another soft prompt");
  }
  ANDON_RETURN_IF_ERROR(CheckCounts(head, session->soft_length_));
  if (saved.size() != head.Bytes(config)) return Malformed("not as long as its counts say");
  Sampler::State state{.random = head.random, .seen = {}};
  ANDON_RETURN_IF_ERROR(ReadTokens(reader, head.tokens, config.vocabulary, session->tokens_));
  ANDON_RETURN_IF_ERROR(ReadTokens(reader, head.seen, config.vocabulary, state.seen));
  session->sampler_.Restore(state);
  KvCache& cache = session->cache_;
  ANDON_RETURN_IF_ERROR(cache.Reserve(head.computed));
  ForEachRun(config, head.computed,
             [&](KvPart part, uint32_t layer, uint32_t kv_head, uint32_t block, uint32_t count) {
               const std::span<uint8_t> to = cache.Stored(part, layer, kv_head, block, count);
               ByteView from;
               reader.ReadBytes(to.size(), &from);
               std::ranges::copy(from, to.begin());
             });
  cache.Advance(head.computed);
  return session;
}

}  // namespace andon
