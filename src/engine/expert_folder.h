// From the files of a folder to the sections of a package.

#ifndef ANDON_ENGINE_EXPERT_FOLDER_H_
#define ANDON_ENGINE_EXPERT_FOLDER_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/io.h"
#include "engine/expert_files.h"
#include "engine/expert_pack.h"
#include "formats/expert_metadata.h"
#include "formats/expert_writer.h"

namespace andon {

// A section whose content is made when its turn comes.
struct SectionSource {
  SectionContent form;  // without content
  uint64_t bytes = 0;   // of the content, roughly: for progress
  std::function<Result<Bytes>()> load;
};

using FolderFiles = std::vector<std::pair<std::string, InputFile*>>;

struct FolderPlan {
  ExpertMetadata metadata;
  std::vector<SectionSource> sections;  // PARAMS by layer, then the files in their order
};

// The form of the PARAMS section of a layer, or of kNoLayer. `element_size`: bytes of a value.
SectionContent ParamsSection(uint32_t layer, uint64_t element_size);

// With `exact` every file comes back byte by byte: what cannot be made again from its section is
// attached whole, and a text that is not what its name promises is an attachment. The plan reads
// the files as they are needed. REQUIRES: they outlive the plan. Errors: PackExpert's.
Result<FolderPlan> PlanFolder(const FolderFiles& files, const ExpertPackOptions& options,
                              bool exact);

// Writes the package, and asks for each section's content in its turn. Errors: those of loading
// sections and of ExpertOutput, what options.progress returns.
Result<ExpertPackReport> WriteSections(const FolderPlan& plan, const ExpertPackOptions& options,
                                       bool signature_dropped, OutputFile& out);

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_FOLDER_H_
