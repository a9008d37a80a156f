#include "archive/zip_writer.h"
#include "formats/aprender_metadata.h"
#include "formats/aprender_package.h"

namespace andon {
namespace {

using Entries = std::map<std::string_view, ByteView>;

Status CheckAttachmentNames(const AprenderContent& content) {
  for (const auto name : {kMetadataEntry, kWeightsEntry, kManifestEntry, kSignatureEntry}) {
    if (content.attachments.contains(name)) {
      return Error(ErrorCode::kZipDuplicateName, "package: an attachment is named ", name);
    }
  }
  return Status();
}

Bytes MetadataFor(const aprender::v2::ModelPackage& model, ByteView weights) {
  aprender::v2::ModelPackage complete = model;
  auto& metadata = *complete.mutable_metadata();
  metadata.set_schema_version(kAprenderSchemaVersion);
  metadata.clear_checksums();
  const Sha256Digest digest = Sha256Of(weights);
  metadata.mutable_checksums()->set_weights_sha256(digest.data(), digest.size());
  return SerializeAprenderMetadata(complete);
}

AprenderManifest RecordsOf(const Entries& entries) {
  AprenderManifest files;
  for (const auto& [name, content] : entries) {
    files.emplace(name, FileRecord{content.size(), Sha256Of(content)});
  }
  return files;
}

Result<Bytes> WriteZip(const Entries& entries) {
  ZipWriter writer;
  for (const auto& [name, content] : entries) ANDON_RETURN_IF_ERROR(writer.Add(name, content));
  return writer.Finish();
}

Status ReadBack(ByteView file) {
  ANDON_ASSIGN_OR_RETURN(const AprenderContainer container, VerifyAprender(file));
  return ParseAprender(container).status();
}

}  // namespace

Result<Bytes> WriteAprender(const AprenderContent& content,
                            const std::optional<Ed25519Seed>& signing_seed) {
  ANDON_RETURN_IF_ERROR(CheckAttachmentNames(content));
  ANDON_ASSIGN_OR_RETURN(const Bytes weights, WriteSafetensors(content.tensors));
  const Bytes metadata = MetadataFor(content.model, weights);
  Entries entries(content.attachments.begin(), content.attachments.end());
  entries[kMetadataEntry] = metadata;
  entries[kWeightsEntry] = weights;

  const Bytes manifest = WriteAprenderManifest(RecordsOf(entries));
  entries[kManifestEntry] = manifest;

  Bytes signature;
  if (signing_seed) {
    signature = WriteAprenderSignature(RecordsOf(entries), *signing_seed);
    entries[kSignatureEntry] = signature;
  }
  ANDON_ASSIGN_OR_RETURN(Bytes file, WriteZip(entries));
  ANDON_RETURN_IF_ERROR(ReadBack(file));
  return file;
}

}  // namespace andon
