#include "language/embedding.h"

#include <algorithm>
#include <cmath>

#include "language/text_session.h"
#include "transformer/forward.h"

namespace andon {

Result<std::vector<float>> Embed(const LanguageModel& model, std::span<const uint32_t> tokens,
                                 Pooling pooling) {
  if (tokens.empty()) return Error(ErrorCode::kInvalidArgument, "embedding: a text without tokens");
  ANDON_RETURN_IF_ERROR(CheckTokens(model, tokens, model.config().context));
  Transformer transformer(model.config(), model.weights(), model.precision(), model.pool());
  KvCache cache(model.config(), static_cast<uint32_t>(tokens.size()));
  const size_t hidden = model.config().hidden;
  std::vector<float> sum(hidden);
  while (!tokens.empty()) {
    const auto batch = tokens.first(std::min<size_t>(tokens.size(), kPromptBatch));
    tokens = tokens.subspan(batch.size());
    ANDON_RETURN_IF_ERROR(cache.Reserve(static_cast<uint32_t>(batch.size())));
    const std::span<const float> states = transformer.States(batch, cache);
    for (size_t t = 0; t < batch.size(); ++t) {
      if (pooling == Pooling::kLast && (!tokens.empty() || t + 1 < batch.size())) continue;
      for (size_t i = 0; i < hidden; ++i) sum[i] += states[t * hidden + i];
    }
  }
  double squares = 0;
  for (const float x : sum) squares += static_cast<double>(x) * static_cast<double>(x);
  // A state of zeros has no direction.
  if (!std::isfinite(squares) || squares == 0)
    return Error(ErrorCode::kInferenceFailed, "model: a state that is no vector");
  for (float& x : sum) x = static_cast<float>(static_cast<double>(x) / std::sqrt(squares));
  return sum;
}

}  // namespace andon
