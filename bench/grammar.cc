// Times of token masks under a grammar, in a program that WebAssembly runs as well.
//   usage: bench_grammar VOCABULARY gbnf|schema GRAMMAR TOKENS
//     VOCABULARY: for each token u8 role, u16 length, its bytes; TOKENS: the texts to follow, u32
//     for each token, ends included
// Prints JSON: milliseconds, and microseconds of each mask when it is first asked for and once
// more.

#include "grammar/grammar.h"

#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "grammar/matcher.h"

namespace {

using andon::GrammarCache;
using andon::GrammarMatcher;
using andon::GrammarVocabulary;
using Clock = std::chrono::steady_clock;

double MicrosecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

std::string ReadFile(const char* path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::shared_ptr<const GrammarVocabulary> MakeVocabulary(const std::string& file) {
  std::vector<std::string> tokens;
  std::vector<andon::TokenRole> roles;
  for (size_t at = 0; at < file.size();) {
    uint16_t length = 0;
    roles.push_back(static_cast<andon::TokenRole>(file[at]));
    std::memcpy(&length, file.data() + at + 1, 2);
    tokens.push_back(file.substr(at + 3, length));
    at += 3U + length;
  }
  return std::make_shared<GrammarVocabulary>(std::move(tokens), std::move(roles));
}

// Follows texts, and asks for a mask before each token. Ends the program where the grammar refuses
// one.
std::vector<double> Follow(const std::shared_ptr<GrammarCache>& cache,
                           const std::vector<uint32_t>& tokens) {
  std::vector<double> times;
  std::vector<uint32_t> bits(cache->vocabulary().mask_words());
  GrammarMatcher matcher(cache);
  for (const uint32_t token : tokens) {
    const Clock::time_point start = Clock::now();
    const andon::Status status = matcher.Mask(bits);
    const auto accepted = matcher.Accept(token);
    times.push_back(MicrosecondsSince(start));
    if (!status.ok() || !accepted.ok() || !*accepted || (bits[token / 32] >> token % 32 & 1) == 0) {
      std::fprintf(stderr, "token %u is refused\n", token);
      std::exit(1);
    }
    if (cache->vocabulary().role(token) == andon::TokenRole::kEnd) matcher = GrammarMatcher(cache);
  }
  return times;
}

void PrintTimes(const char* name, const std::vector<double>& times) {
  std::printf(",\"%s\":[", name);
  for (size_t i = 0; i < times.size(); ++i) std::printf("%s%.2f", i == 0 ? "" : ",", times[i]);
  std::printf("]");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const std::string vocabulary_file = ReadFile(argv[1]);
  const std::string source = ReadFile(argv[3]);
  const std::string token_file = ReadFile(argv[4]);
  std::vector<uint32_t> tokens(token_file.size() / 4);
  std::memcpy(tokens.data(), token_file.data(), tokens.size() * 4);

  Clock::time_point start = Clock::now();
  const auto vocabulary = MakeVocabulary(vocabulary_file);
  std::printf("{\"vocabulary\":%.3f", MicrosecondsSince(start) / 1000);
  start = Clock::now();
  const auto grammar = std::strcmp(argv[2], "gbnf") == 0 ? andon::ParseGbnf(source)
                                                         : andon::GrammarFromJsonSchema(source);
  if (!grammar.ok()) {
    std::fprintf(stderr, "%s\n", grammar.status().message().c_str());
    return 1;
  }
  const auto cache = std::make_shared<GrammarCache>(*grammar, vocabulary);
  std::printf(",\"compile\":%.3f", MicrosecondsSince(start) / 1000);
  const std::vector<double> first = Follow(cache, tokens);
  PrintTimes("first", first);
  PrintTimes("again", Follow(cache, tokens));
  std::printf(",\"cache\":%llu}\n", static_cast<unsigned long long>(cache->bytes()));
  return 0;
}
