// Writes .expert files of version 2 byte by byte, right by default, and wrong in every way that a
// test asks for.

#ifndef ANDON_TESTS_ATTACKS_RAW_EXPERT_H_
#define ANDON_TESTS_ATTACKS_RAW_EXPERT_H_

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "codecs/zstd.h"
#include "common/bytes.h"
#include "formats/expert_index.h"

namespace andon::attacks {

struct RawSection {
  ExpertSection entry;  // as it is written in the TOC
  Bytes stored;
  std::string padded_name;  // in place of the entry's name: 24 bytes
};

struct RawExpert {
  std::string magic = std::string("HLLMEXP\0", 8);
  uint16_t major = 2, minor = 0;
  Bytes metadata =
      ZstdCompress(AsBytes("{\"name\":\"expert-raw\"}"));  // the frame, not its padding
  std::optional<uint32_t> header_size, toc_count;
  std::vector<RawSection> sections;
  uint8_t gap_byte = 0;  // of gaps between sections
  Bytes tail;            // after the last section

  uint64_t HeaderSize() const { return (0x74 + metadata.size() + 63) / 64 * 64; }

  // A section of its place, length and hash, right as far as `entry` does not say otherwise.
  ExpertSection& Add(uint16_t type, ByteView stored, uint32_t layer = kNoLayer) {
    RawSection& section = sections.emplace_back();
    section.stored.assign(stored.begin(), stored.end());
    section.entry.type = type;
    section.entry.layer = layer;
    section.entry.raw_length = stored.size();
    return section.entry;
  }

  // Compressed as zstd makes it, with the right length.
  ExpertSection& AddCompressed(uint16_t type, ByteView content) {
    ExpertSection& entry = Add(type, ZstdCompress(content));
    entry.codec = SectionCodec::kZstd;
    entry.raw_length = content.size();
    return entry;
  }

  // Gives every section its id, place, stored length and hash.
  RawExpert& Lay() {
    places_.clear();
    uint64_t end = HeaderSize() + 96 * sections.size();
    for (size_t i = 0; i < sections.size(); ++i) {
      ExpertSection& entry = sections[i].entry;
      const uint64_t alignment = entry.type == 1 ? 256 : 64;
      entry.id = static_cast<uint32_t>(i + 1);
      entry.offset = (end + alignment - 1) / alignment * alignment;
      entry.stored_length = sections[i].stored.size();
      entry.sha256 = Sha256Of(sections[i].stored);
      places_.push_back(entry.offset);
      end = entry.offset + entry.stored_length;
    }
    return *this;
  }

  // The bytes, with each section where Lay() put it, whatever its entry says by now.
  Bytes File() const {
    Bytes file(magic.begin(), magic.end());
    AppendU16(file, major);
    AppendU16(file, minor);
    AppendU32(file, header_size.value_or(static_cast<uint32_t>(HeaderSize())));
    AppendU32(file, toc_count.value_or(static_cast<uint32_t>(sections.size())));
    file.resize(0x74);
    AppendBytes(file, metadata);
    file.resize(static_cast<size_t>(HeaderSize()));
    for (const RawSection& section : sections) AppendEntry(file, section);
    for (size_t i = 0; i < sections.size(); ++i) {
      file.resize(static_cast<size_t>(places_[i]), gap_byte);
      AppendBytes(file, sections[i].stored);
    }
    AppendBytes(file, tail);
    return file;
  }

 private:
  static void AppendEntry(Bytes& file, const RawSection& section) {
    const ExpertSection& entry = section.entry;
    AppendU32(file, entry.id);
    AppendU16(file, entry.type);
    AppendU16(file, static_cast<uint16_t>(entry.codec));
    AppendU64(file, entry.offset);
    AppendU64(file, entry.stored_length);
    AppendU64(file, entry.raw_length);
    AppendBytes(file, entry.sha256);
    AppendU32(file, entry.layer);
    AppendU32(file, entry.flags);
    std::string name = section.padded_name.empty() ? entry.name : section.padded_name;
    name.resize(24);
    AppendBytes(file, AsBytes(name));
  }

  std::vector<uint64_t> places_;
};

}  // namespace andon::attacks

#endif  // ANDON_TESTS_ATTACKS_RAW_EXPERT_H_
