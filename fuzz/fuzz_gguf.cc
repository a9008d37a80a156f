// GGUF: the tensors of what parses tile the file; a model is the same from any pieces, and
// computes.

#include <algorithm>

#include "formats/gguf.h"
#include "fuzz/require.h"
#include "language/model_loading.h"
#include "transformer/forward.h"
#include "transformer/kv_cache.h"

namespace {

using andon::ByteView;
using andon::Gguf;
using andon::Require;

constexpr uint64_t kMostMemory = 1 << 22;

void CheckPlaces(const Gguf& gguf, uint64_t file_bytes) {
  uint64_t end = gguf.head_bytes;
  for (const andon::StoredTensor& tensor : gguf.tensors) {
    Require(tensor.rows > 0 && tensor.columns > 0 && tensor.bytes > 0);
    Require(tensor.offset >= end && tensor.bytes <= file_bytes - tensor.offset);
    end = tensor.offset + tensor.bytes;
  }
  Require(end <= file_bytes);
}

// Of a head that is whole nothing more is asked for; of one that is not, more.
void CheckHead(const Gguf& gguf, ByteView file) {
  const auto head = static_cast<size_t>(gguf.head_bytes);
  Require(andon::ParseGguf(file.first(head), file.size()).ok());
  Require(andon::ParseGguf(file.first(head - 1), file.size()).code() ==
          andon::ErrorCode::kGgufTruncated);
}

andon::Result<std::unique_ptr<andon::LanguageModel>> Load(ByteView file, size_t piece_bytes) {
  andon::ModelLoading loading({.memory_limit = kMostMemory});
  ANDON_RETURN_IF_ERROR(loading.Begin("model", file.size()));
  for (size_t at = 0; at < file.size(); at += piece_bytes) {
    ANDON_RETURN_IF_ERROR(loading.Push(file.subspan(at, std::min(piece_bytes, file.size() - at))));
  }
  ANDON_RETURN_IF_ERROR(loading.End());
  return loading.Finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const ByteView file(data, size);
  const auto gguf = andon::ParseGguf(file, size);
  if (gguf.ok()) {
    CheckPlaces(*gguf, size);
    CheckHead(*gguf, file);
  }
  const auto model = Load(file, std::max<size_t>(size, 1)), again = Load(file, 13);
  Require(model.code() == again.code() && (gguf.ok() || !model.ok()));
  if (!model.ok()) return 0;
  Require((*model)->description() == (*again)->description());
  andon::Transformer transformer((*model)->config(), (*model)->weights(), andon::Precision::kFast,
                                 (*model)->pool());
  andon::KvCache cache((*model)->config(), 2);
  Require(cache.Reserve(2).ok());
  const std::vector<uint32_t> tokens = {0, (*model)->config().vocabulary - 1};
  Require(transformer.Forward(tokens, cache, andon::Logits::kLast).size() ==
          (*model)->config().vocabulary);
  return 0;
}
