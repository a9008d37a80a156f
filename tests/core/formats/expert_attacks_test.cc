#include <gtest/gtest.h>

#include <chrono>

#include "tests/attacks/expert_v2_attacks.h"
#include "tests/core/support/peak_memory.h"
#include "tests/core/support/read_expert.h"

namespace andon {
namespace {

TEST(ExpertAttacks, UnchangedFileIsRead) {
  const Status status = ReadExpert(attacks::ThreeSections().File());
  EXPECT_TRUE(status.ok()) << status.message();
}

class ExpertAttack : public testing::TestWithParam<attacks::Attack> {};

TEST_P(ExpertAttack, IsRefused) {
  const Status status = ReadExpert(GetParam().file);
  EXPECT_EQ(ErrorCodeName(status.code()), ErrorCodeName(GetParam().code))
      << GetParam().why << "; " << status.message();
}

INSTANTIATE_TEST_SUITE_P(Each, ExpertAttack, testing::ValuesIn(attacks::ExpertV2Attacks()),
                         [](const auto& info) { return info.param.name; });

// The largest content that a small file may have, shuffled, so that it lies in memory twice.
TEST(ExpertAttacks, SmallFileNeverTakesMuchMemory) {
  attacks::RawExpert raw;
  raw.Add(attacks::kDocs, Bytes(990'000, 'x'));
  ExpertSection& bomb = raw.AddCompressed(attacks::kDocs, Bytes(22'000'000));
  bomb.codec = SectionCodec::kShuffledZstd;
  bomb.flags = 2 << 8;
  const Bytes file = raw.Lay().File();
  ASSERT_LT(file.size(), 1'000'000U);
  const PeakMemory peak;
  const Status status = ReadExpert(file);
  EXPECT_TRUE(status.ok()) << status.message();
  EXPECT_LT(peak.bytes(), 60 * limits::kMiB);
}

TEST(ExpertAttacks, AllAreRefusedQuickly) {
  const auto all = attacks::ExpertV2Attacks();
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& attack : all) EXPECT_FALSE(ReadExpert(attack.file).ok());
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(seconds.count(), 0.050 * static_cast<double>(all.size()));
}

}  // namespace
}  // namespace andon
