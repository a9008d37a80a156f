#include <algorithm>
#include <cmath>
#include <numbers>

#include "transformer/config.h"

namespace andon {
namespace {

// Llama 3: long waves are slowed down by the factor, short ones kept, those between blended.
double Llama3Frequency(const RopeConfig& rope, double frequency) {
  const double wave = 2 * std::numbers::pi / frequency;
  const double original = rope.original_context;
  if (wave < original / rope.high_frequency) return frequency;
  if (wave > original / rope.low_frequency) return frequency / rope.factor;
  const double smooth =
      (original / wave - rope.low_frequency) / (rope.high_frequency - rope.low_frequency);
  return (1 - smooth) * frequency / rope.factor + smooth * frequency;
}

// YaRN, eq. 23 to 25: the dimension whose wave turns `rotations` times within the original context.
double YarnDimension(const RopeConfig& rope, double rotations) {
  return rope.dimensions * std::log(rope.original_context / (rotations * 2 * std::numbers::pi)) /
         (2 * std::log(rope.base));
}

double YarnFrequency(const RopeConfig& rope, double pair, double frequency) {
  const double low = std::max(std::floor(YarnDimension(rope, rope.beta_fast)), 0.0);
  const double high = std::min(std::ceil(YarnDimension(rope, rope.beta_slow)),
                               static_cast<double>(rope.dimensions) - 1);
  const double ramp = std::clamp((pair - low) / std::max(high - low, 0.001), 0.0, 1.0);
  return frequency / rope.factor * ramp + frequency * (1 - ramp);
}

}  // namespace

std::vector<double> RopeFrequencies(const RopeConfig& rope) {
  double base = rope.base;
  if (rope.scaling == RopeScaling::kNtk && rope.dimensions > 2) {
    base *= std::pow(rope.factor, static_cast<double>(rope.dimensions) / (rope.dimensions - 2));
  }
  std::vector<double> frequencies(rope.dimensions / 2);
  for (size_t i = 0; i < frequencies.size(); ++i) {
    const double pair = static_cast<double>(i);
    double frequency = std::pow(base, -2 * pair / rope.dimensions);
    if (!rope.frequency_factors.empty())
      frequency /= static_cast<double>(rope.frequency_factors[i]);
    switch (rope.scaling) {
      case RopeScaling::kLinear:
        frequency /= rope.factor;
        break;
      case RopeScaling::kLlama3:
        frequency = Llama3Frequency(rope, frequency);
        break;
      case RopeScaling::kYarn:
        frequency = YarnFrequency(rope, pair, frequency);
        break;
      case RopeScaling::kNone:
      case RopeScaling::kNtk:
        break;
    }
    frequencies[i] = frequency;
  }
  return frequencies;
}

}  // namespace andon
