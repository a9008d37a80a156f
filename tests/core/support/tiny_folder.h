// The tiny models of tiny_model.h as Hugging Face folders.

#ifndef ANDON_TESTS_CORE_SUPPORT_TINY_FOLDER_H_
#define ANDON_TESTS_CORE_SUPPORT_TINY_FOLDER_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/json.h"
#include "formats/safetensors.h"
#include "tests/core/support/tiny_model.h"

namespace andon {

// Files in the order in which they are loaded.
using TinyFolder = std::vector<std::pair<std::string, Bytes>>;

inline Bytes BytesOf(const Json& json) {
  const std::string text = DumpJson(json);
  return Bytes(text.begin(), text.end());
}

inline Json TinyConfig(const TinyModel& model) {
  return {{"model_type", model.architecture},
          {"hidden_size", model.hidden},
          {"num_hidden_layers", model.layers},
          {"num_attention_heads", model.heads},
          {"num_key_value_heads", model.kv_heads},
          {"head_dim", model.head_dim},
          {"intermediate_size", model.intermediate},
          {"max_position_embeddings", model.context},
          {"vocab_size", VocabularyOf(model).tokens.size()},
          {"rms_norm_eps", 1e-6},
          {"rope_theta", 10'000.0},
          {"tie_word_embeddings", model.tied}};
}

// Byte-level, with the first `count` tokens of TinyBytePairs, at least 256.
inline Json TinyTokenizer(size_t count) {
  const TinyVocabulary vocabulary = TinyBytePairs();
  Json json = {
      {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}}},
      {"decoder", {{"type", "ByteLevel"}}},
      {"added_tokens", Json::array()},
      {"model", {{"type", "BPE"}, {"vocab", Json::object()}, {"merges", Json::array()}}}};
  for (size_t id = 0; id < std::min(count, vocabulary.tokens.size()); ++id) {
    if (vocabulary.types[id] == 1) {
      json["model"]["vocab"][vocabulary.tokens[id]] = id;
      if (id >= 256) json["model"]["merges"].push_back(vocabulary.merges[id - 256]);
    } else {
      json["added_tokens"].push_back(
          {{"id", id}, {"content", vocabulary.tokens[id]}, {"special", true}});
    }
  }
  return json;
}

struct NamedTensor {
  std::string name;
  TensorView view;  // of `data`
  Bytes data;
};

inline DType DTypeOf(WeightType type) {
  return type == WeightType::kF32   ? DType::kF32
         : type == WeightType::kF16 ? DType::kF16
                                    : DType::kBF16;
}

// REQUIRES: F32, F16 or BF16. The same numbers as TinyGguf.
inline std::vector<NamedTensor> TinyTensors(const TinyModel& model) {
  RandomNumbers random(model.seed);
  std::vector<NamedTensor> tensors;
  for (const TinyTensor& tensor : TensorsOf(model, kHuggingFaceNames)) {
    const DType dtype = tensor.shape.size() == 2 ? DTypeOf(model.type) : DType::kF32;
    tensors.push_back({tensor.name,
                       {.dtype = dtype, .shape = tensor.shape, .data = {}},
                       DataOf(model, tensor, random)});
  }
  return tensors;
}

inline Bytes SafetensorsOf(const std::vector<NamedTensor>& tensors) {
  TensorMap map;
  for (const NamedTensor& tensor : tensors) {
    map[tensor.name] = tensor.view;
    map[tensor.name].data = tensor.data;
  }
  return std::move(WriteSafetensors(map)).value();
}

inline TinyFolder TinyFolderOf(const TinyModel& model = {}) {
  return {{"config.json", BytesOf(TinyConfig(model))},
          {"tokenizer.json", BytesOf(TinyTokenizer(SIZE_MAX))},
          {"model.safetensors", SafetensorsOf(TinyTensors(model))}};
}

inline Result<std::unique_ptr<LanguageModel>> LoadFolder(const TinyFolder& folder,
                                                         const ModelLoadOptions& options = {},
                                                         size_t piece_bytes = 1 << 20) {
  ModelLoading loading(options);
  for (const auto& [name, file] : folder)
    ANDON_RETURN_IF_ERROR(LoadFile(loading, name, file, piece_bytes));
  return loading.Finish();
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_TINY_FOLDER_H_
