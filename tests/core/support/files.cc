#include "tests/core/support/files.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>

namespace andon {

std::optional<Bytes> ReadFile(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::nullopt;
  return Bytes((std::istreambuf_iterator<char>(stream)), {});
}

void WriteFile(const std::filesystem::path& path, ByteView bytes) {
  std::ofstream stream(path, std::ios::binary);
  stream.write(AsText(bytes).data(), static_cast<std::streamsize>(bytes.size()));
}

std::optional<std::filesystem::path> SharedFolder(const std::filesystem::path& name) {
  static std::set<std::filesystem::path> reported;
  const std::filesystem::path folder = std::filesystem::path(ANDON_SHARED_DIR) / name;
  if (std::filesystem::is_directory(folder)) return folder;
  if (reported.insert(folder).second) {
    std::fprintf(stderr, "*** NOT CHECKED, test data are absent: %s\n", folder.c_str());
  }
  return std::nullopt;
}

}  // namespace andon
