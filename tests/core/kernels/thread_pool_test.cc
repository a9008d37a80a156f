#include "kernels/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace andon {
namespace {

#if defined(__EMSCRIPTEN__) && !defined(__EMSCRIPTEN_PTHREADS__)
constexpr bool kHasThreads = false;
#else
constexpr bool kHasThreads = true;
#endif

TEST(ThreadPool, EachPartIsDoneOnce) {
  for (const uint32_t threads : {1u, 2u, 4u}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.threads(), kHasThreads ? threads : 1);
    for (const uint32_t parts : {0u, 1u, 2u, 7u, 1000u}) {
      std::vector<std::atomic<int>> times(parts);
      pool.Run(parts, [&](uint32_t part, uint32_t) { ++times[part]; });
      for (const auto& count : times) EXPECT_EQ(count, 1);
    }
  }
}

TEST(ThreadPool, NoTwoPartsHaveAThreadAtOnce) {
  ThreadPool pool(4);
  std::vector<std::atomic<int>> busy(pool.threads());
  std::atomic<int> clashes = 0;
  pool.Run(2000, [&](uint32_t, uint32_t thread) {
    if (++busy[thread] > 1) ++clashes;
    --busy[thread];
  });
  EXPECT_EQ(clashes, 0);
}

TEST(ThreadPool, ManySmallJobsFollowEachOther) {
  ThreadPool pool(3);
  uint64_t sum = 0;
  for (uint32_t job = 0; job < 20'000; ++job) {
    std::atomic<uint32_t> done = 0;
    pool.Run(3, [&](uint32_t part, uint32_t) { done += part + job; });
    sum += done - 3 * job;
  }
  EXPECT_EQ(sum, 20'000u * 3);
}

TEST(ThreadPool, ThreadsThatSleepWakeForTheNextJob) {
  if (!kHasThreads) return;
  ThreadPool pool(2);
  for (int i = 0; i < 3; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::atomic<bool> met = false;
    std::atomic<int> here = 0;
    pool.Run(2, [&](uint32_t, uint32_t) {  // each part waits for the other: both threads must come
      ++here;
      while (here < 2) std::this_thread::yield();
      met = true;
    });
    EXPECT_TRUE(met);
  }
}

TEST(ThreadPool, TheCallerSleepsWhileAnotherFinishes) {
  if (!kHasThreads) return;
  ThreadPool pool(2);
  std::atomic<int> here = 0;
  pool.Run(2, [&](uint32_t, uint32_t thread) {
    ++here;
    while (here < 2) std::this_thread::yield();
    if (thread == 1) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  });
  EXPECT_EQ(here, 2);
}

// A thread may be anywhere between two jobs when the destructor comes.
TEST(ThreadPool, EndsWhereverItsThreadsAre) {
  for (uint32_t i = 0; i < 5'000; ++i) {
    ThreadPool pool(1 + i % 4);
    std::atomic<int> done = 0;
    pool.Run(3, [&](uint32_t, uint32_t) { ++done; });
    ASSERT_EQ(done, 3);
  }
}

}  // namespace
}  // namespace andon
