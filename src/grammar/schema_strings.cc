#include <array>
#include <string_view>
#include <utility>

#include "common/limits.h"
#include "grammar/pattern.h"
#include "grammar/schema_keywords.h"
#include "grammar/schema_types.h"

namespace andon {
namespace {

#define ANDON_TIME                                           \
  "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?" \
  "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
#define ANDON_DATE                                                                          \
  "([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|" \
  "02-(0[1-9]|1[0-9]|2[0-8]))|"                                                             \
  "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)"
#define ANDON_BYTE "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"

// RFC 3339 without leap seconds, RFC 4122, the dot-atoms of RFC 5321, RFC 2673.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kFormats = {{
    {"date", "^" ANDON_DATE "$"},
    {"time", "^" ANDON_TIME "$"},
    {"date-time", "^" ANDON_DATE "T" ANDON_TIME "$"},
    {"uuid", "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"},
    {"email",
     "^[A-Za-z0-9_+-]{1,16}(\\.[A-Za-z0-9_+-]{1,15}){0,2}"
     "@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.){1,3}[A-Za-z]{2,24}$"},
    {"ipv4", "^(" ANDON_BYTE "\\.){3}" ANDON_BYTE "$"},
}};

Expression Quoted(Expression content) {
  return Sequence({Literal("\""), std::move(content), Literal("\"")});
}

Result<Expression> CompilePattern(const Json& schema, const std::string& pointer) {
  Pattern pattern = ParsePattern(schema["pattern"].get_ref<const std::string&>());
  if (!pattern.expression) return Unsupported(Pointer(pointer, "pattern"), pattern.problem);
  return Quoted(*std::move(pattern.expression));
}

Result<Expression> CompileFormat(const Json& schema, const std::string& pointer) {
  for (const auto& [name, pattern] : kFormats) {
    if (schema["format"] == name) return Quoted(*ParsePattern(pattern).expression);
  }
  return Unsupported(Pointer(pointer, "format"), "a format that no grammar is made of");
}

Result<uint32_t> Length(const Json& schema, const char* keyword, uint32_t otherwise,
                        const std::string& pointer) {
  if (!schema.contains(keyword)) return otherwise;
  const uint64_t length = schema[keyword].get<uint64_t>();
  if (length <= limits::kMaxGrammarStates) return static_cast<uint32_t>(length);
  return Error(ErrorCode::kGrammarTooLarge, "schema: ", andon::Quoted(Pointer(pointer, keyword)),
               " is more than ", limits::kMaxGrammarStates);
}

}  // namespace

Result<Expression> CompileString(SchemaSource& source, const Json& schema,
                                 const std::string& pointer) {
  const bool has_length = schema.contains("minLength") || schema.contains("maxLength");
  const int kinds =
      int{schema.contains("pattern")} + int{schema.contains("format")} + int{has_length};
  if (kinds > 1)
    return Unsupported(pointer, "more than one of 'pattern', 'format' and lengths of a string");
  if (schema.contains("pattern")) return CompilePattern(schema, pointer);
  if (schema.contains("format")) return CompileFormat(schema, pointer);
  if (!has_length) return source.text().AnyString();
  ANDON_ASSIGN_OR_RETURN(const uint32_t least, Length(schema, "minLength", 0, pointer));
  ANDON_ASSIGN_OR_RETURN(const uint32_t most, Length(schema, "maxLength", kUnbounded, pointer));
  if (least > most) return Choice({});
  return Quoted(Repetition(source.text().StringCharacter(), least, most));
}

}  // namespace andon
