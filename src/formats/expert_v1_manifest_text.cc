#include "formats/expert_v1_manifest_text.h"

#include <algorithm>
#include <array>

#include "common/bytes.h"

namespace andon {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

// Where the member `integrity` of the root lies in its text.
struct Member {
  size_t begin;        // of the member with the comma before it, where there is one
  size_t value_begin;  // of the value
  size_t end;          // of both
};

// The end of the text that begins with a quote at `at`. REQUIRES: JSON, here and below.
size_t EndOfText(std::string_view json, size_t at) {
  for (++at; json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return at + 1;
}

// The end of the value at `at`: before the comma or brace that follows it and its white space.
size_t EndOfValue(std::string_view json, size_t at) {
  size_t end = at;
  for (int depth = 0; depth > 0 || (json[at] != ',' && json[at] != '}');) {
    const char c = json[at];
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    at = c == '"' ? EndOfText(json, at) : at + 1;
    if (kSpace.find(c) == kSpace.npos) end = at;
  }
  return end;
}

// Walks the members of the root, whose `integrity` is written with no escapes.
std::optional<Member> FindIntegrity(std::string_view json) {
  for (size_t before = json.find('{'); json[before] != '}';) {
    const size_t key = json.find_first_not_of(kSpace, before + 1);
    const size_t key_end = EndOfText(json, key);
    const size_t value = json.find_first_not_of(kSpace, json.find(':', key_end) + 1);
    const size_t end = EndOfValue(json, value);
    if (json.substr(key, key_end - key) == "\"integrity\"") {
      return Member{json[before] == ',' ? before : before + 1, value, end};
    }
    before = json.find_first_of(",}", end);
  }
  return std::nullopt;
}

// A first member goes with the comma and the space behind it, any other with those before it.
std::string WithoutMember(std::string_view json, const Member& member) {
  size_t end = member.end;
  if (json[member.begin] != ',') {
    end = std::min(json.find_first_of(",}", end), json.size());
    if (json[end] == ',') ++end;
  }
  return std::string(json.substr(0, member.begin)) + std::string(json.substr(end));
}

}  // namespace

std::string PrettyManifest(const Json& manifest) {
  return manifest.dump(2, ' ', false, Json::error_handler_t::replace);
}

bool IsManifestHash(const Sha256Digest& stated, std::string_view text, const Json& manifest) {
  const auto is_stated = [&stated](std::string_view candidate) {
    return DigestMatches(Sha256Of(AsBytes(candidate)), stated);
  };
  if (const auto member = FindIntegrity(text)) {
    const std::string with_null = std::string(text.substr(0, member->value_begin)) + "null" +
                                  std::string(text.substr(member->end));
    if (is_stated(with_null) || is_stated(WithoutMember(text, *member))) return true;
  }
  Json without = manifest;
  without["integrity"] = nullptr;
  return is_stated(DumpJson(without)) || is_stated(PrettyManifest(without));
}

}  // namespace andon
