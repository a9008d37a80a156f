#include "formats/gguf_pairs.h"

#include <array>
#include <bit>
#include <utility>

#include "common/limits.h"

namespace andon {
namespace {

enum class Kind : uint8_t { kUnsigned, kSigned, kReal, kTruth, kText, kArray };

struct Layout {
  Kind kind;
  unsigned bytes;  // of a value; of a text the least, which is its length
};

// By the number that the file has for a type.
constexpr std::array<Layout, 13> kLayouts = {{{Kind::kUnsigned, 1},
                                              {Kind::kSigned, 1},
                                              {Kind::kUnsigned, 2},
                                              {Kind::kSigned, 2},
                                              {Kind::kUnsigned, 4},
                                              {Kind::kSigned, 4},
                                              {Kind::kReal, 4},
                                              {Kind::kTruth, 1},
                                              {Kind::kText, 8},
                                              {Kind::kArray, 12},
                                              {Kind::kUnsigned, 8},
                                              {Kind::kSigned, 8},
                                              {Kind::kReal, 8}}};

Status ReadLayout(GgufHead& head, Layout* out) {
  uint32_t type = 0;
  ANDON_RETURN_IF_ERROR(head.U32(&type));
  if (type >= kLayouts.size())
    return Error(ErrorCode::kGgufValueType, "gguf: a value of type ", type);
  *out = kLayouts[type];
  return Status();
}

Status Read(GgufHead& head, Layout layout, uint64_t* out) {
  return head.Integer(layout.bytes, out);
}

Status Read(GgufHead& head, Layout layout, int64_t* out) {
  uint64_t bits = 0;
  ANDON_RETURN_IF_ERROR(head.Integer(layout.bytes, &bits));
  if (layout.kind == Kind::kUnsigned) {
    if (bits > INT64_MAX)
      return Error(ErrorCode::kGgufValue, "gguf: a number of ", bits, " in an array");
    *out = static_cast<int64_t>(bits);
  } else {
    const unsigned unused = 64 - 8 * layout.bytes;
    *out = static_cast<int64_t>(bits << unused) >> unused;
  }
  return Status();
}

Status Read(GgufHead& head, Layout layout, double* out) {
  uint64_t bits = 0;
  ANDON_RETURN_IF_ERROR(head.Integer(layout.bytes, &bits));
  *out = layout.bytes == 8 ? std::bit_cast<double>(bits)
                           : static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(bits)));
  return Status();
}

Status Read(GgufHead& head, Layout layout, bool* out) {
  uint64_t value = 0;
  ANDON_RETURN_IF_ERROR(head.Integer(layout.bytes, &value));
  if (value > 1) return Error(ErrorCode::kGgufValue, "gguf: a truth value of ", value);
  *out = value == 1;
  return Status();
}

Status Read(GgufHead& head, Layout /*layout*/, std::string* out) {
  return head.Text(limits::kMaxGgufTextBytes, ErrorCode::kGgufText, out);
}

template <typename T>
Status ReadOne(GgufHead& head, Layout layout, GgufValue* out) {
  T value{};
  ANDON_RETURN_IF_ERROR(Read(head, layout, &value));
  *out = std::move(value);
  return Status();
}

template <typename T>
Status ReadMany(GgufHead& head, Layout layout, uint64_t count, GgufValue* out) {
  std::vector<T> values;
  values.reserve(static_cast<size_t>(count));
  for (uint64_t i = 0; i < count; ++i) {
    T value{};
    ANDON_RETURN_IF_ERROR(Read(head, layout, &value));
    values.push_back(std::move(value));
  }
  *out = std::move(values);
  return Status();
}

Status ReadArray(GgufHead& head, GgufValue* out) {
  Layout layout = {};
  uint64_t count = 0;
  ANDON_RETURN_IF_ERROR(ReadLayout(head, &layout));
  ANDON_RETURN_IF_ERROR(head.U64(&count));
  if (count > limits::kMaxGgufArray || !head.CanHold(count, layout.bytes)) {
    return Error(ErrorCode::kGgufArray, "gguf: an array of ", count, " elements");
  }
  switch (layout.kind) {
    case Kind::kUnsigned:
    case Kind::kSigned:
      return ReadMany<int64_t>(head, layout, count, out);
    case Kind::kReal:
      return ReadMany<double>(head, layout, count, out);
    case Kind::kTruth:
      return ReadMany<bool>(head, layout, count, out);
    case Kind::kText:
      return ReadMany<std::string>(head, layout, count, out);
    default:  // kArray
      break;
  }
  return Error(ErrorCode::kGgufValueType, "gguf: an array of arrays");
}

Status ReadValue(GgufHead& head, GgufValue* out) {
  Layout layout = {};
  ANDON_RETURN_IF_ERROR(ReadLayout(head, &layout));
  switch (layout.kind) {
    case Kind::kUnsigned:
      return ReadOne<uint64_t>(head, layout, out);
    case Kind::kSigned:
      return ReadOne<int64_t>(head, layout, out);
    case Kind::kReal:
      return ReadOne<double>(head, layout, out);
    case Kind::kTruth:
      return ReadOne<bool>(head, layout, out);
    case Kind::kText:
      return ReadOne<std::string>(head, layout, out);
    default:  // kArray
      break;
  }
  return ReadArray(head, out);
}

}  // namespace

Result<GgufPairs> ReadGgufPairs(GgufHead& head, uint64_t count) {
  GgufPairs pairs;
  for (uint64_t i = 0; i < count; ++i) {
    std::string key;
    ANDON_RETURN_IF_ERROR(head.Text(limits::kMaxGgufKeyBytes, ErrorCode::kGgufKey, &key));
    if (key.empty()) return Error(ErrorCode::kGgufKey, "gguf: an empty key");
    GgufValue value;
    ANDON_RETURN_IF_ERROR(ReadValue(head, &value));
    const auto [place, fresh] = pairs.try_emplace(std::move(key), std::move(value));
    if (!fresh)
      return Error(ErrorCode::kGgufDuplicate, "gguf: the key ", Quoted(place->first),
                   " occurs twice");
  }
  return pairs;
}

}  // namespace andon
