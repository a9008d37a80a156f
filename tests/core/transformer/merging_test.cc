#include "transformer/merging.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "tests/core/support/sample_tokenizer.h"

namespace andon {
namespace {

TEST(PairTable, FindsTheRankAndTheMergedToken) {
  std::vector<TokenPair> merges;
  for (uint32_t i = 0; i < 1000; ++i) merges.push_back({i, i * 7, i + 5000});
  PairTable table;
  ASSERT_TRUE(table.Fill(merges).ok());
  for (uint32_t i = 0; i < 1000; ++i) {
    const auto merge = table.Find(i, i * 7);
    ASSERT_TRUE(merge);
    EXPECT_EQ(merge->rank, i);
    EXPECT_EQ(merge->id, i + 5000);
  }
  EXPECT_FALSE(table.Find(1, 8));
  EXPECT_FALSE(table.Find(1000, 7000));
}

TEST(PairTable, EmptyFindsNothing) {
  EXPECT_FALSE(PairTable().Find(0, 0));
  EXPECT_FALSE(PairTable().Find(Symbol::kNone, 0));
}

TEST(PairTable, APairTwiceIsRefused) {
  PairTable table;
  EXPECT_EQ(table.Fill({{1, 2, 3}, {2, 1, 3}, {1, 2, 4}}).code(), ErrorCode::kTokenizerError);
}

// Ranks of pairs of texts; what is merged has the text of both.
using Ranks = std::map<std::pair<std::string, std::string>, uint32_t>;

std::vector<std::string> Merged(const std::string& word, const Ranks& ranks,
                                uint64_t* joins = nullptr) {
  Merging merging;
  for (size_t i = 0; i < word.size(); ++i) merging.Add(1, 0);
  std::vector<std::string> pieces;
  const auto join = [&](const Symbol& a, const Symbol& b) -> std::optional<Merge> {
    if (joins != nullptr) ++*joins;
    EXPECT_EQ(a.begin + a.bytes, b.begin);
    const auto found = ranks.find({word.substr(a.begin, a.bytes), word.substr(b.begin, b.bytes)});
    return found == ranks.end() ? std::nullopt : std::optional(Merge{found->second, 0});
  };
  for (const Symbol& symbol : merging.Run(join)) {
    pieces.push_back(word.substr(symbol.begin, symbol.bytes));
  }
  return pieces;
}

std::vector<std::string> Slow(const std::string& word, const Ranks& ranks) {
  std::vector<std::string> letters;
  for (const char c : word) letters.emplace_back(1, c);
  return SlowMerging(letters, [&](const std::string& a, const std::string& b) {
    const auto found = ranks.find({a, b});
    return found == ranks.end() ? std::nullopt : std::optional<double>(found->second);
  });
}

using Pieces = std::vector<std::string>;

TEST(Merging, TheBestPairGoesFirst) {
  EXPECT_EQ(Merged("abc", {{{"b", "c"}, 0}, {{"a", "b"}, 1}}), (Pieces{"a", "bc"}));
  EXPECT_EQ(Merged("abc", {{{"b", "c"}, 1}, {{"a", "b"}, 0}}), (Pieces{"ab", "c"}));
}

TEST(Merging, OfEqualsTheLeftmost) {
  EXPECT_EQ(Merged("aaaaa", {{{"a", "a"}, 0}}), (Pieces{"aa", "aa", "a"}));
}

TEST(Merging, NothingToMerge) {
  EXPECT_EQ(Merged("", {}), Pieces());
  EXPECT_EQ(Merged("a", {}), Pieces{"a"});
  EXPECT_EQ(Merged("ab", {}), (Pieces{"a", "b"}));
}

TEST(Merging, AgreesWithTheSlowWay) {
  std::mt19937 random(1);
  const auto below = [&random](size_t n) { return static_cast<size_t>(random() % n); };
  for (int round = 0; round < 2000; ++round) {
    Pieces known = {"a", "b", "c"};
    Ranks ranks;
    for (uint32_t rank = 0; rank < 12; ++rank) {
      const std::string left = known[below(known.size())], right = known[below(known.size())];
      if (ranks.try_emplace({left, right}, rank / 2).second) known.push_back(left + right);
    }
    std::string word;
    for (size_t i = below(30); i > 0; --i) word += "abc"[below(3)];
    EXPECT_EQ(Merged(word, ranks), Slow(word, ranks)) << word;
  }
}

// Each pair is looked up when its two symbols first meet: twice for each merge, once for each
// letter.
TEST(Merging, WorkGrowsAsTheText) {
  Ranks ranks;
  for (size_t size = 1; size < 4096; size *= 2) {
    ranks[{std::string(size, 'a'), std::string(size, 'a')}] = static_cast<uint32_t>(size);
  }
  ranks[{"a", "b"}] = 0;
  ranks[{"ab", "ab"}] = 1;
  for (const std::string unit : {"a", "ab", "aab", "c"}) {
    for (const size_t size : {size_t{3000}, size_t{6000}, size_t{12000}}) {
      std::string word;
      while (word.size() < size) word += unit;
      uint64_t joins = 0;
      const size_t pieces = Merged(word, ranks, &joins).size();
      EXPECT_LE(joins, word.size() + 2 * (word.size() - pieces)) << unit << size;
    }
  }
}

}  // namespace
}  // namespace andon
