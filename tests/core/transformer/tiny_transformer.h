// A transformer of random weights that fits on a page, and the obvious way to compute it.

#ifndef ANDON_TESTS_CORE_TRANSFORMER_TINY_TRANSFORMER_H_
#define ANDON_TESTS_CORE_TRANSFORMER_TINY_TRANSFORMER_H_

#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include "transformer/forward.h"

namespace andon {

using Vector = std::vector<double>;

class TinyTransformer {
 public:
  bool norms = true, biases = false;  // of queries and keys
  TransformerConfig config;
  TransformerWeights weights;

  TinyTransformer() {
    config.layers = 2;
    config.hidden = 32;
    config.intermediate = 48;
    config.heads = 4;
    config.kv_heads = 2;
    config.head_dim = 8;
    config.vocabulary = 20;
    config.context = 256;
    config.rope.dimensions = 8;
  }

  // Once config and the flags are what they shall be.
  void Fill() {
    const uint32_t query = config.query_features(), kv = config.kv_features();
    weights.embedding = RandomMatrix(config.vocabulary, config.hidden);
    weights.head = RandomMatrix(config.vocabulary, config.hidden);
    weights.final_norm = RandomVector(config.hidden);
    weights.layers.resize(config.layers);
    for (LayerWeights& layer : weights.layers) {
      layer.attention_norm = RandomVector(config.hidden);
      layer.query = RandomMatrix(query, config.hidden);
      layer.key = RandomMatrix(kv, config.hidden);
      layer.value = RandomMatrix(kv, config.hidden);
      if (norms) {
        layer.query_norm = RandomVector(config.head_dim);
        layer.key_norm = RandomVector(config.head_dim);
      }
      if (biases) {
        layer.query_bias = RandomVector(query);
        layer.key_bias = RandomVector(kv);
        layer.value_bias = RandomVector(kv);
        layer.output_bias = RandomVector(config.hidden);
      }
      layer.output = RandomMatrix(config.hidden, query);
      layer.ffn_norm = RandomVector(config.hidden);
      layer.gate = RandomMatrix(config.intermediate, config.hidden);
      layer.up = RandomMatrix(config.intermediate, config.hidden);
      layer.down = RandomMatrix(config.hidden, config.intermediate);
    }
  }

  // Logits of the last token: the whole text in double precision, token by token, nothing shared
  // and nothing cached.
  Vector Expected(const std::vector<uint32_t>& tokens) const {
    std::vector<Vector> x;
    for (const uint32_t token : tokens) x.push_back(Row(weights.embedding, token));
    for (const LayerWeights& layer : weights.layers) x = ExpectedLayer(layer, x);
    return Times(weights.head, Normed(x.back(), weights.final_norm));
  }

 private:
  std::vector<Vector> ExpectedLayer(const LayerWeights& layer, std::vector<Vector> x) const {
    std::vector<Vector> keys, values;
    for (size_t t = 0; t < x.size(); ++t) {
      const Vector normed = Normed(x[t], layer.attention_norm);
      const Vector query =
          Heads(Plus(Times(layer.query, normed), layer.query_bias), layer.query_norm, t);
      keys.push_back(Heads(Plus(Times(layer.key, normed), layer.key_bias), layer.key_norm, t));
      values.push_back(Plus(Times(layer.value, normed), layer.value_bias));
      const Vector attended = Attended(query, keys, values);
      const Vector out = Plus(Times(layer.output, attended), layer.output_bias);
      for (size_t i = 0; i < out.size(); ++i) x[t][i] += out[i];
      const Vector ffn = Normed(x[t], layer.ffn_norm);
      Vector gate = Times(layer.gate, ffn);
      const Vector up = Times(layer.up, ffn);
      for (size_t i = 0; i < gate.size(); ++i) gate[i] *= up[i] / (1 + std::exp(-gate[i]));
      const Vector down = Times(layer.down, gate);
      for (size_t i = 0; i < down.size(); ++i) x[t][i] += down[i];
    }
    return x;
  }

  Vector Attended(const Vector& query, const std::vector<Vector>& keys,
                  const std::vector<Vector>& values) const {
    const uint32_t dim = config.head_dim;
    Vector attended(config.query_features());
    for (uint32_t h = 0; h < config.heads; ++h) {
      const uint32_t kv = h / (config.heads / config.kv_heads) * dim;
      Vector scores;
      double total = 0;
      for (const Vector& key : keys) {
        double dot = 0;
        for (uint32_t i = 0; i < dim; ++i) dot += query[h * dim + i] * key[kv + i];
        total += scores.emplace_back(std::exp(dot / std::sqrt(dim)));
      }
      for (size_t p = 0; p < scores.size(); ++p) {
        for (uint32_t i = 0; i < dim; ++i)
          attended[h * dim + i] += scores[p] / total * values[p][kv + i];
      }
    }
    return attended;
  }

  // Each head normed and turned to its position.
  Vector Heads(const Vector& x, const std::vector<float>& norm, size_t position) const {
    Vector result;
    const auto frequencies = RopeFrequencies(config.rope);
    for (size_t h = 0; h < x.size() / config.head_dim; ++h) {
      Vector head(x.begin() + static_cast<ptrdiff_t>(h * config.head_dim),
                  x.begin() + static_cast<ptrdiff_t>((h + 1) * config.head_dim));
      if (!norm.empty()) head = Normed(head, norm);
      const size_t pairs = frequencies.size();
      for (size_t i = 0; i < pairs; ++i) {
        const size_t first = config.rope.interleaved ? 2 * i : i;
        const size_t second = config.rope.interleaved ? 2 * i + 1 : i + pairs;
        const double angle = static_cast<double>(position) * frequencies[i], a = head[first],
                     b = head[second];
        head[first] = (a * std::cos(angle) - b * std::sin(angle)) * config.rope.attention_factor;
        head[second] = (a * std::sin(angle) + b * std::cos(angle)) * config.rope.attention_factor;
      }
      result.insert(result.end(), head.begin(), head.end());
    }
    return result;
  }

  Vector Normed(const Vector& x, const std::vector<float>& weight) const {
    double squares = 0;
    for (const double value : x) squares += value * value;
    const double scale = 1 / std::sqrt(squares / static_cast<double>(x.size()) +
                                       static_cast<double>(config.norm_epsilon));
    Vector result;
    for (size_t i = 0; i < x.size(); ++i)
      result.push_back(x[i] * scale * static_cast<double>(weight[i]));
    return result;
  }

  static Vector Plus(Vector x, const std::vector<float>& bias) {
    for (size_t i = 0; i < bias.size(); ++i) x[i] += static_cast<double>(bias[i]);
    return x;
  }

  static Vector Row(const Matrix& matrix, uint32_t row) {
    std::vector<float> values(matrix.columns);
    UnpackRow(matrix, row, values.data());
    return {values.begin(), values.end()};
  }

  static Vector Times(const Matrix& matrix, const Vector& x) {
    Vector result;
    for (uint32_t r = 0; r < matrix.rows; ++r) {
      const Vector row = Row(matrix, r);
      double dot = 0;
      for (size_t i = 0; i < x.size(); ++i) dot += row[i] * x[i];
      result.push_back(dot);
    }
    return result;
  }

  float Random() { return static_cast<float>(random_() % 2001) / 1000 - 1; }

  std::vector<float> RandomVector(uint32_t size) {
    std::vector<float> values(size);
    for (float& value : values) value = 1 + Random() / 2;
    return values;
  }

  Matrix RandomMatrix(uint32_t rows, uint32_t columns) {
    Matrix matrix{.type = WeightType::kF32, .rows = rows, .columns = columns};
    const uint64_t bytes = MatrixBytes(matrix.type, rows, columns), group = bytes / matrix.groups();
    // Whole vectors, so that the memory is aligned as kernels want it.
    auto& memory =
        memory_.emplace_back(new Aligned[static_cast<size_t>(bytes / sizeof(Aligned)) + 1]);
    auto* const packed = reinterpret_cast<uint8_t*>(memory.get());
    for (uint32_t g = 0; g < matrix.groups(); ++g) {
      const uint32_t count = std::min(kGroupRows, rows - g * kGroupRows);
      std::vector<float> values(size_t{count} * columns);
      for (float& value : values) value = Random() / 2;
      PackGroup(matrix.type, reinterpret_cast<const uint8_t*>(values.data()), count, columns,
                packed + g * group);
    }
    matrix.data = packed;
    return matrix;
  }

  struct alignas(64) Aligned {
    uint8_t bytes[64];
  };
  std::vector<std::unique_ptr<Aligned[]>> memory_;
  std::mt19937 random_{7};
};

}  // namespace andon

#endif  // ANDON_TESTS_CORE_TRANSFORMER_TINY_TRANSFORMER_H_
