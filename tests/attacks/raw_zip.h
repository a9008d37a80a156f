// Builds ZIP archives of which every field can be set, to make what no honest writer makes.

#ifndef ANDON_TESTS_ATTACKS_RAW_ZIP_H_
#define ANDON_TESTS_ATTACKS_RAW_ZIP_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/deflate.h"
#include "common/bytes.h"

namespace andon::attacks {

// The fields that a local header and a central directory record have in common.
struct RawZipFields {
  uint32_t mark = 0;
  uint16_t version_needed = 20;
  uint16_t flags = 0;
  uint16_t method = 0;
  uint16_t time = 0;
  uint16_t date = 0x21;
  uint32_t crc32 = 0;
  uint32_t stored_size = 0;
  uint32_t size = 0;
  std::string name = {};
  std::string extra = {};
  std::optional<uint16_t> name_length = {};   // where it is not that of the name
  std::optional<uint16_t> extra_length = {};  // where it is not that of the extra field
};

struct RawZipEntry {
  std::string before = {};  // bytes in front of the local header
  RawZipFields local = {.mark = 0x04034b50};
  std::string data = {};  // as stored
  RawZipFields central = {.mark = 0x02014b50};
  std::string comment = {};
  uint16_t disk = 0;
  uint32_t external_attributes = 0;
  std::optional<uint32_t> local_offset = {};  // where it is not the true one

  // Calls edit(local) and edit(central).
  template <typename Edit>
  RawZipEntry& Both(const Edit& edit) {
    edit(local);
    edit(central);
    return *this;
  }
};

inline RawZipEntry Stored(std::string_view name, std::string_view content) {
  RawZipEntry entry;
  entry.data = content;
  return entry.Both([&](RawZipFields& fields) {
    fields.name = name;
    fields.crc32 = Crc32(0, AsBytes(content));
    fields.stored_size = fields.size = static_cast<uint32_t>(content.size());
  });
}

inline RawZipEntry Deflated(std::string_view name, std::string_view content) {
  RawZipEntry entry = Stored(name, content);
  entry.data = AsText(DeflateRaw(AsBytes(content)));
  return entry.Both([&](RawZipFields& fields) {
    fields.method = 8;
    fields.stored_size = static_cast<uint32_t>(entry.data.size());
  });
}

struct RawZip {
  std::vector<RawZipEntry> entries = {};
  std::string before_directory = {};
  std::string after_records = {};  // in the directory, behind its last record
  std::string before_end = {};
  uint32_t end_mark = 0x06054b50;
  uint16_t disk = 0;
  uint16_t directory_disk = 0;
  std::optional<uint16_t> entries_on_disk = {};
  std::optional<uint16_t> entry_count = {};
  std::optional<uint32_t> directory_size = {};
  std::optional<uint32_t> directory_offset = {};
  std::optional<uint16_t> comment_length = {};
  std::string comment = {};
};

namespace internal {

inline void AppendFields(Bytes& out, const RawZipFields& fields) {
  AppendU16(out, fields.version_needed);
  AppendU16(out, fields.flags);
  AppendU16(out, fields.method);
  AppendU16(out, fields.time);
  AppendU16(out, fields.date);
  AppendU32(out, fields.crc32);
  AppendU32(out, fields.stored_size);
  AppendU32(out, fields.size);
  AppendU16(out, fields.name_length.value_or(static_cast<uint16_t>(fields.name.size())));
  AppendU16(out, fields.extra_length.value_or(static_cast<uint16_t>(fields.extra.size())));
}

inline void AppendLocal(Bytes& out, const RawZipEntry& entry) {
  AppendU32(out, entry.local.mark);
  AppendFields(out, entry.local);
  for (const auto* part : {&entry.local.name, &entry.local.extra, &entry.data}) {
    AppendBytes(out, AsBytes(*part));
  }
}

inline void AppendCentral(Bytes& out, const RawZipEntry& entry, uint32_t local_offset) {
  AppendU32(out, entry.central.mark);
  AppendU16(out, 20);  // version made by
  AppendFields(out, entry.central);
  AppendU16(out, static_cast<uint16_t>(entry.comment.size()));
  AppendU16(out, entry.disk);
  AppendU16(out, 0);  // internal attributes
  AppendU32(out, entry.external_attributes);
  AppendU32(out, entry.local_offset.value_or(local_offset));
  for (const auto* part : {&entry.central.name, &entry.central.extra, &entry.comment}) {
    AppendBytes(out, AsBytes(*part));
  }
}

}  // namespace internal

inline Bytes Build(const RawZip& zip) {
  Bytes out;
  std::vector<uint32_t> offsets;
  for (const RawZipEntry& entry : zip.entries) {
    AppendBytes(out, AsBytes(entry.before));
    offsets.push_back(static_cast<uint32_t>(out.size()));
    internal::AppendLocal(out, entry);
  }
  AppendBytes(out, AsBytes(zip.before_directory));
  const auto directory_offset = static_cast<uint32_t>(out.size());
  for (size_t i = 0; i < zip.entries.size(); ++i) {
    internal::AppendCentral(out, zip.entries[i], offsets[i]);
  }
  AppendBytes(out, AsBytes(zip.after_records));
  const auto directory_size = static_cast<uint32_t>(out.size() - directory_offset);
  AppendBytes(out, AsBytes(zip.before_end));
  const auto count = static_cast<uint16_t>(zip.entries.size());
  AppendU32(out, zip.end_mark);
  AppendU16(out, zip.disk);
  AppendU16(out, zip.directory_disk);
  AppendU16(out, zip.entries_on_disk.value_or(zip.entry_count.value_or(count)));
  AppendU16(out, zip.entry_count.value_or(count));
  AppendU32(out, zip.directory_size.value_or(directory_size));
  AppendU32(out, zip.directory_offset.value_or(directory_offset));
  AppendU16(out, zip.comment_length.value_or(static_cast<uint16_t>(zip.comment.size())));
  AppendBytes(out, AsBytes(zip.comment));
  return out;
}

}  // namespace andon::attacks

#endif  // ANDON_TESTS_ATTACKS_RAW_ZIP_H_
