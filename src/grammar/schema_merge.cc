#include <algorithm>
#include <utility>
#include <vector>

#include "common/limits.h"
#include "grammar/schema_keywords.h"

namespace andon {
namespace {

// "type" as a list of names that both have; "integer" is among the numbers.
Json BothTypes(const Json& one, const Json& other) {
  const auto names = [](const Json& type) { return type.is_array() ? type : Json::array({type}); };
  Json both = Json::array();
  for (const Json& left : names(one)) {
    for (const Json& right : names(other)) {
      const bool narrows = left == right || (left == "integer" && right == "number");
      if (narrows || (left == "number" && right == "integer"))
        both.push_back(narrows ? left : right);
    }
  }
  return both;
}

Json BothValues(const Json& one, const Json& other) {
  Json both = Json::array();
  for (const Json& value : one) {
    if (std::ranges::count(other, value) > 0) both.push_back(value);
  }
  return both;
}

Json AllNames(const Json& one, const Json& other) {
  Json all = one;
  for (const Json& name : other) {
    if (std::ranges::count(all, name) == 0) all.push_back(name);
  }
  return all;
}

Result<Json> BothProperties(const Json& one, const Json& other, std::string_view pointer) {
  Json both = one;
  for (const auto& [name, schema] : other.items()) {
    if (both.contains(name)) {
      ANDON_ASSIGN_OR_RETURN(both[name], MergeSchemas(both[name], schema, Pointer(pointer, name)));
    } else {
      both[name] = schema;
    }
  }
  return both;
}

Result<Json> MergeKeyword(const std::string& name, const Json& one, const Json& other,
                          const std::string& place) {
  if (one == other || IsAnnotation(name)) return one;
  if (one.size() * uint64_t{other.size()} > limits::kMaxSchemaValues) {
    return Error(ErrorCode::kGrammarTooLarge, "schema: ", Quoted(place), " merges more than ",
                 limits::kMaxSchemaValues, " pairs");
  }
  if (name == "type") return BothTypes(one, other);
  if (name == "enum") return BothValues(one, other);
  if (name == "required") return AllNames(one, other);
  if (name == "properties") return BothProperties(one, other, place);
  if (name == "minimum" || name == "exclusiveMinimum" || name == "minLength" || name == "minItems")
    return one < other ? other : one;
  if (name == "maximum" || name == "exclusiveMaximum" || name == "maxLength" || name == "maxItems")
    return one < other ? one : other;
  if (name == "additionalProperties" || name == "items") return MergeSchemas(one, other, place);
  return Unsupported(place, "two of these at once");
}

// What "additionalProperties" and "items" of one schema are about depends on the names and the
// number of items beside them, so the other may not bring more of those.
bool IsClosedTo(const Json& one, const Json& other, const char* closing, const char* stated) {
  if (!one.contains(closing) || !other.contains(stated)) return false;
  if (one[closing] == true) return false;
  if (other[stated].is_array())  // prefixItems
    return !one.contains(stated) || one[stated].size() < other[stated].size();
  return std::ranges::any_of(other[stated].items(), [&](const auto& property) {
    return !one.contains(stated) || !one[stated].contains(property.key());
  });
}

bool CanMerge(const Json& one, const Json& other) {
  return !IsClosedTo(one, other, "additionalProperties", "properties") &&
         !IsClosedTo(one, other, "items", "prefixItems");
}

// The values of "const" or "enum", or nothing.
const Json* Enumerated(const Json& schema, Json& single) {
  if (!schema.is_object()) return nullptr;
  if (schema.contains("const")) {
    single = Json::array({schema["const"]});
    return &single;
  }
  return schema.contains("enum") ? &schema["enum"] : nullptr;
}

bool Requires(const Json& schema, const std::string& name) {
  return schema.contains("required") && std::ranges::count(schema["required"], Json(name)) > 0;
}

}  // namespace

Result<Json> MergeSchemas(const Json& one, const Json& other, std::string_view pointer) {
  if (one.is_boolean()) return one.get<bool>() ? other : one;
  if (other.is_boolean()) return other.get<bool>() ? one : other;
  if (!CanMerge(one, other) || !CanMerge(other, one))
    return Unsupported(pointer, "one schema is closed to what another one states");
  Json merged = one;
  for (const auto& [name, value] : other.items()) {
    if (!merged.contains(name)) {
      merged[name] = value;
      continue;
    }
    ANDON_ASSIGN_OR_RETURN(merged[name],
                           MergeKeyword(name, merged[name], value, Pointer(pointer, name)));
    if (name == "type" && merged[name].empty()) return Json(false);
  }
  return merged;
}

bool AreDisjoint(const Json& one, const Json& other) {
  if ((TypesOf(one) & TypesOf(other)) == 0) return true;
  Json single_one;
  Json single_other;
  const Json* values_one = Enumerated(one, single_one);
  const Json* values_other = Enumerated(other, single_other);
  if (values_one != nullptr && values_other != nullptr)
    return BothValues(*values_one, *values_other).empty();
  const bool objects = TypesOf(one) == kTypeObject && TypesOf(other) == kTypeObject;
  if (!objects || !one.contains("properties") || !other.contains("properties")) return false;
  return std::ranges::any_of(one["properties"].items(), [&](const auto& property) {
    const std::string& name = property.key();
    return Requires(one, name) && Requires(other, name) && other["properties"].contains(name) &&
           AreDisjoint(property.value(), other["properties"][name]);
  });
}

}  // namespace andon
