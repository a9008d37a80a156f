// The metadata of an expert: what METADATA_JSON of version 2 may say, and the lenient manifest.json
// of version 1. The JSON Schema (draft 2020-12) of the first is
// schemas/expert-metadata.schema.json; the same rules are checked here.

#ifndef ANDON_FORMATS_EXPERT_METADATA_H_
#define ANDON_FORMATS_EXPERT_METADATA_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/json.h"
#include "common/status.h"
#include "formats/expert_params.h"

namespace andon {

struct ExpertMetadata {
  Json json;                         // all of it
  std::string name;                  // "expert-sql"
  std::string version;               // semver
  uint64_t release_counter = 0;      // at most 2^53 - 1, so that every JSON reader agrees
  std::optional<BaseShapes> shapes;  // of the base model, where stated
};

// Version 2: strict. Errors: Json..., ExpertMetadataField naming the member and the rule.
Result<ExpertMetadata> ParseExpertMetadata(ByteView json);

// Version 1 (schemas 1.0 and 2.0): lenient; unknown members are kept, empty hashes and zero sizes
// mean "not set", local paths may stand for model names. Errors: Json..., ManifestV1 naming the
// member.
Result<ExpertMetadata> ParseManifestV1(ByteView json);

// The metadata of version 2 that says the same; `release_counter` and shapes come from the caller.
Json UpgradeManifest(const ExpertMetadata& v1);
// A manifest.json (schema 2.0) that says the same, for packages that never had one.
Json DowngradeMetadata(const ExpertMetadata& v2);

// config.json of a base model. Errors: Json..., BaseConfig.
Result<BaseShapes> ParseBaseConfig(ByteView json);

}  // namespace andon

#endif  // ANDON_FORMATS_EXPERT_METADATA_H_
