#include "formats/expert_v1.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "archive/gzip.h"
#include "archive/zip.h"
#include "common/limits.h"
#include "formats/expert_v1_integrity.h"

namespace andon {
namespace {

struct Expanded {
  Bytes archive;
  std::vector<TarEntry> files;
};

Result<Expanded> ExpandTar(ByteView file) {
  Expanded expanded;
  ANDON_ASSIGN_OR_RETURN(expanded.archive, Gunzip(file, limits::kMaxExpertV1Bytes));
  ANDON_ASSIGN_OR_RETURN(expanded.files, ReadTar(expanded.archive));
  return expanded;
}

Result<Expanded> ExpandZip(ByteView file) {
  ANDON_ASSIGN_OR_RETURN(const ZipArchive zip, ZipArchive::Open(file));
  uint64_t size = 0;
  for (const ZipEntry& entry : zip.entries()) size += entry.size;
  if (size > limits::kMaxExpertV1Bytes) {
    return Error(ErrorCode::kFileTooLarge, "zip: ", size, " bytes of content");
  }
  Expanded expanded;
  Bytes& archive = expanded.archive;
  archive.reserve(static_cast<size_t>(size));  // so that no content moves while others are added
  for (const ZipEntry& entry : zip.entries()) {
    const size_t begin = archive.size();
    ANDON_RETURN_IF_ERROR(zip.Read(entry, [&archive](ByteView piece) {
      AppendBytes(archive, piece);
      return Status();
    }));
    expanded.files.push_back({entry.name, ByteView(archive).subspan(begin)});
  }
  return expanded;
}

// What a package must be, however it was packed.
Status CheckPackage(const std::vector<TarEntry>& files, ExpertV1& expert) {
  const TarEntry* const manifest = FindEntry(files, kManifestV1Entry);
  if (!manifest) return Error(ErrorCode::kManifestV1, "manifest.json: missing");
  ANDON_ASSIGN_OR_RETURN(expert.manifest, ParseManifestV1(manifest->content));
  ANDON_ASSIGN_OR_RETURN(expert.signature, CheckExpertV1Integrity(files, expert.manifest));
  return Status();
}

// Where an entry goes: the manifest first, the signature last.
constexpr std::string_view kFirst[] = {
    kManifestV1Entry,        "adapter_model.safetensors", "adapter_config.json", "tokenizer.json",
    "tokenizer_config.json", "special_tokens_map.json",   "vocab.json"};

auto PlaceOf(const TarEntry& entry) {
  const auto found = std::ranges::find(kFirst, std::string_view(entry.name));
  return std::tuple(entry.name == kSignatureV1Entry, found - std::begin(kFirst),
                    std::string_view(entry.name));
}

Result<Bytes> Pack(std::vector<TarEntry> files) {
  std::ranges::sort(files, {}, PlaceOf);
  ANDON_ASSIGN_OR_RETURN(const Bytes tar, WriteTar(files));
  return Gzip(tar);
}

}  // namespace

const TarEntry* ExpertV1::Find(std::string_view name) const { return FindEntry(files, name); }

bool LooksLikeExpertV1(ByteView file) {
  if (LooksLikeGzip(file)) return true;
  const auto zip = ZipArchive::Open(file);
  return zip.ok() && zip->Find(kManifestV1Entry) && !zip->Find("metadata.pb") &&
         !zip->Find("weights.safetensors");
}

Result<ExpertV1> ReadExpertV1(ByteView file) {
  if (file.size() > limits::kMaxExpertV1Bytes) {
    return Error(ErrorCode::kFileTooLarge, "file: ", uint64_t{file.size()}, " bytes");
  }
  ANDON_ASSIGN_OR_RETURN(Expanded expanded,
                         LooksLikeGzip(file) ? ExpandTar(file) : ExpandZip(file));
  ExpertV1 expert;
  ANDON_RETURN_IF_ERROR(CheckPackage(expanded.files, expert));
  expert.archive = std::move(expanded.archive);
  expert.files = std::move(expanded.files);
  return expert;
}

Result<Bytes> WriteExpertV1(const std::vector<TarEntry>& files,
                            const std::optional<Ed25519Seed>& seed, std::string_view created_at) {
  ExpertV1 checked;
  if (!seed) {
    ANDON_RETURN_IF_ERROR(CheckPackage(files, checked));
    return Pack(files);
  }
  const TarEntry* const manifest = FindEntry(files, kManifestV1Entry);
  if (!manifest) return Error(ErrorCode::kManifestV1, "manifest.json: missing");
  ANDON_ASSIGN_OR_RETURN(checked.manifest, ParseManifestV1(manifest->content));
  const SignedManifestV1 made = SignManifestV1(files, checked.manifest, *seed, created_at);
  std::vector<TarEntry> with_signature;
  for (const TarEntry& entry : files) {
    if (entry.name != kManifestV1Entry && entry.name != kSignatureV1Entry) {
      with_signature.push_back(entry);
    }
  }
  with_signature.push_back({std::string(kManifestV1Entry), AsBytes(made.manifest)});
  with_signature.push_back({std::string(kSignatureV1Entry), made.signature});
  return Pack(std::move(with_signature));
}

}  // namespace andon
