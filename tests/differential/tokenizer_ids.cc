// Encodes texts with the tokenizer of a folder of Hugging Face files; says on stderr how long it
// took.
//   usage: tokenizer_ids TOKENIZER_JSON TOKENIZER_CONFIG_JSON < TEXTS > IDS
//   texts: u32 bytes, then UTF-8, each; ids: u32 count, then u32 x count, each; little-endian

#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>

#include "language/hf_tokenizer.h"
#include "transformer/tokenizer.h"

namespace andon {
namespace {

double ProcessorSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

Bytes ReadFile(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::string content(std::istreambuf_iterator<char>(file), {});
  return Bytes(content.begin(), content.end());
}

Result<std::unique_ptr<Tokenizer>> Load(const char* tokenizer, const char* config) {
  const Bytes tokenizer_json = ReadFile(tokenizer), config_json = ReadFile(config);
  const double start = ProcessorSeconds();
  ANDON_ASSIGN_OR_RETURN(TokenizerData data, ParseTokenizerJson(tokenizer_json, config_json));
  auto made = Tokenizer::Make(std::move(data));
  std::fprintf(stderr, "loaded in %.0f ms\n", (ProcessorSeconds() - start) * 1e3);
  return made;
}

bool EncodeAll(const Tokenizer& tokenizer) {
  double seconds = 0;
  size_t bytes = 0, tokens = 0;
  for (uint32_t size = 0; std::fread(&size, sizeof(size), 1, stdin) == 1; bytes += size) {
    std::string text(size, ' ');
    if (std::fread(text.data(), 1, size, stdin) != size) return false;
    const double start = ProcessorSeconds();
    const std::vector<uint32_t> ids = tokenizer.Encode(text, true);
    seconds += ProcessorSeconds() - start;
    const auto count = static_cast<uint32_t>(ids.size());
    std::fwrite(&count, sizeof(count), 1, stdout);
    std::fwrite(ids.data(), sizeof(uint32_t), count, stdout);
    tokens += count;
  }
  std::fprintf(stderr, "%zu bytes, %zu tokens: %.1f MB/s, %.1f million tokens/s\n", bytes, tokens,
               static_cast<double>(bytes) / seconds / 1e6,
               static_cast<double>(tokens) / seconds / 1e6);
  return true;
}

}  // namespace
}  // namespace andon

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto tokenizer = andon::Load(argv[1], argv[2]);
  if (!tokenizer.ok()) {
    std::fprintf(stderr, "%s\n", tokenizer.status().message().c_str());
    return 1;
  }
  return andon::EncodeAll(**tokenizer) ? 0 : 1;
}
