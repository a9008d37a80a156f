// Folders as PEFT writes them, in memory: adapters of two layers with values that differ.

#ifndef ANDON_TESTS_CORE_SUPPORT_SAMPLE_PEFT_H_
#define ANDON_TESTS_CORE_SUPPORT_SAMPLE_PEFT_H_

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/json.h"
#include "engine/expert_pack.h"
#include "tests/core/support/tensor_file.h"

namespace andon {

inline std::string ModuleName(int layer, const std::string& module) {
  return "base_model.model.model.layers." + std::to_string(layer) + "." + module;
}

class SampleFolder {
 public:
  std::map<std::string, Bytes> files;

  void Put(const std::string& path, std::string_view text) {
    files[path] = Bytes(text.begin(), text.end());
  }
  Bytes& operator[](const std::string& path) { return files[path]; }

  // REQUIRES: the folder outlives the result and stays as it is.
  const ExpertFiles& listed() {
    inputs_.clear();
    listed_.clear();
    inputs_.reserve(files.size());
    for (const auto& [path, content] : files) {
      inputs_.emplace_back(content);
      listed_[path] = &inputs_.back();
    }
    return listed_;
  }

 private:
  std::vector<MemoryInput> inputs_;
  ExpertFiles listed_;
};

inline void PutConfig(SampleFolder& folder, const Json& config) {
  folder.Put("adapter_config.json", config.dump(2));
}

constexpr std::string_view kSampleExpert =
    R"({"name":"expert-sample","version":"1.2.3","release_counter":7})";

inline SampleFolder LoraFolder(DType dtype = DType::kF32, size_t padding = 0) {
  SampleFolder folder;
  TensorFile tensors;
  for (int layer : {1, 0}) {
    for (const char* module : {"self_attn.q_proj", "mlp.down_proj"}) {
      tensors.Add(ModuleName(layer, module) + ".lora_B.weight", dtype, {6, 2});
      tensors.Add(ModuleName(layer, module) + ".lora_A.weight", dtype, {2, 4});
    }
  }
  folder["adapter_model.safetensors"] = tensors.Write(padding);
  PutConfig(folder, {{"peft_type", "LORA"}, {"r", 2}, {"lora_alpha", 16}});
  folder.Put("expert.json", kSampleExpert);
  return folder;
}

inline SampleFolder DoraFolder() {
  SampleFolder folder;
  TensorFile tensors;
  const std::string name = ModuleName(3, "self_attn.v_proj");
  tensors.Add(name + ".lora_A.weight", DType::kBF16, {2, 4});
  tensors.Add(name + ".lora_B.weight", DType::kBF16, {6, 2});
  tensors.Add(name + ".lora_magnitude_vector", DType::kBF16, {6});
  folder["adapter_model.safetensors"] = tensors.Write();
  PutConfig(folder, {{"peft_type", "LORA"}, {"r", 2}, {"lora_alpha", 4}, {"use_dora", true}});
  folder.Put("expert.json", kSampleExpert);
  return folder;
}

inline SampleFolder Ia3Folder() {
  SampleFolder folder;
  TensorFile tensors;
  tensors.Add(ModuleName(0, "self_attn.k_proj") + ".ia3_l", DType::kF32, {6, 1});
  tensors.Add(ModuleName(0, "mlp.down_proj") + ".ia3_l", DType::kF32, {1, 8});
  folder["adapter_model.safetensors"] = tensors.Write();
  PutConfig(folder, {{"peft_type", "IA3"}, {"feedforward_modules", {"down_proj"}}});
  folder.Put("expert.json", kSampleExpert);
  return folder;
}

// w1 is whole; w2 too, or two factors.
inline SampleFolder LokrFolder(bool factored = false) {
  SampleFolder folder;
  TensorFile tensors;
  const std::string name = ModuleName(0, "self_attn.o_proj");
  tensors.Add(name + ".lokr_w1", DType::kF16, {2, 3});
  if (factored) {
    tensors.Add(name + ".lokr_w2_a", DType::kF16, {8, 2});
    tensors.Add(name + ".lokr_w2_b", DType::kF16, {2, 5});
  } else {
    tensors.Add(name + ".lokr_w2", DType::kF16, {8, 5});
  }
  folder["adapter_model.safetensors"] = tensors.Write();
  PutConfig(folder, {{"peft_type", "LOKR"}, {"r", 2}, {"alpha", 6}});
  folder.Put("expert.json", kSampleExpert);
  return folder;
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_SAMPLE_PEFT_H_
