#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "common/limits.h"
#include "grammar/schema_keywords.h"
#include "grammar/schema_types.h"

namespace andon {
namespace {

struct Member {
  Expression expression;  // key and value
  bool is_required = false;
};

// The members that a schema names, in its order: those of "properties", then those that are only in
// "required", in the order of their letters. `names` are theirs.
Result<std::vector<Member>> StatedMembers(SchemaSource& source, const Json& schema,
                                          const std::string& pointer,
                                          std::vector<std::string>& names) {
  std::vector<Member> members;
  std::set<std::string> required;
  for (const Json& name : schema.value("required", Json::array())) required.insert(name);
  const auto add = [&](const std::string& name, const Json& value, const std::string& place) {
    Result<Expression> compiled = source.Compile(value, place);
    if (compiled.ok()) {
      names.push_back(name);
      Expression member = source.text().Member(source.text().Value(name), *std::move(compiled));
      members.push_back({std::move(member), required.contains(name)});
    }
    return compiled.status();
  };
  const Json properties = schema.value("properties", Json::object());
  for (const auto& [name, value] : properties.items())
    ANDON_RETURN_IF_ERROR(add(name, value, Pointer(Pointer(pointer, "properties"), name)));
  const Json other = schema.value("additionalProperties", Json(true));
  for (const std::string& name : required) {
    if (!properties.contains(name))
      ANDON_RETURN_IF_ERROR(add(name, other, Pointer(pointer, "additionalProperties")));
  }
  return members;
}

// Members that the schema does not name. Where it names some and says nothing about others, there
// are none.
Result<std::vector<Expression>> OtherMember(SchemaSource& source, const Json& schema,
                                            const std::string& pointer,
                                            const std::vector<std::string>& names) {
  const bool is_open = schema.contains("additionalProperties") || !schema.contains("properties");
  const Json other = schema.value("additionalProperties", Json(is_open));
  if (!is_open || other == false) return std::vector<Expression>();
  for (const std::string& name : names) {
    if (name.size() > limits::kMaxSchemaNameBytes) {
      return Error(ErrorCode::kGrammarTooLarge, "schema: a name of more than ",
                   limits::kMaxSchemaNameBytes, " bytes beside others that are not named");
    }
  }
  const std::string place = Pointer(pointer, "additionalProperties");
  ANDON_ASSIGN_OR_RETURN(Expression value, source.Compile(other, place));
  Expression key = names.empty() ? source.text().AnyString() : StringExcept(names);
  Expression member = source.text().Member(std::move(key), std::move(value));
  return std::vector<Expression>{source.text().AsRule(place, std::move(member))};
}

// What follows `members` from `first` on, where a member came before.
Expression Following(JsonText& text, const std::vector<Member>& members, size_t first,
                     const std::vector<Expression>& other) {
  std::vector<Expression> parts;
  for (size_t i = first; i < members.size(); ++i) {
    Expression next = text.Next(members[i].expression);
    parts.push_back(members[i].is_required ? std::move(next) : Optional(std::move(next)));
  }
  for (const Expression& one : other) parts.push_back(Repetition(text.Next(one), 0));
  return Sequence(std::move(parts));
}

uint64_t Count(const Json& schema, const char* keyword, uint64_t otherwise) {
  return schema.contains(keyword) ? schema[keyword].get<uint64_t>() : otherwise;
}

Status CheckCount(const Json& schema, const char* keyword, const std::string& pointer) {
  if (Count(schema, keyword, 0) <= limits::kMaxGrammarStates) return Status();
  return Error(ErrorCode::kGrammarTooLarge, "schema: ", Quoted(Pointer(pointer, keyword)),
               " is more than ", limits::kMaxGrammarStates);
}

}  // namespace

Result<Expression> CompileObject(SchemaSource& source, const Json& schema,
                                 const std::string& pointer) {
  JsonText& text = source.text();
  std::vector<std::string> names;
  ANDON_ASSIGN_OR_RETURN(std::vector<Member> members,
                         StatedMembers(source, schema, pointer, names));
  ANDON_ASSIGN_OR_RETURN(const std::vector<Expression> other,
                         OtherMember(source, schema, pointer, names));
  const auto required = std::ranges::find(members, true, &Member::is_required);
  const auto optional = static_cast<size_t>(required - members.begin());
  // The first member to come is one of those up to the first that is required; what follows each of
  // them is a rule, which ends with the next one.
  const size_t leading = std::min(optional + 1, members.size());
  for (size_t i = 0; i < leading && leading > 1; ++i)
    members[i].expression = text.AsRule(pointer + "#" + names[i], std::move(members[i].expression));
  std::vector<Expression> ways;
  Expression following = Following(text, members, leading, other);
  for (size_t i = leading; i > 0; --i) {
    if (leading > 1) following = text.AsRule(pointer + "#", std::move(following));
    ways.push_back(Sequence({members[i - 1].expression, following}));
    Expression next = text.Next(members[i - 1].expression);
    if (!members[i - 1].is_required) next = Optional(std::move(next));
    following = Sequence({std::move(next), std::move(following)});
  }
  if (required == members.end()) {  // none of them needs to come
    for (const Expression& one : other) ways.push_back(text.List(one, 1, kUnbounded));
    ways.push_back(Sequence({}));
  }
  return text.Enclosed("{", Choice(std::move(ways)), "}");
}

Result<Expression> CompileArray(SchemaSource& source, const Json& schema,
                                const std::string& pointer) {
  ANDON_RETURN_IF_ERROR(CheckCount(schema, "minItems", pointer));
  JsonText& text = source.text();
  const Json prefix = schema.value("prefixItems", Json::array());
  // Where a schema says what comes first and nothing about others, there are none.
  const Json items = schema.value("items", Json(prefix.empty()));
  const uint64_t least = Count(schema, "minItems", 0);
  uint64_t most = Count(schema, "maxItems", kUnbounded);
  if (most != kUnbounded) ANDON_RETURN_IF_ERROR(CheckCount(schema, "maxItems", pointer));
  if (items == false) most = std::min<uint64_t>(most, prefix.size());
  if (least > most) return Choice({});

  const std::string place = Pointer(pointer, "items");
  ANDON_ASSIGN_OR_RETURN(Expression item, source.Compile(items, place));
  if (item.kind != Expression::Kind::kRule) item = text.AsRule(place, std::move(item));
  if (prefix.empty()) return text.Enclosed("[", text.List(std::move(item), least, most), "]");

  const uint64_t stated = std::min<uint64_t>(most, prefix.size());
  const auto more = static_cast<uint32_t>(most == kUnbounded ? most : most - stated);
  const auto more_least = static_cast<uint32_t>(least > stated ? least - stated : 0);
  Expression following =
      items == false ? Sequence({}) : Repetition(text.Next(std::move(item)), more_least, more);
  for (size_t i = static_cast<size_t>(stated); i > 0; --i) {
    const std::string own_place = Pointer(Pointer(pointer, "prefixItems"), std::to_string(i - 1));
    ANDON_ASSIGN_OR_RETURN(Expression one, source.Compile(prefix[i - 1], own_place));
    following = text.AsRule(own_place + "#", std::move(following));
    if (i > 1) one = text.Next(std::move(one));
    following = Sequence({std::move(one), std::move(following)});
    if (i > least) following = Optional(std::move(following));
  }
  return text.Enclosed("[", std::move(following), "]");
}

}  // namespace andon
