#include "kernels/thread_pool.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace andon {
namespace {

#if defined(__EMSCRIPTEN__) && !defined(__EMSCRIPTEN_PTHREADS__)
constexpr bool kHasThreads = false;
#else
constexpr bool kHasThreads = true;
#endif

// Some ten microseconds: longer than the gap between two jobs of a forward pass, shorter than a
// sleep costs.
constexpr int kSpins = 2000;

void Pause() {
#ifdef __x86_64__
  _mm_pause();
#endif
}

// libc++ has no futex of WebAssembly behind std::atomic::wait, and would poll.
void Sleep(std::atomic<uint32_t>& word, uint32_t while_it_is) {
#ifdef __EMSCRIPTEN_PTHREADS__
  __builtin_wasm_memory_atomic_wait32(reinterpret_cast<int*>(&word), static_cast<int>(while_it_is),
                                      -1);
#elif !defined(__EMSCRIPTEN__)
  word.wait(while_it_is);
#else
  static_cast<void>(word), static_cast<void>(while_it_is);
#endif
}

void WakeAll(std::atomic<uint32_t>& word) {
#ifdef __EMSCRIPTEN_PTHREADS__
  __builtin_wasm_memory_atomic_notify(reinterpret_cast<int*>(&word), UINT32_MAX);
#elif !defined(__EMSCRIPTEN__)
  word.notify_all();
#else
  static_cast<void>(word);
#endif
}

}  // namespace

ThreadPool::ThreadPool(uint32_t threads) {
  if constexpr (kHasThreads) {
    for (uint32_t thread = 1; thread < threads; ++thread) {
      workers_.emplace_back([this, thread] { Serve(thread); });
    }
  }
}

ThreadPool::~ThreadPool() {
  ends_ = true;
  ++job_;
  WakeAll(job_);
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::RunJob(uint32_t parts, const void* context, Call call) {
  context_ = context;
  call_ = call;
  unfinished_.store(parts, std::memory_order_relaxed);
  const uint32_t job = job_.load(std::memory_order_relaxed) + 1;
  claims_.store(uint64_t{job} << 32 | parts, std::memory_order_release);
  job_.store(job);
  if (asleep_.load() > 0) WakeAll(job_);
  WorkOn(job, 0);
  for (int spins = 0; spins < kSpins && unfinished_.load(std::memory_order_acquire) > 0; ++spins)
    Pause();
  for (uint32_t left; (left = unfinished_.load(std::memory_order_acquire)) > 0;)
    Sleep(unfinished_, left);
}

void ThreadPool::Serve(uint32_t thread) {
  for (uint32_t done = 0;;) {
    for (int spins = 0; spins < kSpins && job_.load(std::memory_order_acquire) == done; ++spins)
      Pause();
    ++asleep_;
    while (job_.load() == done) Sleep(job_, done);
    --asleep_;
    // In this order: whoever sees the destructor's job sees that the pool ends.
    done = job_.load();
    if (ends_) return;
    WorkOn(done, thread);
  }
}

// Claims and does parts while there are any of this job. A claim succeeds only while the job has
// parts left, so the job cannot end, and its context not change, before the claimed part is done.
void ThreadPool::WorkOn(uint32_t job, uint32_t thread) {
  uint64_t claims = claims_.load(std::memory_order_acquire);
  while (claims >> 32 == job && static_cast<uint32_t>(claims) > 0) {
    if (!claims_.compare_exchange_weak(claims, claims - 1, std::memory_order_acq_rel)) continue;
    call_(context_, static_cast<uint32_t>(claims) - 1, thread);
    if (unfinished_.fetch_sub(1, std::memory_order_acq_rel) == 1) WakeAll(unfinished_);
    claims = claims_.load(std::memory_order_acquire);
  }
}

}  // namespace andon
