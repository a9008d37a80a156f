// Which entry names are safe as a relative path on every common system.

#ifndef ANDON_ARCHIVE_ENTRY_NAME_H_
#define ANDON_ARCHIVE_ENTRY_NAME_H_

#include <set>
#include <string>
#include <string_view>

namespace andon {

// Plain UTF-8 of 1 to limits::kMaxEntryNameBytes bytes, components joined by '/': no empty one, no
// "." or ".."; no control or invisible characters, no backslash, no colon (drive letters, alternate
// streams).
bool IsSafeEntryName(std::string_view name);

// The names of one archive. Names that differ only in the case of ASCII letters are the same file
// on Windows and macOS, so they count as duplicates.
class EntryNames {
 public:
  // False when the name is already there.
  bool Insert(std::string_view name);

 private:
  std::set<std::string> folded_;
};

}  // namespace andon

#endif  // ANDON_ARCHIVE_ENTRY_NAME_H_
