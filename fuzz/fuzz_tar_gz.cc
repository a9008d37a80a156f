// tar, gzip and .expert of version 1: what is read is written again, and reads the same; what is
// signed anew verifies. The input is a tar archive, whose checksums mutators/fuzz_tar_gz.cc keeps
// right, or a gzip member.

#include <algorithm>

#include "archive/gzip.h"
#include "archive/tar.h"
#include "common/limits.h"
#include "formats/expert_v1.h"
#include "fuzz/require.h"

namespace {

using andon::ByteView;
using andon::Require;
using andon::TarEntry;

constexpr andon::Ed25519Seed kSeed = {1};

void RequireSame(const std::vector<TarEntry>& a, const std::vector<TarEntry>& b) {
  Require(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    Require(a[i].name == b[i].name && std::ranges::equal(a[i].content, b[i].content));
  }
}

void CheckTar(ByteView archive) {
  const auto entries = andon::ReadTar(archive);
  if (!entries.ok()) return;
  const auto written = andon::WriteTar(*entries);
  if (!written.ok()) {  // a name that was cut in two elsewhere than the writer could
    Require(written.code() == andon::ErrorCode::kTarUnsafeName);
    return;
  }
  const auto again = andon::ReadTar(*written);
  Require(again.ok());
  RequireSame(*entries, *again);
}

void CheckExpert(ByteView file) {
  const auto expert = andon::ReadExpertV1(file);
  if (!expert.ok()) return;
  const auto kept = andon::WriteExpertV1(expert->files, std::nullopt, "");
  if (kept.code() == andon::ErrorCode::kTarUnsafeName) return;
  Require(kept.ok() && andon::ReadExpertV1(*kept).ok());
  const auto resigned = andon::WriteExpertV1(expert->files, kSeed, "now");
  Require(resigned.ok());
  const auto again = andon::ReadExpertV1(*resigned);
  Require(again.ok() && again->signature && again->signature->manifest_covered);
  Require(andon::Ed25519Verify(again->signature->key, andon::AsBytes(again->signature->message),
                               again->signature->signature));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const ByteView input(data, size);
  if (andon::LooksLikeGzip(input)) {
    const auto content = andon::Gunzip(input, andon::limits::kMiB);
    Require(!content.ok() || content->size() <= andon::limits::kMiB);
    if (content.ok()) CheckExpert(input);
    return 0;
  }
  CheckTar(input);
  CheckExpert(andon::Gzip(input, 1));
  return 0;
}
