// Products of packed matrices at the shapes of Qwen3-0.6B: one token, then a prompt of 128, on one
// thread, in CPU time. Natively or in WebAssembly (run it with Node); arguments: names of weight
// types, all of interest by default.

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <string_view>
#include <vector>

#ifdef __EMSCRIPTEN__
#include <emscripten/em_js.h>
#endif

#include "kernels/matrix.h"
#include "kernels/pair_dots.h"
#include "kernels/simd.h"

#ifdef __EMSCRIPTEN__
EM_JS(double, ProcessorSeconds, (), { return process.cpuUsage().user / 1e6; })
#else
static double ProcessorSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
#endif

namespace andon {
namespace {

constexpr uint32_t kPromptTokens = 128;
constexpr int kRounds = 5;
constexpr double kRoundSeconds = 0.05;

struct Shape {
  uint32_t rows, columns, count;  // count: a layer of the model has as many
};
constexpr Shape kLayer[] = {
    {2048, 1024, 1}, {1024, 1024, 2}, {1024, 2048, 1}, {3072, 1024, 2}, {1024, 3072, 1}};
constexpr Shape kHead = {151936, 1024, 1};
constexpr uint32_t kLayers = 28;

[[maybe_unused]] const uint8_t* volatile g_x;  // so that nobody knows what is there
volatile int32_t g_sink;                       // what would otherwise not be computed at all

// CPU seconds of `work`, the least of several rounds, each long enough for the clock.
template <typename Work>
double Best(const Work& work) {
  int times = 1;
  double best = 0;
  for (int round = 0; round < kRounds;) {
    const double start = ProcessorSeconds();
    for (int i = 0; i < times; ++i) {
      work();
      asm volatile("" ::: "memory");  // the same work anew
    }
    const double each = (ProcessorSeconds() - start) / times;
    if (each * times < kRoundSeconds && round == 0) {
      times *= 2;
      continue;
    }
    best = round == 0 ? each : std::min(best, each);
    ++round;
  }
  return best;
}

// Eight sums of products of what is in the first-level cache with what is in registers. A function
// of its own: engines replace their first, slow code for a function at its next call.
template <typename Sum>
[[gnu::noinline]] v128_t SumProducts(const uint8_t* x, uint32_t passes, const Sum& sum) {
  v128_t sums[8] = {};
  for (uint32_t pass = 0; pass < passes; ++pass) {
    const v128_t w[2] = {wasm_i8x16_splat(static_cast<int8_t>(pass & 15)), wasm_i8x16_splat(3)};
#pragma clang loop unroll(disable)
    for (uint32_t i = 0; i < 16; ++i) {
      for (uint32_t k = 0; k < 4; ++k) {
        const v128_t four = wasm_v128_load32_splat(x + 16 * i + 4 * k);
        sums[2 * k] = sum(sums[2 * k], four, w[0]);
        sums[2 * k + 1] = sum(sums[2 * k + 1], four, w[1]);
      }
    }
  }
  for (uint32_t i = 1; i < 8; ++i) sums[0] = wasm_v128_xor(sums[0], sums[i]);
  return sums[0];
}

// Operations a second. Natively alone: what an engine makes of this loop is slower than the
// kernels.
template <typename Sum>
double PeakOf(uint32_t products, const Sum& sum) {
  constexpr uint32_t kPasses = 10'000;
  alignas(16) uint8_t x[256] = {};
  g_x = x;
  const double seconds =
      Best([&] { g_sink = g_sink + wasm_i32x4_extract_lane(SumProducts(g_x, kPasses, sum), 0); });
  return 2.0 * products * 8 * 16 * kPasses / seconds;
}

[[gnu::noinline]] v128_t ReadAll(const uint8_t* from, size_t count) {
  v128_t sums[4] = {};
  for (size_t i = 0; i < count; i += 64) {
    for (size_t k = 0; k < 4; ++k)
      sums[k] = wasm_v128_xor(sums[k], wasm_v128_load(from + i + 16 * k));
  }
  return wasm_v128_xor(wasm_v128_xor(sums[0], sums[1]), wasm_v128_xor(sums[2], sums[3]));
}

void PrintBounds() {
#ifndef __EMSCRIPTEN__
  const double words = PeakOf(8, [](v128_t s, v128_t x, v128_t w) {
    return wasm_i32x4_add(s, wasm_i32x4_dot_i16x8(x, w));
  });
  const double bytes =
      PeakOf(16, [](v128_t s, v128_t x, v128_t w) { return wasm_i16x8_add(s, PairDots(x, w)); });
  std::printf("bounds: products of words %.0f GOP/s, of bytes %.0f GOP/s\n", words / 1e9,
              bytes / 1e9);
#endif
  const std::vector<uint8_t> memory(256 << 20, 1);
  const double seconds = Best(
      [&] { g_sink = g_sink + wasm_i32x4_extract_lane(ReadAll(memory.data(), memory.size()), 0); });
  std::printf("bounds: reading %.1f GB/s\n", static_cast<double>(memory.size()) / seconds / 1e9);
}

// Enough bytes that no cache holds them, of rows as a file has them.
class Weights {
 public:
  Weights(WeightType type, const Shape& shape, uint32_t copies)
      : type_(type), shape_(shape), copies_(copies) {
    const WeightBlock block = WeightBlockOf(type);
    const size_t row_bytes = shape.columns / block.weights * block.bytes;
    std::vector<uint8_t> rows(kGroupRows * row_bytes);
    uint32_t state = 1;
    for (uint8_t& byte : rows)
      byte = static_cast<uint8_t>((state = state * 1664525u + 1013904223u) >> 25);
    bytes_.resize(static_cast<size_t>(copies * MatrixBytes(type, shape.rows, shape.columns)));
    pack_seconds_ = Best([&] {
      const auto group_bytes = static_cast<size_t>(MatrixBytes(type, kGroupRows, shape.columns));
      for (size_t at = 0; at < bytes_.size(); at += group_bytes) {
        PackGroup(type, rows.data(), kGroupRows, shape.columns, &bytes_[at]);
      }
    });
  }

  Matrix matrix(uint32_t copy) const {
    return {type_, shape_.rows, shape_.columns, bytes_.data() + bytes_.size() / copies_ * copy};
  }
  uint32_t copies() const { return copies_; }
  double bytes() const { return static_cast<double>(bytes_.size()); }
  double products() const { return static_cast<double>(copies_) * shape_.rows * shape_.columns; }
  double pack_seconds() const { return pack_seconds_; }

 private:
  WeightType type_;
  Shape shape_;
  uint32_t copies_;
  std::vector<uint8_t> bytes_;
  double pack_seconds_ = 0;
};

// Seconds for all of `weights` once.
double Measure(const Weights& weights, uint32_t tokens, const std::vector<float>& x,
               std::vector<float>& y) {
  return Best([&] {
    Activations activations;
    for (uint32_t i = 0; i < weights.copies(); ++i) {
      const Matrix w = weights.matrix(i);
      if (i == 0) activations.Quantize(x.data(), tokens, w.columns);
      Multiply(w, activations, 0, w.groups(), y.data());
    }
  });
}

void Bench(WeightType type) {
  std::vector<float> x(size_t{kPromptTokens} * 3072), y(size_t{kPromptTokens} * 3072 + kHead.rows);
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 7919 % 2001) / 1000 - 1;
  const std::string_view name = WeightBlockOf(type).name;
  double one = 0, many = 0;
  for (const Shape& shape : kLayer) {
    const Weights weights(type, shape, 4 * shape.count);
    const double decode = Measure(weights, 1, x, y), prompt = Measure(weights, kPromptTokens, x, y);
    one += decode / 4 * kLayers;
    many += prompt / 4 * kLayers / kPromptTokens;
    std::printf(
        "%-5.*s %6u x %4u  decode %5.1f GB/s %5.1f GOP/s  prompt %5.1f GOP/s  pack %4.1f GB/s\n",
        static_cast<int>(name.size()), name.data(), shape.rows, shape.columns,
        weights.bytes() / decode / 1e9, 2 * weights.products() / decode / 1e9,
        2 * weights.products() * kPromptTokens / prompt / 1e9,
        weights.bytes() / weights.pack_seconds() / 1e9);
  }
  const Weights head(type, kHead, 1);
  const double last = Measure(head, 1, x, y);
  std::printf("%-5.*s %6u x %4u  decode %5.1f GB/s %5.1f GOP/s\n", static_cast<int>(name.size()),
              name.data(), kHead.rows, kHead.columns, head.bytes() / last / 1e9,
              2 * head.products() / last / 1e9);
  std::printf(
      "%-5.*s layers: %.1f ms a token, prompt %.1f tokens/s; head %.1f ms; decode %.1f "
      "tokens/s\n\n",
      static_cast<int>(name.size()), name.data(), one * 1e3, 1 / many, last * 1e3,
      1 / (one + last));
  std::fflush(stdout);
}

}  // namespace
}  // namespace andon

int main(int argc, char** argv) {
  using andon::WeightType;
  andon::PrintBounds();
  for (const WeightType type : {WeightType::kQ8_0, WeightType::kQ4_0, WeightType::kQ6_K,
                                WeightType::kQ4_K, WeightType::kQ5_0, WeightType::kF16}) {
    bool wanted = argc == 1;
    for (int i = 1; i < argc; ++i) wanted |= andon::WeightBlockOf(type).name == argv[i];
    if (wanted) andon::Bench(type);
  }
}
