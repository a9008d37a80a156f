#include "tensor/tensor.h"

#include <algorithm>
#include <iterator>

#include "common/checked.h"

namespace andon {
namespace {

struct Info {
  std::string_view name;
  uint64_t size;  // bytes of one element
};

// In the order of DType.
constexpr Info kInfos[] = {
    {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"I16", 2}, {"U16", 2}, {"F16", 2}, {"BF16", 2},
    {"I32", 4},  {"U32", 4}, {"F32", 4}, {"F64", 8}, {"I64", 8}, {"U64", 8},
};

const Info& InfoOf(DType dtype) { return kInfos[static_cast<size_t>(dtype)]; }

}  // namespace

uint64_t DTypeSize(DType dtype) { return InfoOf(dtype).size; }

std::string_view DTypeName(DType dtype) { return InfoOf(dtype).name; }

std::optional<DType> DTypeFromName(std::string_view name) {
  const auto info = std::ranges::find(kInfos, name, &Info::name);
  if (info == std::end(kInfos)) return std::nullopt;
  return static_cast<DType>(info - std::begin(kInfos));
}

std::optional<uint64_t> ElementCount(const Shape& shape) {
  uint64_t count = 1;
  for (const uint64_t dimension : shape) {
    if (!andon_checked_mul(count, dimension, &count)) return std::nullopt;
  }
  return count;
}

std::string ShapeText(const Shape& shape) {
  std::string text = "[";
  for (const uint64_t dimension : shape) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(dimension);
  }
  return text + "]";
}

}  // namespace andon
