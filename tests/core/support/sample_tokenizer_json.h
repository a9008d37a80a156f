// Small files of Hugging Face tokenizers.

#ifndef ANDON_TESTS_CORE_SUPPORT_SAMPLE_TOKENIZER_JSON_H_
#define ANDON_TESTS_CORE_SUPPORT_SAMPLE_TOKENIZER_JSON_H_

#include <string>

#include "common/json.h"
#include "tests/core/support/sample_tokenizer.h"

namespace andon {

inline constexpr std::string_view kQwen2Expression =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";
inline constexpr std::string_view kLlama3Expression =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";

inline Json SampleSplit(std::string_view expression) {
  return {{"type", "Sequence"},
          {"pretokenizers",
           {{{"type", "Split"},
             {"pattern", {{"Regex", expression}}},
             {"behavior", "Isolated"},
             {"invert", false}},
            {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}}}}};
}

inline Json SampleAddedToken(uint32_t id, std::string_view text, bool special) {
  return {{"id", id},        {"content", text},     {"single_word", false}, {"lstrip", false},
          {"rstrip", false}, {"normalized", false}, {"special", special}};
}

// The 256 letters, "he" 256, "hel" 257, then "<|im_end|>" 258 (special) and "<tool>" 259 (not).
inline Json SampleBytePairsJson() {
  Json vocabulary = Json::object();
  for (int byte = 0; byte < 256; ++byte) vocabulary[SampleLetter(byte)] = byte;
  vocabulary["he"] = 256;
  vocabulary["hel"] = 257;
  return {{"version", "1.0"},
          {"truncation", nullptr},
          {"added_tokens", Json::array({SampleAddedToken(258, "<|im_end|>", true),
                                        SampleAddedToken(259, "<tool>", false)})},
          {"normalizer", {{"type", "NFC"}}},
          {"pre_tokenizer", SampleSplit(kQwen2Expression)},
          {"post_processor", {{"type", "ByteLevel"}, {"trim_offsets", false}}},
          {"decoder", {{"type", "ByteLevel"}}},
          {"model",
           {{"type", "BPE"},
            {"dropout", nullptr},
            {"unk_token", nullptr},
            {"continuing_subword_prefix", ""},
            {"end_of_word_suffix", nullptr},
            {"byte_fallback", false},
            {"vocab", vocabulary},
            {"merges", Json::array({"h e", Json::array({"he", "l"})})}}}};
}

inline Json SampleTemplate() {
  return {{"type", "TemplateProcessing"},
          {"single", Json::array({{{"SpecialToken", {{"id", "<s>"}, {"type_id", 0}}}},
                                  {{"Sequence", {{"id", "A"}, {"type_id", 0}}}}})}};
}

// "<unk>" 0, "<s>" 1, "</s>" 2, 256 bytes from 3 on, "a" 259, "b" 260, "ab" 261.
inline Json SampleSentencePieceJson() {
  Json vocabulary = {{"<unk>", 0}, {"<s>", 1}, {"</s>", 2}};
  for (int byte = 0; byte < 256; ++byte) vocabulary[SampleByteToken(byte)] = 3 + byte;
  for (const auto* const text : {"a", "b", "ab"}) vocabulary[text] = vocabulary.size();
  return {{"added_tokens",
           Json::array({SampleAddedToken(0, "<unk>", true), SampleAddedToken(1, "<s>", true),
                        SampleAddedToken(2, "</s>", true)})},
          {"normalizer",
           {{"type", "Sequence"},
            {"normalizers",
             {{{"type", "Prepend"}, {"prepend", kSampleSpace}},
              {{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", kSampleSpace}}}}}},
          {"pre_tokenizer", nullptr},
          {"post_processor", SampleTemplate()},
          {"model",
           {{"type", "BPE"},
            {"unk_token", "<unk>"},
            {"byte_fallback", true},
            {"vocab", vocabulary},
            {"merges", Json::array({"a b"})}}}};
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_SAMPLE_TOKENIZER_JSON_H_
