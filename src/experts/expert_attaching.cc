#include "experts/expert_attaching.h"

#include <algorithm>
#include <utility>

#include "common/limits.h"
#include "experts/base_match.h"
#include "experts/own_json.h"
#include "experts/tokenizer_delta.h"
#include "formats/adapter_values.h"
#include "formats/soft_prompt.h"

namespace andon {
namespace {

bool Is(const ExpertSection& section, SectionType type) {
  return section.type == static_cast<uint16_t>(type);
}

// What is read, in this order: of each type but PARAMS the first.
constexpr SectionType kWanted[] = {SectionType::kGrammar, SectionType::kCalibration,
                                   SectionType::kTokenizerDelta, SectionType::kSoftPrompt};

}  // namespace

ExpertAttaching::ExpertAttaching(const LanguageModel& model, ExpertShelf& shelf,
                                 std::optional<uint64_t> file_bytes, AttachTerms terms)
    : model_(model), shelf_(shelf), any_base_(terms.any_base), max_bytes_(terms.max_bytes) {
  opening_.emplace(file_bytes, std::move(terms.policy));
  Want();
}

ExpertAttaching::ExpertAttaching(const LanguageModel& model, ExpertShelf& shelf,
                                 const PeftFiles& files, AttachTerms terms)
    : model_(model), shelf_(shelf), any_base_(terms.any_base), max_bytes_(terms.max_bytes) {
  const Status status = TakeOutcome(OpenPeftFolder(files, terms.policy, terms.max_bytes));
  status.ok() ? Want() : End(status);
}

// What the next step needs.
void ExpertAttaching::Want() {
  if (step_ == Step::kOpening) {
    wanted_ = opening_->wanted();
    needs_bytes_ = true;
    if (wanted_.length > std::min(max_bytes_, limits::kMaxExpertV1Bytes)) {
      End(Error(ErrorCode::kFileTooLarge, "expert: ", wanted_.length, " bytes to read at once"));
    }
  } else if (step_ == Step::kSections) {
    const ExpertSection& section = *sections_[next_section_];
    const auto range = opened_->Needs(section.id);
    wanted_ = range.ok() ? *range : ByteRange{};
    gap_ = section.gap;
    needs_bytes_ = wanted_.length > 0;
  }
}

void ExpertAttaching::Feed(ByteView bytes, const std::optional<Sha256Digest>& stored_sha256) {
  const Status status = Advance(bytes, stored_sha256);
  if (!status.ok()) return End(status);
  Want();
}

Status ExpertAttaching::Advance(ByteView bytes, const std::optional<Sha256Digest>& stored_sha256) {
  if (step_ == Step::kOpening) {
    if (bytes.size() > max_bytes_) {
      return Error(ErrorCode::kFileTooLarge, "expert: ", bytes.size(), " bytes");
    }
    opening_->Feed(bytes);
    return opening_->done() ? TakeOutcome(opening_->Take()) : Status();
  }
  const ExpertSection& section = *sections_[next_section_];
  if (bytes.size() < wanted_.length) {
    return Error(ErrorCode::kSourceUnreadable, "source: ended within section ", section.id);
  }
  ANDON_ASSIGN_OR_RETURN(ExpertContent content, opened_->Take(section.id, bytes, stored_sha256));
  ANDON_RETURN_IF_ERROR(TakeSection(section, std::move(content)));
  if (++next_section_ == sections_.size()) {
    if (builder_) making_->adapter = builder_->Finish();
    std::shared_ptr<const ReadyExpert> made = std::move(making_);
    shelf_.Keep(made);
    Finish(std::move(made));
  }
  return Status();
}

Status ExpertAttaching::TakeOutcome(ExpertOutcome outcome) {
  verdict_ = std::move(outcome.verdict);
  ANDON_RETURN_IF_ERROR(outcome.status);
  remember_ = std::move(outcome.remember);
  opened_ = std::move(outcome.expert);
  Json description = OwnJson(opened_->description());
  const Json manifest = description["manifest"];
  const std::string model_name = TextMember(OwnJson(model_.description()), "name");
  ANDON_RETURN_IF_ERROR(CheckBaseModel(manifest, model_name, model_.config(), any_base_));
  ANDON_RETURN_IF_ERROR(opened_->adapter_status());
  if (auto ready = shelf_.Find(opened_->identity())) {
    cached_ = true;
    Finish(std::move(ready));
    return Status();
  }
  making_ = std::make_unique<ReadyExpert>();
  making_->identity = opened_->identity();
  making_->name = opened_->name();
  making_->version = TextMember(description, "version");
  making_->hidden = model_.config().hidden;
  making_->description = opened_->description();
  PlanSections();
  return Status();
}

void ExpertAttaching::PlanSections() {
  step_ = Step::kSections;
  const std::vector<ExpertSection>& all = opened_->sections();
  for (const SectionType type : kWanted) {
    const auto first = std::ranges::find(all, static_cast<uint16_t>(type), &ExpertSection::type);
    if (first != all.end()) sections_.push_back(&*first);
  }
  const auto others = static_cast<ptrdiff_t>(sections_.size());
  for (const ExpertSection& section : all) {
    if (Is(section, SectionType::kParams)) sections_.push_back(&section);
  }
  std::ranges::sort(sections_.begin() + others, sections_.end(), {}, &ExpertSection::layer);
}

Status ExpertAttaching::TakeSection(const ExpertSection& section, ExpertContent content) {
  switch (static_cast<SectionType>(section.type)) {
    case SectionType::kGrammar:
      making_->grammar = AsText(content.raw());
      return Status();
    case SectionType::kCalibration: {
      ANDON_ASSIGN_OR_RETURN(making_->calibration, ParseCalibration(content.raw()));
      return Status();
    }
    case SectionType::kTokenizerDelta:
      return TakeTokens(content.raw());
    case SectionType::kSoftPrompt:
      return TakeSoftPrompt(content.raw());
    default:
      return TakeLayer(std::move(content));
  }
}

Status ExpertAttaching::TakeSoftPrompt(ByteView section) {
  ANDON_ASSIGN_OR_RETURN(const SoftPrompt prompt, ParseSoftPrompt(section));
  const uint32_t hidden = model_.config().hidden;
  if (prompt.hidden != hidden) {
    return Error(ErrorCode::kBaseShapeMismatch, "soft prompt: [", prompt.tokens, ", ",
                 prompt.hidden, "]; embeddings of this model are [.., ", hidden, "]");
  }
  if (prompt.tokens >= model_.config().context) {
    return Error(ErrorCode::kBaseShapeMismatch, "soft prompt: ", prompt.tokens,
                 " positions; this model has ", model_.config().context);
  }
  const auto values = std::make_shared<std::vector<float>>(size_t{prompt.tokens} * hidden);
  for (size_t i = 0; i < values->size(); ++i) {
    (*values)[i] = static_cast<float>(AdapterValue(prompt.values, i, prompt.dtype));
  }
  making_->soft_prompt = values;
  return Status();
}

Status ExpertAttaching::TakeTokens(ByteView section) {
  const Tokenizer& base = model_.tokenizer();
  std::vector<AddedToken>& tokens = making_->added_tokens;
  ANDON_ASSIGN_OR_RETURN(tokens,
                         ParseTokenizerDelta(section, base.size(), model_.config().vocabulary));
  if (!tokens.empty()) {
    ANDON_ASSIGN_OR_RETURN(making_->tokenizer, ExtendTokenizer(base, tokens));
  }
  return Status();
}

Status ExpertAttaching::TakeLayer(ExpertContent content) {
  if (!builder_) builder_.emplace(model_.adapter_base(), making_->identity);
  const auto memory = std::make_shared<const ExpertContent>(std::move(content));
  ANDON_RETURN_IF_ERROR(builder_->Add(memory->layer(), memory));
  layers_ready_ = builder_->layers_ready();
  return Status();
}

void ExpertAttaching::Finish(std::shared_ptr<const ReadyExpert> expert) {
  ready_ = std::move(expert);
  End(Status());
}

void ExpertAttaching::End(Status status) {
  status_ = std::move(status);
  step_ = Step::kDone;
  needs_bytes_ = false;
  wanted_ = {};
}

}  // namespace andon
