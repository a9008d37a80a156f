// Mutates one entry of a package and makes every hash, size and checksum right again, so that the
// change reaches the parser of that entry. One time in four it leaves that to chance.

#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include "archive/zip_writer.h"
#include "formats/aprender_metadata.h"
#include "formats/aprender_package.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

using andon::Bytes;
using andon::ByteView;
using Entries = std::map<std::string, Bytes, std::less<>>;

constexpr std::string_view kManifest = "manifest.json";
constexpr std::string_view kSignature = "signature.bin";
constexpr size_t kGrowth = 256;  // bytes that one mutation may add to an entry

std::optional<Entries> EntriesOf(ByteView file) {
  const auto zip = andon::ZipArchive::Open(file);
  if (!zip.ok() || zip->entries().empty()) return std::nullopt;
  Entries entries;
  for (const andon::ZipEntry& entry : zip->entries()) {
    auto content = zip->ReadAll(entry, andon::limits::kMiB);
    if (!content.ok()) return std::nullopt;
    entries[entry.name] = std::move(*content);
  }
  return entries;
}

void Mutate(Bytes& bytes) {
  const size_t size = bytes.size();
  bytes.resize(size + kGrowth);
  bytes.resize(LLVMFuzzerMutate(bytes.data(), size, bytes.size()));
}

// Takes the checksums out of metadata.pb; they need not be there.
void ClearChecksums(Bytes& metadata) {
  const google::protobuf::LogSilencer silence;  // it would print that a text is not UTF-8
  aprender::v2::ModelPackage package;
  if (!package.ParsePartialFromArray(metadata.data(), static_cast<int>(metadata.size()))) return;
  package.mutable_metadata()->clear_checksums();
  metadata.resize(package.ByteSizeLong());
  package.SerializePartialToArray(metadata.data(), static_cast<int>(metadata.size()));
}

andon::AprenderManifest ManifestOf(const Entries& entries) {
  andon::AprenderManifest manifest;
  for (const auto& [name, content] : entries) {
    if (name != kManifest && name != kSignature) {
      manifest[name] = {content.size(), andon::Sha256Of(content)};
    }
  }
  return manifest;
}

void Sign(Entries& entries) {
  constexpr andon::Ed25519Seed kSeed = {1};
  andon::AprenderManifest files = ManifestOf(entries);
  const Bytes& manifest = entries.find(kManifest)->second;
  files[std::string(kManifest)] = {manifest.size(), andon::Sha256Of(manifest)};
  entries[std::string(kSignature)] = andon::WriteAprenderSignature(files, kSeed);
}

Bytes ZipOf(const Entries& entries, andon::ZipMethod method) {
  andon::ZipWriter writer;
  for (const auto& [name, content] : entries) (void)writer.Add(name, content, method);
  return writer.Finish();
}

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  std::minstd_rand random(seed);
  auto entries = EntriesOf({data, size});
  if (!entries || random() % 4 == 0) return LLVMFuzzerMutate(data, size, max_size);

  const auto mutated =
      std::next(entries->begin(), static_cast<ptrdiff_t>(random() % entries->size()));
  const std::string name = mutated->first;
  Mutate(mutated->second);
  if (const auto metadata = entries->find(andon::kMetadataEntry); metadata != entries->end()) {
    ClearChecksums(metadata->second);
  }
  if (name != kManifest) {
    (*entries)[std::string(kManifest)] = andon::WriteAprenderManifest(ManifestOf(*entries));
  }
  if (name != kSignature && entries->contains(kSignature)) Sign(*entries);
  const Bytes file =
      ZipOf(*entries, random() % 8 == 0 ? andon::ZipMethod::kDeflate : andon::ZipMethod::kStored);
  if (file.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::copy(file.begin(), file.end(), data);
  return file.size();
}
