// Attaches an expert to a language model, step by step: its head is verified (engine's
// ExpertOpening), it is compared with the base, then its parts are read and its adapter is built
// layer by layer. Where an expert of the same content is ready already, that one is taken, once the
// head was verified as ever.
//
//   ExpertAttaching attaching(model, shelf, size, terms);
//   while (!attaching.done()) attaching.Feed(<bytes of attaching.wanted()>, <their SHA-256>);
//   if (attaching.status().ok()) Use(attaching.expert());

#ifndef ANDON_EXPERTS_EXPERT_ATTACHING_H_
#define ANDON_EXPERTS_EXPERT_ATTACHING_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/adapter_builder.h"
#include "common/bytes.h"
#include "common/status.h"
#include "engine/expert_opening.h"
#include "experts/expert_shelf.h"
#include "experts/peft_folder.h"
#include "experts/ready_expert.h"
#include "language/language_model.h"

namespace andon {

struct AttachTerms {
  Policy policy = {};
  bool any_base = false;            // whatever the manifest calls its base model
  uint64_t max_bytes = UINT64_MAX;  // of the file
};

class ExpertAttaching {
 public:
  // Of a package, as ExpertOpening. REQUIRES: model and shelf outlive this.
  ExpertAttaching(const LanguageModel& model, ExpertShelf& shelf,
                  std::optional<uint64_t> file_bytes, AttachTerms terms);
  // Of a PEFT folder: wants no bytes.
  ExpertAttaching(const LanguageModel& model, ExpertShelf& shelf, const PeftFiles& files,
                  AttachTerms terms);

  bool done() const { return step_ == Step::kDone; }
  // Whether the next step needs bytes of the file. Those that it takes are wanted(); a length of 0
  // is all of a file whose size was not known.
  bool needs_bytes() const { return needs_bytes_; }
  ByteRange wanted() const { return wanted_; }
  // Of the wanted bytes so many at the front are not part of what `stored_sha256` is over.
  uint64_t gap() const { return gap_; }

  // REQUIRES: !done(); the wanted range, or fewer bytes where the file ends before; nothing where
  // no bytes are needed. `stored_sha256`: where the platform computed it.
  void Feed(ByteView bytes, const std::optional<Sha256Digest>& stored_sha256 = {});

  // Whether the head was verified and the verdict let it pass.
  bool verified() const { return step_ != Step::kOpening && status_.ok(); }
  uint32_t layers_ready() const { return layers_ready_; }
  // The expert was ready before.
  bool cached() const { return cached_; }

  // REQUIRES for all that follows: done(). Errors: ExpertOpening's and those of damaged sections;
  // FileTooLarge, BaseModelMismatch, BaseShapeMismatch, SectionMalformed, TokenizerDelta, and why
  // version 1 or a folder has no adapter that can be read.
  const Status& status() const { return status_; }
  const Verdict& verdict() const { return verdict_; }
  const std::optional<Remembered>& remember() const { return remember_; }
  // Set exactly when status is ok.
  const std::shared_ptr<const ReadyExpert>& expert() const { return ready_; }

 private:
  enum class Step { kOpening, kSections, kDone };

  Status Advance(ByteView bytes, const std::optional<Sha256Digest>& stored_sha256);
  Status TakeOutcome(ExpertOutcome outcome);
  Status TakeSection(const ExpertSection& section, ExpertContent content);
  Status TakeSoftPrompt(ByteView section);
  Status TakeTokens(ByteView section);
  Status TakeLayer(ExpertContent content);
  void PlanSections();
  void Want();
  void Finish(std::shared_ptr<const ReadyExpert> expert);
  void End(Status status);

  const LanguageModel& model_;
  ExpertShelf& shelf_;
  const bool any_base_;
  const uint64_t max_bytes_;
  Step step_ = Step::kOpening;
  bool needs_bytes_ = false;
  ByteRange wanted_;
  uint64_t gap_ = 0;

  std::optional<ExpertOpening> opening_;
  std::unique_ptr<Expert> opened_;
  std::vector<const ExpertSection*> sections_;  // of opened_, in the order of reading
  size_t next_section_ = 0;
  std::optional<AdapterBuilder> builder_;
  std::unique_ptr<ReadyExpert> making_;

  uint32_t layers_ready_ = 0;
  bool cached_ = false;
  Status status_;
  Verdict verdict_;
  std::optional<Remembered> remember_;
  std::shared_ptr<const ReadyExpert> ready_;
};

}  // namespace andon

#endif  // ANDON_EXPERTS_EXPERT_ATTACHING_H_
