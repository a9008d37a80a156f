// Opens an expert step by step, in the order that keeps what is not trusted from being parsed:
// bounds, whose signature it is, the signature, the metadata, trust. Sections come later, one by
// one, when they are first used (engine/expert.h).
//
//   ExpertOpening opening(size, policy);
//   while (!opening.done()) opening.Feed(<bytes of opening.wanted()>);
//   ExpertOutcome outcome = opening.Take();
//
// Version 2 wants its head, then its SIGNING_CERT; version 1 wants the whole file.

#ifndef ANDON_ENGINE_EXPERT_OPENING_H_
#define ANDON_ENGINE_EXPERT_OPENING_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "common/bytes.h"
#include "common/status.h"
#include "engine/expert.h"
#include "formats/expert_v1.h"
#include "trust/policy.h"
#include "trust/verdict.h"

namespace andon {

struct ExpertOutcome {
  Status status;                            // why there is no expert
  Verdict verdict;                          // always filled in, as far as verification came
  std::unique_ptr<Expert> expert;           // set exactly when status is ok
  std::optional<Remembered> remember = {};  // for a trust store: set when signed and trusted
};

class ExpertOpening {
 public:
  // Without `file_bytes` (a stream) the size is the one that the table of contents states; version
  // 1 needs it.
  ExpertOpening(std::optional<uint64_t> file_bytes, Policy policy);
  ~ExpertOpening();

  bool done() const { return step_ == Step::kDone; }
  ByteRange wanted() const { return wanted_; }
  // REQUIRES: !done(); the wanted range, or fewer bytes where the file ends before.
  void Feed(ByteView bytes);
  // REQUIRES: done(); called once.
  ExpertOutcome Take() { return std::move(outcome_); }

 private:
  enum class Step { kStart, kHead, kChain, kWhole, kDone };
  struct HeadOfV2;

  Status Advance(ByteView bytes);
  Status TakeStart(ByteView start);
  Status TakeHead(ByteView head);
  Status TakeChain(ByteView bytes);
  Status TakeWhole(ByteView file);
  Status Conclude();
  Status JudgeWhole(const ExpertV1& package, ByteView file);
  void Want(Step step, ByteRange range);
  void Accept(std::unique_ptr<Expert> expert, uint64_t release_counter);

  std::optional<uint64_t> file_bytes_;
  Policy policy_;
  Step step_ = Step::kStart;
  ByteRange wanted_;
  std::unique_ptr<HeadOfV2> head_;
  ExpertOutcome outcome_;
};

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_OPENING_H_
