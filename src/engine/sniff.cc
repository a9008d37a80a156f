#include "engine/sniff.h"

#include "formats/aprender_package.h"
#include "formats/expert_index.h"
#include "formats/expert_v1.h"
#include "formats/gguf.h"

namespace andon {
namespace {

struct KnownFormat {
  size_t offset;
  std::string_view magic;
  std::string_view name;
};

// Files that people try, so that the refusal says what they have.
constexpr KnownFormat kNotRead[] = {
    {0, "APRN", "an .apr model"},
    {257, "ustar", "a tar archive"},
    {0, "\x80\x02", "a Python pickle"},
    {0, "\x80\x03", "a Python pickle"},
    {0, "\x80\x04", "a Python pickle"},
    {0, "\x80\x05", "a Python pickle"},
    {0, "version https://git-lfs.github.com/spec/",
     "a Git LFS pointer, not the file it stands for"},
    // The length of a header below 4 GiB, then the header.
    {4, {"\0\0\0\0{", 5}, "a safetensors file, which holds weights alone"},
};

bool Matches(std::string_view head, const KnownFormat& format) {
  return head.size() >= format.offset && head.substr(format.offset).starts_with(format.magic);
}

}  // namespace

std::string_view FileKindName(FileKind kind) {
  constexpr std::string_view kNames[] = {"aprender", "expert", "expert-v1", "gguf"};
  return kNames[static_cast<size_t>(kind)];
}

Result<FileKind> Sniff(ByteView head) {
  if (LooksLikeAprender(head)) return FileKind::kAprender;
  if (LooksLikeExpert(head)) return FileKind::kExpert;
  if (LooksLikeExpertV1(head)) return FileKind::kExpertV1;
  if (LooksLikeGguf(head)) return FileKind::kGguf;
  if (head.empty()) return Error(ErrorCode::kUnknownFormat, "file: empty");
  for (const KnownFormat& format : kNotRead) {
    if (Matches(AsText(head), format)) {
      return Error(ErrorCode::kUnknownFormat, "file: ", format.name, "; not read yet");
    }
  }
  return Error(ErrorCode::kUnknownFormat, "file: of no format that is known");
}

Result<FileKind> SniffWhole(ByteView file) {
  ANDON_ASSIGN_OR_RETURN(const FileKind kind, Sniff(file));
  return kind == FileKind::kAprender && LooksLikeExpertV1(file) ? FileKind::kExpertV1 : kind;
}

}  // namespace andon
