#include "language/checksums.h"

#include <gtest/gtest.h>

#include "common/limits.h"

namespace andon {
namespace {

const std::string kA(64, 'a'), kB(64, 'b');

TEST(ParseChecksums, ReadsWhatSha256sumWrites) {
  const auto files = ParseChecksums(AsBytes(kA + "  model.gguf\n" + kB + " *a näme.json\n"));
  ASSERT_TRUE(files.ok()) << files.status().message();
  ASSERT_EQ(files->size(), 2u);
  EXPECT_EQ(ToHex(files->find("model.gguf")->second), kA);
  EXPECT_EQ(ToHex(files->find("a näme.json")->second), kB);
}

TEST(ParseChecksums, RefusesEveryOtherForm) {
  const std::vector<std::string> wrong = {
      "",
      "\n",
      kA + "  \n",
      kA + "  model.gguf",
      kA + " model.gguf\n",
      kA + "\t model.gguf\n",
      std::string(64, 'A') + "  model.gguf\n",
      std::string(63, 'a') + "  model.gguf\n",
      kA + "  model.gguf\r\n",
      kA + "  ../model.gguf\n",
      kA + "  a\\b\n",
      kA + "  \xFF\n",
      kA + "  a\x7F\n",
      kA + "  " + std::string(limits::kMaxEntryNameBytes + 1, 'n') + "\n",
      kA + "  model.gguf\n\n",
      kA + "  model.gguf\n" + kB + "  model.gguf\n",
      std::string(limits::kMaxManifestBytes + 1, 'a'),
      "SHA256 (model.gguf) = " + kA + "\n",
  };
  for (const std::string& text : wrong) {
    EXPECT_EQ(ParseChecksums(AsBytes(text)).code(), ErrorCode::kModelChecksums)
        << text.substr(0, 200);
  }
}

}  // namespace
}  // namespace andon
