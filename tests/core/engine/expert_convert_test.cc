#include <gtest/gtest.h>

#include <string>

#include "archive/gzip.h"
#include "archive/tar.h"
#include "engine/expert_files.h"
#include "engine/expert_opening.h"
#include "engine/expert_pack.h"
#include "engine/expert_package.h"
#include "formats/expert_v1.h"
#include "tests/core/support/sample_peft.h"

namespace andon {
namespace {


using Listing = std::vector<std::pair<std::string, Bytes>>;

Result<Bytes> Convert(ByteView package, int version, const ExpertPackOptions& base = {}) {
  ExpertPackOptions options = base;
  options.version = version;
  MemoryInput input(package);
  MemoryOutput out;
  ANDON_ASSIGN_OR_RETURN([[maybe_unused]] const ExpertPackReport report,
                         ConvertExpert(input, options, out));
  return out.bytes();
}

// A package of version 1 with these files in this order.
Bytes V1Of(const Listing& files) {
  std::vector<TarEntry> entries;
  for (const auto& [name, content] : files) entries.push_back({name, content});
  const auto tar = WriteTar(entries);
  EXPECT_TRUE(tar.ok()) << tar.status().message();
  return Gzip(*tar);
}

Listing FilesOf(ByteView v1) {
  const auto package = ReadExpertV1(v1);
  EXPECT_TRUE(package.ok()) << package.status().message();
  Listing files;
  if (!package.ok()) return files;
  for (const TarEntry& entry : package->files) {
    files.emplace_back(entry.name, Bytes(entry.content.begin(), entry.content.end()));
  }
  return files;
}

Bytes Text(std::string_view text) { return Bytes(text.begin(), text.end()); }

// The files of a folder as a package of version 1 has them, others among them.
Listing ListingOf(SampleFolder folder) {
  Listing files = {{"manifest.json", Text(R"({"name":"expert-sample","version":"1.2.3"})")}};
  folder.files.erase("expert.json");
  for (auto& [path, content] : folder.files) files.emplace_back(path, content);
  files.emplace_back("README.md", Text("# Sample"));
  files.emplace_back("tokenizer.json", Text("{}"));
  files.emplace_back("training_args.bin", Text("\x80\x04 a pickle, never parsed"));
  files.emplace_back("LICENSE", Text(""));
  files.emplace_back("tests/a_name_of_more_than_24_bytes.jsonl", Text("{}\n{}\n"));
  return files;
}

void ExpectThereAndBack(const Listing& files) {
  const Bytes v1 = V1Of(files);
  const auto v2 = Convert(v1, 2);
  ASSERT_TRUE(v2.ok()) << v2.status().message();
  ASSERT_TRUE(LooksLikeExpert(*v2));
  const auto back = Convert(*v2, 1);
  ASSERT_TRUE(back.ok()) << back.status().message();
  EXPECT_EQ(FilesOf(*back), files);
}

TEST(ConvertExpert, KeepsEveryByteOfLora) { ExpectThereAndBack(ListingOf(LoraFolder())); }
TEST(ConvertExpert, KeepsEveryByteOfDora) { ExpectThereAndBack(ListingOf(DoraFolder())); }
TEST(ConvertExpert, KeepsEveryByteOfIa3) { ExpectThereAndBack(ListingOf(Ia3Folder())); }
TEST(ConvertExpert, KeepsEveryByteOfLokr) { ExpectThereAndBack(ListingOf(LokrFolder())); }
TEST(ConvertExpert, KeepsEveryByteOfFactoredLokr) {
  ExpectThereAndBack(ListingOf(LokrFolder(true)));
}
TEST(ConvertExpert, KeepsPaddingOfTheHeader) {
  ExpectThereAndBack(ListingOf(LoraFolder(DType::kF16, 13)));
}

}  // namespace
}  // namespace andon
