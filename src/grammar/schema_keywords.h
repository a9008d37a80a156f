// What is said about the keywords of JSON Schema (draft 2020-12) before one is compiled.

#ifndef ANDON_GRAMMAR_SCHEMA_KEYWORDS_H_
#define ANDON_GRAMMAR_SCHEMA_KEYWORDS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "common/json.h"
#include "common/status.h"

namespace andon {

// The seven types as bits; an integer is a number too.
enum JsonType : uint32_t {
  kTypeNull = 1,
  kTypeBoolean = 2,
  kTypeObject = 4,
  kTypeArray = 8,
  kTypeString = 16,
  kTypeInteger = 32,
  kTypeNumber = 64 | kTypeInteger,
  kEveryType = 127,
};

// "/properties/a" and "b/c" to "/properties/a/b~1c" (RFC 6901).
std::string Pointer(std::string_view parent, std::string_view token);

Status Unsupported(std::string_view pointer, std::string_view why);
Status Malformed(std::string_view pointer, std::string_view what);

// Whether a keyword describes and constrains nothing.
bool IsAnnotation(std::string_view keyword);

// That a schema is true, false or an object, has no keyword that grammars cannot enforce, and that
// the values of its keywords have the form that they may have. Errors: SchemaUnsupported,
// SchemaMalformed.
Status CheckSchema(const Json& schema, std::string_view pointer);

// REQUIRES for all that follow: CheckSchema() is well.

// The types that "type", "const" and "enum" leave; where there is no "type", the types that other
// keywords are about, and every type where those are about none.
uint32_t TypesOf(const Json& schema);
uint32_t TypeOf(const Json& value);

// A schema that holds where both hold. Errors: SchemaUnsupported, where a grammar cannot enforce
// both.
Result<Json> MergeSchemas(const Json& one, const Json& other, std::string_view pointer);

// Whether no value satisfies both, as far as types, "const", "enum" and required properties tell.
// They hold no reference at their top.
bool AreDisjoint(const Json& one, const Json& other);

}  // namespace andon

#endif  // ANDON_GRAMMAR_SCHEMA_KEYWORDS_H_
