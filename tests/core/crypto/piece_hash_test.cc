#include "crypto/piece_hash.h"

#include <gtest/gtest.h>

namespace andon {
namespace {

Bytes Sample(size_t size) {
  Bytes bytes(size);
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<uint8_t>(i * 7 + (i >> 9));
  return bytes;
}

Sha256Digest DigestOf(ByteView bytes, size_t step) {
  PieceHash hash;
  for (size_t at = 0; at < bytes.size(); at += step)
    hash.Update(bytes.subspan(at, std::min(step, bytes.size() - at)));
  return hash.Finish();
}

TEST(PieceHash, IsTheSha256OfThoseOfThePieces) {
  constexpr size_t kPiece = PieceHash::kPieceBytes;
  for (const size_t size : {size_t{0}, size_t{1}, kPiece - 1, kPiece, kPiece + 1, 3 * kPiece}) {
    const Bytes bytes = Sample(size);
    Bytes digests;
    for (size_t at = 0; at < size; at += kPiece) {
      AppendBytes(digests, Sha256Of(ByteView(bytes).subspan(at, std::min(kPiece, size - at))));
    }
    EXPECT_EQ(DigestOf(bytes, size + 1), Sha256Of(digests)) << size;
  }
}

TEST(PieceHash, CutsOfAnySizeGiveTheSameDigest) {
  const Bytes bytes = Sample(PieceHash::kPieceBytes + 1000);
  const Sha256Digest whole = DigestOf(bytes, bytes.size());
  for (const size_t step : {size_t{999}, size_t{65'536}, PieceHash::kPieceBytes})
    EXPECT_EQ(DigestOf(bytes, step), whole) << step;
}

}  // namespace
}  // namespace andon
