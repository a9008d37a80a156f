// A chain of certificates, a revocation list or a key rotation, made or read and checked.

#ifndef ANDON_BINDINGS_TRUST_DOCUMENT_H_
#define ANDON_BINDINGS_TRUST_DOCUMENT_H_

#include <string>
#include <utility>

#include "bindings/span.h"
#include "common/bytes.h"
#include "common/status.h"

namespace andon {

class TrustDocument {
 public:
  // One that was made: its bytes.
  explicit TrustDocument(Result<Bytes> made) : status_(made.status()) {
    if (made.ok()) bytes_ = std::move(made).value();
  }
  // One that was read: its content as JSON.
  explicit TrustDocument(Result<std::string> read) : status_(read.status()) {
    if (read.ok()) description_ = std::move(read).value();
  }

  std::string code() const { return std::string(ErrorCodeName(status_.code())); }
  std::string message() const { return status_.message(); }
  Span bytes() const { return SpanOf(bytes_); }
  Span description() const { return SpanOf(description_); }

 private:
  Status status_;
  Bytes bytes_;
  std::string description_;
};

}  // namespace andon

#endif  // ANDON_BINDINGS_TRUST_DOCUMENT_H_
