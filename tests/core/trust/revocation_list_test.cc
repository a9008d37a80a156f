#include "trust/revocation_list.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/limits.h"
#include "tests/core/support/exhaustive.h"
#include "tests/core/trust/people.h"

namespace andon {
namespace {

constexpr size_t kHeaderBytes = 64, kEntryBytes = 48;

Revocation Entry(RevocationKind kind, uint8_t id) {
  return {.kind = kind, .revoked_from = kNow, .id = {id}};
}

RevocationList Request() {
  return ListOf({Entry(RevocationKind::kFile, 3), Entry(RevocationKind::kKey, 2),
                 Entry(RevocationKind::kSerial, 1), Entry(RevocationKind::kKey, 1)});
}

ErrorCode IssueCode(const RevocationList& list) {
  return IssueRevocationList(list, kRootSeed).code();
}

Bytes Good() {
  auto bytes = IssueRevocationList(Request(), kRootSeed);
  EXPECT_TRUE(bytes.ok());
  return *bytes;
}

// The root's signature over whatever there is.
Bytes SignedAnew(Bytes bytes) {
  bytes.resize(bytes.size() - 64);
  Bytes message(AsBytes("HLLMEXP-CRL-V1").begin(), AsBytes("HLLMEXP-CRL-V1").end());
  message.push_back(0);
  AppendBytes(message, bytes);
  AppendBytes(bytes, Ed25519Sign(kRootSeed, message));
  return bytes;
}

ErrorCode CodeWith(size_t offset, uint8_t value) {
  Bytes bytes = Good();
  bytes[offset] = value;
  return ParseRevocationList(SignedAnew(bytes)).code();
}

TEST(RevocationList, IsReadBackInOrder) {
  const auto list = ParseRevocationList(Good());
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(list->issuer, Ed25519PublicKeyOf(kRootSeed));
  EXPECT_EQ(list->number, 1u);
  EXPECT_EQ(list->issued, kNow - 3600);
  EXPECT_EQ(list->expires, kNow + 3600);
  ASSERT_EQ(list->entries.size(), 4u);
  EXPECT_EQ(list->entries[0].kind, RevocationKind::kSerial);
  EXPECT_EQ(list->entries[1].kind, RevocationKind::kKey);
  EXPECT_EQ(list->entries[1].id[0], 1);
  EXPECT_EQ(list->entries[2].id[0], 2);
  EXPECT_EQ(list->entries[3].kind, RevocationKind::kFile);
  EXPECT_EQ(list->entries[3].revoked_from, kNow);
  EXPECT_EQ(*IssueRevocationList(*list, kRootSeed), Good());
}

TEST(RevocationList, HasTheDocumentedBytes) {
  const auto bytes = IssueRevocationList(ListOf({{.kind = RevocationKind::kKey,
                                                  .reason = RevocationReason::kMalicious,
                                                  .revoked_from = 0x0102,
                                                  .id = {7}}},
                                                kRootSeed, 9),
                                         kRootSeed);
  ASSERT_TRUE(bytes.ok());
  Bytes expected = {1, 0, 0, 0, 1, 0, 0, 0};
  AppendBytes(expected, Ed25519PublicKeyOf(kRootSeed));
  AppendU64(expected, 9);
  AppendU64(expected, kNow - 3600);
  AppendU64(expected, kNow + 3600);
  AppendBytes(expected, Bytes{2, 4, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 7});
  expected.resize(kHeaderBytes + kEntryBytes + 64);
  EXPECT_EQ(*bytes, SignedAnew(expected));
}

TEST(RevocationList, MayBeEmpty) {
  const auto bytes = IssueRevocationList(ListOf({}), kRootSeed);
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(bytes->size(), 128u);
  EXPECT_TRUE(ParseRevocationList(*bytes)->entries.empty());
}

TEST(RevocationList, AnyFlippedBitIsRefused) {
  ForEachFlippedBit(Good(), [](ByteView changed, const Change& change) {
    ASSERT_FALSE(ParseRevocationList(changed).ok()) << change;
  });
}

TEST(RevocationList, AnyOtherSizeIsMalformed) {
  Bytes bytes = Good();
  bytes.push_back(0);
  EXPECT_EQ(ParseRevocationList(bytes).code(), ErrorCode::kRevocationListMalformed);
  bytes.pop_back();
  while (!bytes.empty()) {
    bytes.pop_back();
    EXPECT_EQ(ParseRevocationList(bytes).code(), ErrorCode::kRevocationListMalformed);
  }
}

TEST(RevocationList, OtherVersionIsMalformed) {
  EXPECT_EQ(CodeWith(0, 2), ErrorCode::kRevocationListMalformed);
}

TEST(RevocationList, ReservedBytesThatAreNotZeroAreMalformed) {
  EXPECT_EQ(CodeWith(2, 1), ErrorCode::kRevocationListMalformed);
  for (size_t at = kHeaderBytes + 2; at < kHeaderBytes + 8; ++at) {
    EXPECT_EQ(CodeWith(at, 1), ErrorCode::kRevocationListMalformed) << at;
  }
}

TEST(RevocationList, CountThatIsWrongIsMalformed) {
  EXPECT_EQ(CodeWith(4, 3), ErrorCode::kRevocationListMalformed);
  EXPECT_EQ(CodeWith(4, 5), ErrorCode::kRevocationListMalformed);
  EXPECT_EQ(CodeWith(7, 0xFF), ErrorCode::kRevocationListMalformed);
}

TEST(RevocationList, MoreEntriesThanTheLimitAreMalformed) {
  RevocationList list = ListOf({});
  for (uint64_t i = 0; i < kMaxRevocations; ++i) {
    Revocation& entry = list.entries.emplace_back();
    entry.id = {static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i)};
  }
  EXPECT_EQ(IssueCode(list), ErrorCode::kOk);
  list.entries.push_back(Entry(RevocationKind::kFile, 1));
  EXPECT_EQ(IssueCode(list), ErrorCode::kRevocationListMalformed);
}

TEST(RevocationList, UnknownKindIsMalformed) {
  EXPECT_EQ(CodeWith(kHeaderBytes, 0), ErrorCode::kRevocationListMalformed);
  EXPECT_EQ(CodeWith(kHeaderBytes + 3 * kEntryBytes, 4), ErrorCode::kRevocationListMalformed);
}

TEST(RevocationList, UnknownReasonIsMalformed) {
  EXPECT_EQ(CodeWith(kHeaderBytes + 1, 4), ErrorCode::kOk);
  EXPECT_EQ(CodeWith(kHeaderBytes + 1, 5), ErrorCode::kRevocationListMalformed);
}

TEST(RevocationList, EntryFromAfterTheYear9999IsMalformed) {
  RevocationList list = Request();
  list.entries[0].revoked_from = limits::kMaxTimeSeconds;
  EXPECT_EQ(IssueCode(list), ErrorCode::kOk);
  list.entries[0].revoked_from = limits::kMaxTimeSeconds + 1;
  EXPECT_EQ(IssueCode(list), ErrorCode::kRevocationListMalformed);
}

TEST(RevocationList, SerialThatIsTooLongIsMalformed) {
  RevocationList list = ListOf({Entry(RevocationKind::kSerial, 1)});
  list.entries[0].id[15] = 1;
  EXPECT_EQ(IssueCode(list), ErrorCode::kOk);
  list.entries[0].id[16] = 1;
  EXPECT_EQ(IssueCode(list), ErrorCode::kRevocationListMalformed);
}

TEST(RevocationList, EntriesThatDoNotAscendAreMalformed) {
  RevocationList twice = ListOf({Entry(RevocationKind::kKey, 1), Entry(RevocationKind::kKey, 1)});
  EXPECT_EQ(IssueCode(twice), ErrorCode::kRevocationListMalformed);
  // Key 1 after key 2.
  EXPECT_EQ(CodeWith(kHeaderBytes + kEntryBytes + 16, 3), ErrorCode::kRevocationListMalformed);
  // A key after a file.
  EXPECT_EQ(CodeWith(kHeaderBytes + kEntryBytes, 3), ErrorCode::kRevocationListMalformed);
}

TEST(RevocationList, NumberThatJsonCannotHoldIsMalformed) {
  EXPECT_EQ(IssueCode(ListOf({}, kRootSeed, limits::kMaxCounter)), ErrorCode::kOk);
  EXPECT_EQ(IssueCode(ListOf({}, kRootSeed, limits::kMaxCounter + 1)),
            ErrorCode::kRevocationListMalformed);
}

TEST(RevocationList, PeriodThatIsReversedIsMalformed) {
  RevocationList list = ListOf({});
  list.expires = list.issued;
  EXPECT_EQ(IssueCode(list), ErrorCode::kOk);
  list.expires = list.issued - 1;
  EXPECT_EQ(IssueCode(list), ErrorCode::kRevocationListMalformed);
}

TEST(RevocationList, PeriodAboveSevenDaysIsMalformed) {
  RevocationList list = ListOf({});
  list.expires = list.issued + kMaxListSeconds;
  EXPECT_EQ(IssueCode(list), ErrorCode::kOk);
  ++list.expires;
  EXPECT_EQ(IssueCode(list), ErrorCode::kRevocationListMalformed);
}

TEST(RevocationList, PeriodAfterTheYear9999IsMalformed) {
  RevocationList list = ListOf({});
  list.issued = list.expires = limits::kMaxTimeSeconds + 1;
  EXPECT_EQ(IssueCode(list), ErrorCode::kRevocationListMalformed);
}

TEST(RevocationList, SignatureOfAnotherKeyIsRefused) {
  Bytes bytes = Good();
  const Ed25519PublicKey stranger = Ed25519PublicKeyOf(kStrangerSeed);
  std::ranges::copy(stranger, bytes.begin() + 8);
  EXPECT_EQ(ParseRevocationList(SignedAnew(bytes)).code(), ErrorCode::kRevocationListSignature);
}

TEST(RevocationList, KindsAndReasonsHaveNames) {
  for (const char* name : {"serial", "key", "file"}) {
    EXPECT_EQ(RevocationKindName(*RevocationKindOf(name)), name);
  }
  for (const char* name :
       {"unspecified", "key-compromise", "superseded", "withdrawn", "malicious"}) {
    EXPECT_EQ(RevocationReasonName(*RevocationReasonOf(name)), name);
  }
  EXPECT_FALSE(RevocationKindOf("name"));
  EXPECT_FALSE(RevocationReasonOf(""));
}

}  // namespace
}  // namespace andon
