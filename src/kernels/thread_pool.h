// Threads that share out the parts of one job at a time.
//
// A part belongs to whoever claims it first, so a thread that the system holds up delays no more
// than the part it is at, and one that never wakes delays nothing. Between jobs threads spin for a
// moment, as the next job of a forward pass is microseconds away, and then sleep.

#ifndef ANDON_KERNELS_THREAD_POOL_H_
#define ANDON_KERNELS_THREAD_POOL_H_

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace andon {

class ThreadPool {
 public:
  // So many at work, the caller of Run() included; in a WebAssembly build without threads always
  // one.
  explicit ThreadPool(uint32_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  uint32_t threads() const { return static_cast<uint32_t>(workers_.size()) + 1; }

  // Calls work(part, thread) for each part below `parts`, in any order and at the same time;
  // `thread` is below threads() and no two calls have it at once. Returns when all are done.
  // REQUIRES: no other Run() is under way.
  template <typename Work>
  void Run(uint32_t parts, const Work& work) {
    if (workers_.empty() || parts < 2) {
      for (uint32_t part = 0; part < parts; ++part) work(part, 0);
      return;
    }
    RunJob(parts, &work, [](const void* context, uint32_t part, uint32_t thread) {
      (*static_cast<const Work*>(context))(part, thread);
    });
  }

 private:
  using Call = void (*)(const void* context, uint32_t part, uint32_t thread);

  void RunJob(uint32_t parts, const void* context, Call call);
  void Serve(uint32_t thread);
  void WorkOn(uint32_t job, uint32_t thread);

  // Of the job under way; read only by who has claimed a part of it.
  const void* context_ = nullptr;
  Call call_ = nullptr;

  std::atomic<uint64_t> claims_{0};      // the job's number << 32 | parts that nobody has claimed
  std::atomic<uint32_t> unfinished_{0};  // parts
  std::atomic<uint32_t> job_{0};         // its number
  std::atomic<uint32_t> asleep_{0};      // threads that wait for a job
  std::atomic<bool> ends_{false};
  std::vector<std::thread> workers_;
};

}  // namespace andon

#endif  // ANDON_KERNELS_THREAD_POOL_H_
