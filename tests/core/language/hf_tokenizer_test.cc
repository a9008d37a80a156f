#include "language/hf_tokenizer.h"

#include <gtest/gtest.h>

#include <functional>

#include "common/limits.h"
#include "tests/core/support/peak_memory.h"
#include "tests/core/support/sample_tokenizer_json.h"
#include "transformer/tokenizer.h"

namespace andon {
namespace {

using Change = std::function<void(Json& root)>;

Result<TokenizerData> Parse(const Json& root, const std::string& config = "",
                            const std::string& generation = "") {
  return ParseTokenizerJson(AsBytes(DumpJson(root)), AsBytes(config), AsBytes(generation));
}

TokenizerData DataOf(const Json& root, const std::string& config = "",
                     const std::string& generation = "") {
  auto data = Parse(root, config, generation);
  EXPECT_TRUE(data.ok()) << data.status().message();
  return std::move(*data);
}

Json Changed(Json root, const Change& change) {
  change(root);
  return root;
}

std::string CodeOfText(std::string_view text) {
  return std::string(ErrorCodeName(ParseTokenizerJson(AsBytes(text)).code()));
}

// The code of the file after a change.
ErrorCode CodeWith(const Json& root, const Change& change) {
  return Parse(Changed(root, change)).code();
}

// The same text with one part in place of another.
std::string Replaced(std::string text, std::string_view part, std::string_view by) {
  const size_t at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return text.replace(at, part.size(), by);
}

constexpr auto kRefused = ErrorCode::kTokenizerError;
constexpr auto kOk = ErrorCode::kOk;

// -- byte-level BPE

TEST(HfTokenizer, BytePairsAreRead) {
  const TokenizerData data = DataOf(SampleBytePairsJson());
  EXPECT_EQ(data.kind, TokenizerKind::kBytePairs);
  EXPECT_EQ(data.words, WordRule::kQwen2);
  EXPECT_TRUE(data.normalize_nfc);
  EXPECT_FALSE(data.ignore_merges);
  EXPECT_FALSE(data.add_begin);
  EXPECT_EQ(data.end_of_turn, std::vector<uint32_t>{258});  // by its name
  const auto tokenizer = Tokenizer::Make(data);
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  EXPECT_EQ((*tokenizer)->Encode("hel<tool><|im_end|>", true),
            (std::vector<uint32_t>{257, 259, 258}));
  EXPECT_EQ((*tokenizer)->Encode("<tool>", false), std::vector<uint32_t>{259});
}

TEST(HfTokenizer, WordsAreCutByKnownExpressions) {
  const Json byte_level = {{"type", "ByteLevel"}, {"add_prefix_space", false}};
  const Json digits = {{"type", "Digits"}, {"individual_digits", true}};
  const std::vector<std::pair<Json, WordRule>> rules = {
      {SampleSplit(kQwen2Expression), WordRule::kQwen2},
      {SampleSplit(kLlama3Expression), WordRule::kLlama3},
      {byte_level, WordRule::kGpt2},
      {{{"type", "Sequence"}, {"pretokenizers", Json::array({byte_level})}}, WordRule::kGpt2},
      {{{"type", "Sequence"}, {"pretokenizers", Json::array({digits, byte_level})}},
       WordRule::kGpt2Digits}};
  for (const auto& [rule, words] : rules) {
    Json root = SampleBytePairsJson();
    root["pre_tokenizer"] = rule;
    EXPECT_EQ(DataOf(root).words, words) << DumpJson(rule);
  }
}

TEST(HfTokenizer, AnUnknownExpressionIsNamed) {
  const auto data = Parse(Changed(SampleBytePairsJson(), [](Json& root) {
    root["pre_tokenizer"] = SampleSplit("[a-z]+|[^a-z]+");
  }));
  EXPECT_EQ(data.code(), kRefused);
  EXPECT_NE(data.status().message().find("[a-z]+|[^a-z]+"), std::string::npos);
}

TEST(HfTokenizer, OtherRulesOfWordsAreRefused) {
  const auto with = [](const Change& change) {
    return CodeWith(SampleBytePairsJson(), [&](Json& root) { change(root["pre_tokenizer"]); });
  };
  EXPECT_EQ(with([](Json& rule) { rule = nullptr; }), kRefused);
  EXPECT_EQ(with([](Json& rule) { rule = "ByteLevel"; }), kRefused);
  EXPECT_EQ(with([](Json& rule) { rule = {{"type", "Whitespace"}}; }), kRefused);
  EXPECT_EQ(with([](Json& rule) { rule["pretokenizers"] = "ByteLevel"; }), kRefused);
  EXPECT_EQ(with([](Json& rule) { rule["pretokenizers"].erase(0); }), kRefused);
  EXPECT_EQ(with([](Json& rule) { rule["pretokenizers"].push_back({{"type", "NFC"}}); }), kRefused);
  EXPECT_EQ(with([](Json& rule) { rule["pretokenizers"][0]["behavior"] = "Removed"; }), kRefused);
  EXPECT_EQ(with([](Json& rule) { rule["pretokenizers"][0]["invert"] = true; }), kRefused);
  EXPECT_EQ(with([](Json& rule) { rule["pretokenizers"][0].erase("invert"); }), kRefused);
  EXPECT_EQ(with([](Json& rule) {
              rule["pretokenizers"][0]["pattern"] = {{"String", "a"}};
            }),
            kRefused);
  EXPECT_EQ(with([](Json& rule) { rule["pretokenizers"][0]["type"] = "Digits"; }), kRefused);
  EXPECT_EQ(with([](Json& rule) { rule["pretokenizers"][1]["use_regex"] = true; }), kRefused);
  EXPECT_EQ(with([](Json& rule) { rule["pretokenizers"][1]["use_regex"] = 0; }), kRefused);
  EXPECT_EQ(with([](Json& rule) { rule["pretokenizers"][1]["add_prefix_space"] = true; }),
            kRefused);
  EXPECT_EQ(with([](Json& rule) { rule["pretokenizers"][1].erase("add_prefix_space"); }), kRefused);
}

TEST(HfTokenizer, DigitsAreCutApartBeforeTheRuleOfGpt2Alone) {
  const auto with = [](bool individual, bool prefix) {
    Json root = SampleBytePairsJson();
    root["pre_tokenizer"]["pretokenizers"] =
        Json::array({{{"type", "Digits"}, {"individual_digits", individual}},
                     {{"type", "ByteLevel"}, {"add_prefix_space", prefix}, {"use_regex", true}}});
    return Parse(root).code();
  };
  EXPECT_EQ(with(true, false), kOk);
  EXPECT_EQ(with(false, false), kRefused);
  EXPECT_EQ(with(true, true), kRefused);
}

TEST(HfTokenizer, NormalizersOfBytePairs) {
  const auto nfc = [](const Json& normalizer) {
    return Parse(
        Changed(SampleBytePairsJson(), [&](Json& root) { root["normalizer"] = normalizer; }));
  };
  const Json sequence = {{"type", "Sequence"}, {"normalizers", Json::array({{{"type", "NFC"}}})}};
  EXPECT_FALSE(nfc(nullptr)->normalize_nfc);
  EXPECT_TRUE(nfc(sequence)->normalize_nfc);
  EXPECT_EQ(nfc({{"type", "NFKC"}}).code(), kRefused);
}

// -- SentencePiece

TEST(HfTokenizer, SentencePieceIsRead) {
  const TokenizerData data = DataOf(SampleSentencePieceJson());
  EXPECT_EQ(data.kind, TokenizerKind::kSentencePiece);
  EXPECT_EQ(data.space_prefix, SpacePrefix::kEach);
  EXPECT_EQ(data.unknown, 0);
  EXPECT_EQ(data.begin, 1);
  EXPECT_TRUE(data.add_begin);
  EXPECT_EQ(data.appended, std::nullopt);
  EXPECT_EQ(data.types[1], TokenType::kControl);
  EXPECT_EQ(data.types[261], TokenType::kNormal);
  const auto tokenizer = Tokenizer::Make(data);
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  EXPECT_EQ((*tokenizer)->Encode("ab", false),
            (std::vector<uint32_t>{3 + 0xE2, 3 + 0x96, 3 + 0x81, 261}));
}

TEST(HfTokenizer, SpacesBeforeWords) {
  const auto prefix = [](const Change& change) {
    return Parse(Changed(SampleSentencePieceJson(), change));
  };
  const auto metaspace = [&](const std::string& scheme) {
    return prefix([&](Json& root) {
      root["normalizer"] = nullptr;
      root["pre_tokenizer"] = {{"type", "Metaspace"},
                               {"replacement", kSampleSpace},
                               {"prepend_scheme", scheme},
                               {"split", false}};
    });
  };
  EXPECT_EQ(metaspace("first")->space_prefix, SpacePrefix::kFirst);
  EXPECT_EQ(metaspace("never")->space_prefix, SpacePrefix::kNone);
  EXPECT_EQ(metaspace("always").code(), kRefused);
  EXPECT_EQ(prefix([](Json& root) { root["normalizer"]["normalizers"].erase(0); })->space_prefix,
            SpacePrefix::kNone);
  EXPECT_EQ(prefix([](Json& root) {
              root["normalizer"] = Json(root["normalizer"]["normalizers"][1]);
            })->space_prefix,
            SpacePrefix::kNone);
}

TEST(HfTokenizer, OtherRulesOfSpacesAreRefused) {
  const auto with = [](const Change& change) {
    return CodeWith(SampleSentencePieceJson(), change);
  };
  const auto steps = [](Json& root) -> Json& { return root["normalizer"]["normalizers"]; };
  EXPECT_EQ(with([](Json& root) { root["normalizer"] = nullptr; }), kRefused);
  EXPECT_EQ(with([](Json& root) { root["pre_tokenizer"] = {{"type", "ByteLevel"}}; }), kRefused);
  EXPECT_EQ(with([&](Json& root) { steps(root).push_back({{"type", "NFC"}}); }), kRefused);
  EXPECT_EQ(with([&](Json& root) { steps(root).erase(1); }), kRefused);
  EXPECT_EQ(with([&](Json& root) { steps(root)[0]["prepend"] = "_"; }), kRefused);
  EXPECT_EQ(with([&](Json& root) { steps(root)[0]["type"] = "Append"; }), kRefused);
  EXPECT_EQ(with([&](Json& root) { steps(root)[1]["content"] = "_"; }), kRefused);
  EXPECT_EQ(with([&](Json& root) { steps(root)[1]["pattern"]["String"] = "  "; }), kRefused);
  EXPECT_EQ(with([&](Json& root) { steps(root)[1]["type"] = "Prepend"; }), kRefused);
  for (const auto* const key : {"type", "replacement", "prepend_scheme", "split"}) {
    EXPECT_EQ(with([&](Json& root) {
                root["normalizer"] = nullptr;
                root["pre_tokenizer"] = {{"type", "Metaspace"},
                                         {"replacement", kSampleSpace},
                                         {"prepend_scheme", "first"},
                                         {"split", false}};
                root["pre_tokenizer"].erase(key);
              }),
              kRefused)
        << key;
  }
}

// -- the model

TEST(HfTokenizer, AWordMayIgnoreMerges) {
  EXPECT_TRUE(DataOf(Changed(SampleBytePairsJson(), [](Json& root) {
                root["model"]["ignore_merges"] = true;
              })).ignore_merges);
}

TEST(HfTokenizer, OtherModelsAreRefused) {
  const auto with = [](const std::string& key, const Json& value) {
    return CodeWith(SampleBytePairsJson(), [&](Json& root) { root["model"][key] = value; });
  };
  EXPECT_EQ(with("type", "WordPiece"), kRefused);
  EXPECT_EQ(with("dropout", 0.1), kRefused);
  EXPECT_EQ(with("continuing_subword_prefix", "##"), kRefused);
  EXPECT_EQ(with("end_of_word_suffix", "</w>"), kRefused);
  EXPECT_EQ(with("byte_fallback", 1), kRefused);
  EXPECT_EQ(with("ignore_merges", "yes"), kRefused);
  EXPECT_EQ(with("unk_token", "missing"), kRefused);
  EXPECT_EQ(with("unk_token", 5), kRefused);
  EXPECT_EQ(with("dropout", 0), kOk);
  EXPECT_EQ(CodeWith(SampleBytePairsJson(), [](Json& root) { root["model"].erase("type"); }), kOk);
}

TEST(HfTokenizer, AMissingPartIsRefused) {
  EXPECT_EQ(CodeWith(SampleBytePairsJson(), [](Json& root) { root.erase("model"); }), kRefused);
  for (const auto* const key : {"vocab", "merges"}) {
    EXPECT_EQ(CodeWith(SampleBytePairsJson(), [&](Json& root) { root["model"].erase(key); }),
              kRefused);
  }
}

TEST(HfTokenizer, AMergeOfNoTokensIsRefused) {
  for (const Json& merge : std::vector<Json>{"h", "", "h ", "he x", "x he", "h  e",
                                             Json::array({"he", "x"}), Json::array({"", "he"})}) {
    EXPECT_EQ(
        CodeWith(SampleBytePairsJson(), [&](Json& root) { root["model"]["merges"][0] = merge; }),
        kRefused)
        << DumpJson(merge);
  }
}

TEST(HfTokenizer, AMergeThatIsNoPairIsRefused) {
  for (const Json& merge : std::vector<Json>{1, nullptr, Json::array(), Json::array({"h"}),
                                             Json::array({"h", 1}), Json::array({"h", "e", "l"})}) {
    EXPECT_EQ(
        CodeWith(SampleBytePairsJson(), [&](Json& root) { root["model"]["merges"][0] = merge; }),
        ErrorCode::kJsonSyntax)
        << DumpJson(merge);
  }
}

TEST(HfTokenizer, AnIdTwiceIsRefused) {
  EXPECT_EQ(CodeWith(SampleBytePairsJson(), [](Json& root) { root["model"]["vocab"]["he"] = 0; }),
            kRefused);
}

TEST(HfTokenizer, AnIdBeyondTheLimitIsRefused) {
  EXPECT_EQ(CodeWith(SampleBytePairsJson(),
                     [](Json& root) { root["model"]["vocab"]["x y"] = limits::kMaxVocabulary; }),
            kRefused);
}

TEST(HfTokenizer, AnIdThatIsNoIntegerIsRefused) {
  EXPECT_EQ(CodeWith(SampleBytePairsJson(), [](Json& root) { root["model"]["vocab"]["he"] = -1; }),
            ErrorCode::kJsonSyntax);
}

TEST(HfTokenizer, ATextTwiceIsRefused) {
  const std::string text = DumpJson(SampleBytePairsJson());
  EXPECT_EQ(CodeOfText(Replaced(text, R"("hel":257)", R"("he":257)")), "TokenizerError");
}

TEST(HfTokenizer, AHoleIsRefusedWhenTheTokenizerIsMade) {
  const Json root =
      Changed(SampleBytePairsJson(), [](Json& r) { r["added_tokens"][1]["id"] = 260; });
  EXPECT_EQ(Tokenizer::Make(DataOf(root)).code(), kRefused);
}

// -- added tokens

TEST(HfTokenizer, NoAddedTokens) {
  const TokenizerData data =
      DataOf(Changed(SampleBytePairsJson(), [](Json& root) { root.erase("added_tokens"); }));
  EXPECT_EQ(data.types, std::vector<TokenType>(258, TokenType::kNormal));
}

TEST(HfTokenizer, TheVocabularyMayHaveAnAddedToken) {
  const TokenizerData data = DataOf(Changed(
      SampleBytePairsJson(), [](Json& root) { root["model"]["vocab"]["<|im_end|>"] = 258; }));
  EXPECT_EQ(data.types[258], TokenType::kControl);
}

TEST(HfTokenizer, AnAddedTokenTwiceIsRefused) {
  const auto added = [](const Json& token) {
    return CodeWith(SampleBytePairsJson(),
                    [&](Json& root) { root["added_tokens"].push_back(token); });
  };
  EXPECT_EQ(added(SampleAddedToken(259, "<tool>", false)), kRefused);
  EXPECT_EQ(added(SampleAddedToken(260, "<tool>", false)), kRefused);
  EXPECT_EQ(added(SampleAddedToken(259, "<other>", false)), kRefused);
  EXPECT_EQ(added(SampleAddedToken(260, "he", false)), kRefused);
  EXPECT_EQ(added(SampleAddedToken(260, "<other>", false)), kOk);
}

TEST(HfTokenizer, AddedTokensWithRulesOfTheirOwnAreRefused) {
  const auto with = [](const std::string& key, const Json& value) {
    return CodeWith(SampleBytePairsJson(),
                    [&](Json& root) { root["added_tokens"][0][key] = value; });
  };
  for (const auto* const key : {"single_word", "lstrip", "rstrip"}) {
    EXPECT_EQ(with(key, true), kRefused) << key;
    EXPECT_EQ(with(key, 0), kRefused) << key;
  }
}

TEST(HfTokenizer, AddedTokensOfAnotherFormAreRefused) {
  const auto with = [](const std::string& key, const Json& value) {
    return CodeWith(SampleBytePairsJson(),
                    [&](Json& root) { root["added_tokens"][0][key] = value; });
  };
  EXPECT_EQ(with("id", nullptr), kRefused);
  EXPECT_EQ(with("id", -1), kRefused);
  EXPECT_EQ(with("id", uint64_t{1} << 32), kRefused);
  EXPECT_EQ(with("id", UINT32_MAX), kRefused);
  EXPECT_EQ(with("content", nullptr), kRefused);
  EXPECT_EQ(with("content", ""), kRefused);
  EXPECT_EQ(with("special", "yes"), kRefused);
  const auto all = [](const Json& value) {
    return CodeWith(SampleBytePairsJson(), [&](Json& root) { root["added_tokens"] = value; });
  };
  EXPECT_EQ(all(Json::array({"<s>"})), kRefused);
  EXPECT_EQ(all(5), ErrorCode::kJsonSyntax);
}

// -- what begins and ends a text

TEST(HfTokenizer, ATemplateBeginsAndEndsATextWithTokens) {
  Json steps = Json::array({{{"type", "ByteLevel"}}, SampleTemplate()});
  steps[1]["single"].push_back({{"SpecialToken", {{"id", "</s>"}, {"type_id", 0}}}});
  const TokenizerData data = DataOf(Changed(SampleSentencePieceJson(), [&](Json& root) {
    root["post_processor"] = {{"type", "Sequence"}, {"processors", steps}};
  }));
  EXPECT_TRUE(data.add_begin);
  EXPECT_EQ(data.begin, 1);
  EXPECT_EQ(data.end, 2);
  EXPECT_EQ(data.appended, 2);
}

// As Qwen3-Embedding has it: what ends a text is not what ends an answer.
TEST(HfTokenizer, ATemplateAppendsItsOwnTokenWhateverEndsAnAnswer) {
  const Json json = Changed(SampleSentencePieceJson(), [&](Json& root) {
    root["post_processor"] = SampleTemplate();
    root["post_processor"]["single"].push_back({{"SpecialToken", {{"id", "</s>"}}}});
  });
  const TokenizerData data = DataOf(json, R"({"eos_token": "<s>"})");
  EXPECT_EQ(data.appended, 2);
  EXPECT_EQ(data.end, 1);
  EXPECT_EQ(DataOf(json, R"({"add_eos_token": false})").appended, std::nullopt);
}

TEST(HfTokenizer, NoPostProcessorAddsNothing) {
  EXPECT_FALSE(DataOf(Changed(SampleSentencePieceJson(), [](Json& root) {
                 root["post_processor"] = nullptr;
               })).add_begin);
}

TEST(HfTokenizer, OtherTemplatesAreRefused) {
  const auto with = [](const Change& change) {
    return CodeWith(SampleSentencePieceJson(), [&](Json& root) { change(root["post_processor"]); });
  };
  EXPECT_EQ(with([](Json& rule) { rule["type"] = "BertProcessing"; }), kRefused);
  EXPECT_EQ(with([](Json& rule) { rule.erase("single"); }), kRefused);
  EXPECT_EQ(with([](Json& rule) { rule["single"].erase(1); }), kRefused);
  EXPECT_EQ(with([](Json& rule) { rule["single"].push_back(Json(rule["single"][1])); }), kRefused);
  EXPECT_EQ(with([](Json& rule) { rule["single"][0] = Json(rule["single"][1]); }), kRefused);
  EXPECT_EQ(with([](Json& rule) { rule["single"][0]["SpecialToken"]["id"] = "missing"; }),
            kRefused);
  EXPECT_EQ(with([](Json& rule) { rule["single"][0]["SpecialToken"]["id"] = 1; }), kRefused);
  EXPECT_EQ(with([](Json& rule) {
              rule["single"].insert(rule["single"].begin(), Json(rule["single"][0]));
            }),
            kRefused);
}

TEST(HfTokenizer, TheConfigurationNamesBeginAndEnd) {
  const TokenizerData data = DataOf(
      SampleBytePairsJson(),
      R"({"bos_token": {"content": "<tool>"}, "eos_token": "<|im_end|>", "add_bos_token": true, "add_eos_token": true})");
  EXPECT_EQ(data.begin, 259);
  EXPECT_EQ(data.end, 258);
  EXPECT_TRUE(data.add_begin);
  EXPECT_EQ(data.appended, 258);
}

TEST(HfTokenizer, TheConfigurationIsHeardBeforeTheTemplate) {
  EXPECT_FALSE(DataOf(SampleSentencePieceJson(), R"({"add_bos_token": false})").add_begin);
  EXPECT_TRUE(DataOf(SampleSentencePieceJson(), R"({"bos_token": null})").add_begin);
}

TEST(HfTokenizer, OtherConfigurationsAreRefused) {
  for (const auto* const config :
       {R"({"bos_token": "missing"})", R"({"eos_token": "missing"})", R"({"eos_token": 5})",
        R"({"eos_token": {"content": 5}})", R"({"add_bos_token": 1})", R"({"add_eos_token": "no"})",
        R"({"add_eos_token": true})"}) {
    EXPECT_EQ(Parse(SampleBytePairsJson(), config).code(), kRefused) << config;
  }
  EXPECT_EQ(Parse(SampleBytePairsJson(), "{").code(), ErrorCode::kJsonSyntax);
}

TEST(HfTokenizer, TheGenerationConfigurationNamesEnds) {
  const TokenizerData two = DataOf(SampleBytePairsJson(), "", R"({"eos_token_id": [259, 258]})");
  EXPECT_EQ(two.end, 259);
  EXPECT_EQ(two.end_of_turn, (std::vector<uint32_t>{259, 258}));
  const TokenizerData one =
      DataOf(SampleBytePairsJson(), R"({"eos_token": "<|im_end|>"})", R"({"eos_token_id": 259})");
  EXPECT_EQ(one.end, 258);
  EXPECT_EQ(one.end_of_turn, (std::vector<uint32_t>{259, 258}));
  EXPECT_EQ(DataOf(SampleBytePairsJson(), "", "{}").end, std::nullopt);
}

TEST(HfTokenizer, OtherGenerationConfigurationsAreRefused) {
  for (const auto* const config :
       {R"({"eos_token_id": 260})", R"({"eos_token_id": [-1]})", R"({"eos_token_id": "<s>"})"}) {
    EXPECT_EQ(Parse(SampleBytePairsJson(), "", config).code(), kRefused) << config;
  }
  EXPECT_EQ(Parse(SampleBytePairsJson(), "", "[").code(), ErrorCode::kJsonSyntax);
}

// -- JSON

TEST(HfTokenizer, WhatIsNoJsonIsRefused) {
  const std::string text = DumpJson(SampleBytePairsJson());
  EXPECT_EQ(CodeOfText(""), "JsonSyntax");
  EXPECT_EQ(CodeOfText("[]"), "JsonSyntax");
  EXPECT_EQ(CodeOfText(text + "x"), "JsonSyntax");
  for (const size_t size : {text.size() - 1, text.size() / 2, size_t{1}}) {
    EXPECT_EQ(CodeOfText(std::string_view(text).substr(0, size)), "JsonSyntax");
  }
  EXPECT_EQ(CodeOfText(Replaced(text, R"({"type":"NFC"})", R"({"type":NFC})")), "JsonSyntax");
  EXPECT_EQ(CodeOfText(Replaced(text, R"("special":true)", R"("special":tru)")), "JsonSyntax");
  EXPECT_EQ(CodeOfText(Replaced(text, R"("added_tokens":[)", R"("added_tokens":[,)")),
            "JsonSyntax");
  EXPECT_EQ(CodeOfText(R"({"model": []})"), "JsonSyntax");
  EXPECT_EQ(CodeOfText(Replaced(text, R"("vocab":{)", R"("vocab":{1)")), "JsonSyntax");
  EXPECT_EQ(CodeOfText(Replaced(text, R"("type":"BPE")", R"("type":[})")), "JsonSyntax");
}

TEST(HfTokenizer, AKeyTwiceIsRefused) {
  const std::string text = DumpJson(SampleBytePairsJson());
  for (const auto& [part, by] : std::vector<std::pair<std::string, std::string>>{
           {R"("version":)", R"("version":1,"version":)"},
           {R"("vocab":)", R"("vocab":{},"vocab":)"},
           {R"("special":)", R"("special":true,"special":)"}}) {
    EXPECT_EQ(CodeOfText(Replaced(text, part, by)), "JsonDuplicateKey") << part;
  }
}

TEST(HfTokenizer, TooManyMembersAreRefused) {
  EXPECT_EQ(CodeWith(SampleBytePairsJson(),
                     [](Json& root) {
                       for (int i = 0; i < 64; ++i) root["member" + std::to_string(i)] = i;
                     }),
            ErrorCode::kJsonTooLarge);
}

TEST(HfTokenizer, ARuleThatIsTooLargeIsRefused) {
  EXPECT_EQ(CodeWith(SampleBytePairsJson(),
                     [](Json& root) {
                       root["normalizer"]["more"] =
                           std::string(limits::kMaxTokenizerRuleBytes, ' ');
                     }),
            ErrorCode::kJsonTooLarge);
}

TEST(HfTokenizer, ARuleThatIsTooDeepIsRefused) {
  const std::string text = DumpJson(SampleBytePairsJson());
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  EXPECT_EQ(CodeOfText(Replaced(text, R"({"type":"NFC"})", deep)), "JsonDepth");
}

TEST(HfTokenizer, TooManyMergesAreRefused) {
  std::string merges = R"("merges":[)";
  for (uint64_t i = 0; i < limits::kMaxMerges; ++i) merges += R"("h e",)";
  EXPECT_EQ(CodeOfText(Replaced(DumpJson(SampleBytePairsJson()), R"("merges":[)", merges)),
            "TokenizerError");
}

TEST(HfTokenizer, AFileThatIsTooLargeIsRefused) {
  const std::string text(limits::kMaxTokenizerJsonBytes + 1, ' ');
  EXPECT_EQ(CodeOfText(text), "JsonTooLarge");
}

TEST(HfTokenizer, TakesLittleMemory) {
  std::string more;
  for (int id = 258; id < 60'000; ++id) {
    more += R"("token)" + std::to_string(id) + R"(":)" + std::to_string(id) + ",";
  }
  const Json root = Changed(SampleBytePairsJson(), [](Json& r) { r.erase("added_tokens"); });
  const std::string text = Replaced(DumpJson(root), R"("vocab":{)", R"("vocab":{)" + more);
  const PeakMemory memory;
  EXPECT_TRUE(ParseTokenizerJson(AsBytes(text)).ok());
  EXPECT_LT(memory.bytes(), 2 * text.size() + 2 * limits::kMiB);
}

}  // namespace
}  // namespace andon
