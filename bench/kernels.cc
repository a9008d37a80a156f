// Kernels natively, in bytes of rows read a second, beside what reading and copying alone reach.
// A piece of rows as the package hands them over (64 KiB) stays in the second-level cache; the
// whole batch of 100,000 x 64 does not.

#include <benchmark/benchmark.h>

#include <cstring>
#include <vector>

#include "kernels/activation.h"
#include "kernels/dense.h"
#include "kernels/oracle.h"
#include "kernels/simd.h"

namespace andon {
namespace {

constexpr size_t kFeatures = 64;
constexpr int64_t kPiece = 256;      // rows
constexpr int64_t kBatch = 100'000;  // rows

void SetRate(benchmark::State& state, size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));
}

void BM_Read(benchmark::State& state) {
  const std::vector<float> rows(static_cast<size_t>(state.range(0)) * kFeatures, 1);
  for (auto _ : state) {
    F32x4 sums[4] = {};
    for (size_t i = 0; i < rows.size(); i += 16) {
      for (size_t j = 0; j < 4; ++j) sums[j] = sums[j] + F32x4::Load(&rows[i + 4 * j]);
    }
    benchmark::DoNotOptimize(sums);
  }
  SetRate(state, rows.size() * sizeof(float));
}

void BM_Copy(benchmark::State& state) {
  const std::vector<float> rows(static_cast<size_t>(state.range(0)) * kFeatures, 1);
  std::vector<float> to(rows.size());
  for (auto _ : state) {
    std::memcpy(to.data(), rows.data(), rows.size() * sizeof(float));
    benchmark::ClobberMemory();
  }
  SetRate(state, rows.size() * sizeof(float));
}

template <typename Row, typename Weight, auto kKernel>
void BM_Dense(benchmark::State& state) {
  const DenseShape shape = {static_cast<size_t>(state.range(0)), kFeatures,
                            static_cast<size_t>(state.range(1))};
  const std::vector<Row> rows(shape.rows * kFeatures, 1);
  const std::vector<Weight> weights(shape.outputs * kFeatures, 1), bias(shape.outputs, 1);
  std::vector<SumOf<Row, Weight>> out(shape.rows * shape.outputs);
  for (auto _ : state) {
    kKernel(shape, rows.data(), weights.data(), bias.data(), out.data());
    benchmark::ClobberMemory();
  }
  SetRate(state, rows.size() * sizeof(Row));
}

template <typename T>
void BM_SigmoidPairs(benchmark::State& state) {
  const std::vector<T> scores(static_cast<size_t>(state.range(0)), 1);
  std::vector<T> out(2 * scores.size());
  for (auto _ : state) {
    SigmoidPairs(scores.size(), scores.data(), out.data());
    benchmark::ClobberMemory();
  }
  SetRate(state, scores.size() * sizeof(T));
}

template <typename T>
void BM_Softmax(benchmark::State& state) {
  const size_t rows = static_cast<size_t>(state.range(0));
  const size_t classes = static_cast<size_t>(state.range(1));
  std::vector<T> scores(rows * classes, 1);
  for (auto _ : state) {
    Softmax(rows, classes, scores.data());
    benchmark::ClobberMemory();
  }
  SetRate(state, scores.size() * sizeof(T));
}

BENCHMARK(BM_Read)->Arg(kPiece)->Arg(kBatch);
BENCHMARK(BM_Copy)->Arg(kPiece)->Arg(kBatch);
BENCHMARK(BM_Dense<float, float, Dense<float, float>>)->ArgsProduct({{kPiece, kBatch}, {1, 3, 10}});
BENCHMARK(BM_Dense<float, double, Dense<float, double>>)->Args({kPiece, 1});
BENCHMARK(BM_Dense<double, float, Dense<double, float>>)->Args({kPiece, 1});
BENCHMARK(BM_Dense<double, double, Dense<double, double>>)->Args({kPiece, 1});
BENCHMARK(BM_Dense<float, float, oracle::Dense<float, float>>)->Args({kPiece, 1});
BENCHMARK(BM_SigmoidPairs<float>)->Arg(kPiece);
BENCHMARK(BM_SigmoidPairs<double>)->Arg(kPiece);
BENCHMARK(BM_Softmax<float>)->ArgsProduct({{kPiece}, {3, 10}});
BENCHMARK(BM_Softmax<double>)->ArgsProduct({{kPiece}, {3, 10}});

}  // namespace
}  // namespace andon
