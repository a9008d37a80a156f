// What opening a file gave: always a verdict, and a model that runs when the code is "Ok".

#include <emscripten/bind.h>

#include <string>
#include <utility>
#include <vector>

#include "bindings/span.h"
#include "bindings/upload.h"
#include "engine/engine.h"

namespace andon {
namespace {

struct alignas(64) CacheLine {
  uint8_t bytes[64];
};

std::vector<CacheLine> Lines(size_t bytes) { return std::vector<CacheLine>((bytes + 63) / 64); }

class Opened {
 public:
  Opened(const Upload& file, const Policy& policy)
      : outcome_(Open(file.bytes(), policy)), verdict_(VerdictJson(outcome_.verdict)) {}

  std::string code() const { return std::string(ErrorCodeName(outcome_.status.code())); }
  std::string message() const { return outcome_.status.message(); }
  Span verdict() const { return SpanOf(verdict_); }

  // REQUIRES for all that follows: code() is "Ok".
  Span description() const { return SpanOf(model().description); }
  // Doubles, there until the next call of either.
  Span coefficients() { return Keep(predictor().Coefficients()); }
  Span intercept() { return Keep(predictor().Intercept()); }
  size_t output_count() const { return predictor().output_count(); }

  // Room for `rows` rows of doubles in and out; input() and output() move.
  void Prepare(size_t rows) {
    input_ = Lines(rows * predictor().feature_count() * sizeof(double));
    output_ = Lines(rows * predictor().output_count() * sizeof(double));
  }
  Span input() const { return SpanOf(input_); }
  Span output() const { return SpanOf(output_); }

  // Predicts the first `rows` rows of input() into output(). REQUIRES: Prepare(rows) or more.
  template <typename Float>
  void Run(size_t rows) {
    predictor().Run(reinterpret_cast<const Float*>(input_.data()), rows,
                    reinterpret_cast<Float*>(output_.data()));
  }

 private:
  const Model& model() const { return *outcome_.model; }
  const Predictor& predictor() const { return *model().predictor; }
  Span Keep(std::vector<double> numbers) {
    numbers_ = std::move(numbers);
    return SpanOf(numbers_);
  }

  OpenOutcome outcome_;
  std::string verdict_;            // JSON
  std::vector<double> numbers_;    // asked for last
  std::vector<CacheLine> input_;   // [rows, features] of float or double
  std::vector<CacheLine> output_;  // [rows, outputs] of the same type
};

}  // namespace
}  // namespace andon

EMSCRIPTEN_BINDINGS(opened) {
  using andon::Opened;
  emscripten::class_<Opened>("Opened")
      .constructor<const andon::Upload&, const andon::Policy&>()
      .function("code", &Opened::code)
      .function("message", &Opened::message)
      .function("verdict", &Opened::verdict)
      .function("description", &Opened::description)
      .function("coefficients", &Opened::coefficients)
      .function("intercept", &Opened::intercept)
      .function("outputCount", &Opened::output_count)
      .function("prepare", &Opened::Prepare)
      .function("input", &Opened::input)
      .function("output", &Opened::output)
      .function("runF32", &Opened::Run<float>)
      .function("runF64", &Opened::Run<double>);
}
