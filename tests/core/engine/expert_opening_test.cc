#include "engine/expert_opening.h"

#include <bit>

#include "common/json.h"
#include "formats/expert_v1.h"
#include "tests/core/support/sample_expert.h"
#include "tests/core/support/sample_package.h"

namespace andon {
namespace {

void ExpectRefused(const ExpertOutcome& outcome, ErrorCode code, Integrity integrity) {
  EXPECT_EQ(outcome.status.code(), code) << outcome.status.message();
  EXPECT_EQ(outcome.expert, nullptr);
  EXPECT_FALSE(outcome.remember.has_value());
  EXPECT_EQ(outcome.verdict.integrity, integrity);
  EXPECT_FALSE(outcome.verdict.reasons.empty());
}

TEST(ExpertOpening, SignedAndTrusted) {
  const Bytes file = SampleExpert().AddAll().File();
  std::vector<ByteRange> reads;
  const ExpertOutcome outcome = OpenExpert(file, PolicyOfPublisher(), &reads);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.message();
  EXPECT_EQ(outcome.verdict.integrity, Integrity::kOk);
  EXPECT_EQ(outcome.verdict.signature, SignatureState::kValid);
  EXPECT_EQ(outcome.verdict.trust, TrustState::kTrusted);
  EXPECT_EQ(outcome.verdict.signer_name, "The publisher");
  EXPECT_EQ(outcome.expert->name(), "expert-sample");
  ASSERT_TRUE(outcome.remember.has_value());
  EXPECT_EQ(outcome.remember->name, "expert-sample");
  EXPECT_EQ(outcome.remember->release_counter, 7u);
  EXPECT_TRUE(outcome.remember->is_signed);
  // The fixed header, the head, the certificates; no section else.
  ASSERT_EQ(reads.size(), 3u);
  EXPECT_EQ(reads[0], (ByteRange{0, 0x74}));
  EXPECT_EQ(reads[1].offset, 0u);
  EXPECT_LE(reads[2].length, limits::kMaxSigningCertBytes + 64);
}

TEST(ExpertOpening, UnsignedIsReadFromItsHeadAlone) {
  const Bytes file = Unsigned().AddAll().File();
  std::vector<ByteRange> reads;
  const ExpertOutcome outcome = OpenExpert(file, Policy{}, &reads);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.message();
  EXPECT_EQ(outcome.verdict.signature, SignatureState::kNone);
  EXPECT_EQ(outcome.verdict.trust, TrustState::kUnknown);
  EXPECT_FALSE(outcome.remember.has_value());
  EXPECT_EQ(reads.size(), 2u);
}

TEST(ExpertOpening, Describes) {
  const ExpertOutcome outcome = OpenExpert(SampleExpert().AddAll().File(), Policy{});
  const auto json = ParseJson(AsBytes(outcome.expert->description()), "description");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ((*json)["format"], "expert");
  EXPECT_EQ((*json)["formatVersion"], "2.0");
  EXPECT_EQ((*json)["releaseCounter"], 7);
  EXPECT_EQ((*json)["manifest"]["name"], "expert-sample");
  EXPECT_EQ((*json)["layers"], (std::vector<int>{0, 1}));
  EXPECT_EQ((*json)["sections"].size(), 7u);
  EXPECT_EQ((*json)["sections"][0]["type"], "params");
  EXPECT_EQ((*json)["sections"][6]["layer"], Json());
  EXPECT_EQ((*json)["attachments"][0]["path"], "tokenizer.json");
  EXPECT_EQ((*json)["attachments"][1]["path"], Json());  // read from its section
  EXPECT_TRUE((*json)["warnings"].empty());
}

TEST(ExpertOpening, SizeThatIsNotKnownIsTheOneTheTableStates) {
  const Bytes file = SampleExpert().AddAll().File();
  const ExpertOutcome outcome = OpenExpert(file, PolicyOfPublisher(), nullptr, false);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.message();
  EXPECT_EQ(outcome.expert->file().file_bytes, file.size());
}

TEST(ExpertOpening, ExpertTruncated) {
  const Bytes file = SampleExpert().AddAll().File();
  for (const size_t size : {size_t{9}, size_t{0x74}, size_t{0x80}}) {
    for (const bool size_known : {true, false}) {
      const ByteView cut = ByteView(file).first(size);
      ExpectRefused(OpenExpert(cut, Policy{}, nullptr, size_known), ErrorCode::kExpertTruncated,
                    Integrity::kCorrupt);
    }
  }
}

TEST(ExpertOpening, UnknownFormat) {
  ExpectRefused(OpenExpert(AsBytes("GIF89a"), Policy{}), ErrorCode::kUnknownFormat,
                Integrity::kCorrupt);
  ExpectRefused(OpenExpert({}, Policy{}), ErrorCode::kUnknownFormat, Integrity::kCorrupt);
}

TEST(ExpertOpening, KindMismatch) {
  ExpectRefused(OpenExpert(SamplePackage(), Policy{}), ErrorCode::kKindMismatch,
                Integrity::kCorrupt);
  const ExpertOutcome gguf = OpenExpert(AsBytes("GGUF"), Policy{});
  ExpectRefused(gguf, ErrorCode::kKindMismatch, Integrity::kCorrupt);
  EXPECT_NE(gguf.status.message().find("a language model"), std::string::npos);
}

TEST(ExpertOpening, SignatureMissing) {
  ExpectRefused(OpenExpert(Unsigned().AddAll().File(), PolicyOfPublisher()),
                ErrorCode::kSignatureMissing, Integrity::kOk);
}

TEST(ExpertOpening, SignerUnknown) {
  Policy policy = PolicyOfPublisher();
  policy.trusted[0].key = Ed25519PublicKeyOf({1});
  const Bytes file = SampleExpert().AddAll().File();
  ExpectRefused(OpenExpert(file, policy), ErrorCode::kSignerUnknown, Integrity::kOk);
  policy.allow_unknown_signer = true;
  const ExpertOutcome outcome = OpenExpert(file, policy);
  EXPECT_TRUE(outcome.status.ok());
  EXPECT_FALSE(outcome.remember.has_value());
}

// Whose it is cannot be said, so it cannot hold.
TEST(ExpertOpening, SignatureWithoutACertificateIsInvalid) {
  SampleExpert sample;
  sample.chain.reset();
  const ExpertOutcome outcome = OpenExpert(sample.AddAll().File(), Policy{});
  ExpectRefused(outcome, ErrorCode::kSignatureInvalid, Integrity::kCorrupt);
  EXPECT_EQ(outcome.verdict.signature, SignatureState::kInvalid);
}

TEST(ExpertOpening, SignatureInvalid) {
  SampleExpert sample;
  sample.chain = SampleChain({2});  // for another key than the one that signs
  const ExpertOutcome outcome = OpenExpert(sample.AddAll().File(), Policy{});
  ExpectRefused(outcome, ErrorCode::kSignatureInvalid, Integrity::kCorrupt);
  EXPECT_EQ(outcome.verdict.signature, SignatureState::kInvalid);
}

// Metadata that nobody vouches for is not even expanded.
TEST(ExpertOpening, SignatureComesBeforeMetadata) {
  SampleExpert sample;
  sample.metadata = "no JSON";
  ExpertOutcome outcome = OpenExpert(sample.AddLayer(0).File(), Policy{});
  ExpectRefused(outcome, ErrorCode::kJsonSyntax, Integrity::kCorrupt);
  EXPECT_EQ(outcome.verdict.signature, SignatureState::kValid);
  sample.chain = SampleChain({2});
  ExpectRefused(OpenExpert(sample.File(), Policy{}), ErrorCode::kSignatureInvalid,
                Integrity::kCorrupt);
}

TEST(ExpertOpening, DamagedCertificatesAreRefused) {
  const SampleExpert sample = SampleExpert().AddAll();
  Bytes file = sample.File();
  file.back() ^= 1;  // SIGNING_CERT comes last
  ExpectRefused(OpenExpert(file, Policy{}), ErrorCode::kExpertSectionHash, Integrity::kCorrupt);
}

TEST(ExpertOpening, CertificateMalformed) {
  SampleExpert sample;
  sample.chain->front() = 9;
  ExpectRefused(OpenExpert(sample.AddAll().File(), Policy{}), ErrorCode::kCertificateMalformed,
                Integrity::kCorrupt);
}

TEST(ExpertOpening, ScopeMismatch) {
  SampleExpert sample;
  sample.chain = SampleChain(kPublisherSeed, "expert-other");
  ExpectRefused(OpenExpert(sample.AddAll().File(), PolicyOfPublisher()), ErrorCode::kScopeMismatch,
                Integrity::kOk);
}

TEST(ExpertOpening, CertificateExpired) {
  Policy policy = PolicyOfPublisher();
  policy.now = kNow + 2 * kDay;
  const ExpertOutcome outcome = OpenExpert(SampleExpert().AddAll().File(), policy);
  ExpectRefused(outcome, ErrorCode::kCertificateExpired, Integrity::kOk);
  EXPECT_EQ(outcome.verdict.trust, TrustState::kExpired);
}

TEST(ExpertOpening, RevokedByFileHash) {
  const Bytes file = SampleExpert().AddAll().File();
  Revocation entry{.kind = RevocationKind::kFile};
  std::copy_n(file.begin() + 0x14, 32, entry.id.begin());
  RevocationList list{.number = 1, .issued = kNow, .expires = kNow + kDay, .entries = {entry}};
  list.issuer = Ed25519PublicKeyOf(kPublisherSeed);
  Policy policy = PolicyOfPublisher();
  policy.lists.push_back(list);
  const ExpertOutcome outcome = OpenExpert(file, policy);
  ExpectRefused(outcome, ErrorCode::kRevoked, Integrity::kOk);
  EXPECT_EQ(outcome.verdict.trust, TrustState::kRevoked);
}

TEST(ExpertOpening, Rollback) {
  Policy policy = PolicyOfPublisher();
  policy.remembered = {{"expert-sample", 8, true}};
  const ExpertOutcome outcome = OpenExpert(SampleExpert().AddAll().File(), policy);
  ExpectRefused(outcome, ErrorCode::kRollback, Integrity::kOk);
  EXPECT_EQ(outcome.verdict.trust, TrustState::kRollback);
}

TEST(ExpertOpening, Downgrade) {
  Policy policy{.remembered = {{"expert-sample", 1, true}}, .now = kNow};
  ExpectRefused(OpenExpert(Unsigned().AddAll().File(), policy), ErrorCode::kDowngrade,
                Integrity::kOk);
}

// The signature over the head, the hashes of the sections and the rules of closure leave nothing.
TEST(ExpertOpening, EveryByteCounts) {
  const Bytes genuine = SampleExpert().AddLayer(0).AddAttachment("a", BytesOfText("b")).File();
  const auto opens_and_reads = [](const Bytes& file) {
    ExpertOutcome outcome = OpenExpert(file, PolicyOfPublisher());
    if (!outcome.status.ok()) return false;
    for (const ExpertSection& section : outcome.expert->sections()) {
      if (!ReadSection(*outcome.expert, file, section.id).ok()) return false;
    }
    return true;
  };
  ASSERT_TRUE(opens_and_reads(genuine));
  for (size_t i = 0; i < genuine.size(); ++i) {
    Bytes file = genuine;
    file[i] ^= static_cast<uint8_t>(1u << i % 8);
    EXPECT_FALSE(opens_and_reads(file)) << "changed at " << i;
    file = genuine;
    file.insert(file.begin() + static_cast<ptrdiff_t>(i), 0);
    EXPECT_FALSE(opens_and_reads(file)) << "inserted at " << i;
    file.assign(genuine.begin(), genuine.begin() + static_cast<ptrdiff_t>(i));
    EXPECT_FALSE(opens_and_reads(file)) << "cut at " << i;
  }
}

// Version 1.

constexpr std::string_view kManifest =
    R"({"name":"expert-old","version":"0.3.0","schema_version":"2.0","author":"someone"})";

Bytes PackageV1(const std::optional<Ed25519Seed>& seed) {
  const std::string_view long_name = "tests/a_name_of_more_than_24_bytes";
  const auto file = WriteExpertV1({{"manifest.json", AsBytes(kManifest)},
                                   {"README.md", AsBytes("about")},
                                   {"grammar.gbnf", AsBytes("root ::= \"x\"")},
                                   {std::string(long_name), AsBytes("case")}},
                                  seed, "2026-01-02T03:04:05Z");
  EXPECT_TRUE(file.ok()) << file.status().message();
  return *file;
}

TEST(ExpertOpening, Version1IsReadWhole) {
  const Bytes file = PackageV1({});
  std::vector<ByteRange> reads;
  ExpertOutcome outcome = OpenExpert(file, Policy{}, &reads);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.message();
  EXPECT_EQ(reads.back(), (ByteRange{0, file.size()}));
  EXPECT_EQ(outcome.verdict.integrity, Integrity::kOk);
  EXPECT_EQ(outcome.verdict.signature, SignatureState::kNone);
  Expert& expert = *outcome.expert;
  const auto json = ParseJson(AsBytes(expert.description()), "description");
  EXPECT_EQ((*json)["formatVersion"], "1.0");
  EXPECT_EQ((*json)["warnings"].size(), 2u);  // deprecated, and it has no adapter
  EXPECT_EQ((*json)["attachments"][1]["path"], "tests/a_name_of_more_than_24_bytes");
  for (const ExpertSection& section : expert.sections()) {
    EXPECT_EQ(*expert.Needs(section.id), ByteRange{});
    const auto content = expert.Read(section.id, {});
    ASSERT_TRUE(content.ok()) << content.status().message();
    if (section.type == static_cast<uint16_t>(SectionType::kDocs)) {
      EXPECT_EQ(AsText((*content)->raw()), "about");
    }
  }
}

TEST(ExpertOpening, Version1SignedByATrustedKey) {
  const ExpertOutcome outcome = OpenExpert(PackageV1(kPublisherSeed), PolicyOfPublisher());
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.message();
  EXPECT_EQ(outcome.verdict.trust, TrustState::kTrusted);
  EXPECT_EQ(outcome.remember->name, "expert-old");
}

// Where the manifest is anybody's, so is the name that the signer might not sign.
TEST(ExpertOpening, Version1WhoseManifestIsNotCoveredIsNotTrusted) {
  const Bytes signed_file = PackageV1(kPublisherSeed);
  const auto package = ReadExpertV1(signed_file);
  ASSERT_TRUE(package.ok());
  std::string manifest(AsText(package->Find("manifest.json")->content));
  const size_t at = manifest.find("expert-old");
  manifest.replace(at, 10, "expert-new");
  std::vector<TarEntry> files = package->files;
  for (TarEntry& file : files) {
    if (file.name == "manifest.json") file.content = AsBytes(manifest);
  }
  const auto forged = WriteExpertV1(files, {}, "");
  ASSERT_TRUE(forged.ok()) << forged.status().message();
  const ExpertOutcome refused = OpenExpert(*forged, PolicyOfPublisher());
  ExpectRefused(refused, ErrorCode::kSignerUnknown, Integrity::kOk);
  EXPECT_EQ(refused.verdict.reasons[0], "The signature does not cover manifest.json.");

  Policy policy = PolicyOfPublisher();
  policy.allow_unknown_signer = true;
  const ExpertOutcome outcome = OpenExpert(*forged, policy);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.message();
  EXPECT_EQ(outcome.verdict.signature, SignatureState::kValid);
  EXPECT_EQ(outcome.verdict.trust, TrustState::kUnknown);
  EXPECT_FALSE(outcome.remember.has_value());
}

TEST(ExpertOpening, Version1NeverReplacesANewerRelease) {
  Policy policy = PolicyOfPublisher();
  policy.remembered = {{"expert-old", 3, true}};
  ExpectRefused(OpenExpert(PackageV1(kPublisherSeed), policy), ErrorCode::kRollback,
                Integrity::kOk);
}

TEST(ExpertOpening, Version1Damaged) {
  Bytes file = PackageV1({});
  file.pop_back();
  ExpectRefused(OpenExpert(file, Policy{}), ErrorCode::kInflateCorrupt, Integrity::kCorrupt);
}

}  // namespace
}  // namespace andon
