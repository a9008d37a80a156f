// JSON that this program wrote itself, such as descriptions.

#ifndef ANDON_EXPERTS_OWN_JSON_H_
#define ANDON_EXPERTS_OWN_JSON_H_

#include <string>

#include "common/json.h"

namespace andon {

inline Json OwnJson(const std::string& json) {
  auto parsed = ParseJson(AsBytes(json), "description", {.max_bytes = UINT64_MAX});
  return parsed.ok() ? std::move(*parsed) : Json::object();
}

// Empty where there is none.
inline std::string TextMember(const Json& object, const char* key) {
  const auto member = object.find(key);
  return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

}  // namespace andon

#endif  // ANDON_EXPERTS_OWN_JSON_H_
