#include "formats/aprender_metadata.h"

#include <gtest/gtest.h>

#include <functional>

#include "common/limits.h"
#include "tests/core/support/hex.h"
#include "tests/core/support/sample_package.h"

namespace andon {
namespace {

namespace proto = aprender::v2;

// As protobuf writes it: nothing is filled in or put right.
Bytes AsIs(const proto::ModelPackage& package) { return BytesOf(package.SerializeAsString()); }

ErrorCode CodeOf(const proto::ModelPackage& package) {
  return ParseAprenderMetadata(AsIs(package)).code();
}

// A message field (wire type 2) below number 16.
Bytes Field(uint8_t number, const Bytes& content) {
  Bytes field = {static_cast<uint8_t>(number << 3 | 2), static_cast<uint8_t>(content.size())};
  EXPECT_LT(content.size(), 128U);
  AppendBytes(field, content);
  return field;
}

TEST(AprenderMetadata, ReadsWhatItWrites) {
  const Bytes bytes = SerializeAprenderMetadata(SampleLinear());
  const auto package = ParseAprenderMetadata(bytes);
  ASSERT_TRUE(package.ok()) << package.status().message();
  EXPECT_EQ(package->architecture().linear().alpha(), 0.5);
  EXPECT_EQ(package->metadata().checksums().metadata_sha256().size(), 32U);
  EXPECT_EQ(SerializeAprenderMetadata(*package), bytes);
}

TEST(AprenderMetadata, MapsAreWrittenInKeyOrder) {
  proto::ModelPackage forwards = SampleLinear();
  proto::ModelPackage backwards = SampleLinear();
  const auto params = [](proto::ModelPackage& package) {
    return package.mutable_architecture()
        ->mutable_linear()
        ->mutable_hyperparameters()
        ->mutable_params();
  };
  for (int i = 0; i < 100; ++i) {
    (*params(forwards))[std::to_string(i)] = "value";
    (*params(backwards))[std::to_string(99 - i)] = "value";
  }
  EXPECT_EQ(SerializeAprenderMetadata(forwards), SerializeAprenderMetadata(backwards));
}

// One message of each type of the schema.
std::vector<google::protobuf::MessageLite*> MessagesOf(proto::ModelPackage& package) {
  auto& metadata = *package.mutable_metadata();
  auto& architecture = *package.mutable_architecture();
  auto& schema = *package.mutable_input_schema();
  std::vector<google::protobuf::MessageLite*> messages = {
      &package,      &metadata, metadata.mutable_provenance(), metadata.mutable_checksums(),
      &architecture, &schema,   schema.mutable_features(1)};
  if (architecture.has_linear()) {
    messages.push_back(architecture.mutable_linear());
    messages.push_back(architecture.mutable_linear()->mutable_hyperparameters());
  } else {
    messages.push_back(architecture.mutable_logistic());
  }
  return messages;
}

TEST(AprenderMetadata, UnknownFieldsSurviveAtEveryLevel) {
  // Field 100 as varint, 64 bits, text, group, 32 bits.
  const std::string unknown(
      AsText(FromHex("a00601a1060102030405060708a20600a306a006"
                     "01a406a50601020304")));
  for (proto::ModelPackage package : {SampleLinear(), SampleLogistic()}) {
    for (auto* message : MessagesOf(package)) ASSERT_TRUE(message->MergeFromString(unknown));
    auto read = ParseAprenderMetadata(SerializeAprenderMetadata(package));
    ASSERT_TRUE(read.ok()) << read.status().message();
    for (auto* message : MessagesOf(*read)) {
      EXPECT_TRUE(message->SerializeAsString().ends_with(unknown)) << message->GetTypeName();
    }
  }
}

TEST(AprenderMetadata, MetadataMalformed) {
  const Bytes bytes = AsIs(SampleLinear());
  for (const char* const hex : {
           "00",        // field number 0
           "0a",        // a length is missing
           "0a05",      // a content is missing
           "0a02320a",  // within the metadata
           "0affffffffffffffffff01",
           "1a07",  // in a field that checksums do not concern
           "0f",    // wire type 7
           "0b",    // a group without its end
           "0c",    // the end of no group
           "0a0107",
       }) {
    Bytes broken = bytes;
    AppendBytes(broken, FromHex(hex));
    EXPECT_EQ(ParseAprenderMetadata(broken).code(), ErrorCode::kMetadataMalformed) << hex;
  }
}

TEST(AprenderMetadata, DeepGroupsAreMalformed) {
  Bytes bytes = AsIs(SampleLinear());
  bytes.insert(bytes.end(), 100'000, 0x7B);  // group 15 in group 15 in ...
  EXPECT_EQ(ParseAprenderMetadata(bytes).code(), ErrorCode::kMetadataMalformed);
}

TEST(AprenderMetadata, WireTypeOfAKnownFieldDiffers) {
  Bytes bytes = AsIs(SampleLinear());
  AppendBytes(bytes, FromHex("0801"));  // metadata as a number: an unknown field
  EXPECT_TRUE(ParseAprenderMetadata(bytes).ok());
}

TEST(AprenderMetadata, TextsAreUtf8) {
  const std::string bad = "\xC3";
  const std::function<void(proto::ModelPackage&)> edits[] = {
      [&](auto& package) { package.mutable_metadata()->set_model_id(bad); },
      [&](auto& package) { package.mutable_metadata()->set_version(bad); },
      [&](auto& package) { package.mutable_metadata()->mutable_provenance()->set_platform(bad); },
      [&](auto& package) {
        package.mutable_architecture()->mutable_linear()->set_weights_tensor_name(bad);
      },
      [&](auto& package) {
        (*package.mutable_architecture()
              ->mutable_linear()
              ->mutable_hyperparameters()
              ->mutable_params())["key"] = bad;
      },
      [&](auto& package) {
        (*package.mutable_architecture()
              ->mutable_linear()
              ->mutable_hyperparameters()
              ->mutable_params())[bad] = "value";
      },
      [&](auto& package) {
        package.mutable_architecture()->mutable_logistic()->add_class_labels(bad);
      },
      [&](auto& package) { package.mutable_input_schema()->mutable_features(0)->set_name(bad); },
  };
  for (size_t i = 0; i < std::size(edits); ++i) {
    proto::ModelPackage package = SampleLinear();
    edits[i](package);
    testing::internal::CaptureStderr();
    EXPECT_EQ(ParseAprenderMetadata(SerializeAprenderMetadata(package)).code(),
              ErrorCode::kMetadataMalformed)
        << i;
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << i;
  }
}

TEST(AprenderMetadata, MetadataTooLarge) {
  EXPECT_TRUE(CheckAprenderMetadataSize(limits::kMaxMetadataBytes).ok());
  EXPECT_EQ(ParseAprenderMetadata(Bytes(limits::kMaxMetadataBytes + 1)).code(),
            ErrorCode::kMetadataTooLarge);
}

TEST(AprenderMetadata, SchemaVersionUnknown) {
  proto::ModelPackage package = SampleLinear();
  package.mutable_metadata()->set_schema_version(0);
  EXPECT_EQ(CodeOf(package), ErrorCode::kSchemaVersionUnknown);
  EXPECT_EQ(ParseAprenderMetadata({}).code(), ErrorCode::kSchemaVersionUnknown);
}

TEST(AprenderMetadata, SchemaVersionNewerNamesBothVersions) {
  proto::ModelPackage package = SampleLinear();
  package.mutable_metadata()->set_schema_version(17);
  const auto result = ParseAprenderMetadata(AsIs(package));
  EXPECT_EQ(result.code(), ErrorCode::kSchemaVersionNewer);
  EXPECT_NE(result.status().message().find("17"), std::string::npos);
  EXPECT_NE(result.status().message().find('2'), std::string::npos);
}

TEST(AprenderMetadata, ChecksFields) {
  proto::ModelPackage package = SampleLinear();
  package.mutable_metadata()->set_model_id("iris");
  EXPECT_EQ(CodeOf(package), ErrorCode::kModelIdInvalid);
}

TEST(AprenderMetadata, ManifestChecksumPresent) {
  proto::ModelPackage package = SampleLinear();
  package.mutable_metadata()->mutable_checksums()->set_manifest_sha256(std::string(32, 'x'));
  EXPECT_EQ(CodeOf(package), ErrorCode::kManifestChecksumPresent);
}

TEST(AprenderMetadata, ChecksumsMayBeAbsent) {
  EXPECT_EQ(CodeOf(SampleLinear()), ErrorCode::kOk);
  proto::ModelPackage empty = SampleLinear();
  empty.mutable_metadata()->mutable_checksums();
  EXPECT_EQ(CodeOf(empty), ErrorCode::kOk);
}

TEST(AprenderMetadata, MetadataChecksumMismatch) {
  proto::ModelPackage package = SampleLinear();
  for (const std::string& stated : {std::string(32, 'x'), std::string(31, 'x'), std::string("x")}) {
    package.mutable_metadata()->mutable_checksums()->set_metadata_sha256(stated);
    EXPECT_EQ(CodeOf(package), ErrorCode::kMetadataChecksumMismatch);
  }
  package = *ParseAprenderMetadata(SerializeAprenderMetadata(SampleLinear()));
  package.mutable_metadata()->set_version("1.2.4");
  EXPECT_EQ(CodeOf(package), ErrorCode::kMetadataChecksumMismatch);
}

// The checksum is over the bytes as they came: an encoder may order and repeat fields as it likes.
TEST(AprenderMetadata, ChecksumCoversTheBytesAsTheyCame) {
  const proto::ModelPackage sample = SampleLinear();
  const Bytes id = Field(1, BytesOf(sample.metadata().model_id()));
  const Bytes version = Field(2, BytesOf("1.2.3"));
  const Bytes schema = FromHex("1882808000");  // field 3 = 2, longer than need be
  const Bytes architecture = Field(2, BytesOf(sample.architecture().SerializeAsString()));
  const Bytes features = Field(3, BytesOf(sample.input_schema().SerializeAsString()));
  const auto join = [](std::initializer_list<Bytes> parts) {
    Bytes all;
    for (const Bytes& part : parts) AppendBytes(all, part);
    return all;
  };
  // Metadata last, in two parts, its own fields turned round.
  const Bytes covered =
      join({features, architecture, Field(1, join({schema, version})), Field(1, id)});
  const Sha256Digest digest = Sha256Of(covered);
  const Bytes checksums = Field(6, Field(1, Bytes(digest.begin(), digest.end())));
  const Bytes bytes = join({features, architecture, Field(1, join({schema, checksums, version})),
                            Field(1, join({id, checksums}))});
  EXPECT_TRUE(ParseAprenderMetadata(bytes).ok());

  Bytes other = bytes;
  std::swap(other[0], other[features.size()]);  // no longer what was hashed
  EXPECT_FALSE(ParseAprenderMetadata(other).ok());
}

proto::ModelPackage SchemaVersion1(const std::map<std::string, std::string>& params) {
  proto::ModelPackage package = SampleLinear();
  package.mutable_metadata()->set_schema_version(1);
  auto& model = *package.mutable_architecture()->mutable_linear();
  model.clear_kind();
  model.clear_alpha();
  for (const auto& [key, value] : params) {
    (*model.mutable_hyperparameters()->mutable_params())[key] = value;
  }
  return package;
}

TEST(UpgradeSchema1To2, MovesHyperparametersToTheirFields) {
  const auto package = ParseAprenderMetadata(AsIs(SchemaVersion1(
      {{"model", "elastic_net"}, {"alpha", "0.25"}, {"l1_ratio", "5e-1"}, {"solver", "cd"}})));
  ASSERT_TRUE(package.ok()) << package.status().message();
  EXPECT_EQ(package->metadata().schema_version(), 2U);
  const auto& model = package->architecture().linear();
  EXPECT_EQ(model.kind(), proto::ELASTIC_NET);
  EXPECT_EQ(model.alpha(), 0.25);
  EXPECT_EQ(model.l1_ratio(), 0.5);
  EXPECT_EQ(model.hyperparameters().params().size(), 1U);
  EXPECT_EQ(model.hyperparameters().params().at("solver"), "cd");
}

TEST(UpgradeSchema1To2, WithoutHyperparametersIsOrdinary) {
  const auto package = ParseAprenderMetadata(AsIs(SchemaVersion1({})));
  ASSERT_TRUE(package.ok()) << package.status().message();
  EXPECT_EQ(package->architecture().linear().kind(), proto::ORDINARY);
  EXPECT_EQ(package->architecture().linear().alpha(), 0);
}

TEST(UpgradeSchema1To2, KeepsLogisticModels) {
  proto::ModelPackage logistic = SampleLogistic();
  logistic.mutable_metadata()->set_schema_version(1);
  const auto package = ParseAprenderMetadata(AsIs(logistic));
  ASSERT_TRUE(package.ok()) << package.status().message();
  EXPECT_EQ(package->metadata().schema_version(), 2U);
  EXPECT_EQ(package->architecture().logistic().max_iter(), 1000U);
}

TEST(UpgradeSchema1To2, ArchitectureInvalid) {
  const std::pair<const char*, const char*> cases[] = {
      {"model", "forest"}, {"alpha", ""},        {"alpha", "many"}, {"alpha", "0x1"},
      {"alpha", "nan"},    {"alpha", "\"1\""},   {"alpha", "-1"},   {"l1_ratio", "1.5"},
      {"l1_ratio", "[0]"}, {"l1_ratio", "0.5."},
  };
  for (const auto& [key, value] : cases) {
    EXPECT_EQ(CodeOf(SchemaVersion1({{key, value}})), ErrorCode::kArchitectureInvalid)
        << key << " " << value;
  }
}

}  // namespace
}  // namespace andon
