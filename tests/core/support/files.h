// Files that tests read and write.

#ifndef ANDON_TESTS_CORE_SUPPORT_FILES_H_
#define ANDON_TESTS_CORE_SUPPORT_FILES_H_

#include <filesystem>
#include <optional>

#include "common/bytes.h"

namespace andon {

// The whole file; nothing where there is none.
std::optional<Bytes> ReadFile(const std::filesystem::path& path);

// REQUIRES: the folder exists.
void WriteFile(const std::filesystem::path& path, ByteView bytes);

// A folder of the shared test data. Where it is absent: says so on stderr, once a folder, and
// returns nothing; the test then has nothing to check.
std::optional<std::filesystem::path> SharedFolder(const std::filesystem::path& name);

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_FILES_H_
