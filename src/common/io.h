// Files as the core sees them where it reads or writes more than fits in memory: somebody else's,
// by callbacks.

#ifndef ANDON_COMMON_IO_H_
#define ANDON_COMMON_IO_H_

#include <cstdint>
#include <span>

#include "common/bytes.h"
#include "common/status.h"

namespace andon {

class InputFile {
 public:
  virtual ~InputFile() = default;
  virtual uint64_t size() const = 0;
  // Fills `to` from `offset`. REQUIRES: the range lies inside size(). Error: SourceUnreadable.
  virtual Status Read(uint64_t offset, std::span<uint8_t> to) = 0;
};

// Written from its start; what was written can be read back and its beginning replaced.
class OutputFile : public InputFile {
 public:
  virtual Status Append(ByteView bytes) = 0;                    // Error: OutputUnwritable
  virtual Status Replace(uint64_t offset, ByteView bytes) = 0;  // likewise
};

// In memory.
class MemoryInput : public InputFile {
 public:
  // REQUIRES: the bytes outlive the file.
  explicit MemoryInput(ByteView bytes) : bytes_(bytes) {}
  uint64_t size() const override { return bytes_.size(); }
  Status Read(uint64_t offset, std::span<uint8_t> to) override;

 private:
  ByteView bytes_;
};

class MemoryOutput : public OutputFile {
 public:
  uint64_t size() const override { return bytes_.size(); }
  Status Read(uint64_t offset, std::span<uint8_t> to) override;
  Status Append(ByteView bytes) override;
  Status Replace(uint64_t offset, ByteView bytes) override;
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

}  // namespace andon

#endif  // ANDON_COMMON_IO_H_
