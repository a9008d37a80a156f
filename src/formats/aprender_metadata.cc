#include "formats/aprender_metadata.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/wire_format_lite.h>

#include <array>

#include "common/limits.h"
#include "crypto/sha256.h"
#include "formats/aprender_fields.h"
#include "formats/aprender_upgrade.h"

namespace andon {
namespace {

using aprender::v2::ModelMetadata;
using aprender::v2::ModelPackage;
using google::protobuf::LogSilencer;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;
using google::protobuf::io::StringOutputStream;

consteval uint32_t TagOfMessage(int field_number) {
  return WireFormatLite::MakeTag(field_number, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
}

// The way from a ModelPackage to its checksums.
constexpr std::array kChecksumsPath = {TagOfMessage(ModelPackage::kMetadataFieldNumber),
                                       TagOfMessage(ModelMetadata::kChecksumsFieldNumber)};

void AppendVarint(std::string& out, uint32_t value) {
  uint8_t bytes[5];
  const uint8_t* const end = CodedOutputStream::WriteVarint32ToArray(value, bytes);
  out.append(AsText({bytes, end}));
}

// Copies a message without the fields that `path` leads to. Everything else stays as it is, but for
// the lengths of the messages on the way. Nothing when the message is not well-formed.
// REQUIRES: message.size() fits in an int.
std::optional<std::string> CopyWithout(std::span<const uint32_t> path, ByteView message) {
  const std::string_view text = AsText(message);
  CodedInputStream in(message.data(), static_cast<int>(message.size()));
  std::string copy;
  int copied = 0;  // bytes of the message
  while (const uint32_t tag = in.ReadTag()) {
    if (tag == path.front()) {
      int length;
      if (!in.ReadVarintSizeAsInt(&length)) return std::nullopt;
      const auto begin = static_cast<size_t>(in.CurrentPosition());
      if (!in.Skip(length)) return std::nullopt;
      if (path.size() > 1) {
        const auto inner =
            CopyWithout(path.subspan(1), message.subspan(begin, static_cast<size_t>(length)));
        if (!inner) return std::nullopt;
        AppendVarint(copy, tag);
        AppendVarint(copy, static_cast<uint32_t>(inner->size()));
        copy += *inner;
      }
    } else {
      if (!WireFormatLite::SkipField(&in, tag)) return std::nullopt;
      copy += text.substr(static_cast<size_t>(copied),
                          static_cast<size_t>(in.CurrentPosition() - copied));
    }
    copied = in.CurrentPosition();
  }
  if (!in.ConsumedEntireMessage()) return std::nullopt;
  return copy;
}

Status CheckSchemaVersion(uint32_t version) {
  if (version == 0) {
    return Error(ErrorCode::kSchemaVersionUnknown, "metadata.pb: schema_version is missing or 0");
  }
  if (version > kAprenderSchemaVersion) {
    return Error(ErrorCode::kSchemaVersionNewer, "metadata.pb: schema_version ", version,
                 " is newer than ", kAprenderSchemaVersion, ", the newest that Andon reads");
  }
  return Status();
}

Status CheckChecksums(const aprender::v2::Checksums& checksums, std::string_view covered) {
  if (!checksums.manifest_sha256().empty()) {
    return Error(ErrorCode::kManifestChecksumPresent,
                 "metadata.pb: checksums.manifest_sha256 is not empty");
  }
  const std::string& stated = checksums.metadata_sha256();
  if (!stated.empty() && !DigestMatches(Sha256Of(AsBytes(covered)), AsBytes(stated))) {
    return Error(ErrorCode::kMetadataChecksumMismatch,
                 "metadata.pb: checksums.metadata_sha256 does not match");
  }
  return Status();
}

std::string SerializeDeterministically(const ModelPackage& package) {
  const LogSilencer
      silence;  // it would print what ParseAprenderMetadata refuses: text not in UTF-8
  std::string bytes;
  StringOutputStream stream(&bytes);
  CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  package.SerializeToCodedStream(&out);
  out.Trim();
  return bytes;
}

}  // namespace

Status CheckAprenderMetadataSize(uint64_t size) {
  if (size <= limits::kMaxMetadataBytes) return Status();
  return Error(ErrorCode::kMetadataTooLarge, "metadata.pb: ", size, " bytes, the limit is ",
               limits::kMaxMetadataBytes);
}

Result<ModelPackage> ParseAprenderMetadata(ByteView bytes) {
  ANDON_RETURN_IF_ERROR(CheckAprenderMetadataSize(bytes.size()));
  const auto covered = CopyWithout(kChecksumsPath, bytes);
  if (!covered) return Error(ErrorCode::kMetadataMalformed, "metadata.pb: not a protobuf message");

  const LogSilencer silence;
  ModelPackage package;
  if (!package.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error(ErrorCode::kMetadataMalformed,
                 "metadata.pb: not a ModelPackage, or a text is not UTF-8");
  }
  ANDON_RETURN_IF_ERROR(CheckSchemaVersion(package.metadata().schema_version()));
  ANDON_RETURN_IF_ERROR(CheckChecksums(package.metadata().checksums(), *covered));
  if (package.metadata().schema_version() == 1) {
    ANDON_RETURN_IF_ERROR(UpgradeSchema1To2(package));
  }
  ANDON_RETURN_IF_ERROR(CheckAprenderFields(package));
  return package;
}

Bytes SerializeAprenderMetadata(const ModelPackage& package) {
  ModelPackage complete = package;
  complete.mutable_metadata()->clear_checksums();
  const Sha256Digest digest = Sha256Of(AsBytes(SerializeDeterministically(complete)));

  auto& checksums = *complete.mutable_metadata()->mutable_checksums();
  checksums = package.metadata().checksums();
  checksums.set_metadata_sha256(AsText(digest).data(), digest.size());
  const std::string bytes = SerializeDeterministically(complete);
  return Bytes(bytes.begin(), bytes.end());
}

}  // namespace andon
