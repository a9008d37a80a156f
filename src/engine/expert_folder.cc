#include "engine/expert_folder.h"

#include <algorithm>
#include <memory>

#include "common/limits.h"
#include "engine/expert_content.h"
#include "engine/expert_folder_metadata.h"
#include "engine/soft_prompt_file.h"
#include "formats/attachment.h"
#include "formats/peft.h"
#include "formats/safetensors_file.h"

namespace andon {
namespace {

Result<Bytes> ReadWhole(InputFile& file, std::string_view path) {
  if (file.size() > limits::kMaxSectionBytes) {
    return Error(ErrorCode::kExpertSectionLength, "folder: ", Quoted(path), " of ", file.size(),
                 " bytes, limit ", limits::kMaxSectionBytes);
  }
  Bytes bytes(static_cast<size_t>(file.size()));
  ANDON_RETURN_IF_ERROR(file.Read(0, bytes));
  return bytes;
}

// Whether opening the package would take the content.
Status CheckContent(const SectionContent& form, Bytes content) {
  const ExpertSection section{.type = form.type, .layer = form.layer, .name = form.name};
  return ExpertContent::Parse(section, std::move(content)).status();
}

// The adapter as it is read while the package is written.
struct Adapter {
  InputFile* file = nullptr;
  PeftConfig config;
  PeftPlan plan;
  std::optional<DType> dtype;
  std::optional<BaseShapes> base;
};

Result<Bytes> LoadLayer(const Adapter& adapter, const PeftLayer& layer) {
  Result<PeftAdapterLayer> read =
      ReadPeftLayer(*adapter.file, adapter.config, layer, adapter.dtype);
  if (!read.ok()) return read.status();
  if (adapter.base) ANDON_RETURN_IF_ERROR(CheckAgainstBase(read->layer, *adapter.base));
  return WriteParams(read->layer);
}

class FolderPlanner {
 public:
  FolderPlanner(const FolderFiles& files, const ExpertPackOptions& options, bool exact)
      : files_(files), options_(options), exact_(exact) {}

  Result<FolderPlan> Plan() {
    ANDON_RETURN_IF_ERROR(ReadAdapter());
    ANDON_ASSIGN_OR_RETURN(plan_.metadata, FolderMetadata(files_, Config(), options_.metadata));
    if (adapter_) AddLayers();
    for (const auto& [path, file] : files_) {
      if (!exact_ && path == kExpertFile) continue;  // it is the metadata
      ANDON_RETURN_IF_ERROR(AddFile(path, *file));
    }
    const Bytes places = WriteFilePlaces(places_);
    Add({.type = kFilesSection, .name = "files"}, places.size(),
        [places] { return Result<Bytes>(places); });
    return std::move(plan_);
  }

 private:
  InputFile* Find(std::string_view path) const {
    const auto found = std::ranges::find(files_, path, &FolderFiles::value_type::first);
    return found == files_.end() ? nullptr : found->second;
  }

  const PeftConfig* Config() const { return adapter_ ? &adapter_->config : nullptr; }

  Status ReadAdapter() {
    InputFile* tensors = Find(kAdapterFile);
    InputFile* config = Find(kAdapterConfigFile);
    if (tensors == nullptr && config == nullptr) return Status();
    if (tensors == nullptr) {
      return Error(ErrorCode::kPeftTensorMissing, "folder: no ", kAdapterFile);
    }
    if (config == nullptr) return Error(ErrorCode::kPeftConfig, "folder: no ", kAdapterConfigFile);
    adapter_ = std::make_shared<Adapter>();
    adapter_->file = tensors;
    adapter_->dtype = options_.dtype;
    ANDON_ASSIGN_OR_RETURN(const Bytes text, ReadWhole(*config, kAdapterConfigFile));
    ANDON_ASSIGN_OR_RETURN(adapter_->config, ParsePeftConfig(text));
    ANDON_ASSIGN_OR_RETURN(adapter_->plan, PlanPeft(*tensors));
    return Status();
  }

  uint64_t Add(SectionContent form, uint64_t bytes, std::function<Result<Bytes>()> load) {
    plan_.sections.push_back({std::move(form), bytes, std::move(load)});
    return plan_.sections.size() - 1;
  }

  void AddLayers() {
    adapter_->base = plan_.metadata.shapes;
    for (const PeftLayer& layer : adapter_->plan.layers) {
      uint64_t bytes = 0, element_size = sizeof(float);
      for (const PeftTensor& tensor : layer.tensors) {
        bytes += tensor.bytes;
        element_size = std::min(element_size, DTypeSize(options_.dtype.value_or(tensor.dtype)));
      }
      Add(ParamsSection(layer.layer, element_size), bytes,
          [adapter = adapter_, &layer] { return LoadLayer(*adapter, layer); });
    }
  }

  Status AddFile(const std::string& path, InputFile& file) {
    if (path == kAdapterFile && adapter_) return AddAdapterFile(path, file);
    if (const auto type = SectionTypeOfFile(path); type && file.size() > 0) {
      return AddText(path, file, static_cast<uint16_t>(*type));
    }
    if (path.ends_with(".safetensors") && IsSoftPromptFile(file)) return AddSoftPrompt(path, file);
    return AddAttachment(path, file);
  }

  // The tensors are in PARAMS already; here is what else it takes to have the file again.
  Status AddAdapterFile(const std::string& path, InputFile& file) {
    if (IsVerbatim(adapter_->plan, options_.dtype)) {
      places_.push_back({.path = path, .head = AddHead(adapter_->plan.head, "adapter header")});
      return Status();
    }
    return exact_ ? AddAttachment(path, file) : Status();
  }

  uint64_t AddHead(const Bytes& head, std::string name) {
    return Add({.type = kTensorHeadSection, .name = std::move(name)}, head.size(),
               [head] { return Result<Bytes>(head); });
  }

  Status AddText(const std::string& path, InputFile& file, uint16_t type) {
    const SectionContent form{.type = type, .name = path};
    ANDON_ASSIGN_OR_RETURN(Bytes content, ReadWhole(file, path));
    const Status status = CheckContent(form, std::move(content));
    if (exact_ && !status.ok()) return AddAttachment(path, file);
    ANDON_RETURN_IF_ERROR(status);
    const uint64_t section =
        Add(form, file.size(), [path, &file] { return ReadWhole(file, path); });
    places_.push_back({.path = path, .section = section});
    return Status();
  }

  Status AddSoftPrompt(const std::string& path, InputFile& file) {
    const Status status = ReadSoftPromptFile(file).status();
    if (exact_ && !status.ok()) return AddAttachment(path, file);
    ANDON_RETURN_IF_ERROR(status);
    ANDON_ASSIGN_OR_RETURN(const SafetensorsFile read, ReadSafetensorsFile(file));
    const DType dtype = read.header.tensors.begin()->second.dtype;
    const uint64_t section = Add({.type = static_cast<uint16_t>(SectionType::kSoftPrompt),
                                  .name = std::string(SectionNameOfFile(path)),
                                  .element_size = DTypeSize(dtype)},
                                 file.size(), [&file] { return ReadSoftPromptFile(file); });
    places_.push_back(
        {.path = path, .section = section, .head = AddHead(read.head, "soft prompt header")});
    return Status();
  }

  Status AddAttachment(const std::string& path, InputFile& file) {
    // What could be refused is the path alone.
    ANDON_RETURN_IF_ERROR(WriteAttachment({.path = path, .content = {}}).status());
    const uint64_t section =
        Add({.type = static_cast<uint16_t>(SectionType::kAttachment),
             .name = std::string(AttachmentSectionName(path))},
            file.size(), [path, &file]() -> Result<Bytes> {
              ANDON_ASSIGN_OR_RETURN(const Bytes content, ReadWhole(file, path));
              return WriteAttachment({.path = path, .content = content});
            });
    places_.push_back({.path = path, .section = section});
    return Status();
  }

  const FolderFiles& files_;
  const ExpertPackOptions& options_;
  const bool exact_;
  std::shared_ptr<Adapter> adapter_;
  FolderPlan plan_;
  std::vector<FilePlace> places_;
};

}  // namespace

SectionContent ParamsSection(uint32_t layer, uint64_t element_size) {
  const bool outside = layer == kNoLayer;
  return {.type = static_cast<uint16_t>(SectionType::kParams),
          .name = outside ? "outside the layers" : "layer " + std::to_string(layer),
          .layer = layer,
          .critical = true,
          .element_size = element_size};
}

Result<FolderPlan> PlanFolder(const FolderFiles& files, const ExpertPackOptions& options,
                              bool exact) {
  return FolderPlanner(files, options, exact).Plan();
}

}  // namespace andon
