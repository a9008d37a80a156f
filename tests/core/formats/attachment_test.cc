#include "formats/attachment.h"

#include <gtest/gtest.h>

namespace andon {
namespace {

const std::string kLongPath = "tests/a_name_of_more_than_24_bytes";

TEST(Attachment, ReadsWhatItWrites) {
  for (const std::string& path : {std::string("a.txt"), std::string(24, 'a'), kLongPath}) {
    const auto section = WriteAttachment({path, AsBytes("content")});
    ASSERT_TRUE(section.ok());
    const auto read = ParseAttachment(*section, AttachmentSectionName(path));
    ASSERT_TRUE(read.ok()) << read.status().message();
    EXPECT_EQ(read->path, path);
    EXPECT_EQ(AsText(read->content), "content");
  }
  EXPECT_EQ(AttachmentSectionName(kLongPath), "");
}

TEST(Attachment, SectionMalformed) {
  const Bytes genuine = *WriteAttachment({"a.txt", {}});
  for (size_t size = 0; size < genuine.size(); ++size) {
    EXPECT_EQ(ParseAttachment(ByteView(genuine).first(size), "a.txt").code(),
              ErrorCode::kSectionMalformed);
  }
  EXPECT_EQ(ParseAttachment(genuine, "b.txt").code(), ErrorCode::kSectionMalformed);
  EXPECT_EQ(ParseAttachment(genuine, "").code(), ErrorCode::kSectionMalformed);
  for (const std::string& path :
       {std::string(), std::string("../a"), std::string("/a"), std::string(70'000, 'a')}) {
    EXPECT_EQ(WriteAttachment({path, {}}).code(), ErrorCode::kSectionMalformed) << path.size();
  }
}

}  // namespace
}  // namespace andon
