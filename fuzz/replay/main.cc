// Runs a fuzz target over the files of the folders named on the command line, once each, without
// libFuzzer: so that every test run replays the corpus. A finding ends the program as it does
// there.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int main(int argc, char** argv) {
  int count = 0;
  for (int i = 1; i < argc; ++i) {
    std::error_code error;
    for (const auto& file : std::filesystem::recursive_directory_iterator(argv[i], error)) {
      if (!file.is_regular_file()) continue;
      std::ifstream stream(file.path(), std::ios::binary);
      const std::vector<char> bytes((std::istreambuf_iterator<char>(stream)), {});
      std::fprintf(stderr, "%s\r", file.path().c_str());  // the last name seen is the one at fault
      LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
      ++count;
    }
    if (error) std::fprintf(stderr, "%s: %s\n", argv[i], error.message().c_str());
  }
  std::printf("\n%d passed, 0 failed\n", count);
  return count > 0 ? 0 : 1;  // an empty or missing corpus is an error, not a success
}
