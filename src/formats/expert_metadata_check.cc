// The two walks through the table of rules.

#include <algorithm>
#include <cmath>
#include <utility>

#include "formats/expert_metadata_rules.h"

namespace andon {
namespace {

using Kind = ValueRule::Kind;

constexpr size_t kMaxValueNameCharacters = 128;
constexpr size_t kMaxValueCharacters = 2048;

size_t Characters(std::string_view utf8) {
  return static_cast<size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

bool IsText(const Json& value, const ValueRule& rule) {
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  const auto characters = static_cast<double>(Characters(text));
  return characters >= rule.min && characters <= rule.max && (!rule.form || rule.form(text));
}

bool IsNumber(const Json& value, const ValueRule& rule) {
  if (!value.is_number()) return false;
  const auto number = value.get<double>();
  return number >= rule.min && number <= rule.max;
}

// Names that begin with "_" are comments in version 1; here as elsewhere they are refused.
bool IsValueName(std::string_view name) {
  return !name.empty() && name.front() != '_' && Characters(name) <= kMaxValueNameCharacters;
}

bool IsPlainValue(const Json& value) {
  return value.is_number() || value.is_boolean() ||
         (value.is_string() &&
          Characters(value.get_ref<const std::string&>()) <= kMaxValueCharacters);
}

bool IsValues(const Json& value, const ValueRule& rule) {
  return value.is_object() && static_cast<double>(value.size()) <= rule.max &&
         std::ranges::all_of(value.items(), [](const auto& item) {
           return IsValueName(item.key()) && IsPlainValue(item.value());
         });
}

// Whether the value itself fits; of lists and objects not yet what is in them.
bool Fits(const Json& value, const ValueRule& rule) {
  switch (rule.kind) {
    case Kind::kText:
      return IsText(value, rule);
    case Kind::kWhole:
      return IsWhole(value) && IsNumber(value, rule);
    case Kind::kNumber:
      return IsNumber(value, rule);
    case Kind::kBool:
      return value.is_boolean();
    case Kind::kList:
      return value.is_array() && static_cast<double>(value.size()) <= rule.max;
    case Kind::kValues:
      return IsValues(value, rule);
    case Kind::kObject:
    case Kind::kFree:
      return value.is_object();
  }
  return false;
}

const MemberRule* FindMember(const ValueRule& rule, std::string_view key) {
  const auto found = std::ranges::find(rule.members, key, &MemberRule::key);
  return found == rule.members.end() ? nullptr : &*found;
}

Status Refused(const std::string& path, std::string_view why, std::string_view what) {
  return Error(ErrorCode::kExpertMetadataField, path, ": ", why, what);
}

Status CheckMembers(const Json& value, const ValueRule& rule, const std::string& path) {
  for (const auto& [key, member] : value.items()) {
    const MemberRule* const known = FindMember(rule, key);
    if (!known) return Refused(path + "." + Quoted(key), "unknown member", "");
    ANDON_RETURN_IF_ERROR(CheckValue(member, *known->rule, path + "." + key));
  }
  for (const MemberRule& member : rule.members) {
    if (member.required && !value.contains(member.key)) {
      return Refused(path + "." + std::string(member.key), "missing", "");
    }
  }
  return Status();
}

Status CheckElements(const Json& value, const ValueRule& rule, const std::string& path) {
  for (size_t i = 0; i < value.size(); ++i) {
    ANDON_RETURN_IF_ERROR(
        CheckValue(value[i], *rule.element, path + "[" + std::to_string(i) + "]"));
  }
  return Status();
}

void KeepFittingElements(Json& value, const ValueRule& rule) {
  Json kept = Json::array();
  for (Json& element : value) {
    if (static_cast<double>(kept.size()) == rule.max) break;
    if (KeepFitting(element, *rule.element)) kept.push_back(std::move(element));
  }
  value = std::move(kept);
}

void KeepFittingValues(Json& value, const ValueRule& rule) {
  Json kept = Json::object();
  for (auto& [key, member] : value.items()) {
    if (static_cast<double>(kept.size()) == rule.max) break;
    if (IsValueName(key) && IsPlainValue(member)) kept[key] = std::move(member);
  }
  value = std::move(kept);
}

void KeepFittingMembers(Json& value, const ValueRule& rule) {
  Json kept = Json::object();
  for (const MemberRule& member : rule.members) {
    const auto found = value.find(member.key);
    if (found != value.end() && KeepFitting(*found, *member.rule)) {
      kept[std::string(member.key)] = std::move(*found);
    }
  }
  value = std::move(kept);
}

}  // namespace

bool IsWhole(const Json& value) {
  if (!value.is_number_float()) return value.is_number();
  const auto number = value.get<double>();
  return std::trunc(number) == number;
}

Status CheckValue(const Json& value, const ValueRule& rule, const std::string& path) {
  if (!Fits(value, rule)) return Refused(path, "not ", rule.what);
  if (rule.kind == Kind::kObject) return CheckMembers(value, rule, path);
  if (rule.kind == Kind::kList) return CheckElements(value, rule, path);
  return Status();
}

bool KeepFitting(Json& value, const ValueRule& rule) {
  if (rule.kind == Kind::kList && value.is_array()) KeepFittingElements(value, rule);
  if (rule.kind == Kind::kValues && value.is_object()) KeepFittingValues(value, rule);
  if (rule.kind == Kind::kObject && value.is_object()) KeepFittingMembers(value, rule);
  return CheckValue(value, rule, "").ok();
}

}  // namespace andon
