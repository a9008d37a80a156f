#include "engine/expert_peft.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "common/json.h"
#include "formats/peft.h"
#include "formats/peft_names.h"
#include "formats/safetensors.h"
#include "formats/safetensors_header.h"
#include "formats/soft_prompt.h"

namespace andon {
namespace {

// Calls with each PARAMS layer in turn, one in memory at a time.
Status ForEachLayer(const ExpertPackage& package,
                    const std::function<Status(const AdapterLayer&)>& take) {
  for (const ExpertSection& section : package.index().sections) {
    if (section.type != static_cast<uint16_t>(SectionType::kParams)) continue;
    ANDON_ASSIGN_OR_RETURN(const Bytes raw, package.Content(section));
    ANDON_ASSIGN_OR_RETURN(const AdapterLayer layer, ParseParams(raw, section.layer));
    ANDON_RETURN_IF_ERROR(take(layer));
  }
  return Status();
}

struct NamedTensor {
  PeftSlot slot;
  TensorView tensor;
};

Result<std::vector<NamedTensor>> TensorsOf(const AdapterModule& m) {
  const uint64_t in = m.in_features, out = m.out_features, rank = m.rank;
  switch (m.kind) {
    case AdapterKind::kLora:
      return std::vector<NamedTensor>{{PeftSlot::kA, {m.dtype, {rank, in}, m.a}},
                                      {PeftSlot::kB, {m.dtype, {out, rank}, m.b}}};
    case AdapterKind::kDora:
      return std::vector<NamedTensor>{{PeftSlot::kA, {m.dtype, {rank, in}, m.a}},
                                      {PeftSlot::kB, {m.dtype, {out, rank}, m.b}},
                                      {PeftSlot::kMagnitude, {m.dtype, {out}, m.c}}};
    case AdapterKind::kIa3:
      return std::vector<NamedTensor>{
          {PeftSlot::kIa3, {m.dtype, m.feed_forward ? Shape{1, in} : Shape{out, 1}, m.a}}};
    case AdapterKind::kLokr:
      return std::vector<NamedTensor>{
          {PeftSlot::kW1, {m.dtype, {m.w1_rows, m.w1_cols}, m.a}},
          {PeftSlot::kW2, {m.dtype, {out / m.w1_rows, in / m.w1_cols}, m.b}}};
    case AdapterKind::kOsd:
      break;
  }
  return Error(ErrorCode::kPeftUnsupported, "convert: PEFT has no adapter of the kind ",
               AdapterKindName(m.kind));
}

// The path that patterns are matched with.
std::string ModulePath(uint32_t layer, AdapterTarget target) {
  constexpr std::string_view kPrefix = "base_model.model.", kSuffix = ".ia3_l";
  std::string name = PeftNameOf(layer, target, PeftSlot::kIa3);
  return name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
}

// Collects what the configuration has to say of the modules.
class ConfigMaker {
 public:
  // Error: PeftUnsupported, where kinds differ.
  Status Take(uint32_t layer, const AdapterModule& module) {
    const bool first = targets_.empty();
    if (first) kind_ = module.kind;
    if (module.kind != kind_) {
      return Error(ErrorCode::kPeftUnsupported, "convert: adapters of more than one kind");
    }
    const std::string target(AdapterTargetName(module.target));
    targets_.insert(target);
    if (module.feed_forward) feedforward_.insert(target);
    const uint64_t rank = RankOf(module);
    const double alpha = static_cast<double>(module.scale) * static_cast<double>(rank);
    if (first) rank_ = rank, alpha_ = alpha;
    if (rank != rank_) ranks_[ModulePath(layer, module.target)] = rank;
    if (alpha != alpha_) alphas_[ModulePath(layer, module.target)] = alpha;
    return Status();
  }

  Bytes Write(Json config) const {
    if (!config.is_object()) config = {{"task_type", "CAUSAL_LM"}, {"bias", "none"}};
    config["target_modules"] = targets_;
    if (kind_ == AdapterKind::kIa3) {
      config["peft_type"] = "IA3";
      config["feedforward_modules"] = feedforward_;
    } else {
      const bool lokr = kind_ == AdapterKind::kLokr;
      config["peft_type"] = lokr ? "LOKR" : "LORA";
      config["r"] = rank_;
      config[lokr ? "alpha" : "lora_alpha"] = alpha_;
      config["rank_pattern"] = ranks_;
      config["alpha_pattern"] = alphas_;
      if (!lokr) config["use_dora"] = kind_ == AdapterKind::kDora;
      if (!lokr) config["use_rslora"] = false;  // its root is in alpha
    }
    const std::string text = config.dump(2) + "\n";
    return Bytes(text.begin(), text.end());
  }

 private:
  // PEFT keeps w2 whole, as it is here, where the rank is at least half of its longer side.
  static uint64_t RankOf(const AdapterModule& module) {
    if (module.kind != AdapterKind::kLokr) return module.rank;
    const uint32_t rows = module.out_features / module.w1_rows;
    const uint32_t columns = module.in_features / module.w1_cols;
    return std::max<uint64_t>(module.rank, (std::max(rows, columns) + 1) / 2);
  }

  AdapterKind kind_ = AdapterKind::kLora;
  uint64_t rank_ = 0;
  double alpha_ = 0;
  std::set<std::string> targets_, feedforward_;
  std::map<std::string, uint64_t> ranks_;
  std::map<std::string, double> alphas_;
};

}  // namespace

Result<Bytes> RestoreAdapter(const ExpertPackage& package, Bytes head) {
  const auto mismatch = [](std::string_view what) {
    return Error(ErrorCode::kSectionMalformed, "convert: header of the adapter: ", what);
  };
  if (head.size() < kSafetensorsLengthBytes) return mismatch("cut off");
  ANDON_ASSIGN_OR_RETURN(const SafetensorsHeader header,
                         ParseSafetensorsHeader(ByteView(head).subspan(kSafetensorsLengthBytes)));
  std::map<std::tuple<uint32_t, AdapterTarget, PeftSlot>, const TensorExtent*> places;
  uint64_t data_bytes = 0;
  for (const TensorExtent& extent : header.extents) {
    ANDON_ASSIGN_OR_RETURN(const PeftName name, ParsePeftName(*extent.name));
    places[{name.layer, name.target, name.slot}] = &extent;
    data_bytes = std::max(data_bytes, extent.end);
  }
  std::vector<TensorExtent> extents = header.extents;
  ANDON_RETURN_IF_ERROR(CheckExtents(extents, data_bytes));
  if (data_bytes > package.RawParamsBytes()) return mismatch("more data than PARAMS");

  const uint64_t data_offset = head.size();
  Bytes& file = head;
  file.resize(static_cast<size_t>(data_offset + data_bytes));
  ANDON_RETURN_IF_ERROR(ForEachLayer(package, [&](const AdapterLayer& layer) -> Status {
    for (const AdapterModule& module : layer.modules) {
      ANDON_ASSIGN_OR_RETURN(const std::vector<NamedTensor> tensors, TensorsOf(module));
      for (const auto& [slot, tensor] : tensors) {
        const auto place = places.find({layer.layer, module.target, slot});
        if (place == places.end()) return mismatch("a tensor is missing");
        const TensorExtent& extent = *place->second;
        if (extent.end - extent.begin != tensor.data.size()) return mismatch("another size");
        std::ranges::copy(tensor.data,
                          file.begin() + static_cast<ptrdiff_t>(data_offset + extent.begin));
        places.erase(place);
      }
    }
    return Status();
  }));
  if (!places.empty()) return mismatch("a tensor that PARAMS do not have");
  return std::move(file);
}

Result<PeftFiles> MakePeftFiles(const ExpertPackage& package, ByteView config_before) {
  std::vector<Bytes> kept;
  TensorMap tensors;
  ConfigMaker config;
  ANDON_RETURN_IF_ERROR(ForEachLayer(package, [&](const AdapterLayer& layer) -> Status {
    for (const AdapterModule& module : layer.modules) {
      ANDON_ASSIGN_OR_RETURN(std::vector<NamedTensor> own, TensorsOf(module));
      ANDON_RETURN_IF_ERROR(config.Take(layer.layer, module));
      for (auto& [slot, tensor] : own) {
        tensor.data = kept.emplace_back(tensor.data.begin(), tensor.data.end());
        tensors[PeftNameOf(layer.layer, module.target, slot)] = tensor;
      }
    }
    return Status();
  }));
  Json before;
  if (!config_before.empty()) {
    ANDON_ASSIGN_OR_RETURN(before, ParseJson(config_before, "adapter_config.json"));
  } else if (package.metadata().json.contains("base_model")) {
    before = {{"base_model_name_or_path", package.metadata().json["base_model"]["name"]},
              {"task_type", "CAUSAL_LM"},
              {"bias", "none"}};
  }
  ANDON_ASSIGN_OR_RETURN(Bytes file, WriteSafetensors(tensors, {{"format", "pt"}}));
  return PeftFiles{std::move(file), config.Write(std::move(before))};
}

Result<Bytes> SoftPromptFile(ByteView section) {
  ANDON_ASSIGN_OR_RETURN(const SoftPrompt prompt, ParseSoftPrompt(section));
  const TensorView tensor = {prompt.dtype, {prompt.tokens, prompt.hidden}, prompt.values};
  return WriteSafetensors({{"prompt_embeddings", tensor}});
}

}  // namespace andon
