// What each member of the metadata of an expert may hold, as a table. One walk refuses what does
// not fit, another leaves it out. schemas/expert-metadata.schema.json says the same for other
// readers; tests/fixtures/expert-metadata-cases.json holds both to it.

#ifndef ANDON_FORMATS_EXPERT_METADATA_RULES_H_
#define ANDON_FORMATS_EXPERT_METADATA_RULES_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "common/json.h"
#include "common/status.h"

namespace andon {

struct ValueRule;

struct MemberRule {
  std::string_view key;
  const ValueRule* rule;
  bool required = false;
};

struct ValueRule {
  enum class Kind : uint8_t {
    kText,
    kWhole,  // a number without a fraction
    kNumber,
    kBool,
    kList,
    kObject,  // of the members below and no others
    kValues,  // an object of any names, for a text, a number or a bool each
    kFree,    // an object of anything
  };
  Kind kind = Kind::kFree;
  // Of a number; of the characters of a text; of the elements of a list.
  double min = 0;
  double max = 0;
  std::string_view what = {};                // "a text of 1 to 128 characters"
  bool (*form)(std::string_view) = nullptr;  // of a text, where not every one will do
  const ValueRule* element = nullptr;        // of a list
  std::span<const MemberRule> members = {};  // of an object
};

const ValueRule& ExpertMetadataRule();

// Error: ExpertMetadataField, naming the member by its path and what it is not.
Status CheckValue(const Json& value, const ValueRule& rule, const std::string& path);

// Takes members and elements that do not fit out of `value`; whether what is left fits.
bool KeepFitting(Json& value, const ValueRule& rule);

// Whether a number has no fraction: 2.0 is as good as 2, as in JSON Schema.
bool IsWhole(const Json& value);

bool IsExpertName(std::string_view text);  // "expert-" and lower-case letters, digits and hyphens

}  // namespace andon

#endif  // ANDON_FORMATS_EXPERT_METADATA_RULES_H_
