// One digest of a file that is hashed in pieces: these can be hashed beside each other, and by what
// takes no streams, as Web Cryptography. It is the SHA-256 of the SHA-256s of the pieces, one after
// the other: as hard to collide with as SHA-256, since all pieces but the last have one size.

#ifndef ANDON_CRYPTO_PIECE_HASH_H_
#define ANDON_CRYPTO_PIECE_HASH_H_

#include "common/bytes.h"
#include "crypto/sha256.h"

namespace andon {

class PieceHash {
 public:
  static constexpr size_t kPieceBytes = size_t{1} << 20;

  void Update(ByteView bytes);
  // REQUIRES: called once; the object is not used again.
  Sha256Digest Finish();

 private:
  void EndPiece();

  Sha256 pieces_;
  Sha256 piece_;
  size_t filled_ = 0;  // bytes of the piece
};

}  // namespace andon

#endif  // ANDON_CRYPTO_PIECE_HASH_H_
