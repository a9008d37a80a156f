// Reads the members of a JSON object strictly: each has its type, none is left over.

#ifndef ANDON_ENGINE_JSON_MEMBERS_H_
#define ANDON_ENGINE_JSON_MEMBERS_H_

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "common/json.h"
#include "common/status.h"

namespace andon {

// Ask for every member, then for Finish(), which returns the first thing that was wrong as
// DescriptionMalformed with the path of the member: "model.alpha: not a number". A member that is
// absent leaves its target as it is. REQUIRES: the value outlives the reader.
class JsonMembers {
 public:
  using Handler = std::function<Status(const Json& value, const std::string& path)>;

  JsonMembers(const Json& object, std::string path);

  JsonMembers& Text(const char* key, std::string* out);
  JsonMembers& Bool(const char* key, bool* out);
  JsonMembers& Number(const char* key, double* out);
  JsonMembers& Float(const char* key, float* out);
  JsonMembers& Uint32(const char* key, uint32_t* out);
  JsonMembers& Custom(const char* key, const Handler& handler);
  JsonMembers& Required(const char* key);  // call it before the member's reader

  Status Finish();

 private:
  const Json& object_;
  std::string path_;
  std::set<std::string, std::less<>> known_;
  Status status_;
};

// Whether the number is in the range of float32.
bool FitsFloat(double number);

// DescriptionMalformed: "PATH: WHAT".
Status DescriptionError(std::string_view path, std::string_view what);

}  // namespace andon

#endif  // ANDON_ENGINE_JSON_MEMBERS_H_
