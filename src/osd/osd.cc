#include "osd/osd.h"

#include <map>
#include <memory>
#include <utility>

#include "common/limits.h"
#include "engine/expert_files.h"
#include "engine/expert_folder.h"
#include "engine/expert_unpack.h"
#include "osd/report.h"
#include "osd/search.h"

namespace andon {
namespace {

Status Refuse(std::string_view what) { return Error(ErrorCode::kInvalidArgument, "osd: ", what); }

Status CheckRank(int rank) {
  if (rank >= 1 && rank <= static_cast<int>(limits::kMaxAdapterRank)) return Status();
  return Error(ErrorCode::kInvalidArgument, "osd: a rank of ", rank, ", not 1 to ",
               limits::kMaxAdapterRank);
}

Status CheckSparsity(double sparsity) {
  return sparsity >= 0 && sparsity <= 1 ? Status() : Refuse("a sparsity that is not from 0 to 1");
}

Status CheckOptions(const OsdOptions& options, const ExpertPackOptions& packing) {
  const OsdSettings& settings = options.settings;
  if (packing.version != 2) return Refuse("version 1 has no OSD");
  ANDON_RETURN_IF_ERROR(CheckRank(settings.rank));
  if (!(settings.blend > 0 && settings.blend < 1))
    return Refuse("a blend that is not between 0 and 1");
  if (options.grid_ranks.empty() != options.grid_sparsities.empty()) {
    return Refuse("half a grid");
  }
  if (options.grid_ranks.empty()) {
    ANDON_RETURN_IF_ERROR(CheckRank(settings.relaxed));
    return CheckSparsity(settings.sparsity);
  }
  for (const int rank : options.grid_ranks) ANDON_RETURN_IF_ERROR(CheckRank(rank));
  for (const double sparsity : options.grid_sparsities) {
    ANDON_RETURN_IF_ERROR(CheckSparsity(sparsity));
  }
  return Status();
}

Result<Bytes> ReadFile(InputFile& file) {
  if (file.size() > limits::kMaxManifestBytes) return Refuse("a configuration beyond its limit");
  Bytes bytes(static_cast<size_t>(file.size()));
  ANDON_RETURN_IF_ERROR(file.Read(0, bytes));
  return bytes;
}

// The files of the source that are no weights, and the updates in those that are.
class Converter {
 public:
  Converter(const OsdInput& input, const OsdOptions& options, const ExpertPackOptions& packing)
      : input_(input), options_(options), packing_(packing), settings_(options.settings) {
    settings_.size.level = packing.writer.level;
  }

  Result<ExpertPackReport> Convert(OutputFile& out) {
    ANDON_RETURN_IF_ERROR(input_.base.empty() ? OpenAdapter() : OpenPair());
    ANDON_RETURN_IF_ERROR(KeepChanged());
    if (input_.gradients != nullptr) {
      ANDON_ASSIGN_OR_RETURN(
          gradients_,
          WeightFiles::Open({{"gradients.safetensors", input_.gradients}}, "gradients"));
    }
    const ModuleCompressor compressor(gradients_ ? &*gradients_ : nullptr);
    std::vector<GridCell> cells;
    if (!options_.grid_ranks.empty()) {
      ANDON_ASSIGN_OR_RETURN(cells, Search(compressor));
    }
    OsdReport report(settings_, gradients_.has_value());
    report.AddGrid(cells);
    report.AddLeftOut(sources_.left_out);
    ANDON_ASSIGN_OR_RETURN(FolderPlan plan, Plan());
    AddLayers(compressor, report, plan);
    ANDON_ASSIGN_OR_RETURN(ExpertPackReport packed, WriteSections(plan, packing_, dropped_, out));
    ANDON_ASSIGN_OR_RETURN(Json description, ParseJson(AsBytes(packed.description), "report"));
    description["osd"] = report.json();
    packed.description = DumpJson(description);
    return packed;
  }

 private:
  Status OpenAdapter() {
    ExpertFiles files = input_.adapter;
    if (input_.package != nullptr) {
      ANDON_ASSIGN_OR_RETURN(unpacked_, UnpackPackage(*input_.package));
      dropped_ = unpacked_.was_signed && !packing_.signing;
      for (const auto& [path, content] : unpacked_.files) {
        inputs_.push_back(std::make_unique<MemoryInput>(content));
        files[path] = inputs_.back().get();
      }
    }
    const auto tensors = files.find(kAdapterFile), config = files.find(kAdapterConfigFile);
    if (tensors == files.end())
      return Error(ErrorCode::kPeftTensorMissing, "osd: no ", kAdapterFile);
    if (config == files.end()) return Error(ErrorCode::kPeftConfig, "osd: no ", kAdapterConfigFile);
    ANDON_ASSIGN_OR_RETURN(const Bytes text, ReadFile(*config->second));
    ANDON_ASSIGN_OR_RETURN(const PeftConfig parsed, ParsePeftConfig(text));
    ANDON_ASSIGN_OR_RETURN(sources_, LoraUpdates(*tensors->second, parsed));
    base_name_ = parsed.base_model;
    AddOthers(files);
    return Status();
  }

  // All but an adapter, in whose place comes another.
  void AddOthers(const ExpertFiles& files) {
    for (const auto& [path, file] : files) {
      if (path != kAdapterFile && path != kAdapterConfigFile) others_.emplace_back(path, file);
    }
  }

  Status OpenPair() {
    ANDON_ASSIGN_OR_RETURN(sources_, PairUpdates(input_.base, input_.tuned));
    base_name_ = input_.base_name;
    AddOthers(input_.extra);
    const auto config = input_.base.find("config.json");
    if (config == input_.base.end()) return Status();
    ANDON_ASSIGN_OR_RETURN(const Bytes text, ReadFile(*config->second));
    ANDON_ASSIGN_OR_RETURN(base_shapes_, ParseBaseConfig(text));
    return Status();
  }

  // A module that training left as it was has no update to say.
  Status KeepChanged() {
    std::vector<UpdateSource> changed;
    for (UpdateSource& module : sources_.modules) {
      ANDON_ASSIGN_OR_RETURN(const Update update, module.load());
      if (update.SquaredNorm() > 0) changed.push_back(std::move(module));
    }
    sources_.modules = std::move(changed);
    return sources_.modules.empty() ? Refuse("no module was changed") : Status();
  }

  Result<std::vector<GridCell>> Search(const ModuleCompressor& compressor) {
    ANDON_ASSIGN_OR_RETURN(
        std::vector<GridCell> cells,
        SearchGrid(sources_.modules, compressor,
                   {settings_, options_.grid_ranks, options_.grid_sparsities},
                   [this] { return packing_.progress ? packing_.progress(0, 1) : Status(); }));
    const GridCell* best = BestOf(cells);
    if (best == nullptr) return Refuse("no pair of the grid is within the budget");
    settings_ = best->settings;
    return cells;
  }

  // The other sections, and the metadata of an OSD expert.
  Result<FolderPlan> Plan() const {
    ANDON_ASSIGN_OR_RETURN(FolderPlan plan, PlanFolder(others_, packing_, false));
    Json& metadata = plan.metadata.json;
    metadata["adapter"] = {{"kind", AdapterKindName(AdapterKind::kOsd)},
                           {"rank", settings_.relaxed}};
    if (!metadata.contains("base_model") && !base_name_.empty()) {
      metadata["base_model"] = {{"name", base_name_}};
    }
    if (base_shapes_ && metadata.contains("base_model")) AddShapes(metadata["base_model"]);
    ANDON_ASSIGN_OR_RETURN(plan.metadata, ParseExpertMetadata(AsBytes(DumpJson(metadata))));
    return plan;
  }

  void AddShapes(Json& base) const {
    const BaseShapes& shapes = *base_shapes_;
    base["shapes"] = {{"layers", shapes.layers},
                      {"hidden", shapes.hidden},
                      {"intermediate", shapes.intermediate},
                      {"heads", shapes.heads},
                      {"kv_heads", shapes.kv_heads},
                      {"head_dim", shapes.head_dim},
                      {"vocabulary", shapes.vocabulary}};
  }

  // PARAMS of each layer, made when they are written.
  void AddLayers(const ModuleCompressor& compressor, OsdReport& report, FolderPlan& plan) const {
    std::map<uint32_t, std::vector<const UpdateSource*>> layers;
    for (const UpdateSource& module : sources_.modules) layers[module.layer].push_back(&module);
    for (const auto& entry : layers) {
      const uint32_t layer = entry.first;
      const auto& modules = entry.second;
      uint64_t bytes = 0;
      for (const UpdateSource* module : modules) bytes += module->bytes;
      SectionContent form = ParamsSection(layer, DTypeSize(settings_.dtype));
      plan.sections.push_back(
          {std::move(form), bytes, [this, layer, modules, &compressor, &report, &plan] {
             return MakeLayer(layer, modules, compressor, report, plan.metadata.shapes);
           }});
    }
  }

  Result<Bytes> MakeLayer(uint32_t number, const std::vector<const UpdateSource*>& modules,
                          const ModuleCompressor& compressor, OsdReport& report,
                          const std::optional<BaseShapes>& base) const {
    std::vector<OsdModule> made;
    for (const UpdateSource* source : modules) {
      ANDON_ASSIGN_OR_RETURN(OsdModule module, compressor.Compress(*source, settings_));
      report.AddModule(number, module);
      made.push_back(std::move(module));
    }
    AdapterLayer layer{.layer = number};
    for (const OsdModule& module : made) layer.modules.push_back(module.module());
    if (base) ANDON_RETURN_IF_ERROR(CheckAgainstBase(layer, *base));
    return WriteParams(layer);
  }

  const OsdInput& input_;
  const OsdOptions& options_;
  const ExpertPackOptions& packing_;
  OsdSettings settings_;
  UnpackedPackage unpacked_;
  std::vector<std::unique_ptr<MemoryInput>> inputs_;
  FolderFiles others_;
  UpdateSources sources_;
  std::optional<WeightFiles> gradients_;
  std::string base_name_;
  std::optional<BaseShapes> base_shapes_;
  bool dropped_ = false;
};

}  // namespace

Result<ExpertPackReport> ConvertToOsd(const OsdInput& input, const OsdOptions& options,
                                      const ExpertPackOptions& packing, OutputFile& out) {
  ANDON_RETURN_IF_ERROR(CheckOptions(options, packing));
  return Converter(input, options, packing).Convert(out);
}

}  // namespace andon
