// The small parts of an expert: calibration, added tokens, names of base models, the shelf.

#include <gtest/gtest.h>

#include "experts/base_match.h"
#include "experts/calibration.h"
#include "experts/expert_shelf.h"
#include "experts/tokenizer_delta.h"

namespace andon {
namespace {

TEST(Calibration, Temperature) {
  EXPECT_EQ(ParseCalibration(AsBytes(R"({"temperature": 1.5})"))->temperature, 1.5F);
  EXPECT_EQ(ParseCalibration(AsBytes("{}"))->temperature, 1);
}

TEST(Calibration, SectionMalformed) {
  for (const char* json :
       {"[]", R"({"temperature": "1"})", R"({"temperature": 0.001})", R"({"temperature": 1000})",
        R"({"temperature": null})", R"({"scale": 1})"}) {
    EXPECT_EQ(ParseCalibration(AsBytes(json)).code(), ErrorCode::kSectionMalformed) << json;
  }
  EXPECT_EQ(ParseCalibration(AsBytes("{")).code(), ErrorCode::kJsonSyntax);
}

TEST(TokenizerDelta, Tokens) {
  const auto tokens = ParseTokenizerDelta(AsBytes(R"({"added_tokens": [
      {"id": 10, "content": "<sql>", "special": true, "lstrip": false},
      {"id": 12, "content": "select"}]})"),
                                          10, 16);
  ASSERT_TRUE(tokens.ok()) << tokens.status().message();
  ASSERT_EQ(tokens->size(), 2u);
  EXPECT_EQ((*tokens)[0].id, 10u);
  EXPECT_EQ((*tokens)[0].text, "<sql>");
  EXPECT_TRUE((*tokens)[0].special);
  EXPECT_FALSE((*tokens)[1].special);
}

TEST(TokenizerDelta, Malformed) {
  for (const char* json :
       {"[]", R"({"tokens": []})", R"({"added_tokens": {}})", R"({"added_tokens": ["<x>"]})",
        R"({"added_tokens": [{"content": "<x>"}]})", R"({"added_tokens": [{"id": 10}]})",
        R"({"added_tokens": [{"id": 10, "content": ""}]})",
        R"({"added_tokens": [{"id": -1, "content": "<x>"}]})",
        R"({"added_tokens": [{"id": 4294967296, "content": "<x>"}]})",
        R"({"added_tokens": [{"id": 10, "content": "<x>", "special": 1}]})",
        R"({"added_tokens": [{"id": 10, "content": "<x>", "lstrip": true}]})",
        R"({"added_tokens": [{"id": 10, "content": "<x>", "color": false}]})",
        R"({"added_tokens": [{"id": 9, "content": "<x>"}]})",    // of the base
        R"({"added_tokens": [{"id": 16, "content": "<x>"}]})"})  // without a row
    EXPECT_EQ(ParseTokenizerDelta(AsBytes(json), 10, 16).code(), ErrorCode::kTokenizerDelta)
        << json;
}

TEST(NamesMatch, ApartFromFoldersCaseAndPunctuation) {
  EXPECT_TRUE(NamesMatch("Qwen/Qwen3-0.6B", "qwen3 0.6b instruct"));
  EXPECT_TRUE(NamesMatch("F:\\models\\Qwen3-0.6B", "Qwen3-0.6B"));
  EXPECT_FALSE(NamesMatch("Qwen3-0.6B", "Qwen3-4B"));
  EXPECT_TRUE(NamesMatch("", "Qwen3-4B"));
}

std::shared_ptr<const ReadyExpert> ExpertOf(uint8_t id, size_t bytes) {
  auto expert = std::make_shared<ReadyExpert>();
  expert->identity = {id};
  expert->grammar.assign(bytes, 'x');
  return expert;
}

TEST(ExpertShelf, KeepsThoseInUseWhateverTheirSize) {
  ExpertShelf shelf;
  shelf.SetBudget(0);
  auto used = ExpertOf(1, 100);
  shelf.Keep(used);
  shelf.Keep(ExpertOf(2, 100));
  EXPECT_EQ(shelf.Find({1}), used);
  EXPECT_EQ(shelf.Find({2}), nullptr);
  used.reset();
  shelf.Trim();
  EXPECT_EQ(shelf.size(), 0u);
}

TEST(ExpertShelf, LetsTheLeastRecentlyUsedGo) {
  ExpertShelf shelf;
  shelf.SetBudget(50'000);
  shelf.Keep(ExpertOf(1, 20'000));
  shelf.Keep(ExpertOf(2, 20'000));
  EXPECT_NE(shelf.Find({1}), nullptr);
  shelf.Keep(ExpertOf(3, 20'000));
  EXPECT_NE(shelf.Find({1}), nullptr);
  EXPECT_EQ(shelf.Find({2}), nullptr);
}

}  // namespace
}  // namespace andon
