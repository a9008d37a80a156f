// A whole package: what opens is a model that runs; what does not has a reason.
// mutators/fuzz_open.cc keeps the hashes right, so that inputs get past them.

#include <vector>

#include "common/json.h"
#include "engine/engine.h"
#include "fuzz/require.h"

namespace {

using andon::AsBytes;
using andon::Require;

constexpr size_t kMostNumbers = 1 << 16;  // of a row in and out, to keep runs short

void RunOnce(const andon::Predictor& predictor) {
  if (predictor.feature_count() + predictor.output_count() > kMostNumbers) return;
  const std::vector<double> row(predictor.feature_count(), 0.5);
  std::vector<double> out(predictor.output_count());
  predictor.Run(row.data(), 1, out.data());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const andon::OpenOutcome outcome = andon::Open({data, size}, andon::Policy());
  Require(andon::ParseJson(AsBytes(andon::VerdictJson(outcome.verdict)), "verdict").ok());
  Require(outcome.status.ok() == (outcome.model != nullptr));
  if (!outcome.model) {
    Require(!outcome.verdict.reasons.empty() && !outcome.status.message().empty());
    return 0;
  }
  Require(outcome.verdict.integrity == andon::Integrity::kOk);
  Require(andon::ParseJson(AsBytes(outcome.model->description), "description",
                           {.max_bytes = UINT64_MAX, .max_values = UINT64_MAX})
              .ok());
  RunOnce(*outcome.model->predictor);
  return 0;
}
