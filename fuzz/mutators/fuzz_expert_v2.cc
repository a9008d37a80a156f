// Mutates the head or one section of an expert and makes the hashes of all sections right again, so
// that changes get past them to the codecs and the adapters. One section in two that is compressed
// is mutated in what it expands to. One time in four all is left to chance.

#include <algorithm>
#include <random>
#include <vector>

#include "formats/expert_index.h"
#include "tests/core/support/write_expert.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

using andon::Bytes;
using andon::ByteView;
using andon::ExpertSection;

constexpr size_t kGrowth = 64;         // bytes that one mutation may add to a section
constexpr size_t kSha256InEntry = 32;  // offsets in the head
constexpr size_t kEntryBytes = 96;

void Mutate(Bytes& bytes) {
  const size_t size = bytes.size();
  bytes.resize(size + kGrowth);
  bytes.resize(std::max<size_t>(LLVMFuzzerMutate(bytes.data(), size, bytes.size()), 1));
}

ByteView StoredBytes(ByteView file, const ExpertSection& section) {
  return *andon::SubRange(file, section.offset, section.stored_length);
}

// The file with the content of a section changed, written anew; nothing where it cannot be.
Bytes WithOtherContent(ByteView file, const andon::ExpertIndex& index, size_t chosen,
                       uint32_t random) {
  const auto metadata = andon::ReadExpertMetadata(index);
  if (!metadata.ok()) return {};
  std::vector<Bytes> contents;
  std::vector<andon::SectionContent> sections;
  contents.reserve(index.sections.size());
  for (const ExpertSection& section : index.sections) {
    const auto bytes =
        *andon::SubRange(file, section.offset - section.gap, section.gap + section.stored_length);
    auto content = andon::DecodeExpertSection(section, bytes);
    if (!content.ok()) return {};
    Bytes& kept = contents.emplace_back(std::move(*content));
    if (contents.size() - 1 == chosen) Mutate(kept);
    sections.push_back({.type = section.type,
                        .name = section.name,
                        .layer = section.layer,
                        .critical = section.critical(),
                        .element_size = uint64_t{2} << random % 3,
                        .content = kept});
  }
  const andon::ExpertWriterOptions options = {
      .level = 1, .zstd = (random & 4) != 0, .shuffle = (random & 8) != 0, .minor = index.minor};
  auto written = andon::WriteExpert(*metadata, sections, options, std::nullopt);
  return written.ok() ? std::move(*written) : Bytes();
}

// The file with bytes of its head or of a section changed in their place.
Bytes WithOtherBytes(ByteView file, const andon::ExpertIndex& index, size_t chosen) {
  Bytes changed(file.begin(), file.end());
  const auto mutate = [&](uint64_t offset, uint64_t length) {
    LLVMFuzzerMutate(changed.data() + offset, static_cast<size_t>(length),
                     static_cast<size_t>(length));
  };
  if (chosen == index.sections.size()) {
    mutate(0, index.head_bytes);
    return changed;
  }
  mutate(index.sections[chosen].offset, index.sections[chosen].stored_length);
  const uint64_t toc = index.head_bytes - kEntryBytes * index.sections.size();
  for (size_t i = 0; i < index.sections.size(); ++i) {
    const auto digest = andon::Sha256Of(StoredBytes(changed, index.sections[i]));
    const auto entry = static_cast<ptrdiff_t>(toc + kEntryBytes * i + kSha256InEntry);
    std::ranges::copy(digest, changed.begin() + entry);
  }
  return changed;
}

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  std::minstd_rand random(seed);
  const ByteView file(data, size);
  const auto head_bytes = andon::ExpertHeadBytes(file, size);
  if (random() % 4 == 0 || !head_bytes.ok()) return LLVMFuzzerMutate(data, size, max_size);
  const auto index = andon::ParseExpertIndex(file.first(static_cast<size_t>(*head_bytes)), size);
  if (!index.ok()) return LLVMFuzzerMutate(data, size, max_size);

  const size_t chosen = random() % (index->sections.size() + 1);
  Bytes changed;
  if (chosen < index->sections.size() && random() % 2 == 0)
    changed = WithOtherContent(file, *index, chosen, static_cast<uint32_t>(random()));
  if (changed.empty()) changed = WithOtherBytes(file, *index, chosen);
  if (changed.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::ranges::copy(changed, data);
  return changed.size();
}
