// Whole language models, tiny and random, as files; for tests that need no file of anybody.

#ifndef ANDON_TESTS_CORE_SUPPORT_TINY_MODEL_H_
#define ANDON_TESTS_CORE_SUPPORT_TINY_MODEL_H_

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "language/model_loading.h"
#include "language/weight_plan.h"
#include "tests/core/support/gguf_writer.h"
#include "tests/core/support/random_weights.h"
#include "transformer/forward.h"
#include "transformer/kv_cache.h"

namespace andon {

struct TinyModel {
  std::string architecture = "qwen3";  // qwen3, qwen2 or llama
  WeightType type = WeightType::kF32;  // of matrices
  TokenizerKind tokenizer = TokenizerKind::kBytePairs;
  bool tied = true;
  uint32_t layers = 2;
  uint32_t hidden = 256;  // all widths are whole blocks of every type
  uint32_t intermediate = 256;
  uint32_t heads = 4, kv_heads = 2, head_dim = 64;
  uint32_t context = 512;
  uint64_t seed = 1;
};

struct TinyTensor {
  std::string name;
  std::vector<uint64_t> shape;  // slowest dimension first
};

// Byte-level: the alphabet of GPT-2, "Ġa" to "Ġz" with their merges, then <|endoftext|>,
// <|im_start|> and <|im_end|>. SentencePiece: <unk>, <s>, </s>, the 256 bytes, "▁", the letters,
// "▁a" to "▁z".
struct TinyVocabulary {
  std::vector<std::string> tokens, merges;
  std::vector<int32_t> types;
  std::vector<float> scores;
};

inline std::string Utf8Of(uint32_t code) {  // below 0x10000
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800)
    return {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 63))};
  return {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 63)),
          static_cast<char>(0x80 | (code & 63))};
}

inline TinyVocabulary TinyBytePairs() {
  TinyVocabulary vocabulary;
  uint32_t hidden = 0;  // bytes that GPT-2 shows as letters from U+0100
  for (uint32_t byte = 0; byte < 256; ++byte) {
    const bool shown = (byte >= 33 && byte < 127) || (byte >= 161 && byte < 173) || byte >= 174;
    vocabulary.tokens.push_back(Utf8Of(shown ? byte : 256 + hidden++));
  }
  const std::string space = vocabulary.tokens[' '];
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    vocabulary.tokens.push_back(space + letter);
    vocabulary.merges.push_back(space + " " + letter);
  }
  vocabulary.types.assign(vocabulary.tokens.size(), 1);
  for (const char* control : {"<|endoftext|>", "<|im_start|>", "<|im_end|>"}) {
    vocabulary.tokens.emplace_back(control);
    vocabulary.types.push_back(3);
  }
  return vocabulary;
}

inline TinyVocabulary TinySentencePiece() {
  TinyVocabulary vocabulary;
  const auto add = [&vocabulary](std::string token, int32_t type, float score) {
    vocabulary.tokens.push_back(std::move(token));
    vocabulary.types.push_back(type);
    vocabulary.scores.push_back(score);
  };
  add("<unk>", 2, 0);
  add("<s>", 3, 0);
  add("</s>", 3, 0);
  const char* const digits = "0123456789ABCDEF";
  for (int byte = 0; byte < 256; ++byte) {
    add(std::string("<0x") + digits[byte / 16] + digits[byte % 16] + ">", 6, 0);
  }
  const std::string space = "\xE2\x96\x81";
  add(space, 1, -100);
  for (char letter = 'a'; letter <= 'z'; ++letter) add(std::string(1, letter), 1, -101);
  for (char letter = 'a'; letter <= 'z'; ++letter)
    add(space + letter, 1, static_cast<float>('a' - letter));
  return vocabulary;
}

inline TinyVocabulary VocabularyOf(const TinyModel& model) {
  return model.tokenizer == TokenizerKind::kBytePairs ? TinyBytePairs() : TinySentencePiece();
}

// In the order of a file. A name of a layer follows its prefix.
inline std::vector<TinyTensor> TensorsOf(const TinyModel& model, const WeightNames& names) {
  const uint64_t vocabulary = VocabularyOf(model).tokens.size();
  const uint64_t hidden = model.hidden, query = model.heads * model.head_dim,
                 kv = model.kv_heads * model.head_dim;
  std::vector<TinyTensor> tensors = {{std::string(names.embedding), {vocabulary, hidden}},
                                     {std::string(names.final_norm), {hidden}}};
  if (!model.tied) tensors.push_back({std::string(names.head), {vocabulary, hidden}});
  for (uint32_t i = 0; i < model.layers; ++i) {
    const auto add = [&](std::string_view name, std::vector<uint64_t> shape) {
      tensors.push_back({std::string(names.layer) + std::to_string(i) + "." + std::string(name),
                         std::move(shape)});
    };
    add(names.attention_norm, {hidden});
    add(names.query, {query, hidden});
    add(names.key, {kv, hidden});
    add(names.value, {kv, hidden});
    add(names.output, {hidden, query});
    if (model.architecture == "qwen2") {
      add(names.query_bias, {query});
      add(names.key_bias, {kv});
      add(names.value_bias, {kv});
    }
    if (model.architecture == "qwen3") {
      add(names.query_norm, {model.head_dim});
      add(names.key_norm, {model.head_dim});
    }
    add(names.ffn_norm, {hidden});
    add(names.gate, {model.intermediate, hidden});
    add(names.up, {model.intermediate, hidden});
    add(names.down, {hidden, model.intermediate});
  }
  return tensors;
}

inline void WriteConfig(const TinyModel& model, GgufWriter& writer) {
  const auto key = [&model](std::string_view name) {
    return model.architecture + "." + std::string(name);
  };
  writer.Text("general.architecture", model.architecture)
      .Text("general.name", "tiny")
      .Number(key("block_count"), model.layers)
      .Number(key("context_length"), model.context)
      .Number(key("embedding_length"), model.hidden)
      .Number(key("feed_forward_length"), model.intermediate)
      .Number(key("attention.head_count"), model.heads)
      .Number(key("attention.head_count_kv"), model.kv_heads)
      .Number(key("attention.key_length"), model.head_dim)
      .Number(key("attention.value_length"), model.head_dim)
      .Real(key("attention.layer_norm_rms_epsilon"), 1e-6F)
      .Real(key("rope.freq_base"), 10'000);
}

inline void WriteTokenizer(const TinyModel& model, GgufWriter& writer) {
  const TinyVocabulary vocabulary = VocabularyOf(model);
  const auto count = static_cast<uint32_t>(vocabulary.tokens.size());
  writer.Texts("tokenizer.ggml.tokens", vocabulary.tokens)
      .Integers("tokenizer.ggml.token_type", vocabulary.types);
  if (model.tokenizer == TokenizerKind::kBytePairs) {
    writer.Text("tokenizer.ggml.model", "gpt2")
        .Text("tokenizer.ggml.pre", "qwen2")
        .Texts("tokenizer.ggml.merges", vocabulary.merges)
        .Number("tokenizer.ggml.bos_token_id", count - 3)
        .Number("tokenizer.ggml.eos_token_id", count - 1)
        .Flag("tokenizer.ggml.add_bos_token", false);
  } else {
    writer.Text("tokenizer.ggml.model", "llama")
        .Reals("tokenizer.ggml.scores", vocabulary.scores)
        .Number("tokenizer.ggml.bos_token_id", 1)
        .Number("tokenizer.ggml.eos_token_id", 2)
        .Number("tokenizer.ggml.unknown_token_id", 0);
  }
  writer.Text(
      "tokenizer.chat_template",
      "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
      "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}");
}

// Vectors, which are norms and biases, are F32 around one.
inline Bytes DataOf(const TinyModel& model, const TinyTensor& tensor, RandomNumbers& random) {
  if (tensor.shape.size() == 2) {
    const float size = 2 / std::sqrt(static_cast<float>(tensor.shape[1]));
    return RandomWeights(model.type, tensor.shape[0] * tensor.shape[1], size, random);
  }
  Bytes bytes;
  for (uint64_t i = 0; i < tensor.shape[0]; ++i) {
    AppendU32(bytes, std::bit_cast<uint32_t>(1 + random.Unit() / 4));
  }
  return bytes;
}

inline void WriteTensors(const TinyModel& model, GgufWriter& writer) {
  RandomNumbers random(model.seed);
  for (const TinyTensor& tensor : TensorsOf(model, kGgufNames)) {
    writer.Tensor(tensor.name, {tensor.shape.rbegin(), tensor.shape.rend()},
                  tensor.shape.size() == 2 ? model.type : WeightType::kF32,
                  DataOf(model, tensor, random));
  }
}

inline Bytes TinyGguf(const TinyModel& model = {}) {
  GgufWriter writer;
  WriteConfig(model, writer);
  WriteTokenizer(model, writer);
  WriteTensors(model, writer);
  return writer.File();
}

// One file in pieces of any size.
inline Status LoadFile(ModelLoading& loading, std::string_view name, ByteView file,
                       size_t piece_bytes = 1 << 20) {
  ANDON_RETURN_IF_ERROR(loading.Begin(name, file.size()));
  for (size_t at = 0; at < file.size(); at += piece_bytes) {
    ANDON_RETURN_IF_ERROR(loading.Push(file.subspan(at, std::min(piece_bytes, file.size() - at))));
  }
  return loading.End();
}

inline Result<std::unique_ptr<LanguageModel>> LoadGguf(ByteView file,
                                                       const ModelLoadOptions& options = {}) {
  ModelLoading loading(options);
  ANDON_RETURN_IF_ERROR(LoadFile(loading, "model.gguf", file));
  return loading.Finish();
}

// Of all tokens, [tokens, vocabulary], with activations in float32.
inline std::vector<float> LogitsOf(const LanguageModel& model,
                                   const std::vector<uint32_t>& tokens = {1, 70, 260}) {
  Transformer transformer(model.config(), model.weights(), Precision::kExact, model.pool());
  const auto count = static_cast<uint32_t>(tokens.size());
  KvCache cache(model.config(), count);
  return cache.Reserve(count).ok() ? transformer.Forward(tokens, cache, Logits::kAll)
                                   : std::vector<float>();
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_TINY_MODEL_H_
