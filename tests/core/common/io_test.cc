#include "common/io.h"

#include <gtest/gtest.h>

namespace andon {
namespace {

std::string CodeOf(const Status& status) { return std::string(ErrorCodeName(status.code())); }

TEST(Io, MemoryIsReadInRanges) {
  const Bytes bytes = {1, 2, 3, 4};
  MemoryInput input(bytes);
  EXPECT_EQ(input.size(), 4U);
  Bytes part(2);
  EXPECT_TRUE(input.Read(1, part).ok());
  EXPECT_EQ(part, (Bytes{2, 3}));
  EXPECT_TRUE(input.Read(4, std::span<uint8_t>()).ok());
}

TEST(Io, RangeOutsideTheSourceIsUnreadable) {
  const Bytes bytes = {1, 2, 3, 4};
  MemoryInput input(bytes);
  Bytes part(2);
  EXPECT_EQ(CodeOf(input.Read(3, part)), "SourceUnreadable");
  EXPECT_EQ(CodeOf(input.Read(UINT64_MAX, part)), "SourceUnreadable");
}

TEST(Io, OutputIsAppendedReplacedAndReadBack) {
  MemoryOutput output;
  EXPECT_TRUE(output.Append(Bytes{1, 2, 3}).ok());
  EXPECT_TRUE(output.Append(Bytes{4}).ok());
  EXPECT_TRUE(output.Replace(1, Bytes{7, 8}).ok());
  EXPECT_EQ(output.size(), 4U);
  EXPECT_EQ(output.bytes(), (Bytes{1, 7, 8, 4}));
  Bytes part(2);
  EXPECT_TRUE(output.Read(2, part).ok());
  EXPECT_EQ(part, (Bytes{8, 4}));
}

TEST(Io, RangeOutsideTheOutputIsUnwritable) {
  MemoryOutput output;
  EXPECT_TRUE(output.Append(Bytes{1, 2}).ok());
  EXPECT_EQ(CodeOf(output.Replace(1, Bytes{7, 8})), "OutputUnwritable");
  EXPECT_EQ(output.bytes(), (Bytes{1, 2}));
}

}  // namespace
}  // namespace andon
