// From the sections of a package of version 2 back to the files of a folder.

#ifndef ANDON_ENGINE_EXPERT_UNPACK_H_
#define ANDON_ENGINE_EXPERT_UNPACK_H_

#include "engine/expert_pack_v1.h"
#include "engine/expert_package.h"

namespace andon {

// The files that the package was made of, in their order, each byte as it was, where the package
// says so (expert_files.h). What it does not say is made: manifest.json from the metadata, the
// adapter and its configuration from PARAMS as PEFT would write them, texts under their usual
// names. Errors: those of reading sections; PeftUnsupported, where PEFT has no such adapter.
Result<OwnedFiles> UnpackFiles(const ExpertPackage& package);

struct UnpackedPackage {
  OwnedFiles files;
  bool was_signed = false;
};
// A package of either version, checked. Errors: those of opening it and of UnpackFiles.
Result<UnpackedPackage> UnpackPackage(InputFile& package);

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_UNPACK_H_
