#include "common/status.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "common/utf8.h"

namespace andon {
namespace {

constexpr char kReplaced[] =
    "'a\xEF\xBF\xBD"
    "b'";

TEST(Status, EveryCodeHasItsNameAndASentence) {
  std::set<std::string_view> names = {"Ok"};
#define X(name, why)                                             \
  EXPECT_EQ(ErrorCodeName(ErrorCode::k##name), #name);           \
  EXPECT_EQ(ErrorCodeWhy(ErrorCode::k##name), why);              \
  EXPECT_FALSE(ErrorCodeWhy(ErrorCode::k##name).ends_with('.')); \
  EXPECT_TRUE(names.insert(ErrorCodeName(ErrorCode::k##name)).second);
#include "common/error_codes.def"
#undef X
  EXPECT_EQ(ErrorCodeName(ErrorCode::kOk), "Ok");
  EXPECT_EQ(ErrorCodeWhy(ErrorCode::kOk), "nothing failed");
}

TEST(Status, ErrorJoinsTextsAndIntegersOfAnyWidth) {
  const Status status = Error(ErrorCode::kZipRatio, "zip: ", std::string("entry "), Quoted("x"),
                              ' ' == 32 ? " of " : "", uint16_t{65535}, "/", size_t{1}, "/",
                              UINT64_MAX, "/", int64_t{-5});
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(status.code(), ErrorCode::kZipRatio);
  EXPECT_EQ(status.message(), "zip: entry 'x' of 65535/1/18446744073709551615/-5");
}

TEST(Status, DefaultIsOk) {
  EXPECT_TRUE(Status().ok());
  EXPECT_EQ(Status().code(), ErrorCode::kOk);
}

Result<int> Half(int number) {
  if (number % 2 != 0) return Error(ErrorCode::kInvalidArgument, number, " is odd");
  return number / 2;
}

Status CheckEven(int number) {
  ANDON_RETURN_IF_ERROR(Half(number).status());
  return {};
}

Result<int> Quarter(int number) {
  ANDON_ASSIGN_OR_RETURN(const int half, Half(number));
  ANDON_ASSIGN_OR_RETURN(const int quarter, Half(half));
  return quarter;
}

TEST(Status, FirstErrorIsReturned) {
  EXPECT_TRUE(CheckEven(4).ok());
  EXPECT_EQ(CheckEven(3).message(), "3 is odd");
  EXPECT_EQ(Quarter(8).value(), 2);
  EXPECT_EQ(Quarter(6).status().message(), "3 is odd");
  EXPECT_EQ(Quarter(6).code(), ErrorCode::kInvalidArgument);
  EXPECT_TRUE(Quarter(8).status().ok());
}

TEST(Status, ResultHoldsWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(**result, 5);
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 5);
}

TEST(Quoted, PlainTextStaysAsItIs) {
  EXPECT_EQ(Quoted(""), "''");
  EXPECT_EQ(Quoted("weights.safetensors"), "'weights.safetensors'");
  EXPECT_EQ(Quoted("größe 模型 🙂"), "'größe 模型 🙂'");
}

TEST(Quoted, ControlCharactersAreReplaced) {
  using namespace std::string_view_literals;
  for (const std::string_view text : {"a\0b"sv, "a\nb"sv,
                                      "a\x1b"
                                      "b"sv,
                                      "a\x7f"
                                      "b"sv,
                                      "a\xC2\x80"
                                      "b"sv,
                                      "a\xC2\x9F"
                                      "b"sv}) {
    EXPECT_EQ(Quoted(text), kReplaced);
  }
}

TEST(Quoted, BidiAndInvisibleCharactersAreReplaced) {
  for (const char* text : {"a\u061Cb", "a\u200Eb", "a\u200Fb", "a\u202Ab", "a\u202Eb", "a\u2066b",
                           "a\u2069b", "a\u2028b", "a\u2029b", "a\uFEFFb", "a\u200Bb", "a\u200Db",
                           "a\u2060b", "a\u00ADb", "a\U000E0041b", "a\U000E01EFb"}) {
    EXPECT_EQ(Quoted(text), kReplaced) << text;
  }
}

TEST(Quoted, BytesThatAreNotUtf8AreReplacedOneByOne) {
  EXPECT_EQ(Quoted("a\xFF"
                   "b"),
            kReplaced);
  EXPECT_EQ(Quoted("\xC0\xAF"), "'\uFFFD\uFFFD'");
  EXPECT_EQ(Quoted("\xE2\x82"), "'\uFFFD\uFFFD'");
}

TEST(Quoted, LongTextIsCutAt64CodePoints) {
  const std::string longest(64, 'x');
  EXPECT_EQ(Quoted(longest), "'" + longest + "'");
  EXPECT_EQ(Quoted(longest + "x"), "'" + std::string(63, 'x') + "…'");
  EXPECT_EQ(Quoted(std::string(1'000'000, '\x01')).size(), 2 + 64 * 3u);
}

}  // namespace
}  // namespace andon
