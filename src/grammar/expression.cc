#include "grammar/expression.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/utf8.h"

namespace andon {
namespace {

constexpr CodePointRange kSurrogates = {0xD800, 0xDFFF};

Expression Compound(Expression::Kind kind, std::vector<Expression> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  Expression compound;
  compound.kind = kind;
  compound.parts = std::move(parts);
  return compound;
}

// Sorted, and without overlaps, neighbours or surrogates.
CodePointRanges Normalised(CodePointRanges ranges) {
  CodePointRanges whole;
  for (const CodePointRange& range : ranges) {
    const uint32_t before = std::min(range.last, kSurrogates.first - 1);
    const uint32_t after = std::max(range.first, kSurrogates.last + 1);
    if (range.first <= before) whole.push_back({range.first, before});
    if (after <= range.last) whole.push_back({after, range.last});
  }
  std::ranges::sort(whole, {}, &CodePointRange::first);
  CodePointRanges joined;
  for (const CodePointRange& range : whole) {
    if (joined.empty() || range.first > joined.back().last + 1) {
      joined.push_back(range);
    } else {
      joined.back().last = std::max(joined.back().last, range.last);
    }
  }
  return joined;
}

struct Encoded {
  std::array<uint8_t, 4> bytes = {};
  size_t length = 0;
};

Encoded Encode(uint32_t code_point) {
  const auto continuation = [&](int shift) {
    return static_cast<uint8_t>(0x80 | (code_point >> shift & 0x3F));
  };
  const auto lead = [&](uint32_t mark, int shift) {
    return static_cast<uint8_t>(mark | code_point >> shift);
  };
  if (code_point < 0x80) return {{lead(0, 0)}, 1};
  if (code_point < 0x800) return {{lead(0xC0, 6), continuation(0)}, 2};
  if (code_point < 0x10000) return {{lead(0xE0, 12), continuation(6), continuation(0)}, 3};
  return {{lead(0xF0, 18), continuation(12), continuation(6), continuation(0)}, 4};
}

// Splits a range until first and last have the same length and all bytes behind the first that
// differs run through all their values (Cox, "Implementing regular expressions", UTF-8 ranges).
void AppendRuns(CodePointRange range, std::vector<ByteIntervals>& to) {
  for (const uint32_t end : {0x7FU, 0x7FFU, 0xFFFFU}) {
    if (range.first > end || range.last <= end) continue;
    AppendRuns({range.first, end}, to);
    return AppendRuns({end + 1, range.last}, to);
  }
  for (int shift = 6; range.last >= 0x80 && shift <= 18; shift += 6) {
    const uint32_t low = (1U << shift) - 1;
    if ((range.first & ~low) == (range.last & ~low)) break;
    uint32_t cut = range.last;  // the last code point of the first part
    if ((range.first & low) != 0) {
      cut = range.first | low;
    } else if ((range.last & low) != low) {
      cut = (range.last & ~low) - 1;
    }
    if (cut == range.last) continue;
    AppendRuns({range.first, cut}, to);
    return AppendRuns({cut + 1, range.last}, to);
  }
  const Encoded first = Encode(range.first);
  const Encoded last = Encode(range.last);
  ByteIntervals& run = to.emplace_back();
  for (size_t i = 0; i < first.length; ++i) run.push_back({first.bytes[i], last.bytes[i]});
}

}  // namespace

Expression Characters(CodePointRanges ranges) {
  Expression characters;
  characters.kind = Expression::Kind::kCharacters;
  characters.characters = Normalised(std::move(ranges));
  return characters;
}

Expression Literal(std::string_view text) {
  std::vector<Expression> parts;
  while (!text.empty()) {
    const uint32_t code_point = *TakeCodePoint(text);
    parts.push_back(Characters({{code_point, code_point}}));
  }
  return Sequence(std::move(parts));
}

Expression RuleReference(uint32_t rule) {
  Expression reference;
  reference.kind = Expression::Kind::kRule;
  reference.rule = rule;
  return reference;
}

Expression Sequence(std::vector<Expression> parts) {
  return Compound(Expression::Kind::kSequence, std::move(parts));
}

Expression Choice(std::vector<Expression> parts) {
  return Compound(Expression::Kind::kChoice, std::move(parts));
}

Expression Repetition(Expression part, uint32_t least, uint32_t most) {
  Expression repetition;
  repetition.kind = Expression::Kind::kRepetition;
  repetition.least = least;
  repetition.most = most;
  repetition.parts.push_back(std::move(part));
  return repetition;
}

CodePointRanges Complement(CodePointRanges ranges) {
  CodePointRanges complement;
  uint32_t next = 0;
  for (const CodePointRange& range : Normalised(std::move(ranges))) {
    if (range.first > next) complement.push_back({next, range.first - 1});
    next = range.last + 1;
  }
  if (next <= kMaxCodePoint) complement.push_back({next, kMaxCodePoint});
  return Normalised(std::move(complement));
}

std::vector<ByteIntervals> Utf8Runs(const CodePointRanges& ranges) {
  std::vector<ByteIntervals> runs;
  for (const CodePointRange& range : ranges) AppendRuns(range, runs);
  return runs;
}

}  // namespace andon
