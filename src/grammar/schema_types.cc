#include "grammar/schema_types.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "grammar/integer_range.h"
#include "grammar/schema_keywords.h"

namespace andon {
namespace {

bool Has(const Json& schema, const char* keyword) { return schema.contains(keyword); }

bool HasBounds(const Json& schema) {
  return Has(schema, "minimum") || Has(schema, "maximum") || Has(schema, "exclusiveMinimum") ||
         Has(schema, "exclusiveMaximum");
}

// "const" and "enum": each value that the types allow.
Result<Expression> CompileValues(SchemaSource& source, const Json& schema,
                                 const std::string& pointer) {
  for (const auto& [name, unused] : schema.items()) {
    const bool is_known = name == "const" || name == "enum" || name == "type";
    if (!is_known && !IsAnnotation(name))
      return Unsupported(Pointer(pointer, name), "beside 'const' or 'enum'");
  }
  const uint32_t types = TypesOf(schema);
  const Json values = Has(schema, "enum") ? schema["enum"] : Json::array({schema["const"]});
  std::vector<Expression> ways;
  for (const Json& value : values) {
    const bool is_const = !Has(schema, "const") || schema["const"] == value;
    if (is_const && (TypeOf(value) & types) != 0) ways.push_back(source.text().Value(value));
  }
  return Choice(std::move(ways));
}

// The whole number next to a bound, at most as far from zero as whole numbers are told apart.
int64_t WholeBound(const Json& bound, bool upwards, bool exclusive) {
  constexpr auto kMost = static_cast<double>(kMaxWholeNumber);
  const auto value = std::clamp(bound.get<double>(), -kMost, kMost);
  const double whole = upwards ? std::ceil(value) : std::floor(value);
  if (!exclusive || whole != value) return static_cast<int64_t>(whole);
  return std::clamp(static_cast<int64_t>(whole) + (upwards ? 1 : -1), -kMaxWholeNumber,
                    kMaxWholeNumber);
}

Expression CompileInteger(SchemaSource& source, const Json& schema) {
  if (!HasBounds(schema)) return source.text().Integer();
  int64_t least = -kMaxWholeNumber;
  int64_t most = kMaxWholeNumber;
  if (Has(schema, "minimum")) least = WholeBound(schema["minimum"], true, false);
  if (Has(schema, "exclusiveMinimum"))
    least = std::max(least, WholeBound(schema["exclusiveMinimum"], true, true));
  if (Has(schema, "maximum")) most = WholeBound(schema["maximum"], false, false);
  if (Has(schema, "exclusiveMaximum"))
    most = std::min(most, WholeBound(schema["exclusiveMaximum"], false, true));
  return IntegerRange(least, most);
}

Result<Expression> CompileNumber(SchemaSource& source, const Json& schema,
                                 const std::string& pointer) {
  for (const char* bound : {"maximum", "exclusiveMinimum", "exclusiveMaximum"}) {
    if (Has(schema, bound))
      return Unsupported(Pointer(pointer, bound), "of numbers that are not whole");
  }
  if (Has(schema, "minimum") && schema["minimum"] != 0)
    return Unsupported(Pointer(pointer, "minimum"), "other than 0, of numbers that are not whole");
  return source.text().Number(!Has(schema, "minimum"));
}

}  // namespace

Result<Expression> CompileTyped(SchemaSource& source, const Json& schema,
                                const std::string& pointer) {
  if (Has(schema, "const") || Has(schema, "enum")) return CompileValues(source, schema, pointer);
  const uint32_t types = TypesOf(schema);
  const bool any_number = (types & kTypeNumber) == kTypeNumber;
  std::vector<Expression> ways;
  const auto add = [&](Result<Expression> way) {
    if (way.ok()) ways.push_back(*std::move(way));
    return way.status();
  };
  if ((types & kTypeNull) != 0) ways.push_back(Literal("null"));
  if ((types & kTypeBoolean) != 0) ways.push_back(Choice({Literal("true"), Literal("false")}));
  if ((types & kTypeObject) != 0)
    ANDON_RETURN_IF_ERROR(add(CompileObject(source, schema, pointer)));
  if ((types & kTypeArray) != 0) ANDON_RETURN_IF_ERROR(add(CompileArray(source, schema, pointer)));
  if ((types & kTypeString) != 0)
    ANDON_RETURN_IF_ERROR(add(CompileString(source, schema, pointer)));
  if (any_number) {
    ANDON_RETURN_IF_ERROR(add(CompileNumber(source, schema, pointer)));
  } else if ((types & kTypeInteger) != 0) {
    ways.push_back(CompileInteger(source, schema));
  }
  return Choice(std::move(ways));
}

}  // namespace andon
