// Saved sessions: whatever follows a head of the right model and has the right checksum is refused,
// or is a session that goes on and saves as it was.

#include <algorithm>
#include <memory>

#include "crypto/sha256.h"
#include "fuzz/require.h"
#include "language/text_session.h"
#include "tests/core/support/tiny_model.h"

namespace {

std::unique_ptr<andon::LanguageModel> MakeModel() {
  andon::TinyModel tiny;
  tiny.layers = 1;
  tiny.hidden = tiny.intermediate = 32;
  tiny.heads = tiny.kv_heads = 1;
  tiny.head_dim = 4;
  return std::move(andon::LoadGguf(andon::TinyGguf(tiny))).value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::unique_ptr<andon::LanguageModel> model = MakeModel();
  const andon::ByteView input(data, size), context = input.first(std::min<size_t>(4, size));
  andon::Bytes saved;
  andon::AppendBytes(saved, andon::AsBytes("ANDNSESS"));
  andon::AppendU32(saved, 1);
  andon::AppendBytes(saved, context);
  andon::AppendBytes(saved, model->form());
  andon::AppendBytes(saved, input.subspan(context.size()));
  andon::AppendBytes(saved, andon::Sha256Of(saved));

  const auto session = andon::TextSession::Restore(*model, saved);
  if (!session.ok()) return 0;
  andon::Require((*session)->Save() == saved);
  if ((*session)->tokens().empty()) return 0;
  const auto next = (*session)->Next();
  andon::Require(next.ok() || next.code() == andon::ErrorCode::kContextFull ||
                 next.code() == andon::ErrorCode::kInferenceFailed);
  return 0;
}
