#include "formats/expert_metadata.h"

#include <utility>

#include "formats/expert_metadata_rules.h"

namespace andon {
namespace {

// REQUIRES: whole and not negative; it may be written with a point.
uint64_t WholeOf(const Json& value) { return value.get<uint64_t>(); }

std::optional<BaseShapes> ShapesOf(const Json& metadata) {
  const auto base_model = metadata.find("base_model");
  if (base_model == metadata.end() || !base_model->contains("shapes")) return std::nullopt;
  const Json& shapes = base_model->at("shapes");
  const auto size = [&shapes](const char* key) {
    return static_cast<uint32_t>(WholeOf(shapes.at(key)));
  };
  return BaseShapes{.layers = size("layers"),
                    .hidden = size("hidden"),
                    .intermediate = size("intermediate"),
                    .heads = size("heads"),
                    .kv_heads = size("kv_heads"),
                    .head_dim = size("head_dim"),
                    .vocabulary = size("vocabulary")};
}

}  // namespace

Result<ExpertMetadata> ParseExpertMetadata(ByteView json) {
  ANDON_ASSIGN_OR_RETURN(Json root, ParseJson(json, "metadata"));
  ANDON_RETURN_IF_ERROR(CheckValue(root, ExpertMetadataRule(), "metadata"));
  ExpertMetadata metadata;
  metadata.name = root["name"].get<std::string>();
  metadata.version = root["version"].get<std::string>();
  if (const auto counter = root.find("release_counter"); counter != root.end()) {
    metadata.release_counter = WholeOf(*counter);
  }
  metadata.shapes = ShapesOf(root);
  metadata.json = std::move(root);
  return metadata;
}

}  // namespace andon
