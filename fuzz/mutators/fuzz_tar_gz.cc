// Makes the checksums of tar headers right again, so that changes get past them. One time in eight
// all is left to chance.

#include <algorithm>

#include "archive/gzip.h"
#include "common/bytes.h"
#include "tests/attacks/tar_attacks.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

constexpr size_t kBlock = 512;
constexpr size_t kChecksum = 148;
constexpr size_t kDigits = 6;
constexpr size_t kMagic = 257;

void FixChecksum(std::span<uint8_t> header) {
  const auto field = header.subspan(kChecksum, kDigits + 2);
  std::ranges::fill(field, ' ');
  uint64_t sum = 0;
  for (const uint8_t byte : header) sum += byte;
  std::ranges::copy(andon::attacks::Octal(sum, kDigits), field.begin());
  field[kDigits] = 0;
}

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  const size_t changed = LLVMFuzzerMutate(data, size, max_size);
  const std::span<uint8_t> input(data, changed);
  if (seed % 8 == 0 || andon::LooksLikeGzip(input)) return changed;
  for (size_t at = 0; at + kBlock <= changed; at += kBlock) {
    const auto block = input.subspan(at, kBlock);
    if (andon::AsText(block.subspan(kMagic)).starts_with("ustar")) FixChecksum(block);
  }
  return changed;
}
