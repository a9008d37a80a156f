#include "trust/scope.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace andon {
namespace {

// The definition itself, in exponential time.
bool Matches(std::string_view scope, std::string_view name) {
  if (scope.empty()) return name.empty();
  if (scope[0] != '*') {
    return !name.empty() && scope[0] == name[0] && Matches(scope.substr(1), name.substr(1));
  }
  return Matches(scope.substr(1), name) || (!name.empty() && Matches(scope, name.substr(1)));
}

// Every text over `alphabet` up to `length` characters.
std::vector<std::string> TextsOver(std::string_view alphabet, size_t length) {
  std::vector<std::string> texts = {""};
  for (size_t begin = 0; length > 0; --length) {
    const size_t end = texts.size();
    for (; begin < end; ++begin) {
      for (const char c : alphabet) texts.push_back(texts[begin] + c);
    }
  }
  return texts;
}

TEST(Scope, MatchesWhatItShould) {
  EXPECT_TRUE(ScopeMatches("expert-acme-*", "expert-acme-sql"));
  EXPECT_TRUE(ScopeMatches("expert-acme-*", "expert-acme-"));
  EXPECT_TRUE(ScopeMatches("*", ""));
  EXPECT_TRUE(ScopeMatches("expert-*-sql", "expert-a-b-sql"));
  EXPECT_TRUE(ScopeMatches("expert-sql", "expert-sql"));
  EXPECT_FALSE(ScopeMatches("expert-acme-*", "expert-acme"));
  EXPECT_FALSE(ScopeMatches("expert-sql", "expert-sql2"));
  EXPECT_FALSE(ScopeMatches("expert-?", "expert-a"));
  EXPECT_FALSE(ScopeMatches("expert-acme-*", "Expert-acme-sql"));
}

TEST(Scope, MatchesAsTheDefinitionDoes) {
  const auto scopes = TextsOver("ab*", 5);
  const auto names = TextsOver("ab", 6);
  for (const std::string& scope : scopes) {
    for (const std::string& name : names) {
      ASSERT_EQ(ScopeMatches(scope, name), Matches(scope, name)) << scope << ' ' << name;
    }
  }
}

// Names over one character more than the scopes use stand for all names there are: a counterexample
// needs no more than one other character for each star.
TEST(Scope, ContainsExactlyWhereEveryNameIsMatched) {
  const auto scopes = TextsOver("ab*", 4);
  const auto names = TextsOver("abc", 5);
  std::vector<std::vector<bool>> matches;
  for (const std::string& scope : scopes) {
    auto& row = matches.emplace_back();
    for (const std::string& name : names) row.push_back(ScopeMatches(scope, name));
  }
  for (size_t outer = 0; outer < scopes.size(); ++outer) {
    for (size_t inner = 0; inner < scopes.size(); ++inner) {
      bool contains = true;
      for (size_t i = 0; contains && i < names.size(); ++i) {
        contains = !matches[inner][i] || matches[outer][i];
      }
      ASSERT_EQ(ScopeContains(scopes[outer], scopes[inner]), contains)
          << scopes[outer] << ' ' << scopes[inner];
    }
  }
}

TEST(Scope, TakesLinearTime) {
  std::string scope, name(1'000'000, 'a');
  for (int i = 0; i < 1000; ++i) scope += "*" + std::string(100, 'a') + "b";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(ScopeMatches(scope, name));
  EXPECT_FALSE(ScopeMatches("*" + std::string(500'000, 'a') + "b*", name));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace andon
