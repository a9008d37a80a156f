#include "experts/base_match.h"

#include <string>
#include <utility>

namespace andon {
namespace {

// Letters and digits of ASCII after the last slash, in lower case.
std::string CoreOf(std::string_view name) {
  std::string core;
  for (const char c : name.substr(name.find_last_of("/\\") + 1)) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_kept = is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_kept) core.push_back(is_upper ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return core;
}

Status CheckShapes(const Json& shapes, const TransformerConfig& config) {
  const std::pair<const char*, uint32_t> own[] = {{"layers", config.layers},
                                                  {"hidden", config.hidden},
                                                  {"intermediate", config.intermediate},
                                                  {"heads", config.heads},
                                                  {"kv_heads", config.kv_heads},
                                                  {"head_dim", config.head_dim},
                                                  {"vocabulary", config.vocabulary}};
  for (const auto& [name, size] : own) {
    const uint64_t stated = shapes.value(name, uint64_t{size});
    if (stated != size) {
      return Error(ErrorCode::kBaseShapeMismatch, "expert: ", name, " of its base: ", stated,
                   "; of this model: ", size);
    }
  }
  return Status();
}

}  // namespace

bool NamesMatch(std::string_view a, std::string_view b) {
  const std::string first = CoreOf(a), second = CoreOf(b);
  return first.find(second) != std::string::npos || second.find(first) != std::string::npos;
}

Status CheckBaseModel(const Json& manifest, std::string_view model_name,
                      const TransformerConfig& config, bool any_name) {
  const Json base = manifest.value("base_model", Json::object());
  const std::string name = base.value("name", std::string());
  if (!any_name && !NamesMatch(name, model_name)) {
    return Error(ErrorCode::kBaseModelMismatch, "expert: made for ", Quoted(name),
                 "; this model is ", Quoted(model_name));
  }
  return CheckShapes(base.value("shapes", Json::object()), config);
}

}  // namespace andon
