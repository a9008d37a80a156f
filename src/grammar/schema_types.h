// Schemas of one type or several, without alternatives and references: the texts of their values.

#ifndef ANDON_GRAMMAR_SCHEMA_TYPES_H_
#define ANDON_GRAMMAR_SCHEMA_TYPES_H_

#include <string>

#include "common/json.h"
#include "common/status.h"
#include "grammar/expression.h"
#include "grammar/json_text.h"

namespace andon {

// What compiles the schemas within a schema.
class SchemaSource {
 public:
  virtual ~SchemaSource() = default;
  virtual Result<Expression> Compile(const Json& schema, const std::string& pointer) = 0;
  virtual JsonText& text() = 0;
};

// Errors: SchemaUnsupported, SchemaMalformed, GrammarTooLarge.
Result<Expression> CompileTyped(SchemaSource& source, const Json& schema,
                                const std::string& pointer);

Result<Expression> CompileObject(SchemaSource& source, const Json& schema,
                                 const std::string& pointer);
Result<Expression> CompileArray(SchemaSource& source, const Json& schema,
                                const std::string& pointer);
Result<Expression> CompileString(SchemaSource& source, const Json& schema,
                                 const std::string& pointer);

}  // namespace andon

#endif  // ANDON_GRAMMAR_SCHEMA_TYPES_H_
