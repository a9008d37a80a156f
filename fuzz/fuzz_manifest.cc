// The metadata of experts: what version 2 takes, version 1 takes as a manifest; what version 1
// takes gives metadata that version 2 takes, and a manifest that can be signed.

#include "formats/expert_metadata.h"
#include "formats/expert_v1_integrity.h"
#include "fuzz/require.h"

namespace {

using andon::AsBytes;
using andon::ByteView;
using andon::DumpJson;
using andon::Json;
using andon::Require;

constexpr andon::Ed25519Seed kSeed = {1};

void CheckMetadata(ByteView text) {
  const auto metadata = andon::ParseExpertMetadata(text);
  if (!metadata.ok()) return;
  const auto manifest =
      andon::ParseManifestV1(AsBytes(DumpJson(andon::DowngradeMetadata(*metadata))));
  Require(manifest.ok() && manifest->name == metadata->name &&
          manifest->release_counter == metadata->release_counter);
}

void CheckUpgrade(const andon::ExpertMetadata& manifest) {
  Json upgraded = andon::UpgradeManifest(manifest);
  upgraded["name"] = "expert-a";  // that of the manifest may be none of version 2
  upgraded["version"] = "1.0.0";  // or too long
  Require(andon::ParseExpertMetadata(AsBytes(DumpJson(upgraded))).ok());
}

void CheckSigning(ByteView text, const andon::ExpertMetadata& manifest) {
  const std::vector<andon::TarEntry> files = {{"manifest.json", text}};
  (void)andon::CheckExpertV1Integrity(files, manifest);
  const auto made = andon::SignManifestV1(files, manifest, kSeed, "now");
  const auto again = andon::ParseManifestV1(AsBytes(made.manifest));
  if (!again.ok()) return;  // one level too deep, or too large
  const auto signature =
      andon::CheckExpertV1Integrity({{"manifest.json", AsBytes(made.manifest)}}, *again);
  Require(signature.ok() && signature.value().has_value() && signature.value()->manifest_covered);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const ByteView text(data, size);
  CheckMetadata(text);
  (void)andon::ParseBaseConfig(text);
  const auto manifest = andon::ParseManifestV1(text);
  if (!manifest.ok()) return 0;
  CheckUpgrade(*manifest);
  CheckSigning(text, *manifest);
  return 0;
}
