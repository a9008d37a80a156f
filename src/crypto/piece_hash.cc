#include "crypto/piece_hash.h"

#include <algorithm>

namespace andon {

void PieceHash::Update(ByteView bytes) {
  while (!bytes.empty()) {
    const ByteView part = bytes.first(std::min(bytes.size(), kPieceBytes - filled_));
    piece_.Update(part);
    filled_ += part.size();
    bytes = bytes.subspan(part.size());
    if (filled_ == kPieceBytes) EndPiece();
  }
}

Sha256Digest PieceHash::Finish() {
  if (filled_ > 0) EndPiece();
  return pieces_.Finish();
}

void PieceHash::EndPiece() {
  pieces_.Update(piece_.Finish());
  piece_ = Sha256();
  filled_ = 0;
}

}  // namespace andon
