#include "archive/zip_writer.h"

#include <utility>

#include "archive/zip_records.h"
#include "codecs/deflate.h"
#include "common/limits.h"

namespace andon {

Status ZipWriter::Add(std::string_view name, ByteView content, ZipMethod method) {
  if (!IsSafeEntryName(name)) {
    return Error(ErrorCode::kZipUnsafeName, "zip: entry name ", Quoted(name));
  }
  if (entries_.size() == limits::kMaxArchiveEntries) {
    return Error(ErrorCode::kZipTooManyEntries, "zip: entry ", Quoted(name), " beyond ",
                 limits::kMaxArchiveEntries, " entries");
  }
  if (uint64_t{archive_.size()} + content.size() > limits::kMaxAprenderBytes) {
    return Error(ErrorCode::kZipEntryTooLarge, "zip: entry ", Quoted(name), " of ",
                 uint64_t{content.size()}, " bytes");
  }
  if (!names_.Insert(name)) {
    return Error(ErrorCode::kZipDuplicateName, "zip: entry name ", Quoted(name), " twice");
  }
  ZipEntry entry{.name = std::string(name),
                 .method = method,
                 .crc32 = Crc32(0, content),
                 .stored_size = content.size(),
                 .size = content.size(),
                 .local_offset = archive_.size()};
  Bytes deflated;
  if (method == ZipMethod::kDeflate) {
    deflated = DeflateRaw(content);
    entry.stored_size = deflated.size();
  }
  AppendZipLocalHeader(archive_, entry);
  entry.data_offset = archive_.size();
  AppendBytes(archive_, method == ZipMethod::kDeflate ? ByteView(deflated) : content);
  entries_.push_back(std::move(entry));
  return Status();
}

Bytes ZipWriter::Finish() {
  const uint64_t directory_offset = archive_.size();
  for (const ZipEntry& entry : entries_) AppendZipCentralRecord(archive_, entry);
  AppendZipEndRecord(archive_, entries_.size(), archive_.size() - directory_offset,
                     directory_offset);
  return std::move(archive_);
}

}  // namespace andon
