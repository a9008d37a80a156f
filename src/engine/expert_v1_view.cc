#include "engine/expert_v1_view.h"

#include <utility>

#include "common/io.h"
#include "engine/describe_expert.h"
#include "engine/soft_prompt_file.h"
#include "formats/attachment.h"
#include "formats/peft.h"

namespace andon {
namespace {

constexpr std::string_view kAdapter = "adapter_model.safetensors";
constexpr std::string_view kAdapterConfig = "adapter_config.json";
constexpr std::string_view kVersion1 = "1.0";

// What of a package becomes sections.
struct Plan {
  std::vector<ExpertSection> sections;
  std::vector<PeftLayer> layers;       // of the first sections, in their order
  std::vector<const TarEntry*> files;  // of the others
  PeftConfig config;
  Status adapter_status;  // why the adapter cannot be read by layers
};

struct KnownFile {
  std::string_view name;
  SectionType type;
};
constexpr KnownFile kKnownFiles[] = {
    {"grammar.gbnf", SectionType::kGrammar},
    {"LICENSE", SectionType::kLicense},
    {"README.md", SectionType::kDocs},
    {"metrics.json", SectionType::kMetrics},
    {"calibration.json", SectionType::kCalibration},
    {"tokenizer_delta.json", SectionType::kTokenizerDelta},
};

// Soft prompts as version 2 would pack them.
bool IsSoftPrompt(const TarEntry& file) {
  if (file.name == kAdapter || !file.name.ends_with(".safetensors")) return false;
  MemoryInput input(file.content);
  return IsSoftPromptFile(input) && ReadSoftPromptFile(input).ok();
}

SectionType TypeOf(const TarEntry& file) {
  for (const KnownFile& known : kKnownFiles) {
    if (known.name == file.name) return known.type;
  }
  return IsSoftPrompt(file) ? SectionType::kSoftPrompt : SectionType::kAttachment;
}

ExpertSection SectionOf(SectionType type, uint32_t id, uint64_t bytes) {
  ExpertSection section;
  section.id = id;
  section.type = static_cast<uint16_t>(type);
  section.stored_length = bytes;
  section.raw_length = bytes;
  return section;
}

ExpertSection SectionOfLayer(const PeftLayer& layer, uint32_t id) {
  uint64_t bytes = 0;
  for (const PeftTensor& tensor : layer.tensors) bytes += tensor.bytes;
  ExpertSection section = SectionOf(SectionType::kParams, id, bytes);
  section.layer = layer.layer;
  section.flags = kSectionCritical;
  return section;
}

ExpertSection SectionOfFile(const TarEntry& file, uint32_t id) {
  ExpertSection section = SectionOf(TypeOf(file), id, file.content.size());
  section.sha256 = Sha256Of(file.content);
  section.name = AttachmentSectionName(file.name);
  return section;
}

// Which layers the adapter has, from the two files that PEFT writes.
Status PlanLayers(const ExpertV1& package, Plan& plan) {
  const TarEntry* adapter = package.Find(kAdapter);
  const TarEntry* config = package.Find(kAdapterConfig);
  if (adapter == nullptr || config == nullptr) {
    return Error(ErrorCode::kPeftConfig, adapter == nullptr ? kAdapter : kAdapterConfig,
                 " is missing");
  }
  ANDON_ASSIGN_OR_RETURN(plan.config, ParsePeftConfig(config->content));
  MemoryInput file(adapter->content);
  ANDON_ASSIGN_OR_RETURN(PeftPlan peft, PlanPeft(file));
  plan.layers = std::move(peft.layers);
  return Status();
}

Plan PlanOf(const ExpertV1& package) {
  Plan plan;
  plan.adapter_status = PlanLayers(package, plan);
  uint32_t id = 0;
  for (const PeftLayer& layer : plan.layers) plan.sections.push_back(SectionOfLayer(layer, ++id));
  for (const TarEntry& file : package.files) {
    plan.sections.push_back(SectionOfFile(file, ++id));
    plan.files.push_back(&file);
  }
  return plan;
}

std::string Describe(const ExpertV1& package, const Plan& plan, std::string_view format) {
  ExpertFacts facts{.format_version = std::string(format),
                    .name = package.manifest.name,
                    .version = package.manifest.version,
                    .release_counter = package.manifest.release_counter,
                    .manifest = UpgradeManifest(package.manifest)};
  for (size_t i = 0; i < plan.files.size(); ++i) {
    const ExpertSection& section = plan.sections[plan.layers.size() + i];
    if (section.type == static_cast<uint16_t>(SectionType::kAttachment)) {
      facts.attachments.push_back({plan.files[i]->name, section.id});
    }
  }
  if (format == kVersion1) {
    facts.warnings.push_back("Version 1 of the format is deprecated: convert this expert.");
  }
  if (!plan.adapter_status.ok()) {
    facts.warnings.push_back("The adapter cannot be read by layers: " +
                             plan.adapter_status.message());
  }
  return DescribeExpert(facts, plan.sections);
}

// Of the files in their order: name, a zero, SHA-256 of the content.
Sha256Digest IdentityOf(const Plan& plan) {
  constexpr uint8_t kSeparator[] = {0};
  Sha256 hash;
  for (size_t i = 0; i < plan.files.size(); ++i) {
    hash.Update(AsBytes(plan.files[i]->name));
    hash.Update(kSeparator);
    hash.Update(plan.sections[plan.layers.size() + i].sha256);
  }
  return hash.Finish();
}

class ExpertV1View : public Expert {
 public:
  // REQUIRES: `plan` was made of the package; its pointers stay good when the package moves.
  ExpertV1View(ExpertV1 package, Plan plan, std::string_view format)
      : Expert({}, IdentityOf(plan), package.manifest, plan.sections,
               Describe(package, plan, format), plan.adapter_status),
        package_(std::move(package)),
        plan_(std::move(plan)) {}

 private:
  Result<Bytes> Expand(const ExpertSection& section, ByteView,
                       const std::optional<Sha256Digest>&) const override {
    const size_t index = section.id - 1;
    if (index < plan_.layers.size()) return ExpandLayer(plan_.layers[index]);
    const TarEntry& file = *plan_.files[index - plan_.layers.size()];
    if (section.type == static_cast<uint16_t>(SectionType::kAttachment)) {
      return WriteAttachment({file.name, file.content});
    }
    if (section.type == static_cast<uint16_t>(SectionType::kSoftPrompt)) {
      MemoryInput input(file.content);
      return ReadSoftPromptFile(input);
    }
    return Bytes(file.content.begin(), file.content.end());
  }

  Result<Bytes> ExpandLayer(const PeftLayer& layer) const {
    MemoryInput adapter(package_.Find(kAdapter)->content);
    ANDON_ASSIGN_OR_RETURN(const PeftAdapterLayer read,
                           ReadPeftLayer(adapter, plan_.config, layer, {}));
    return WriteParams(read.layer);
  }

  ExpertV1 package_;
  Plan plan_;
};

}  // namespace

std::unique_ptr<Expert> ViewExpertV1(ExpertV1 package) {
  Plan plan = PlanOf(package);
  return std::make_unique<ExpertV1View>(std::move(package), std::move(plan), kVersion1);
}

std::unique_ptr<Expert> ViewPeftFolder(ExpertV1 folder) {
  Plan plan = PlanOf(folder);
  return std::make_unique<ExpertV1View>(std::move(folder), std::move(plan), "peft");
}

}  // namespace andon
