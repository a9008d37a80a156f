#include "archive/zip.h"

#include <algorithm>

#include "archive/zip_directory.h"
#include "archive/zip_records.h"
#include "codecs/deflate.h"
#include "common/limits.h"

namespace andon {
namespace {

constexpr size_t kPieceBytes = 64 * limits::kKiB;

Status SendStored(ByteView bytes, const ByteSink& sink) {
  while (!bytes.empty()) {
    const size_t piece = std::min(bytes.size(), kPieceBytes);
    ANDON_RETURN_IF_ERROR(sink(bytes.first(piece)));
    bytes = bytes.subspan(piece);
  }
  return Status();
}

}  // namespace

Result<ZipArchive> ZipArchive::Open(ByteView file) {
  ZipArchive archive;
  archive.file_ = file;
  ANDON_ASSIGN_OR_RETURN(archive.entries_, ReadZipDirectory(file));
  return archive;
}

const ZipEntry* ZipArchive::Find(std::string_view name) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [name](const ZipEntry& entry) { return entry.name == name; });
  return found == entries_.end() ? nullptr : &*found;
}

ByteView ZipArchive::StoredBytes(const ZipEntry& entry) const {
  return file_.subspan(static_cast<size_t>(entry.data_offset),
                       static_cast<size_t>(entry.stored_size));
}

Status ZipArchive::Read(const ZipEntry& entry, const ByteSink& sink) const {
  uint64_t size = 0;
  uint32_t crc32 = 0;
  const ByteSink measure = [&](ByteView piece) {
    size += piece.size();
    crc32 = Crc32(crc32, piece);
    return sink(piece);
  };
  ANDON_RETURN_IF_ERROR(entry.method == ZipMethod::kStored
                            ? SendStored(StoredBytes(entry), measure)
                            : InflateRaw(StoredBytes(entry), entry.size, measure));
  if (size != entry.size) {
    return Error(ErrorCode::kZipSizeMismatch, "zip: entry ", Quoted(entry.name), " has ", size,
                 " bytes of content, not ", entry.size);
  }
  if (crc32 != entry.crc32) {
    return Error(ErrorCode::kZipCrcMismatch, "zip: CRC-32 of entry ", Quoted(entry.name));
  }
  return Status();
}

Result<Bytes> ZipArchive::ReadAll(const ZipEntry& entry, uint64_t max_size) const {
  if (entry.size > max_size) {
    return Error(ErrorCode::kZipEntryTooLarge, "zip: entry ", Quoted(entry.name), " expands to ",
                 entry.size, " bytes, limit ", max_size);
  }
  Bytes content;
  content.reserve(static_cast<size_t>(entry.size));
  ANDON_RETURN_IF_ERROR(Read(entry, [&content](ByteView piece) {
    AppendBytes(content, piece);
    return Status();
  }));
  return content;
}

Status ZipArchive::CheckCanonical() const {
  std::string_view rest = AsText(file_);
  Bytes directory;
  for (const ZipEntry& entry : entries_) {
    Bytes header;
    AppendZipLocalHeader(header, entry);
    if (entry.method != ZipMethod::kStored || !rest.starts_with(AsText(header))) {
      return Error(ErrorCode::kZipNotCanonical, "zip: local header of ", Quoted(entry.name));
    }
    rest.remove_prefix(header.size() + static_cast<size_t>(entry.stored_size));
    AppendZipCentralRecord(directory, entry);
  }
  AppendZipEndRecord(directory, entries_.size(), directory.size(), file_.size() - rest.size());
  if (rest != AsText(directory)) {
    return Error(ErrorCode::kZipNotCanonical, "zip: central directory");
  }
  return Status();
}

}  // namespace andon
