// Experts for the small model of tiny_session.h, and how one is attached from memory.

#ifndef ANDON_TESTS_CORE_EXPERTS_TINY_EXPERT_H_
#define ANDON_TESTS_CORE_EXPERTS_TINY_EXPERT_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "experts/expert_attaching.h"
#include "formats/soft_prompt.h"
#include "tests/core/language/tiny_session.h"
#include "tests/core/support/sample_adapter.h"
#include "tests/core/support/sample_expert.h"

namespace andon {

// LoRA of rank 2 of a layer's queries.
inline Bytes TinyParams(uint32_t layer, uint32_t in = 64, uint32_t out = 64) {
  SampleAdapter adapter(layer);
  adapter.Add(AdapterTarget::kQ, AdapterKind::kLora, DType::kF32, in, out);
  return *WriteParams(adapter.layer());
}

inline SampleExpert& AddTinyLayer(SampleExpert& expert, uint32_t layer, uint32_t out = 64) {
  return expert.Add(SectionType::kParams, TinyParams(layer, 64, out),
                    {.layer = layer, .critical = true});
}

inline Bytes SoftPromptOf(uint32_t tokens, uint32_t hidden, float value) {
  Bytes values;
  for (uint32_t i = 0; i < tokens * hidden; ++i) AppendU32(values, std::bit_cast<uint32_t>(value));
  return *WriteSoftPrompt({.tokens = tokens, .hidden = hidden, .values = values});
}

// Both layers, and of everything else something.
inline SampleExpert TinyExpert() {
  SampleExpert expert;
  AddTinyLayer(expert, 0);
  AddTinyLayer(expert, 1);
  expert.Add(SectionType::kGrammar, BytesOfText("root ::= \"yes\" | \"no\""));
  expert.Add(SectionType::kSoftPrompt, SoftPromptOf(3, 64, 0.5F), {.name = "soft"});
  expert.Add(SectionType::kCalibration, BytesOfText(R"({"temperature": 2})"));
  return expert;
}

inline void RunAttaching(ExpertAttaching& attaching, ByteView file,
                         std::vector<ByteRange>* reads = nullptr) {
  while (!attaching.done()) {
    if (!attaching.needs_bytes()) {
      attaching.Feed({});
      continue;
    }
    ByteRange wanted = attaching.wanted();
    if (reads != nullptr) reads->push_back(wanted);
    if (wanted.length == 0) wanted.length = file.size();  // all of it
    const auto from = static_cast<size_t>(std::min<uint64_t>(wanted.offset, file.size()));
    const ByteView rest = file.subspan(from);
    attaching.Feed(rest.first(static_cast<size_t>(std::min<uint64_t>(wanted.length, rest.size()))));
  }
}

struct Attached {
  Status status;
  Verdict verdict;
  std::shared_ptr<const ReadyExpert> expert;
  bool cached = false;
};

inline Attached Attach(const LanguageModel& model, ExpertShelf& shelf, ByteView file,
                       AttachTerms terms = {}, std::vector<ByteRange>* reads = nullptr) {
  ExpertAttaching attaching(model, shelf, file.size(), std::move(terms));
  RunAttaching(attaching, file, reads);
  return {attaching.status(), attaching.verdict(), attaching.expert(), attaching.cached()};
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_EXPERTS_TINY_EXPERT_H_
