#include "engine/json_members.h"

#include <cmath>
#include <limits>
#include <utility>

namespace andon {

bool FitsFloat(double number) {
  return std::abs(number) <= static_cast<double>(std::numeric_limits<float>::max());
}

Status DescriptionError(std::string_view path, std::string_view what) {
  return Error(ErrorCode::kDescriptionMalformed, path, ": ", what);
}

JsonMembers::JsonMembers(const Json& object, std::string path)
    : object_(object), path_(std::move(path)) {
  if (!object_.is_object()) status_ = DescriptionError(path_, "not an object");
}

JsonMembers& JsonMembers::Custom(const char* key, const Handler& handler) {
  known_.insert(key);
  if (!status_.ok()) return *this;
  if (const auto found = object_.find(key); found != object_.end()) {
    status_ = handler(*found, path_ + "." + key);
  }
  return *this;
}

JsonMembers& JsonMembers::Required(const char* key) {
  if (status_.ok() && !object_.contains(key)) {
    status_ = DescriptionError(path_ + "." + key, "missing");
  }
  return *this;
}

JsonMembers& JsonMembers::Text(const char* key, std::string* out) {
  return Custom(key, [out](const Json& value, const std::string& path) {
    if (!value.is_string()) return DescriptionError(path, "not a text");
    *out = value.get<std::string>();
    return Status();
  });
}

JsonMembers& JsonMembers::Bool(const char* key, bool* out) {
  return Custom(key, [out](const Json& value, const std::string& path) {
    if (!value.is_boolean()) return DescriptionError(path, "neither true nor false");
    *out = value.get<bool>();
    return Status();
  });
}

JsonMembers& JsonMembers::Number(const char* key, double* out) {
  return Custom(key, [out](const Json& value, const std::string& path) {
    if (!value.is_number()) return DescriptionError(path, "not a number");
    *out = value.get<double>();
    return Status();
  });
}

JsonMembers& JsonMembers::Float(const char* key, float* out) {
  return Custom(key, [out](const Json& value, const std::string& path) {
    if (!value.is_number()) return DescriptionError(path, "not a number");
    const auto number = value.get<double>();
    if (!FitsFloat(number)) return DescriptionError(path, "beyond the range of float32");
    *out = static_cast<float>(number);
    return Status();
  });
}

JsonMembers& JsonMembers::Uint32(const char* key, uint32_t* out) {
  return Custom(key, [out](const Json& value, const std::string& path) {
    if (!value.is_number_unsigned() ||
        value.get<uint64_t>() > std::numeric_limits<uint32_t>::max()) {
      return DescriptionError(path, "not a whole number below 2^32");
    }
    *out = static_cast<uint32_t>(value.get<uint64_t>());
    return Status();
  });
}

Status JsonMembers::Finish() {
  if (!status_.ok()) return status_;
  for (const auto& [key, value] : object_.items()) {
    if (!known_.contains(key)) return DescriptionError(path_ + "." + Quoted(key), "unknown member");
  }
  return Status();
}

}  // namespace andon
