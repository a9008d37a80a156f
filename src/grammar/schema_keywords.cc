#include "grammar/schema_keywords.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "common/utf8.h"
#include "grammar/integer_range.h"

namespace andon {
namespace {

enum class Form : uint8_t {
  kSchema,
  kSchemas,
  kSchemaMap,
  kCount,
  kNumber,
  kText,
  kNames,
  kList,
  kType,
  kAny
};

struct Keyword {
  std::string_view name;
  Form form = Form::kAny;
  uint32_t types = 0;  // that it is about; 0: any
};

constexpr std::array<Keyword, 25> kKeywords = {{
    {"$ref", Form::kText},
    {"additionalProperties", Form::kSchema, kTypeObject},
    {"allOf", Form::kSchemas},
    {"anyOf", Form::kSchemas},
    {"const", Form::kAny},
    {"enum", Form::kList},
    {"exclusiveMaximum", Form::kNumber, kTypeNumber},
    {"exclusiveMinimum", Form::kNumber, kTypeNumber},
    {"format", Form::kText, kTypeString},
    {"items", Form::kSchema, kTypeArray},
    {"maxItems", Form::kCount, kTypeArray},
    {"maxLength", Form::kCount, kTypeString},
    {"maximum", Form::kNumber, kTypeNumber},
    {"minItems", Form::kCount, kTypeArray},
    {"minLength", Form::kCount, kTypeString},
    {"minimum", Form::kNumber, kTypeNumber},
    {"oneOf", Form::kSchemas},
    {"pattern", Form::kText, kTypeString},
    {"prefixItems", Form::kSchemas, kTypeArray},
    {"properties", Form::kSchemaMap, kTypeObject},
    {"required", Form::kNames, kTypeObject},
    {"type", Form::kType},
    {"$defs", Form::kSchemaMap},
    {"definitions", Form::kSchemaMap},
    {"$schema", Form::kText},
}};

constexpr std::array<std::string_view, 13> kAnnotations = {
    "$anchor",    "$comment",    "$defs",    "$id",      "$schema", "default",  "definitions",
    "deprecated", "description", "examples", "readOnly", "title",   "writeOnly"};

constexpr std::array<std::pair<std::string_view, uint32_t>, 7> kTypeNames = {{
    {"null", kTypeNull},
    {"boolean", kTypeBoolean},
    {"object", kTypeObject},
    {"array", kTypeArray},
    {"string", kTypeString},
    {"integer", kTypeInteger},
    {"number", kTypeNumber},
}};

uint32_t TypeNamed(const Json& name) {
  const auto* text = name.get_ptr<const std::string*>();
  const auto known = std::ranges::find_if(
      kTypeNames, [&](const auto& type) { return text != nullptr && type.first == *text; });
  return known == kTypeNames.end() ? 0 : known->second;
}

uint32_t TypesNamed(const Json& type) {
  if (!type.is_array()) return TypeNamed(type);
  uint32_t types = 0;
  for (const Json& name : type) types |= TypeNamed(name);
  return types;
}

bool IsSchema(const Json& value) { return value.is_boolean() || value.is_object(); }

bool HasForm(const Json& value, Form form) {
  switch (form) {
    case Form::kSchema:
      return IsSchema(value);
    case Form::kSchemas:
      return value.is_array() && !value.empty() && std::ranges::all_of(value, IsSchema);
    case Form::kSchemaMap:
      return value.is_object() && std::ranges::all_of(value, IsSchema);
    case Form::kCount:
      return value.is_number_unsigned();
    case Form::kNumber:
      return value.is_number();
    case Form::kText:
      return value.is_string();
    case Form::kNames:
      return value.is_array() &&
             std::ranges::all_of(value, [](const Json& name) { return name.is_string(); });
    case Form::kList:
      return value.is_array();
    case Form::kType:
      return value.is_array() ? !value.empty() && std::ranges::all_of(value, TypeNamed)
                              : TypeNamed(value) != 0;
    case Form::kAny:
      return true;
  }
  return false;
}

const Keyword* FindKeyword(std::string_view name) {
  const auto known = std::ranges::find(kKeywords, name, &Keyword::name);
  return known == kKeywords.end() ? nullptr : &*known;
}

}  // namespace

std::string Pointer(std::string_view parent, std::string_view token) {
  std::string pointer(parent);
  pointer += '/';
  for (const char c : token) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
  return pointer;
}

Status Unsupported(std::string_view pointer, std::string_view why) {
  return Error(ErrorCode::kSchemaUnsupported, "schema: ", Quoted(pointer),
               " is unsupported: ", why);
}

Status Malformed(std::string_view pointer, std::string_view what) {
  return Error(ErrorCode::kSchemaMalformed, "schema: ", Quoted(pointer), ": ", what);
}

bool IsAnnotation(std::string_view keyword) {
  return std::ranges::count(kAnnotations, keyword) > 0;
}

Status CheckSchema(const Json& schema, std::string_view pointer) {
  if (!IsSchema(schema)) return Malformed(pointer, "neither true, false nor an object");
  if (schema.is_boolean()) return Status();
  for (const auto& [name, value] : schema.items()) {
    const Keyword* keyword = FindKeyword(name);
    const std::string place = Pointer(pointer, name);
    if (keyword == nullptr && !IsAnnotation(name))
      return Unsupported(place, "no grammar is made of this keyword");
    if (keyword != nullptr && !HasForm(value, keyword->form))
      return Malformed(place, "a value that the keyword may not have");
    if (name == "$schema" && value != "https://json-schema.org/draft/2020-12/schema" &&
        value != "https://json-schema.org/draft/2020-12/schema#")
      return Unsupported(place, "only draft 2020-12 is read");
  }
  return Status();
}

uint32_t TypeOf(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return kTypeNull;
    case Json::value_t::boolean:
      return kTypeBoolean;
    case Json::value_t::object:
      return kTypeObject;
    case Json::value_t::array:
      return kTypeArray;
    case Json::value_t::string:
      return kTypeString;
    case Json::value_t::number_float:
      return kTypeNumber & ~kTypeInteger;
    default:
      return kTypeInteger;
  }
}

uint32_t TypesOf(const Json& schema) {
  if (schema.is_boolean()) return schema.get<bool>() ? kEveryType : 0;
  uint32_t types = kEveryType;
  uint32_t about = 0;
  for (const auto& [name, value] : schema.items()) {
    const Keyword* keyword = FindKeyword(name);
    if (name == "type") {
      types &= TypesNamed(value);
    } else if (name == "const") {
      types &= TypeOf(value);
    } else if (name == "enum") {
      uint32_t named = 0;
      for (const Json& one : value) named |= TypeOf(one);
      types &= named;
    } else if (keyword != nullptr) {
      about |= keyword->types;
    }
  }
  return about == 0 || schema.contains("type") ? types : types & about;
}

}  // namespace andon
