#include "formats/expert_v1_integrity.h"

#include <algorithm>
#include <map>
#include <utility>

#include "crypto/hex.h"
#include "crypto/sha256.h"
#include "formats/expert_v1_manifest_text.h"

namespace andon {
namespace {

using Hashes =
    std::map<std::string, Sha256Digest, std::less<>>;  // by path, as the message has them

Status Malformed(std::string_view member) {
  return Error(ErrorCode::kManifestV1, "manifest.json: integrity.", member);
}

Status Differs(std::string_view what, std::string_view name) {
  return Error(ErrorCode::kExpertV1Integrity, "integrity: ", what, " ", Quoted(name));
}

// Neither can have its own hash in `integrity`.
bool IsOutside(std::string_view name) {
  return name == kManifestV1Entry || name == kSignatureV1Entry;
}

std::string_view WithoutPrefix(std::string_view text) {
  for (const std::string_view prefix : {"sha256:", "hex:", "ed25519:"}) {
    if (text.starts_with(prefix)) return text.substr(prefix.size());
  }
  return text;
}

template <size_t kCount>
std::optional<std::array<uint8_t, kCount>> FromHex(std::string_view text) {
  const std::string_view digits = WithoutPrefix(text);
  std::array<uint8_t, kCount> bytes;
  if (digits.size() != 2 * kCount || !andon_hex_decode(digits.data(), kCount, bytes.data())) {
    return std::nullopt;
  }
  return bytes;
}

// The first of these members that is a text and not empty.
std::string_view TextOf(const Json& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_string()) continue;
    const auto& text = found->get_ref<const std::string&>();
    if (!text.empty()) return text;
  }
  return {};
}

Result<Hashes> StatedHashes(const Json& files) {
  Hashes hashes;
  for (const auto& [name, value] : files.items()) {
    const auto digest = value.is_string() ? FromHex<32>(value.get_ref<const std::string&>())
                                          : std::optional<Sha256Digest>();
    if (!digest) return Malformed("files: a hash");
    hashes.emplace(name, *digest);
  }
  return hashes;
}

Status CheckFiles(const std::vector<TarEntry>& files, const Hashes& stated) {
  size_t missing = stated.size() - stated.count(kManifestV1Entry) - stated.count(kSignatureV1Entry);
  for (const auto& [name, content] : files) {
    if (IsOutside(name)) continue;
    const auto found = stated.find(name);
    if (found == stated.end()) return Differs("no hash of", name);
    if (!DigestMatches(Sha256Of(content), found->second)) return Differs("content of", name);
    --missing;
  }
  if (missing == 0) return Status();
  return Error(ErrorCode::kExpertV1Integrity, "integrity: ", uint64_t{missing}, " files missing");
}

// REQUIRES: the hashes were compared with the content.
std::string MessageOf(const Hashes& hashes) {
  std::string message;
  for (const auto& [name, digest] : hashes) {
    if (!message.empty()) message += "\n";
    message += name + ":" + ToHex(digest);
  }
  return message;
}

// signature.sig: 64 bytes, or their digits and perhaps a line end.
Result<std::optional<Ed25519Signature>> ReadSignatureEntry(const TarEntry* entry) {
  if (!entry) return std::optional<Ed25519Signature>();
  Ed25519Signature signature;
  if (entry->content.size() == signature.size()) {
    std::ranges::copy(entry->content, signature.begin());
    return std::optional(signature);
  }
  std::string_view digits = AsText(entry->content);
  if (digits.ends_with('\n')) digits.remove_suffix(1);
  const auto decoded = FromHex<64>(digits);
  if (!decoded) return Differs("form of", kSignatureV1Entry);
  return decoded;
}

Result<std::optional<Ed25519Signature>> ReadSignature(const Json& integrity,
                                                      const std::vector<TarEntry>& files) {
  ANDON_ASSIGN_OR_RETURN(const auto in_entry,
                         ReadSignatureEntry(FindEntry(files, kSignatureV1Entry)));
  const std::string_view text = TextOf(integrity, {"signature"});
  if (text.empty()) return in_entry;
  const auto in_manifest = FromHex<64>(text);
  if (!in_manifest) return Malformed("signature");
  if (in_entry && *in_entry != *in_manifest)
    return Differs("another signature in", kSignatureV1Entry);
  return in_manifest;
}

}  // namespace

const TarEntry* FindEntry(const std::vector<TarEntry>& files, std::string_view name) {
  const auto found = std::ranges::find(files, name, &TarEntry::name);
  return found == files.end() ? nullptr : &*found;
}

Result<std::optional<ExpertV1Signature>> CheckExpertV1Integrity(const std::vector<TarEntry>& files,
                                                                const ExpertMetadata& manifest) {
  const auto integrity = manifest.json.find("integrity");
  if (integrity == manifest.json.end() || !integrity->is_object()) {
    return std::optional<ExpertV1Signature>();
  }
  const auto listed = integrity->find("files");
  if (listed == integrity->end() || !listed->is_object()) return std::optional<ExpertV1Signature>();
  ANDON_ASSIGN_OR_RETURN(const Hashes stated, StatedHashes(*listed));
  ANDON_RETURN_IF_ERROR(CheckFiles(files, stated));
  ANDON_ASSIGN_OR_RETURN(const auto signature, ReadSignature(*integrity, files));
  const std::string_view key_text = TextOf(*integrity, {"pubkey", "public_key"});
  if (!signature || key_text.empty()) return std::optional<ExpertV1Signature>();
  const auto key = FromHex<32>(key_text);
  if (!key) return Malformed("pubkey");
  const auto manifest_hash = stated.find(kManifestV1Entry);
  const std::string_view text = AsText(FindEntry(files, kManifestV1Entry)->content);
  return std::optional(ExpertV1Signature{
      .key = *key,
      .signature = *signature,
      .message = MessageOf(stated),
      .manifest_covered = manifest_hash != stated.end() &&
                          IsManifestHash(manifest_hash->second, text, manifest.json)});
}

SignedManifestV1 SignManifestV1(const std::vector<TarEntry>& files, const ExpertMetadata& manifest,
                                const Ed25519Seed& seed, std::string_view created_at) {
  Json json = manifest.json;
  const std::string publisher(TextOf(json, {"author"}));
  json["integrity"] = nullptr;
  Hashes hashes;
  for (const auto& [name, content] : files) {
    if (!IsOutside(name)) hashes.emplace(name, Sha256Of(content));
  }
  hashes.emplace(kManifestV1Entry, Sha256Of(AsBytes(PrettyManifest(json))));
  Json listed = Json::object();
  for (const auto& [name, digest] : hashes) listed[name] = "sha256:" + ToHex(digest);
  const Ed25519Signature signature = Ed25519Sign(seed, AsBytes(MessageOf(hashes)));
  json["integrity"] = {{"created_at", created_at},
                       {"publisher", publisher},
                       {"pubkey", "ed25519:" + ToHex(Ed25519PublicKeyOf(seed))},
                       {"signature_algorithm", "Ed25519"},
                       {"signature", ToHex(signature)},
                       {"files", std::move(listed)}};
  return {.manifest = PrettyManifest(json), .signature = signature};
}

}  // namespace andon
