// The metadata of an expert: what METADATA_JSON of version 2 may say, and the lenient manifest.json
// of version 1. The JSON Schema (draft 2020-12) of the first is
// schemas/expert-metadata.schema.json; expert_metadata_rules.h checks the same rules here.

#ifndef ANDON_FORMATS_EXPERT_METADATA_H_
#define ANDON_FORMATS_EXPERT_METADATA_H_

#include <cstdint>
#include <optional>
#include <string>

#include "common/bytes.h"
#include "common/json.h"
#include "common/status.h"
#include "formats/expert_params.h"

namespace andon {

struct ExpertMetadata {
  Json json;                              // all of it
  std::string name = {};                  // "expert-sql"
  std::string version = {};               // semver
  uint64_t release_counter = 0;           // at most 2^53 - 1, so that every JSON reader agrees
  std::optional<BaseShapes> shapes = {};  // of the base model, where stated
};

// Version 2: strict. Errors: Json..., ExpertMetadataField naming the member and the rule.
Result<ExpertMetadata> ParseExpertMetadata(ByteView json);

// Version 1 (schemas 1.0 and 2.0): lenient. Unknown members are kept, empty hashes and zero sizes
// mean "not set", local paths may stand for model names, names need not begin with "expert-".
// Errors: Json..., ManifestV1 naming the member.
Result<ExpertMetadata> ParseManifestV1(ByteView json);

// What the manifest says and version 2 has a place for; the rest is left out, and "_comment"s with
// it. Of several base models the first is taken, as one package has one. Name and version are
// taken as they are: ParseExpertMetadata refuses those that are no good for version 2. Callers put
// release counter and shapes in.
Json UpgradeManifest(const ExpertMetadata& v1);

// A manifest.json (schema 2.0) that says the same, for packages that never had one: UpgradeManifest
// gives the metadata back.
Json DowngradeMetadata(const ExpertMetadata& v2);

// config.json of a base model. Errors: Json..., BaseConfig.
Result<BaseShapes> ParseBaseConfig(ByteView json);

}  // namespace andon

#endif  // ANDON_FORMATS_EXPERT_METADATA_H_
