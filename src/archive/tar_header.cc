#include "archive/tar_header.h"

#include <algorithm>
#include <array>
#include <optional>

namespace andon {
namespace {

struct Field {
  size_t offset;
  size_t bytes;
};
constexpr Field kName = {0, 100};
constexpr Field kMode = {100, 8};
constexpr Field kOwner = {108, 8};
constexpr Field kGroup = {116, 8};
constexpr Field kSize = {124, 12};
constexpr Field kTime = {136, 12};
constexpr Field kChecksum = {148, 8};
constexpr Field kKind = {156, 1};
constexpr Field kLink = {157, 100};
constexpr Field kMagic = {257, 8};
constexpr Field kOwnerName = {265, 32};
constexpr Field kGroupName = {297, 32};
constexpr Field kMajor = {329, 8};
constexpr Field kMinor = {337, 8};
constexpr Field kPrefix = {345, 155};
constexpr Field kRest = {500, 12};
constexpr Field kAfterMinor = {345, 167};

constexpr std::string_view kPosix(
    "ustar\0"
    "00",
    8);
constexpr std::string_view kGnu("ustar  \0", 8);
constexpr std::string_view kNone("\0\0\0\0\0\0\0\0", 8);

constexpr char kFile = '0';
constexpr char kOldFile = '\0';
constexpr char kDirectory = '5';
constexpr std::string_view kExtensions = "xgXLKSVMND";  // of PAX, Solaris and GNU

class Header {
 public:
  explicit Header(ByteView block) : block_(block) {}

  ByteView Raw(Field field) const { return block_.subspan(field.offset, field.bytes); }
  char Kind() const { return static_cast<char>(Raw(kKind)[0]); }
  bool IsZeroIn(Field field) const {
    return AsText(Raw(field)).find_first_not_of('\0') == std::string_view::npos;
  }

  // Up to the first NUL; nothing where anything but zeros follows it.
  std::optional<std::string_view> Text(Field field) const {
    const std::string_view whole = AsText(Raw(field));
    const std::string_view text = whole.substr(0, whole.find('\0'));
    const bool padded = whole.find_first_not_of('\0', text.size()) == whole.npos;
    return padded ? std::optional(text) : std::nullopt;
  }

  // Spaces, octal digits, then spaces or NULs alone; a field of these alone is zero.
  std::optional<uint64_t> Number(Field field) const {
    const std::string_view text = AsText(Raw(field));
    size_t at = std::min(text.find_first_not_of(' '), text.size());
    uint64_t value = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '7'; ++at) {
      value = value * 8 + static_cast<uint64_t>(text[at] - '0');  // 12 digits have 36 bits
    }
    const bool ended = text.find_first_not_of(std::string_view(" \0", 2), at) == text.npos;
    return ended ? std::optional(value) : std::nullopt;
  }

 private:
  const ByteView block_;
};

uint64_t ChecksumOf(ByteView block) {
  uint64_t sum = kChecksum.bytes * uint64_t{' '};
  for (const uint8_t byte : block.first(kChecksum.offset)) sum += byte;
  for (const uint8_t byte : block.subspan(kChecksum.offset + kChecksum.bytes)) sum += byte;
  return sum;
}

Status Malformed(std::string_view what) { return Error(ErrorCode::kTarMalformed, "tar: ", what); }
Status Padding(std::string_view what) { return Error(ErrorCode::kTarPadding, "tar: ", what); }

Status CheckNumbers(const Header& header) {
  for (const Field field : {kMode, kOwner, kGroup, kSize, kTime, kMajor, kMinor}) {
    if (!header.Number(field)) return Malformed("a number that is not octal");
  }
  return Status();
}

Status CheckKind(const Header& header) {
  const char kind = header.Kind();
  if (kind == kFile || kind == kOldFile || kind == kDirectory) return Status();
  if (kExtensions.find(kind) != kExtensions.npos) {
    return Error(ErrorCode::kTarExtension, "tar: record of kind ", Quoted({&kind, 1}));
  }
  return Error(ErrorCode::kTarSpecialFile, "tar: entry of kind ", Quoted({&kind, 1}));
}

// What the three kinds of header leave unused.
Status CheckUnused(const Header& header) {
  const std::string_view magic = AsText(header.Raw(kMagic));
  if (magic != kPosix && magic != kGnu && magic != kNone) return Malformed("no tar header");
  const Field unused = magic == kPosix ? kRest : kAfterMinor;
  if (!header.IsZeroIn(unused)) return Padding("the end of a header");
  if (!header.IsZeroIn(kLink)) return Padding("the target of a link, in what is none");
  for (const Field field : {kName, kOwnerName, kGroupName, kPrefix}) {
    if (!header.Text(field)) return Padding("a text of a header");
  }
  return Status();
}

void Put(Bytes& block, Field field, std::string_view text) {
  std::copy(text.begin(), text.end(), block.begin() + static_cast<ptrdiff_t>(field.offset));
}

// With leading zeros, and a NUL at the end.
void PutNumber(Bytes& block, Field field, uint64_t value) {
  for (size_t i = field.bytes - 1; i-- > 0; value /= 8) {
    block[field.offset + i] = static_cast<uint8_t>('0' + value % 8);
  }
}

// Where a name is cut in two at a '/'; its size where it fits whole; nothing where neither goes.
std::optional<size_t> SplitAt(std::string_view name) {
  if (name.size() <= kName.bytes) return name.size();
  const size_t cut = name.find('/', name.size() - kName.bytes - 1);
  if (cut == name.npos || cut > kPrefix.bytes) return std::nullopt;
  return cut;
}

}  // namespace

Result<TarHeader> ParseTarHeader(ByteView block) {
  const Header header(block);
  if (header.Number(kChecksum) != ChecksumOf(block)) {
    return Error(ErrorCode::kTarChecksum, "tar: checksum of a header");
  }
  ANDON_RETURN_IF_ERROR(CheckKind(header));
  ANDON_RETURN_IF_ERROR(CheckUnused(header));
  ANDON_RETURN_IF_ERROR(CheckNumbers(header));
  TarHeader result = {.name = std::string(*header.Text(kName)),
                      .size = *header.Number(kSize),
                      .directory = header.Kind() == kDirectory};
  if (const std::string_view prefix = *header.Text(kPrefix); !prefix.empty()) {
    result.name = std::string(prefix) + "/" + result.name;
  }
  return result;
}

bool AppendTarHeader(Bytes& out, std::string_view name, uint64_t size) {
  const std::optional<size_t> cut = SplitAt(name);
  if (!cut) return false;
  Bytes block(kTarBlockBytes);
  const bool whole = *cut == name.size();
  Put(block, kName, whole ? name : name.substr(*cut + 1));
  if (!whole) Put(block, kPrefix, name.substr(0, *cut));
  PutNumber(block, kMode, 0644);
  for (const Field field : {kOwner, kGroup, kTime, kMajor, kMinor}) PutNumber(block, field, 0);
  PutNumber(block, kSize, size);
  Put(block, kKind, "0");
  Put(block, kMagic, kPosix);
  PutNumber(block, {kChecksum.offset, kChecksum.bytes - 1}, ChecksumOf(block));
  Put(block, {kChecksum.offset + kChecksum.bytes - 1, 1}, " ");
  AppendBytes(out, block);
  return true;
}

}  // namespace andon
