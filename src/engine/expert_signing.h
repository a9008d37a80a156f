// What a package carries so that its signature can be judged.

#ifndef ANDON_ENGINE_EXPERT_SIGNING_H_
#define ANDON_ENGINE_EXPERT_SIGNING_H_

#include <string>
#include <string_view>

#include "engine/expert_pack.h"

namespace andon {

// The SIGNING_CERT section for an expert of this name. Errors: those of ParseChain; ChainBroken,
// where the leaf is for another key; ScopeMismatch, where it does not cover the name.
Result<Bytes> SigningCertificates(const ExpertSigning& signing, std::string_view expert_name);

// "2026-01-31T12:00:00Z". REQUIRES: at most limits::kMaxTimeSeconds.
std::string IsoTime(uint64_t unix_seconds);

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_SIGNING_H_
