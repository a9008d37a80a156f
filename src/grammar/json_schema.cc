// JSON Schema to rules. Where a schema allows what is of no use to a language model (two spellings
// of a key, members that nobody described), the grammar allows less: what it accepts satisfies the
// schema.

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "common/bytes.h"
#include "common/limits.h"
#include "grammar/grammar.h"
#include "grammar/json_text.h"
#include "grammar/schema_keywords.h"
#include "grammar/schema_types.h"

namespace andon {
namespace {

// Levels of a schema, in all its references together where they are merged.
constexpr uint64_t kMaxDepth = 64;

const Json* Find(const Json& schema, const std::string& keyword) {
  const auto found = schema.find(keyword);
  return found == schema.end() ? nullptr : &*found;
}

Json Without(const Json& schema, std::initializer_list<std::string_view> keywords) {
  Json rest = Json::object();
  for (const auto& [name, value] : schema.items()) {
    if (std::ranges::count(keywords, std::string_view(name)) == 0) rest[name] = value;
  }
  return rest;
}

bool SaysNothing(const Json& schema) {
  return std::ranges::all_of(schema.items(),
                             [](const auto& member) { return IsAnnotation(member.key()); });
}

uint64_t CountValues(const Json& value) {
  uint64_t count = 1;
  if (value.is_structured()) {
    for (const Json& part : value) count += CountValues(part);
  }
  return count;
}

// A token of a JSON Pointer to the name that it stands for.
std::string Unescaped(std::string_view token) {
  std::string name;
  for (size_t i = 0; i < token.size(); ++i) {
    const bool is_escape = token.substr(i).starts_with("~0") || token.substr(i).starts_with("~1");
    name += !is_escape ? token[i] : token[++i] == '0' ? '~' : '/';
  }
  return name;
}

class SchemaCompiler : public SchemaSource {
 public:
  explicit SchemaCompiler(const Json& root) : root_(root) { rules_.emplace_back().name = "root"; }

  Result<Rules> Run() {
    rule_of_.emplace("", 0);
    waiting_.push_back({"", &root_, 0});
    for (size_t i = 0; i < waiting_.size(); ++i) {  // grows on the way
      const Waiting target = waiting_[i];
      ANDON_ASSIGN_OR_RETURN(Expression body, Compile(*target.schema, target.pointer));
      rules_[target.rule].body = std::move(body);
    }
    return std::move(rules_);
  }

  JsonText& text() override { return text_; }

  Result<Expression> Compile(const Json& schema, const std::string& pointer) override {
    if (depth_ > 2 * kMaxDepth) return Unsupported(pointer, "it is merged with itself without end");
    ++depth_;
    Result<Expression> compiled = CompileWithin(schema, pointer);
    --depth_;
    return compiled;
  }

 private:
  struct Waiting {
    std::string pointer;
    const Json* schema = nullptr;
    uint32_t rule = 0;
  };

  Result<Expression> CompileWithin(const Json& schema, const std::string& pointer) {
    ANDON_RETURN_IF_ERROR(CheckSchema(schema, pointer));
    if (schema.is_boolean()) return schema.get<bool>() ? text_.AnyValue() : Choice({});
    const Json* reference = Find(schema, "$ref");
    if (reference != nullptr && SaysNothing(Without(schema, {"$ref"})))
      return Reference(reference->get_ref<const std::string&>(), Pointer(pointer, "$ref"));
    if (reference == nullptr && Find(schema, "allOf") == nullptr)
      return CompileAlternatives(schema, pointer);
    ANDON_ASSIGN_OR_RETURN(const Json merged, Merged(schema, pointer, 0));
    if (merged.is_boolean()) return Compile(merged, pointer);
    return CompileAlternatives(merged, pointer);
  }

  Result<Expression> Reference(const std::string& reference, const std::string& place) {
    ANDON_ASSIGN_OR_RETURN(const Json* target, Target(reference, place));
    const std::string pointer = reference.substr(1);
    const auto [known, is_new] =
        rule_of_.try_emplace(pointer, static_cast<uint32_t>(rules_.size()));
    if (is_new) {
      rules_.emplace_back().name = reference;
      waiting_.push_back({pointer, target, known->second});
    }
    return RuleReference(known->second);
  }

  // Of a JSON Pointer as a fragment (RFC 6901, 6), without percent signs.
  Result<const Json*> Target(const std::string& reference, const std::string& place) const {
    std::string_view rest = reference;
    if (!rest.starts_with("#") || (rest.size() > 1 && rest[1] != '/') ||
        rest.find('%') != rest.npos)
      return Unsupported(place,
                         "only pointers within the schema, such as #/$defs/name, are followed");
    const Json* at = &root_;
    rest.remove_prefix(1);
    while (!rest.empty()) {
      const size_t end = std::min(rest.find('/', 1), rest.size());
      at = Step(*at, rest.substr(1, end - 1));
      if (at == nullptr) return Malformed(place, "a reference to nothing");
      rest.remove_prefix(end);
    }
    return at;
  }

  static const Json* Step(const Json& at, std::string_view token) {
    const std::string name = Unescaped(token);
    if (at.is_object()) return Find(at, name);
    for (size_t i = 0; at.is_array() && i < at.size(); ++i) {
      if (std::to_string(i) == name) return &at[i];
    }
    return nullptr;
  }

  // Without "$ref" and "allOf" at its top.
  Result<Json> Merged(const Json& schema, const std::string& pointer, uint64_t depth) {
    ANDON_RETURN_IF_ERROR(CheckSchema(schema, pointer));
    if (depth > kMaxDepth) return Unsupported(pointer, "what it refers to refers to itself");
    ANDON_RETURN_IF_ERROR(Spend(CountValues(schema)));
    if (schema.is_boolean()) return schema;
    Json merged = Without(schema, {"$ref", "allOf"});
    if (const Json* reference = Find(schema, "$ref")) {
      const auto& name = reference->get_ref<const std::string&>();
      ANDON_ASSIGN_OR_RETURN(const Json* target, Target(name, Pointer(pointer, "$ref")));
      ANDON_ASSIGN_OR_RETURN(const Json resolved, Merged(*target, name.substr(1), depth + 1));
      ANDON_ASSIGN_OR_RETURN(merged, MergeSchemas(resolved, merged, pointer));
    }
    if (const Json* all = Find(schema, "allOf")) {
      for (size_t i = 0; i < all->size(); ++i) {
        const std::string place = Pointer(Pointer(pointer, "allOf"), std::to_string(i));
        ANDON_ASSIGN_OR_RETURN(const Json part, Merged((*all)[i], place, depth + 1));
        ANDON_ASSIGN_OR_RETURN(merged, MergeSchemas(merged, part, place));
      }
    }
    return merged;
  }

  // Counts values that are copied or compared.
  Status Spend(uint64_t values) {
    values_ += values;
    if (values_ <= limits::kMaxSchemaValues) return Status();
    return Error(ErrorCode::kGrammarTooLarge, "schema: merged, more than ",
                 limits::kMaxSchemaValues, " values");
  }

  Result<Expression> CompileAlternatives(const Json& schema, const std::string& pointer) {
    const Json* any = Find(schema, "anyOf");
    const Json* one = Find(schema, "oneOf");
    if (any == nullptr && one == nullptr) return CompileTyped(*this, schema, pointer);
    const char* keyword = any != nullptr ? "anyOf" : "oneOf";
    const std::string place = Pointer(pointer, keyword);
    if (any != nullptr && one != nullptr) return Unsupported(place, "'anyOf' and 'oneOf' at once");
    const Json& alternatives = any != nullptr ? *any : *one;
    const Json rest = Without(schema, {keyword});
    if (one != nullptr) ANDON_RETURN_IF_ERROR(CheckOneOf(rest, alternatives, place));
    std::vector<Expression> ways;
    for (size_t i = 0; i < alternatives.size(); ++i) {
      ANDON_ASSIGN_OR_RETURN(Expression way, CompileAlternative(rest, alternatives[i],
                                                                Pointer(place, std::to_string(i))));
      ways.push_back(std::move(way));
    }
    return Choice(std::move(ways));
  }

  Result<Expression> CompileAlternative(const Json& rest, const Json& alternative,
                                        const std::string& place) {
    if (SaysNothing(rest)) return Compile(alternative, place);
    ANDON_RETURN_IF_ERROR(Spend(CountValues(rest)));
    ANDON_ASSIGN_OR_RETURN(const Json resolved, Merged(alternative, place, 0));
    ANDON_ASSIGN_OR_RETURN(const Json merged, MergeSchemas(rest, resolved, place));
    return Compile(merged, place);
  }

  // A grammar cannot say "exactly one": the alternatives must exclude one another by themselves.
  Status CheckOneOf(const Json& rest, const Json& alternatives, const std::string& place) {
    std::vector<Json> merged;
    for (size_t i = 0; i < alternatives.size(); ++i) {
      const std::string own_place = Pointer(place, std::to_string(i));
      ANDON_ASSIGN_OR_RETURN(const Json resolved, Merged(alternatives[i], own_place, 0));
      ANDON_ASSIGN_OR_RETURN(Json both, MergeSchemas(rest, resolved, own_place));
      ANDON_RETURN_IF_ERROR(Spend(CountValues(rest) + merged.size()));
      for (const Json& before : merged) {
        if (!AreDisjoint(before, both))
          return Unsupported(own_place, "a value may satisfy it and an earlier one: use 'anyOf'");
      }
      merged.push_back(std::move(both));
    }
    return Status();
  }

  const Json& root_;
  Rules rules_;
  JsonText text_{rules_};
  std::map<std::string, uint32_t> rule_of_;  // by pointer
  std::vector<Waiting> waiting_;             // schemas whose rules have no body yet
  uint64_t values_ = 0;                      // merged so far
  uint64_t depth_ = 0;                       // of Compile()
};

}  // namespace

Result<std::shared_ptr<const Grammar>> GrammarFromJsonSchema(std::string_view json) {
  constexpr JsonLimits kLimits = {.max_bytes = limits::kMaxGrammarBytes, .max_depth = kMaxDepth};
  ANDON_ASSIGN_OR_RETURN(const Json schema, ParseJson(AsBytes(json), "schema", kLimits));
  ANDON_ASSIGN_OR_RETURN(const Rules rules, SchemaCompiler(schema).Run());
  return CompileGrammar(rules);
}

}  // namespace andon
