// A small expert of version 2, signed by a chain or by nobody, and how one is opened from memory.

#ifndef ANDON_TESTS_CORE_SUPPORT_SAMPLE_EXPERT_H_
#define ANDON_TESTS_CORE_SUPPORT_SAMPLE_EXPERT_H_

#include <gtest/gtest.h>

#include <list>
#include <optional>
#include <string>
#include <vector>

#include "engine/expert_opening.h"
#include "formats/attachment.h"
#include "tests/core/support/write_expert.h"

namespace andon {

constexpr Ed25519Seed kPublisherSeed = {0x50};
constexpr uint64_t kDay = 86'400;
constexpr uint64_t kNow = 20'000 * kDay;

inline Bytes BytesOfText(std::string_view text) { return Bytes(text.begin(), text.end()); }

// A LoRA of rank 2 for a 4 x 8 matrix, in float32: a[i] = i + layer, b[i] = -i.
inline Bytes SampleParams(uint32_t layer) {
  Bytes a, b;
  for (uint32_t i = 0; i < 16; ++i) {
    AppendU32(a, std::bit_cast<uint32_t>(static_cast<float>(i + layer)));
  }
  for (uint32_t i = 0; i < 8; ++i) AppendU32(b, std::bit_cast<uint32_t>(-static_cast<float>(i)));
  AdapterModule module;
  module.rank = 2;
  module.in_features = 8;
  module.out_features = 4;
  module.scale = 0.5;
  module.a = a;
  module.b = b;
  const auto written = WriteParams({layer, {module}});
  EXPECT_TRUE(written.ok()) << written.status().message();
  return *written;
}

inline Bytes SampleChain(const Ed25519Seed& seed, std::string scope = "expert-*") {
  Certificate certificate;
  certificate.subject = Ed25519PublicKeyOf(seed);
  certificate.not_before = kNow - kDay;
  certificate.not_after = kNow + kDay;
  certificate.name = "The publisher";
  certificate.scope = std::move(scope);
  const auto issued = IssueCertificate(certificate, seed);
  EXPECT_TRUE(issued.ok()) << issued.status().message();
  return *issued;
}

struct SampleExpert {
  std::string metadata = R"({"name":"expert-sample","version":"1.2.3","release_counter":7})";
  std::optional<Ed25519Seed> seed = kPublisherSeed;
  std::optional<Bytes> chain = SampleChain(kPublisherSeed);
  std::list<std::pair<SectionContent, Bytes>> sections = {};  // and their content

  SampleExpert& Add(SectionType type, Bytes content, SectionContent as = {}) {
    as.type = static_cast<uint16_t>(type);
    sections.emplace_back(std::move(as), std::move(content));
    return *this;
  }
  SampleExpert& AddLayer(uint32_t layer) {
    return Add(SectionType::kParams, SampleParams(layer), {.layer = layer, .critical = true});
  }
  SampleExpert& AddAttachment(const std::string& path, Bytes content) {
    return Add(SectionType::kAttachment, *WriteAttachment({path, content}),
               {.name = std::string(AttachmentSectionName(path))});
  }
  // Layers 0 and 1, and a section of most other types.
  SampleExpert& AddAll() {
    AddLayer(0).AddLayer(1);
    Add(SectionType::kGrammar, BytesOfText("root ::= \"x\""));
    Add(SectionType::kMetrics, BytesOfText(R"({"accuracy":0.5})"));
    return AddAttachment("tokenizer.json", BytesOfText("{}"))
        .AddAttachment("tests/a_name_of_more_than_24_bytes", BytesOfText("case"));
  }

  Bytes File() const {
    std::vector<SectionContent> contents;
    for (const auto& [section, bytes] : sections) {
      contents.push_back(section);
      contents.back().content = bytes;
    }
    if (chain) {
      contents.push_back(
          {.type = static_cast<uint16_t>(SectionType::kSigningCert), .content = *chain});
    }
    const auto file = WriteExpert(AsBytes(metadata), contents, {}, seed);
    EXPECT_TRUE(file.ok()) << file.status().message();
    return *file;
  }
};

inline SampleExpert Unsigned() { return {.seed = std::nullopt, .chain = std::nullopt}; }

// Trusts the publisher and nobody else.
inline Policy PolicyOfPublisher() {
  return {.trusted = {{.key = Ed25519PublicKeyOf(kPublisherSeed), .name = "The publisher"}},
          .allow_unsigned = false,
          .allow_unknown_signer = false,
          .now = kNow};
}

// `reads`: the ranges that were wanted.
inline ExpertOutcome OpenExpert(ByteView file, const Policy& policy,
                                std::vector<ByteRange>* reads = nullptr, bool size_known = true) {
  ExpertOpening opening(size_known ? std::optional<uint64_t>(file.size()) : std::nullopt, policy);
  while (!opening.done()) {
    const ByteRange wanted = opening.wanted();
    if (reads != nullptr) reads->push_back(wanted);
    const auto from = static_cast<size_t>(std::min<uint64_t>(wanted.offset, file.size()));
    const ByteView rest = file.subspan(from);
    opening.Feed(rest.first(static_cast<size_t>(std::min<uint64_t>(wanted.length, rest.size()))));
  }
  return opening.Take();
}

inline ByteView RangeOf(ByteView file, const ByteRange& range) {
  return file.subspan(static_cast<size_t>(range.offset), static_cast<size_t>(range.length));
}

// A section as those who have the file read it.
inline Result<const ExpertContent*> ReadSection(Expert& expert, ByteView file, uint32_t id) {
  ANDON_ASSIGN_OR_RETURN(const ByteRange range, expert.Needs(id));
  return expert.Read(id, RangeOf(file, range));
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_SAMPLE_EXPERT_H_
