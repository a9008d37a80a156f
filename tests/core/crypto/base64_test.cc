#include "crypto/base64.h"

#include <gtest/gtest.h>

namespace andon {
namespace {

TEST(Base64, ExamplesOfRfc4648) {
  EXPECT_EQ(ToBase64({}), "");
  EXPECT_EQ(ToBase64(AsBytes("f")), "Zg==");
  EXPECT_EQ(ToBase64(AsBytes("fo")), "Zm8=");
  EXPECT_EQ(ToBase64(AsBytes("foo")), "Zm9v");
  EXPECT_EQ(ToBase64(AsBytes("foob")), "Zm9vYg==");
  EXPECT_EQ(ToBase64(AsBytes("fooba")), "Zm9vYmE=");
  EXPECT_EQ(ToBase64(AsBytes("foobar")), "Zm9vYmFy");
  EXPECT_EQ(ToBase64(Bytes{0xFB, 0xFF}), "+/8=");
}

}  // namespace
}  // namespace andon
