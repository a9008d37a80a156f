#include "archive/tar.h"

#include <algorithm>
#include <map>
#include <utility>

#include "archive/entry_name.h"
#include "archive/tar_header.h"
#include "common/limits.h"

namespace andon {
namespace {

constexpr size_t kEndBytes = 2 * kTarBlockBytes;

// The first byte is zero and each is as the one before it: a comparison that memcmp makes.
bool IsZero(ByteView bytes) {
  const std::string_view text = AsText(bytes);
  return text.empty() || (text.front() == 0 && text.substr(1) == text.substr(0, text.size() - 1));
}

// The name without what `tar -C folder .` writes around it; empty for the folder itself.
std::string_view PlainName(const TarHeader& header) {
  std::string_view name = header.name;
  if (name.starts_with("./")) name.remove_prefix(2);
  if (header.directory && name.ends_with('/')) name.remove_suffix(1);
  if (header.directory && name == ".") return "";
  return name;
}

// REQUIRES: the first block of `rest` is zero.
Status CheckEnd(ByteView rest) {
  if (rest.size() < kEndBytes) return Error(ErrorCode::kTarNoEnd, "tar: one zero block at the end");
  if (IsZero(rest) && rest.size() % kTarBlockBytes == 0) return Status();
  return Error(ErrorCode::kTarTrailingData, "tar: bytes after a zero block");
}

// Content of an entry, taken from the front of `rest` with its padding.
Result<ByteView> TakeContent(ByteView& rest, const TarHeader& header) {
  const uint64_t padded = (header.size + kTarBlockBytes - 1) / kTarBlockBytes * kTarBlockBytes;
  const auto blocks = SubRange(rest, 0, padded);  // no overflow: sizes have 36 bits
  if (!blocks) {
    return Error(ErrorCode::kTarBounds, "tar: entry ", Quoted(header.name), " of ", header.size,
                 " bytes");
  }
  const auto size = static_cast<size_t>(header.size);
  if (!IsZero(blocks->subspan(size))) {
    return Error(ErrorCode::kTarPadding, "tar: after the content of ", Quoted(header.name));
  }
  rest = rest.subspan(blocks->size());
  return blocks->first(size);
}

// The entries so far, and what a name stands for.
class Entries {
 public:
  Status Add(std::string_view name, ByteView content) {
    if (!IsSafeEntryName(name)) {
      return Error(ErrorCode::kTarUnsafeName, "tar: entry name ", Quoted(name));
    }
    if (names_.Insert(name)) {
      by_name_.emplace(name, content);
      list_.push_back({std::string(name), content});
      return Status();
    }
    const auto same = by_name_.find(name);
    if (same != by_name_.end() && std::ranges::equal(same->second, content)) return Status();
    return Error(ErrorCode::kTarDuplicateName, "tar: entry name ", Quoted(name), " twice");
  }

  std::vector<TarEntry> Take() { return std::move(list_); }

 private:
  EntryNames names_;
  std::map<std::string, ByteView, std::less<>> by_name_;
  std::vector<TarEntry> list_;
};

Status CheckDirectory(const TarHeader& header) {
  if (header.size != 0) {
    return Error(ErrorCode::kTarSpecialFile, "tar: content of folder ", Quoted(header.name));
  }
  const std::string_view name = PlainName(header);
  if (name.empty() || IsSafeEntryName(name)) return Status();
  return Error(ErrorCode::kTarUnsafeName, "tar: folder name ", Quoted(header.name));
}

}  // namespace

Result<std::vector<TarEntry>> ReadTar(ByteView archive) {
  Entries entries;
  ByteView rest = archive;
  for (uint64_t count = 0; rest.size() >= kTarBlockBytes; ++count) {
    const ByteView block = rest.first(kTarBlockBytes);
    if (IsZero(block)) {
      ANDON_RETURN_IF_ERROR(CheckEnd(rest));
      return entries.Take();
    }
    if (count == limits::kMaxArchiveEntries) {
      return Error(ErrorCode::kTarTooManyEntries, "tar: more than ", limits::kMaxArchiveEntries,
                   " entries");
    }
    rest = rest.subspan(kTarBlockBytes);
    ANDON_ASSIGN_OR_RETURN(const TarHeader header, ParseTarHeader(block));
    if (header.directory) {
      ANDON_RETURN_IF_ERROR(CheckDirectory(header));
      continue;
    }
    ANDON_ASSIGN_OR_RETURN(const ByteView content, TakeContent(rest, header));
    ANDON_RETURN_IF_ERROR(entries.Add(PlainName(header), content));
  }
  return Error(ErrorCode::kTarNoEnd, "tar: no zero blocks at the end");
}

Result<Bytes> WriteTar(const std::vector<TarEntry>& entries) {
  uint64_t content = 0;
  for (const TarEntry& entry : entries) content += entry.content.size();
  if (content > limits::kMaxExpertV1Bytes) {
    return Error(ErrorCode::kFileTooLarge, "tar: ", content, " bytes");
  }
  if (entries.size() > limits::kMaxArchiveEntries) {
    return Error(ErrorCode::kTarTooManyEntries, "tar: ", uint64_t{entries.size()}, " entries");
  }
  Bytes out;
  EntryNames names;
  for (const auto& [name, bytes] : entries) {
    if (!names.Insert(name)) {
      return Error(ErrorCode::kTarDuplicateName, "tar: entry name ", Quoted(name), " twice");
    }
    if (!IsSafeEntryName(name) || !AppendTarHeader(out, name, bytes.size())) {
      return Error(ErrorCode::kTarUnsafeName, "tar: entry name ", Quoted(name));
    }
    AppendBytes(out, bytes);
    out.resize((out.size() + kTarBlockBytes - 1) / kTarBlockBytes * kTarBlockBytes);
  }
  out.resize(out.size() + kEndBytes);
  return out;
}

}  // namespace andon
