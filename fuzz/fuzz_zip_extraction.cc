// ZIP: what opens is read within the limits, and is canonical exactly when writing it again gives
// the same bytes.

#include "archive/zip.h"
#include "archive/zip_writer.h"
#include "common/limits.h"
#include "fuzz/require.h"

namespace {

using andon::Bytes;
using andon::ByteView;
using andon::Require;
using andon::ZipArchive;
using andon::ZipEntry;
using andon::ZipWriter;

// Below this much, every entry is also held in memory and written again.
constexpr uint64_t kRewrittenBytes = andon::limits::kMiB;

// The archive written again, stored; nothing when an entry cannot be read.
std::optional<Bytes> Rewritten(const ZipArchive& zip) {
  ZipWriter writer;
  for (const ZipEntry& entry : zip.entries()) {
    const auto content = zip.ReadAll(entry, kRewrittenBytes);
    if (!content.ok()) return std::nullopt;
    Require(content->size() == entry.size);
    Require(writer.Add(entry.name, *content).ok());
  }
  return writer.Finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const ByteView file(data, size);
  const auto zip = ZipArchive::Open(file);
  if (!zip.ok()) return 0;
  uint64_t content = 0;
  for (const ZipEntry& entry : zip->entries()) {
    Require(andon::SubRange(file, entry.data_offset, entry.stored_size).has_value());
    uint64_t read = 0;
    const bool ok = zip->Read(entry,
                              [&read](ByteView piece) {
                                read += piece.size();
                                return andon::Status();
                              })
                        .ok();
    Require(ok ? read == entry.size : read <= entry.size);
    content += entry.size;
  }
  Require(content <= andon::limits::kFreeExpansionBytes ||
          content <= size * andon::limits::kMaxTotalRatio);
  if (content > kRewrittenBytes) return 0;
  const auto rewritten = Rewritten(*zip);
  if (rewritten)
    Require(zip->CheckCanonical().ok() == (andon::AsText(*rewritten) == andon::AsText(file)));
  return 0;
}
