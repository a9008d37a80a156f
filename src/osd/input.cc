#include "osd/osd.h"

namespace andon {
namespace {

// The files of a folder, by their paths in it.
ExpertFiles Below(const ExpertFiles& files, std::string_view folder) {
  ExpertFiles below;
  for (const auto& [path, file] : files) {
    if (path.starts_with(folder)) below.emplace(path.substr(folder.size()), file);
  }
  return below;
}

InputFile* Find(const ExpertFiles& files, std::string_view path) {
  const auto found = files.find(path);
  return found == files.end() ? nullptr : found->second;
}

}  // namespace

Result<OsdInput> OsdInputOf(const ExpertFiles& files) {
  OsdInput input{.adapter = Below(files, "adapter/"),
                 .package = Find(files, "package"),
                 .base = Below(files, "base/"),
                 .tuned = Below(files, "tuned/"),
                 .extra = Below(files, "extra/"),
                 .gradients = Find(files, "gradients")};
  const bool pair = !input.base.empty() && !input.tuned.empty();
  const bool half = input.base.empty() != input.tuned.empty();
  const int sources = !input.adapter.empty() + (input.package != nullptr) + pair;
  if (!half && sources == 1) return input;
  return Error(ErrorCode::kInvalidArgument,
               "osd: neither an adapter nor a base model and a fine-tuned one");
}

}  // namespace andon
