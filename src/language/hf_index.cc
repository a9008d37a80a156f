#include "language/hf_index.h"

#include <algorithm>

#include "common/json.h"
#include "common/limits.h"

namespace andon {
namespace {

Status Wrong(std::string_view what) {
  return Error(ErrorCode::kModelIndex, "model.safetensors.index.json: ", what);
}

}  // namespace

Result<HfIndex> HfIndex::Parse(ByteView json) {
  const JsonLimits limits = {.max_bytes = limits::kMaxSafetensorsHeaderBytes,
                             .max_values = 2 * limits::kMaxTensors};
  ANDON_ASSIGN_OR_RETURN(const Json parsed,
                         ParseJson(json, "model.safetensors.index.json", limits));
  const auto map = parsed.find("weight_map");
  if (map == parsed.end() || !map->is_object() || map->empty()) return Wrong("weight_map");
  HfIndex index;
  for (const auto& [tensor, file] : map->items()) {
    if (!file.is_string()) return Wrong("the file of " + Quoted(tensor));
    index.file_of_[tensor] = file.get<std::string>();
    index.files_.insert(file.get<std::string>());
  }
  return index;
}

Status HfIndex::Check(std::string_view file, const std::vector<StoredTensor>& tensors) const {
  for (const StoredTensor& tensor : tensors) {
    const auto found = file_of_.find(tensor.name);
    if (found == file_of_.end() || found->second != file) {
      return Wrong("not that " + Quoted(file) + " has " + Quoted(tensor.name));
    }
  }
  const auto stated =
      std::ranges::count_if(file_of_, [file](const auto& entry) { return entry.second == file; });
  if (static_cast<size_t>(stated) != tensors.size())
    return Wrong("more tensors than " + Quoted(file) + " has");
  return Status();
}

}  // namespace andon
