#include "common/json.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace andon {
namespace {

bool HasDuplicateKey(const Json::object_t& object) {
  std::vector<std::string_view> keys;
  keys.reserve(object.size());
  for (const auto& [key, value] : object) keys.push_back(key);
  std::ranges::sort(keys);
  return std::ranges::adjacent_find(keys) != keys.end();
}

// Builds a Json from nlohmann's parsing events; a handler that returns false stops the parser, and
// status() says why. Nothing here looks a key up: in an ordered_json that is a search through all.
class Builder : public nlohmann::json_sax<Json> {
 public:
  Builder(std::string_view what, const JsonLimits& limits) : what_(what), limits_(limits) {}

  const Status& status() const { return status_; }
  Json& root() { return root_; }

  bool null() override { return Add(nullptr); }
  bool boolean(bool value) override { return Add(value); }
  bool number_integer(number_integer_t value) override { return Add(value); }
  bool number_unsigned(number_unsigned_t value) override { return Add(value); }
  bool number_float(number_float_t value, const string_t&) override { return Add(value); }
  bool string(string_t& value) override { return Add(std::move(value)); }
  bool binary(binary_t&) override { return false; }  // never called for text
  bool start_object(size_t) override { return Open(Json::value_t::object); }
  bool start_array(size_t) override { return Open(Json::value_t::array); }
  bool end_array() override { return Close(); }

  bool key(string_t& key) override {
    key_ = std::move(key);
    return true;
  }

  bool end_object() override {
    if (HasDuplicateKey(open_.back()->get_ref<const Json::object_t&>()))
      return Fail(ErrorCode::kJsonDuplicateKey, ": the same key twice in an object");
    return Close();
  }

  bool parse_error(size_t position, const std::string&, const Json::exception&) override {
    return Fail(ErrorCode::kJsonSyntax, ": not JSON at byte ", position);
  }

 private:
  // Appends a value to the innermost open container. Its address is stable until that closes.
  bool Add(Json value, Json** place = nullptr) {
    if (++values_ > limits_.max_values)
      return Fail(ErrorCode::kJsonTooLarge, ": more than ", limits_.max_values, " values");
    Json* added = &root_;
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (auto* array = open_.back()->get_ptr<Json::array_t*>()) {
      added = &array->emplace_back(std::move(value));
    } else {
      auto& object = open_.back()->get_ref<Json::object_t&>();
      added = &object.emplace_back(std::move(key_), std::move(value)).second;
    }
    if (place) *place = added;
    return true;
  }

  bool Open(Json::value_t type) {
    if (open_.size() == limits_.max_depth)
      return Fail(ErrorCode::kJsonDepth, ": more than ", limits_.max_depth, " levels deep");
    Json* container = nullptr;
    if (!Add(Json(type), &container)) return false;
    open_.push_back(container);
    return true;
  }

  bool Close() {
    open_.pop_back();
    return true;
  }

  template <typename... Parts>
  bool Fail(ErrorCode code, const Parts&... parts) {
    status_ = Error(code, what_, parts...);
    return false;
  }

  const std::string_view what_;
  const JsonLimits& limits_;
  Status status_;
  uint64_t values_ = 0;
  Json root_;
  std::vector<Json*> open_;  // containers from the root inwards
  std::string key_;          // of the next value in an object
};

bool IsPunctuation(uint8_t c) {
  return c == ',' || c == ':' || c == '{' || c == '}' || c == '[' || c == ']';
}

}  // namespace

bool HasShortTokens(ByteView json, uint64_t max_text, uint64_t max_space) {
  uint64_t length = 0;  // bytes of the present token, so far
  bool quoted = false;
  bool escaped = false;
  for (const uint8_t c : json) {
    const bool quote = c == '"' && !escaped;
    length = quote || (!quoted && IsPunctuation(c)) ? 0 : length + 1;
    if (length > (quoted ? max_text : max_space)) return false;
    escaped = quoted && c == '\\' && !escaped;
    quoted ^= quote;
  }
  return true;
}

Result<Json> ParseJson(ByteView text, std::string_view what, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return Error(ErrorCode::kJsonTooLarge, what, ": ", text.size(), " bytes, more than ",
                 limits.max_bytes);
  }
  // nlohmann::json takes a NUL for the end of the text and skips a byte order mark; RFC 8259 has
  // neither.
  const auto nul = std::ranges::find(text, 0);
  if (nul != text.end())
    return Error(ErrorCode::kJsonSyntax, what, ": NUL at byte ", nul - text.begin());
  if (AsText(text).starts_with("\xEF\xBB\xBF"))
    return Error(ErrorCode::kJsonSyntax, what, ": a byte order mark");

  if (!HasShortTokens(text, limits.max_bytes, limits::kMaxJsonSpaceBytes))
    return Error(ErrorCode::kJsonTooLarge, what, ": a number or white space that is too long");

  Builder builder(what, limits);
  if (!Json::sax_parse(text.begin(), text.end(), &builder)) return builder.status();
  return std::move(builder.root());
}

std::string DumpJson(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace andon
