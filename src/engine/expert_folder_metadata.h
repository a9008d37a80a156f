// The metadata of version 2 for the files of a folder.

#ifndef ANDON_ENGINE_EXPERT_FOLDER_METADATA_H_
#define ANDON_ENGINE_EXPERT_FOLDER_METADATA_H_

#include <string_view>

#include "engine/expert_folder.h"
#include "formats/expert_metadata.h"
#include "formats/peft.h"

namespace andon {

// What expert.json says; otherwise what manifest.json says, upgraded; completed with what the
// adapter's configuration says of the adapter and its base. The members of `overrides` (a JSON
// object, or nothing) replace those: null takes one away. Errors: Json..., ExpertMetadataField,
// ManifestV1, InvalidArgument (overrides that are no object).
Result<ExpertMetadata> FolderMetadata(const FolderFiles& files, const PeftConfig* config,
                                      std::string_view overrides);

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_FOLDER_METADATA_H_
