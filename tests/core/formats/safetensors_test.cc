#include "formats/safetensors.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "common/json.h"
#include "tests/attacks/safetensors_attacks.h"
#include "tests/core/support/files.h"
#include "tests/core/support/peak_memory.h"

namespace andon {
namespace {

using attacks::SafetensorsFile;

std::string_view CodeOf(ByteView file) {
  const auto parsed = ParseSafetensors(file);
  return ErrorCodeName(parsed.ok() ? ErrorCode::kOk : parsed.code());
}

class SafetensorsAttack : public testing::TestWithParam<attacks::Attack> {};

TEST_P(SafetensorsAttack, IsRefused) {
  const auto parsed = ParseSafetensors(GetParam().file);
  ASSERT_FALSE(parsed.ok()) << GetParam().why;
  EXPECT_EQ(ErrorCodeName(parsed.code()), ErrorCodeName(GetParam().code))
      << GetParam().why << "; " << parsed.status().message();
}

INSTANTIATE_TEST_SUITE_P(Each, SafetensorsAttack, testing::ValuesIn(attacks::SafetensorsAttacks()),
                         [](const auto& info) { return info.param.name; });

TEST(Safetensors, TensorsAreViewsIntoTheFile) {
  Bytes file = SafetensorsFile(R"({"b":{"dtype":"F32","shape":[2,1],"data_offsets":[3,11]},)"
                               R"("a":{"data_offsets":[0,3],"shape":[3],"dtype":"BOOL"}})",
                               11);
  file.back() = 7;
  const auto parsed = ParseSafetensors(file);
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  ASSERT_EQ(parsed->tensors.size(), 2u);
  const TensorView& b = parsed->tensors.at("b");
  EXPECT_EQ(b.dtype, DType::kF32);
  EXPECT_EQ(b.shape, (Shape{2, 1}));
  EXPECT_EQ(b.data.data(), file.data() + file.size() - 8);  // at an odd address: 3 bytes precede it
  EXPECT_EQ(b.data.size(), 8u);
  EXPECT_EQ(b.data.back(), 7);
  EXPECT_EQ(parsed->tensors.at("a").dtype, DType::kBool);
}

TEST(Safetensors, ScalarsAndEmptyTensorsAreFine) {
  const Bytes file =
      SafetensorsFile(R"({"scalar":{"dtype":"F64","shape":[],"data_offsets":[0,8]},)"
                      R"("empty":{"dtype":"F64","shape":[0,5],"data_offsets":[0,0]},)"
                      R"("empty at the end":{"dtype":"F64","shape":[3,0],"data_offsets":[8,8]}})",
                      8);
  const auto parsed = ParseSafetensors(file);
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  EXPECT_EQ(parsed->tensors.at("scalar").data.size(), 8u);
  EXPECT_TRUE(parsed->tensors.at("empty").data.empty());
}

TEST(Safetensors, FileWithoutTensors) { EXPECT_EQ(CodeOf(SafetensorsFile("{}")), "Ok"); }

TEST(Safetensors, MetadataMayBeNull) {
  const Bytes file = attacks::SafetensorsFile(R"({"__metadata__":null})");
  const auto parsed = ParseSafetensors(file);
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  EXPECT_TRUE(parsed->metadata.empty());
}

TEST(Safetensors, MetadataIsKept) {
  const auto parsed =
      ParseSafetensors(SafetensorsFile(R"({"__metadata__":{"format":"pt","":"\u00e9\n"}})"));
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  EXPECT_EQ(parsed->metadata, (std::map<std::string, std::string>{{"format", "pt"}, {"", "é\n"}}));
}

TEST(Safetensors, WhiteSpaceAfterTheHeaderIsFine) {
  EXPECT_EQ(CodeOf(SafetensorsFile("{} \t\r\n")), "Ok");
}

TEST(Safetensors, DotsWithinANameAreFine) {
  EXPECT_EQ(CodeOf(attacks::TensorNamed(R"("a..b/.../é")")), "Ok");
}

TEST(Safetensors, QuotesAndBracesWithinATextAreFine) {
  EXPECT_EQ(CodeOf(SafetensorsFile(R"({"__metadata__":{"a\"{":"\\\",:[\""}})")), "Ok");
}

TEST(Safetensors, SizesAtTheLimitsAreFine) {
  EXPECT_EQ(CodeOf(attacks::MetadataOf(limits::kMaxSafetensorsMetadata)), "Ok");
  EXPECT_EQ(CodeOf(attacks::OneTensor("\"F32\"", "[4,1,1,1,1,1,1,1]", "[0,16]")), "Ok");
  EXPECT_EQ(CodeOf(attacks::TensorNamed("\"" + std::string(1024, 'a') + "\"")), "Ok");
  EXPECT_EQ(CodeOf(SafetensorsFile("{\"__metadata__\":{\"a\":\"" +
                                   std::string(limits::kMaxSafetensorsTextBytes, 'x') + "\"}}")),
            "Ok");
}

TEST(Safetensors, CallersSetTheHeaderLimit) {
  const Bytes file = SafetensorsFile("{}");
  EXPECT_EQ(ParseSafetensors(file, 1).code(), ErrorCode::kSafetensorsHeaderTooLarge);
  EXPECT_TRUE(ParseSafetensors(file, 2).ok());
  EXPECT_EQ(ParseSafetensors(attacks::LengthThen(limits::kHardMaxSafetensorsHeaderBytes + 1, "{}"),
                             UINT64_MAX)
                .code(),
            ErrorCode::kSafetensorsHeaderTooLarge);
}

TEST(Safetensors, EveryTruncationIsRefused) {
  const Bytes file = attacks::TwoTensors(0, 8, 8, 16, 16);
  for (size_t size = 0; size < file.size(); ++size) {
    EXPECT_NE(CodeOf(ByteView(file).first(size)), "Ok") << size;
  }
}

// The memory for a file, its own bytes included, beside the promise of limits.h.
void ExpectBoundedMemory(const Bytes& file, std::string_view code) {
  const PeakMemory peak;
  EXPECT_EQ(CodeOf(file), code);
  EXPECT_LE(file.size() + peak.bytes(), 2 * file.size() + 16 * limits::kMiB) << file.size();
}

TEST(Safetensors, MemoryIsBoundedForHostileHeaders) {
  const std::string text = "\"" + std::string(limits::kMaxSafetensorsTextBytes, 'x') + "\"";
  const std::string number(limits::kMaxJsonSpaceBytes, '1');
  const std::string space(limits::kMaxJsonSpaceBytes - 1, '\n');
  const std::string metadata = "{\"__metadata__\":{\"a\":" + text + ",\"b\":" + text + ",\"c\":";
  ExpectBoundedMemory(attacks::MetadataOf(limits::kMaxSafetensorsMetadata), "Ok");
  ExpectBoundedMemory(SafetensorsFile(metadata + text + "}}"), "Ok");
  ExpectBoundedMemory(SafetensorsFile(metadata + "!"), "SafetensorsHeaderJson");
  ExpectBoundedMemory(SafetensorsFile(metadata + text + text), "SafetensorsHeaderJson");
  ExpectBoundedMemory(SafetensorsFile("{" + space + "!"), "SafetensorsHeaderJson");
  ExpectBoundedMemory(SafetensorsFile("{\"a\":" + number + "}"), "SafetensorsHeaderJson");
  ExpectBoundedMemory(SafetensorsFile("{\"a\":[" + std::string(1'000'000, '[')),
                      "SafetensorsEntryMalformed");
}

TEST(Safetensors, MostTensorsOfTheHighestRankTakeBoundedMemory) {
  std::string header = "{";
  for (uint64_t i = 0; i < limits::kMaxTensors; ++i) {
    header += "\"" + std::to_string(i) +
              R"(":{"dtype":"U8","shape":[0,0,0,0,0,0,0,0],"data_offsets":[0,0]},)";
  }
  header.back() = '}';
  ExpectBoundedMemory(SafetensorsFile(header), "Ok");
}

// Files that the reference implementation reads and Andon does not, and why.
const std::set<std::string> kStricter = {
    "own-dup-key",        // keys that occur twice
    "own-leading-space",  // white space before the header
    "upstream-test_whitespace_leading_padded_header-1",
    "own-nul-in-name",  // names that are cut off by others
    "own-path-name",    // names that climb
};

TEST(Safetensors, AgreesWithTheReferenceImplementation) {
  const auto folder = SharedFolder("data/safetensors");
  if (!folder) return;
  const auto text = ReadFile(*folder / "verdicts-safetensors-0.8.0.json");
  ASSERT_TRUE(text);
  const auto verdicts = ParseJson(*text, "verdicts");
  ASSERT_TRUE(verdicts.ok()) << verdicts.status().message();
  size_t checked = 0;
  for (const auto& [name, verdict] : verdicts->items()) {
    const auto file = ReadFile(*folder / "cases" / (name + ".safetensors"));
    if (!file) continue;  // verdicts of whole models, which are not among the cases
    const auto parsed = ParseSafetensors(*file);
    const bool expected = verdict["accept"] == true && !kStricter.contains(name);
    EXPECT_EQ(parsed.ok(), expected) << name << ": " << parsed.status().message();
    if (parsed.ok()) EXPECT_EQ(parsed->tensors.size(), verdict["tensors"].size()) << name;
    ++checked;
  }
  EXPECT_GE(checked, 47u);
}

}  // namespace
}  // namespace andon
