// A tiny random model, loaded, and sessions over it.

#ifndef ANDON_TESTS_CORE_ENGINE_TINY_SESSION_H_
#define ANDON_TESTS_CORE_ENGINE_TINY_SESSION_H_

#include <memory>
#include <utility>
#include <vector>

#include "language/text_session.h"
#include "tests/core/support/tiny_model.h"

namespace andon {

inline TinyModel SmallModel(uint64_t seed = 1) {
  TinyModel model;
  model.hidden = model.intermediate = 64;
  model.head_dim = 16;
  model.context = 256;
  model.seed = seed;
  return model;
}

inline std::unique_ptr<LanguageModel> LoadSmall(const ModelLoadOptions& options = {},
                                                uint64_t seed = 1) {
  return std::move(LoadGguf(TinyGguf(SmallModel(seed)), options)).value();
}

inline std::vector<uint32_t> SomeTokens(uint32_t count) {
  std::vector<uint32_t> tokens(count);
  for (uint32_t i = 0; i < count; ++i) tokens[i] = (i * 31 + i / 5) % 256;
  return tokens;
}

inline std::unique_ptr<TextSession> SessionOf(const LanguageModel& model,
                                              const std::vector<uint32_t>& tokens,
                                              const SessionOptions& options = {}) {
  auto session = std::move(TextSession::Make(model, options)).value();
  [[maybe_unused]] const Status status = session->Append(tokens);
  return session;
}

inline std::vector<uint32_t> Written(TextSession& session, int count) {
  std::vector<uint32_t> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back(session.Next()->token);
  return tokens;
}

// That draws, and remembers what it drew.
inline SamplerOptions Drawing() {
  return {.temperature = 1, .top_p = 0.95F, .presence_penalty = 0.3F, .seed = 11};
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_ENGINE_TINY_SESSION_H_
