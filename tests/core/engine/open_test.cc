#include <gtest/gtest.h>

#include "common/json.h"
#include "common/limits.h"
#include "engine/engine.h"
#include "tests/core/support/sample_package.h"

namespace andon {
namespace {

namespace proto = aprender::v2;

Policy Trusting(const Ed25519Seed& seed) {
  return {.trusted = {{Ed25519PublicKeyOf(seed), "The lab"}},
          .allow_unsigned = false,
          .allow_unknown_signer = false};
}

double PredictOne(const Model& model, std::vector<double> row) {
  double out = 0;
  model.predictor->Run(row.data(), 1, &out);
  return out;
}

// A refusal leaves no model, and its reason is the message.
void ExpectRefused(const OpenOutcome& outcome, ErrorCode code, Integrity integrity) {
  EXPECT_EQ(outcome.status.code(), code) << outcome.status.message();
  EXPECT_EQ(outcome.model, nullptr);
  EXPECT_EQ(outcome.verdict.integrity, integrity);
  ASSERT_FALSE(outcome.verdict.reasons.empty());
}

TEST(Open, UnsignedPackage) {
  const OpenOutcome outcome = Open(SamplePackage(), Policy{});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.message();
  EXPECT_EQ(outcome.verdict.integrity, Integrity::kOk);
  EXPECT_EQ(outcome.verdict.signature, SignatureState::kNone);
  EXPECT_EQ(outcome.verdict.trust, TrustState::kUnknown);
  EXPECT_EQ(outcome.verdict.reasons, std::vector<std::string>{"The package is not signed."});
  EXPECT_EQ(PredictOne(*outcome.model, {2, 3}), 2.5);
}

TEST(Open, PackageOfATrustedSigner) {
  const OpenOutcome outcome = Open(SamplePackage(kSampleSeed), Trusting(kSampleSeed));
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.message();
  EXPECT_EQ(outcome.verdict.signature, SignatureState::kValid);
  EXPECT_EQ(outcome.verdict.trust, TrustState::kTrusted);
  EXPECT_EQ(outcome.verdict.signer_name, "The lab");
}

TEST(Open, DeflatedPackage) {
  const OpenOutcome outcome = Open(PackageOf(SampleEntries(), ZipMethod::kDeflate), Policy{});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.message();
  EXPECT_EQ(PredictOne(*outcome.model, {2, 3}), 2.5);
}

TEST(Open, ModelDoesNotReferToTheFile) {
  Bytes file = SamplePackage();
  const OpenOutcome outcome = Open(file, Policy{});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.message();
  file = Bytes();
  EXPECT_EQ(PredictOne(*outcome.model, {2, 3}), 2.5);
}

TEST(Open, ShowsTheWeights) {
  const OpenOutcome outcome = Open(SamplePackage(), Policy{});
  EXPECT_EQ(outcome.model->predictor->Coefficients(), (std::vector<double>{2.5, -1}));
  EXPECT_EQ(outcome.model->predictor->Intercept(), std::vector<double>{0.5});

  proto::ModelPackage without = SampleLinear();
  without.mutable_architecture()->mutable_linear()->set_fit_intercept(false);
  const OpenOutcome outcome_without = Open(PackageWith(without), Policy{});
  EXPECT_TRUE(outcome_without.model->predictor->Intercept().empty());
  EXPECT_EQ(PredictOne(*outcome_without.model, {2, 3}), 2);

  const OpenOutcome logistic = Open(PackageWith(SampleLogistic()), Policy{});
  EXPECT_EQ(logistic.model->predictor->Coefficients(), (std::vector<double>{2.5, -1}));
  EXPECT_EQ(logistic.model->predictor->Intercept(), std::vector<double>{0.5});
}

TEST(Open, UnknownFormat) {
  const OpenOutcome outcome = Open(AsBytes("GIF89a"), Policy{});
  ExpectRefused(outcome, ErrorCode::kUnknownFormat, Integrity::kCorrupt);
  EXPECT_EQ(outcome.verdict.reasons, std::vector<std::string>{outcome.status.message()});
}

TEST(Open, KindMismatch) {
  ExpectRefused(Open(AsBytes("\x1F\x8B"), Policy{}), ErrorCode::kKindMismatch, Integrity::kCorrupt);
  const OpenOutcome gguf = Open(AsBytes("GGUF"), Policy{});
  ExpectRefused(gguf, ErrorCode::kKindMismatch, Integrity::kCorrupt);
  EXPECT_NE(gguf.status.message().find("a language model"), std::string::npos);
}

// Only the first bytes are looked at, so there need be no more.
TEST(Open, FileTooLarge) {
  const Bytes head = BytesOf(std::string("PK\3\4") + std::string(300, ' '));
  const ByteView huge(head.data(), static_cast<size_t>(limits::kMaxAprenderBytes + 1));
  ExpectRefused(Open(huge, Policy{}), ErrorCode::kFileTooLarge, Integrity::kCorrupt);
}

TEST(Open, CorruptContainer) {
  Bytes file = SamplePackage();
  file.pop_back();
  const OpenOutcome outcome = Open(file, Policy{});
  ExpectRefused(outcome, ErrorCode::kZipNoEndRecord, Integrity::kCorrupt);
  EXPECT_EQ(outcome.verdict.signature, SignatureState::kNone);
}

TEST(Open, SignatureMissing) {
  const OpenOutcome outcome = Open(SamplePackage(), Trusting(kSampleSeed));
  ExpectRefused(outcome, ErrorCode::kSignatureMissing, Integrity::kOk);
  EXPECT_EQ(outcome.verdict.signature, SignatureState::kNone);
}

TEST(Open, SignerUnknown) {
  const OpenOutcome outcome = Open(SamplePackage(kSampleSeed), Trusting({9}));
  ExpectRefused(outcome, ErrorCode::kSignerUnknown, Integrity::kOk);
  EXPECT_EQ(outcome.verdict.signature, SignatureState::kValid);
  EXPECT_EQ(outcome.verdict.trust, TrustState::kUnknown);
}

// Content was changed and every hash made right; only the signature tells.
TEST(Open, SignatureInvalid) {
  Entries entries = SampleEntries();
  const Bytes manifest = WriteAprenderManifest(ManifestOf(entries));
  entries["manifest.json"] = manifest;
  Bytes signature = WriteAprenderSignature(ManifestOf(entries), kSampleSeed);
  entries["signature.bin"] = signature;
  EXPECT_TRUE(Open(ZipOf(entries), Trusting(kSampleSeed)).status.ok());

  proto::ModelPackage forged = SampleLinear();
  forged.mutable_metadata()->set_version("9.9.9");
  Entries other = SampleEntries();
  other[std::string(kMetadataEntry)] = SerializeAprenderMetadata(forged);
  other["manifest.json"] = WriteAprenderManifest(ManifestOf(other));
  other["signature.bin"] = signature;
  for (const Policy& policy : {Trusting(kSampleSeed), Policy{}}) {
    const OpenOutcome outcome = Open(ZipOf(other), policy);
    ExpectRefused(outcome, ErrorCode::kSignatureInvalid, Integrity::kOk);
    EXPECT_EQ(outcome.verdict.signature, SignatureState::kInvalid);
  }
}

// The signature is judged before anything is parsed.
TEST(Open, SignatureComesBeforeContent) {
  Entries entries = SampleEntries();
  entries[std::string(kMetadataEntry)] = BytesOf("not a protobuf message");
  EXPECT_EQ(Open(PackageOf(entries), Trusting(kSampleSeed)).status.code(),
            ErrorCode::kSignatureMissing);
  const OpenOutcome outcome = Open(PackageOf(entries), Policy{});
  ExpectRefused(outcome, ErrorCode::kMetadataMalformed, Integrity::kOk);
  EXPECT_EQ(outcome.verdict.reasons,
            (std::vector<std::string>{outcome.status.message(), "The package is not signed."}));
}

TEST(Open, ChecksumMismatchIsAMatterOfIntegrity) {
  proto::ModelPackage package = SampleLinear();
  package.mutable_metadata()->mutable_checksums()->set_weights_sha256(std::string(32, 'x'));
  ExpectRefused(Open(PackageWith(package), Policy{}), ErrorCode::kWeightsChecksumMismatch,
                Integrity::kCorrupt);

  package.mutable_metadata()->mutable_checksums()->set_metadata_sha256(std::string(32, 'x'));
  Entries entries = SampleEntries();
  entries[std::string(kMetadataEntry)] = BytesOf(package.SerializeAsString());
  ExpectRefused(Open(PackageOf(entries), Policy{}), ErrorCode::kMetadataChecksumMismatch,
                Integrity::kCorrupt);
}

TEST(Open, FeatureTypeUnsupported) {
  proto::ModelPackage package = SampleLinear();
  package.mutable_input_schema()->mutable_features(1)->set_type(proto::STRING);
  ExpectRefused(Open(PackageWith(package), Policy{}), ErrorCode::kFeatureTypeUnsupported,
                Integrity::kOk);
}

TEST(Open, TensorMissing) {
  proto::ModelPackage package = SampleLinear();
  package.mutable_architecture()->mutable_linear()->set_intercept_tensor_name("bias");
  ExpectRefused(Open(PackageWith(package), Policy{}), ErrorCode::kTensorMissing, Integrity::kOk);
}

TEST(Open, TensorShape) {
  proto::ModelPackage package = SampleLinear();
  package.mutable_input_schema()->mutable_features()->RemoveLast();
  ExpectRefused(Open(PackageWith(package), Policy{}), ErrorCode::kTensorShape, Integrity::kOk);
}

TEST(Open, ClassLabelsMismatch) {
  proto::ModelPackage package = SampleLogistic();
  package.mutable_architecture()->mutable_logistic()->add_class_labels("only one");
  ExpectRefused(Open(PackageWith(package), Policy{}), ErrorCode::kClassLabelsMismatch,
                Integrity::kOk);
}

TEST(VerdictJson, OfATrustedSigner) {
  const OpenOutcome outcome = Open(SamplePackage(kSampleSeed), Trusting(kSampleSeed));
  const auto json = ParseJson(AsBytes(VerdictJson(outcome.verdict)), "verdict");
  ASSERT_TRUE(json.ok());
  const Json expected = {
      {"integrity", "ok"},       {"signature", "valid"},
      {"trust", "trusted"},      {"signer", (*json)["signer"]},
      {"signerName", "The lab"}, {"reasons", {"The package is signed by a key that you trust."}}};
  EXPECT_EQ(*json, expected);
}

// RFC 8032, section 7.1, test 1.
TEST(VerdictJson, SignerIsBase64) {
  Verdict verdict;
  verdict.signer = {0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe,
                    0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6,
                    0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a};
  const auto json = ParseJson(AsBytes(VerdictJson(verdict)), "verdict");
  EXPECT_EQ((*json)["signer"], "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
}

TEST(VerdictJson, WithoutASigner) {
  EXPECT_EQ(VerdictJson(Verdict{}),
            R"({"integrity":"corrupt","signature":"none","trust":"unknown",)"
            R"("signer":null,"signerName":null,"reasons":[]})");
}

}  // namespace
}  // namespace andon
