// The one place that joins formats, trust and models: sniff -> verify -> parse -> build.

#ifndef ANDON_ENGINE_ENGINE_H_
#define ANDON_ENGINE_ENGINE_H_

#include <memory>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "common/status.h"
#include "models/predictor.h"
#include "trust/policy.h"
#include "trust/verdict.h"

namespace andon {

// A verified model that is ready to run.
struct Model {
  std::unique_ptr<Predictor> predictor;
  std::string description;  // JSON, see docs/api.md (ModelDescription)
};

struct OpenOutcome {
  Status status;                 // why there is no model
  Verdict verdict;               // always filled in, as far as verification came
  std::unique_ptr<Model> model;  // set exactly when status is ok
};

// Verification is complete before anything is built. The model does not refer to `file` afterwards.
OpenOutcome Open(ByteView file, const Policy& policy);

// The verdict as JSON: {"integrity", "signature", "trust", "signer", "signerName", "reasons"}.
std::string VerdictJson(const Verdict& verdict);

}  // namespace andon

#endif  // ANDON_ENGINE_ENGINE_H_
