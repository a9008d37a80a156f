// .expert of version 2: whatever the head says, sections and adapters are read or refused; what is
// accepted is written again, and reads the same. mutators/fuzz_expert_v2.cc keeps hashes right.

#include <algorithm>
#include <cmath>

#include "common/limits.h"
#include "formats/expert_index.h"
#include "formats/expert_params.h"
#include "formats/expert_writer.h"
#include "fuzz/require.h"

namespace {

using andon::Bytes;
using andon::ByteView;
using andon::ExpertSection;
using andon::Require;

constexpr uint64_t kMostNormWork = 1 << 22;  // multiplications, to keep runs short

void CheckLayer(const Bytes& content, uint32_t number) {
  const auto layer = andon::ParseParams(content, number);
  if (!layer.ok()) return;
  const auto again = andon::WriteParams(*layer);
  Require(again.ok() && *again == content);
  for (const andon::AdapterModule& module : layer->modules) {
    const uint64_t rank = module.rank, features = module.in_features + module.out_features;
    if (rank * rank * (features + module.sparse_count) > kMostNormWork) continue;
    const double norm = andon::UpdateNorm(module);
    Require(norm >= 0 && std::isfinite(norm));
  }
}

// Nothing where the section could not be read.
Bytes ReadSection(ByteView file, const ExpertSection& section) {
  const auto bytes =
      andon::SubRange(file, section.offset - section.gap, section.gap + section.stored_length);
  Require(bytes.has_value());
  auto content = andon::DecodeExpertSection(section, *bytes);
  if (!content.ok()) return {};
  Require(content->size() == section.raw_length);
  if (section.type == static_cast<uint16_t>(andon::SectionType::kParams))
    CheckLayer(*content, section.layer);
  return std::move(*content);
}

void WriteAgain(const andon::ExpertIndex& index, ByteView metadata, ByteView file) {
  auto writer = andon::ExpertWriter::Create(metadata, index.sections.size(),
                                            {.level = 1, .minor = index.minor});
  Require(writer.ok());
  Bytes rest;
  for (const ExpertSection& section : index.sections) {
    const auto stored = andon::SubRange(file, section.offset, section.stored_length);
    const auto bytes = writer->AddStored(section, *stored);
    if (bytes.code() == andon::ErrorCode::kExpertRatio) return;  // shorter metadata, fewer gaps
    Require(bytes.ok());
    andon::AppendBytes(rest, *bytes);
  }
  const Bytes head = writer->Seal({}, std::nullopt);
  const auto again = andon::ParseExpertIndex(head, head.size() + rest.size());
  Require(again.ok() && again->sections.size() == index.sections.size());
  for (size_t i = 0; i < index.sections.size(); ++i)
    Require(again->sections[i].raw_length == index.sections[i].raw_length);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const ByteView file(data, size);
  const auto head_bytes = andon::ExpertHeadBytes(file, size);
  if (!head_bytes.ok()) return 0;
  const auto index = andon::ParseExpertIndex(file.first(static_cast<size_t>(*head_bytes)), size);
  if (!index.ok()) return 0;

  uint64_t content_bytes = 0;
  for (const ExpertSection& section : index->sections)
    content_bytes += ReadSection(file, section).size();
  Require(content_bytes <=
          andon::limits::kExpertFreeExpansionBytes + andon::limits::kMaxExpertRatio * size);
  const auto metadata = andon::ReadExpertMetadata(*index);
  if (metadata.ok()) WriteAgain(*index, *metadata, file);
  return 0;
}
