// What adapters cost over a language model, natively: attaching, detaching, a token, a prompt.
// ANDON_BENCH_MODEL names a GGUF file; every adapter has rank 16 on all seven modules of each
// layer, of random float16.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <vector>

#include "adapters/adapter_builder.h"
#include "common/half.h"
#include "language/model_loading.h"
#include "language/text_session.h"

namespace andon {
namespace {

constexpr uint16_t kRank = 16;
constexpr size_t kPieceBytes = 16 << 20;

uint32_t Threads() {
  const char* const threads = std::getenv("ANDON_BENCH_THREADS");
  return threads == nullptr ? 1 : static_cast<uint32_t>(std::atoi(threads));
}

std::unique_ptr<LanguageModel> Load() {
  const char* const path = std::getenv("ANDON_BENCH_MODEL");
  std::ifstream in(path == nullptr ? "" : path, std::ios::binary | std::ios::ate);
  if (!in) return nullptr;
  auto left = static_cast<uint64_t>(in.tellg());
  in.seekg(0);
  ModelLoading loading({.threads = Threads()});
  Status status = loading.Begin("model.gguf", left, Hashing::kByCaller);
  for (Bytes piece; status.ok() && left > 0; left -= piece.size()) {
    piece.resize(static_cast<size_t>(std::min<uint64_t>(left, kPieceBytes)));
    in.read(reinterpret_cast<char*>(piece.data()), static_cast<std::streamsize>(piece.size()));
    status = loading.Push(piece);
  }
  if (!status.ok() || !loading.End({}).ok()) return nullptr;
  auto model = loading.Finish();
  return model.ok() ? std::move(model).value() : nullptr;
}

const LanguageModel* Model() {
  static const auto* const model = Load().release();
  return model;
}

// The decoded tensors of an expert, as an opened package holds them.
struct Decoded {
  std::vector<AdapterLayer> layers;
  std::shared_ptr<Bytes> memory = std::make_shared<Bytes>();
};

Decoded MakeDecoded(const TransformerConfig& config, AdapterKind kind, unsigned seed) {
  Decoded decoded;
  std::mt19937 random(seed);
  uint64_t values = 0;
  for (uint32_t m = 0; m < kLayerModules; ++m) {
    const ModuleShape shape = ShapeOf(config, static_cast<Module>(m));
    values += uint64_t{kRank} * (shape.in + shape.out) + shape.out;
  }
  decoded.memory->resize(values * config.layers * 2);
  for (size_t i = 0; i < decoded.memory->size(); i += 2) {
    const uint16_t half = FloatToF16(static_cast<float>(random() % 2001) / 100'000 - 0.01F);
    (*decoded.memory)[i] = static_cast<uint8_t>(half);
    (*decoded.memory)[i + 1] = static_cast<uint8_t>(half >> 8);
  }
  ByteView rest = *decoded.memory;
  const auto take = [&](uint64_t count) {
    const ByteView taken = rest.first(count * 2);
    rest = rest.subspan(count * 2);
    return taken;
  };
  for (uint32_t i = 0; i < config.layers; ++i) {
    AdapterLayer& layer = decoded.layers.emplace_back();
    layer.layer = i;
    for (uint32_t m = 0; m < kLayerModules; ++m) {
      const ModuleShape shape = ShapeOf(config, static_cast<Module>(m));
      layer.modules.push_back({.target = static_cast<AdapterTarget>(m),
                               .kind = kind,
                               .dtype = DType::kF16,
                               .rank = kRank,
                               .in_features = shape.in,
                               .out_features = shape.out,
                               .a = take(uint64_t{kRank} * shape.in),
                               .b = take(uint64_t{kRank} * shape.out),
                               .c = kind == AdapterKind::kDora ? take(shape.out) : ByteView()});
    }
  }
  return decoded;
}

std::shared_ptr<const Adapter> Build(const LanguageModel& model, const Decoded& decoded,
                                     uint8_t id) {
  AdapterBuilder builder(model.adapter_base(), {id});
  for (const AdapterLayer& layer : decoded.layers) {
    if (!builder.Add(layer, decoded.memory).ok()) return nullptr;
  }
  return builder.Finish();
}

std::vector<AdapterUse> Experts(const LanguageModel& model, AdapterKind kind, int64_t count) {
  std::vector<AdapterUse> uses;
  for (int64_t i = 0; i < count; ++i) {
    const auto id = static_cast<uint8_t>(i);
    uses.push_back({Build(model, MakeDecoded(model.config(), kind, id), id)});
  }
  return uses;
}

std::unique_ptr<TextSession> SessionOf(const LanguageModel& model, uint32_t tokens) {
  auto session = std::move(TextSession::Make(model, {.context = 2048})).value();
  const std::vector<uint32_t> text(tokens, 11);
  return session->Append(text).ok() ? std::move(session) : nullptr;
}

void BM_Attach(benchmark::State& state) {
  const LanguageModel* const model = Model();
  if (model == nullptr) return state.SkipWithError("ANDON_BENCH_MODEL names no model");
  std::vector<Decoded> decoded;
  for (unsigned i = 0; i < state.range(0); ++i)
    decoded.push_back(MakeDecoded(model->config(), AdapterKind::kLora, i));
  const auto session = SessionOf(*model, 1);
  for (auto _ : state) {
    std::vector<AdapterUse> uses;
    for (const Decoded& each : decoded)
      uses.push_back({Build(*model, each, static_cast<uint8_t>(uses.size()))});
    benchmark::DoNotOptimize(session->SetAdapters(std::move(uses)));
    state.PauseTiming();
    benchmark::DoNotOptimize(session->SetAdapters({}));
    state.ResumeTiming();
  }
  const auto adapter = Build(*model, decoded[0], 0);
  state.counters["bytes/decoded"] =
      static_cast<double>(adapter->bytes()) / static_cast<double>(decoded[0].memory->size());
}

void BM_Detach(benchmark::State& state) {
  const LanguageModel* const model = Model();
  if (model == nullptr) return state.SkipWithError("ANDON_BENCH_MODEL names no model");
  const Decoded decoded = MakeDecoded(model->config(), AdapterKind::kLora, 1);
  const auto session = SessionOf(*model, 1);
  for (auto _ : state) {
    state.PauseTiming();
    benchmark::DoNotOptimize(session->SetAdapters({{Build(*model, decoded, 1)}}));
    state.ResumeTiming();
    benchmark::DoNotOptimize(session->SetAdapters({}));
  }
}

// The base's norms are kept with it after the first time.
void BM_BuildDora(benchmark::State& state) {
  const LanguageModel* const model = Model();
  if (model == nullptr) return state.SkipWithError("ANDON_BENCH_MODEL names no model");
  const Decoded decoded = MakeDecoded(model->config(), AdapterKind::kDora, 1);
  Build(*model, decoded, 1);
  for (auto _ : state) benchmark::DoNotOptimize(Build(*model, decoded, 1));
}

// A token after so many experts' adapters, beside the same token without.
template <AdapterKind kKind>
void BM_Token(benchmark::State& state) {
  const LanguageModel* const model = Model();
  if (model == nullptr) return state.SkipWithError("ANDON_BENCH_MODEL names no model");
  Transformer transformer(model->config(), model->weights(), model->precision(), model->pool());
  transformer.SetAdapters(Experts(*model, kKind, state.range(0)));
  KvCache cache(model->config(), 64);
  const uint32_t token[] = {11};
  for (auto _ : state) {
    cache.Truncate(0);
    benchmark::DoNotOptimize(cache.Reserve(1));
    benchmark::DoNotOptimize(transformer.Forward(token, cache, Logits::kLast));
  }
}

void BM_Prompt(benchmark::State& state) {
  const LanguageModel* const model = Model();
  if (model == nullptr) return state.SkipWithError("ANDON_BENCH_MODEL names no model");
  Transformer transformer(model->config(), model->weights(), model->precision(), model->pool());
  transformer.SetAdapters(Experts(*model, AdapterKind::kLora, state.range(0)));
  KvCache cache(model->config(), 64);
  const std::vector<uint32_t> tokens(kPromptBatch, 11);
  for (auto _ : state) {
    cache.Truncate(0);
    benchmark::DoNotOptimize(cache.Reserve(kPromptBatch));
    benchmark::DoNotOptimize(transformer.Forward(tokens, cache, Logits::kNone));
  }
}

BENCHMARK(BM_Attach)->Arg(1)->Arg(6)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Detach)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_BuildDora)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Token<AdapterKind::kLora>)->Arg(0)->Arg(1)->Arg(6)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Token<AdapterKind::kDora>)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Prompt)->Arg(0)->Arg(1)->Arg(6)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace andon
