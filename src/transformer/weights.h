// The weights of a transformer in memory, packed for the kernels.

#ifndef ANDON_TRANSFORMER_WEIGHTS_H_
#define ANDON_TRANSFORMER_WEIGHTS_H_

#include <vector>

#include "kernels/matrix.h"
#include "transformer/config.h"

namespace andon {

struct LayerWeights {
  std::vector<float> attention_norm;  // [hidden]
  Matrix query, key, value;           // [heads x head_dim | kv_heads x head_dim, hidden]
  std::vector<float> query_bias, key_bias, value_bias;  // of the same rows; empty: none
  std::vector<float> query_norm, key_norm;              // [head_dim]; empty: none
  Matrix output;                                        // [hidden, heads x head_dim]
  std::vector<float> output_bias;                       // [hidden]; empty: none
  std::vector<float> ffn_norm;                          // [hidden]
  Matrix gate, up;                                      // [intermediate, hidden]
  Matrix down;                                          // [hidden, intermediate]
};

struct TransformerWeights {
  Matrix embedding;  // [vocabulary, hidden]
  std::vector<LayerWeights> layers;
  std::vector<float> final_norm;  // [hidden]
  Matrix head;                    // [vocabulary, hidden]; the embedding where the model ties them
};

}  // namespace andon

#endif  // ANDON_TRANSFORMER_WEIGHTS_H_
