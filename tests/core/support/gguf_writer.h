// Writes GGUF files (formats/gguf.h) for tests, well-formed unless the caller states otherwise.

#ifndef ANDON_TESTS_CORE_SUPPORT_GGUF_WRITER_H_
#define ANDON_TESTS_CORE_SUPPORT_GGUF_WRITER_H_

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "tensor/quantized.h"

namespace andon {

enum class GgufType : uint32_t {
  kU8,
  kI8,
  kU16,
  kI16,
  kU32,
  kI32,
  kF32,
  kBool,
  kText,
  kArray,
  kU64,
  kI64,
  kF64
};

inline Bytes GgufText(std::string_view text) {
  Bytes bytes;
  AppendU64(bytes, text.size());
  AppendBytes(bytes, AsBytes(text));
  return bytes;
}

// The value of a pair that is an array: its elements one after the other.
inline Bytes GgufArray(GgufType type, uint64_t count, ByteView elements) {
  Bytes bytes;
  AppendU32(bytes, static_cast<uint32_t>(type));
  AppendU64(bytes, count);
  AppendBytes(bytes, elements);
  return bytes;
}

class GgufWriter {
 public:
  GgufWriter& Version(uint32_t version) { return version_ = version, *this; }
  // Of the offsets; the file states it only where the caller adds the pair.
  GgufWriter& Alignment(uint64_t alignment) { return alignment_ = alignment, *this; }

  GgufWriter& Pair(std::string_view key, uint32_t type, ByteView value) {
    AppendBytes(pairs_, GgufText(key));
    AppendU32(pairs_, type);
    AppendBytes(pairs_, value);
    ++pair_count_;
    return *this;
  }
  GgufWriter& Pair(std::string_view key, GgufType type, ByteView value) {
    return Pair(key, static_cast<uint32_t>(type), value);
  }
  GgufWriter& Number(std::string_view key, uint32_t value) {
    Bytes bytes;
    AppendU32(bytes, value);
    return Pair(key, GgufType::kU32, bytes);
  }
  GgufWriter& Real(std::string_view key, float value) {
    Bytes bytes;
    AppendU32(bytes, std::bit_cast<uint32_t>(value));
    return Pair(key, GgufType::kF32, bytes);
  }
  GgufWriter& Flag(std::string_view key, bool value) {
    return Pair(key, GgufType::kBool, Bytes{static_cast<uint8_t>(value)});
  }
  GgufWriter& Text(std::string_view key, std::string_view value) {
    return Pair(key, GgufType::kText, GgufText(value));
  }
  GgufWriter& Texts(std::string_view key, const std::vector<std::string>& values) {
    Bytes bytes;
    for (const std::string& value : values) AppendBytes(bytes, GgufText(value));
    return Pair(key, GgufType::kArray, GgufArray(GgufType::kText, values.size(), bytes));
  }
  GgufWriter& Integers(std::string_view key, const std::vector<int32_t>& values) {
    Bytes bytes;
    for (const int32_t value : values) AppendU32(bytes, static_cast<uint32_t>(value));
    return Pair(key, GgufType::kArray, GgufArray(GgufType::kI32, values.size(), bytes));
  }
  GgufWriter& Reals(std::string_view key, const std::vector<float>& values) {
    Bytes bytes;
    for (const float value : values) AppendU32(bytes, std::bit_cast<uint32_t>(value));
    return Pair(key, GgufType::kArray, GgufArray(GgufType::kF32, values.size(), bytes));
  }

  // Fastest dimension first, as the file has them; any type and place.
  GgufWriter& TensorAt(std::string_view name, const std::vector<uint64_t>& dimensions,
                       uint32_t type, uint64_t offset) {
    AppendBytes(tensors_, GgufText(name));
    AppendU32(tensors_, static_cast<uint32_t>(dimensions.size()));
    for (const uint64_t size : dimensions) AppendU64(tensors_, size);
    AppendU32(tensors_, type);
    AppendU64(tensors_, offset);
    ++tensor_count_;
    return *this;
  }
  // After the tensor before it.
  GgufWriter& Tensor(std::string_view name, const std::vector<uint64_t>& dimensions,
                     WeightType type, ByteView data) {
    TensorAt(name, dimensions, static_cast<uint32_t>(type), data_.size());
    AppendBytes(data_, data);
    data_.resize(static_cast<size_t>((data_.size() + alignment_ - 1) / alignment_ * alignment_));
    return *this;
  }
  // Bytes after the last tensor.
  GgufWriter& Data(ByteView bytes) { return AppendBytes(data_, bytes), *this; }

  // The counts may be lies.
  Bytes FileOf(uint64_t tensors, uint64_t pairs) const {
    Bytes file;
    AppendBytes(file, AsBytes("GGUF"));
    AppendU32(file, version_);
    AppendU64(file, tensors);
    AppendU64(file, pairs);
    AppendBytes(file, pairs_);
    AppendBytes(file, tensors_);
    file.resize(static_cast<size_t>((file.size() + alignment_ - 1) / alignment_ * alignment_));
    AppendBytes(file, data_);
    return file;
  }
  Bytes File() const { return FileOf(tensor_count_, pair_count_); }
  uint64_t tensor_count() const { return tensor_count_; }

 private:
  uint32_t version_ = 3;
  uint64_t alignment_ = 32;
  uint64_t pair_count_ = 0, tensor_count_ = 0;
  Bytes pairs_, tensors_, data_;
};

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_GGUF_WRITER_H_
