#include "formats/aprender_package.h"

#include <algorithm>

#include "common/limits.h"
#include "formats/aprender_metadata.h"

namespace andon {
namespace {

Status CheckFileSets(const ZipArchive& zip, const AprenderManifest& files) {
  for (const auto& [name, record] : files) {
    if (zip.Find(name) == nullptr) {
      return Error(ErrorCode::kManifestFileMissing, "manifest.json: lists ", Quoted(name),
                   ", which the package does not have");
    }
  }
  for (const ZipEntry& entry : zip.entries()) {
    if (entry.name != kManifestEntry && entry.name != kSignatureEntry &&
        !files.contains(entry.name)) {
      return Error(ErrorCode::kManifestFileUnlisted, "manifest.json: does not list ",
                   Quoted(entry.name));
    }
  }
  if (!files.contains(kMetadataEntry)) {
    return Error(ErrorCode::kMetadataMissing, "package: metadata.pb is missing");
  }
  if (!files.contains(kWeightsEntry)) {
    return Error(ErrorCode::kWeightsMissing, "package: weights.safetensors is missing");
  }
  return Status();
}

Status CheckFile(const ZipArchive& zip, const ZipEntry& entry, const FileRecord& record) {
  if (entry.size != record.size) {
    return Error(ErrorCode::kManifestSizeMismatch, "manifest.json: states ", record.size,
                 " bytes for ", Quoted(entry.name), ", it has ", entry.size);
  }
  Sha256 hash;
  ANDON_RETURN_IF_ERROR(zip.Read(entry, [&hash](ByteView piece) {
    hash.Update(piece);
    return Status();
  }));
  if (DigestMatches(hash.Finish(), record.sha256)) return Status();
  return Error(ErrorCode::kManifestHashMismatch, "manifest.json: the SHA-256 of ",
               Quoted(entry.name), " does not match");
}

// The manifest's records, the manifest's own added, once every one of them has been verified.
Result<AprenderManifest> VerifyFiles(const ZipArchive& zip) {
  const ZipEntry* entry = zip.Find(kManifestEntry);
  if (entry == nullptr) {
    return Error(ErrorCode::kManifestMissing, "package: manifest.json is missing");
  }
  ANDON_ASSIGN_OR_RETURN(const Bytes text, zip.ReadAll(*entry, limits::kMaxManifestBytes));
  ANDON_ASSIGN_OR_RETURN(AprenderManifest files, ParseAprenderManifest(text));
  ANDON_RETURN_IF_ERROR(CheckFileSets(zip, files));
  for (const auto& [name, record] : files) {
    ANDON_RETURN_IF_ERROR(CheckFile(zip, *zip.Find(name), record));
  }
  files.emplace(kManifestEntry, FileRecord{text.size(), Sha256Of(text)});
  return files;
}

// The one permitted form of a signed archive: with it, no byte outside the entries can be changed.
Status CheckCanonicalPackage(const ZipArchive& zip) {
  ANDON_RETURN_IF_ERROR(zip.CheckCanonical());
  const auto by_name = [](const ZipEntry& a, const ZipEntry& b) { return a.name < b.name; };
  if (std::is_sorted(zip.entries().begin(), zip.entries().end(), by_name)) return Status();
  return Error(ErrorCode::kZipNotCanonical,
               "package: the entries of a signed package are not in name order");
}

// The content of an entry: in place where it is stored, else expanded into `inflated`.
// REQUIRES: its hash was verified.
Result<ByteView> ContentOf(const ZipArchive& zip, const ZipEntry& entry, Bytes& inflated) {
  if (entry.method == ZipMethod::kStored) return zip.StoredBytes(entry);
  ANDON_ASSIGN_OR_RETURN(inflated, zip.ReadAll(entry, entry.size));
  return ByteView(inflated);
}

}  // namespace

bool LooksLikeAprender(ByteView head) { return AsText(head).starts_with("PK\3\4"); }

Result<AprenderContainer> VerifyAprender(ByteView file) {
  AprenderContainer container;
  ANDON_ASSIGN_OR_RETURN(container.zip, ZipArchive::Open(file));
  ANDON_ASSIGN_OR_RETURN(container.files, VerifyFiles(container.zip));
  const ZipEntry* signature = container.zip.Find(kSignatureEntry);
  if (signature == nullptr) return container;
  ANDON_RETURN_IF_ERROR(CheckCanonicalPackage(container.zip));
  ANDON_ASSIGN_OR_RETURN(container.signature,
                         ParseAprenderSignature(container.zip.StoredBytes(*signature)));
  container.signed_message = AprenderSignedMessage(container.files);
  return container;
}

Result<AprenderPackage> ParseAprender(const AprenderContainer& container) {
  AprenderPackage package;
  const ZipEntry& metadata = *container.zip.Find(kMetadataEntry);
  ANDON_RETURN_IF_ERROR(CheckAprenderMetadataSize(metadata.size));
  Bytes inflated_metadata;
  ANDON_ASSIGN_OR_RETURN(const ByteView metadata_bytes,
                         ContentOf(container.zip, metadata, inflated_metadata));
  ANDON_ASSIGN_OR_RETURN(package.model, ParseAprenderMetadata(metadata_bytes));

  ANDON_ASSIGN_OR_RETURN(
      const ByteView weights_bytes,
      ContentOf(container.zip, *container.zip.Find(kWeightsEntry), package.inflated_weights));
  ANDON_ASSIGN_OR_RETURN(package.weights, ParseSafetensors(weights_bytes));
  const std::string& stated = package.model.metadata().checksums().weights_sha256();
  const FileRecord& weights = container.files.find(kWeightsEntry)->second;
  if (!stated.empty() && !DigestMatches(weights.sha256, AsBytes(stated))) {
    return Error(ErrorCode::kWeightsChecksumMismatch,
                 "metadata.pb: checksums.weights_sha256 does not match weights.safetensors");
  }
  return package;
}

}  // namespace andon
