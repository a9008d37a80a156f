#include "formats/gguf_tensors.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "common/checked.h"
#include "common/limits.h"

namespace andon {
namespace {

// u32 count, u64 of each, fastest first: a row, then how many there are.
Status ReadDimensions(GgufHead& head, StoredTensor& tensor) {
  uint32_t count = 0;
  ANDON_RETURN_IF_ERROR(head.U32(&count));
  if (count == 0 || count > limits::kMaxGgufDimensions) {
    return Error(ErrorCode::kGgufShape, "gguf: ", Quoted(tensor.name), " has ", count,
                 " dimensions");
  }
  tensor.columns = 1;
  tensor.rows = 1;
  for (uint32_t i = 0; i < count; ++i) {
    uint64_t size = 0;
    ANDON_RETURN_IF_ERROR(head.U64(&size));
    uint64_t* const product = i == 0 ? &tensor.columns : &tensor.rows;
    if (size == 0 || !andon_checked_mul(*product, size, product)) {
      return Error(ErrorCode::kGgufShape, "gguf: ", Quoted(tensor.name), " has a dimension of ",
                   size);
    }
  }
  return Status();
}

Status ReadType(GgufHead& head, StoredTensor& tensor) {
  uint32_t type = 0;
  ANDON_RETURN_IF_ERROR(head.U32(&type));
  const auto block = WeightBlockOf(type);
  if (!block) {
    return Error(ErrorCode::kGgufTensorType, "gguf: ", Quoted(tensor.name), " has the type ", type,
                 ", which is not read");
  }
  tensor.type = static_cast<WeightType>(type);
  if (tensor.columns % block->weights != 0) {
    return Error(ErrorCode::kGgufShape, "gguf: rows of ", Quoted(tensor.name), " are ",
                 tensor.columns, " weights, no multiple of ", block->weights);
  }
  uint64_t row_bytes = 0;
  if (!andon_checked_mul(tensor.columns / block->weights, block->bytes, &row_bytes) ||
      !andon_checked_mul(row_bytes, tensor.rows, &tensor.bytes)) {
    return Error(ErrorCode::kGgufShape, "gguf: the size of ", Quoted(tensor.name), " overflows");
  }
  return Status();
}

Status ReadTensor(GgufHead& head, StoredTensor& tensor) {
  ANDON_RETURN_IF_ERROR(
      head.Text(limits::kMaxGgufTensorNameBytes, ErrorCode::kGgufTensorName, &tensor.name));
  if (tensor.name.empty())
    return Error(ErrorCode::kGgufTensorName, "gguf: a tensor without a name");
  ANDON_RETURN_IF_ERROR(ReadDimensions(head, tensor));
  ANDON_RETURN_IF_ERROR(ReadType(head, tensor));
  return head.U64(&tensor.offset);
}

Status RequireUniqueNames(const std::vector<StoredTensor>& tensors) {
  std::set<std::string_view> names;
  for (const StoredTensor& tensor : tensors) {
    if (!names.insert(tensor.name).second) {
      return Error(ErrorCode::kGgufDuplicate, "gguf: the tensor ", Quoted(tensor.name),
                   " occurs twice");
    }
  }
  return Status();
}

}  // namespace

Result<std::vector<StoredTensor>> ReadGgufTensors(GgufHead& head, uint64_t count) {
  std::vector<StoredTensor> tensors;
  for (uint64_t i = 0; i < count; ++i)
    ANDON_RETURN_IF_ERROR(ReadTensor(head, tensors.emplace_back()));
  ANDON_RETURN_IF_ERROR(RequireUniqueNames(tensors));
  return tensors;
}

Status PlaceGgufTensors(uint64_t head_bytes, uint64_t alignment, uint64_t file_bytes,
                        std::vector<StoredTensor>& tensors) {
  uint64_t data = 0;
  if (!andon_checked_align(head_bytes, alignment, &data)) {
    return Error(ErrorCode::kGgufAlignment, "gguf: no room for the padding of the head");
  }
  std::ranges::sort(tensors, {}, &StoredTensor::offset);
  uint64_t end = head_bytes;  // in the file
  for (StoredTensor& tensor : tensors) {
    uint64_t expected = 0;
    if (!andon_checked_align(end, alignment, &expected) || tensor.offset != expected - data) {
      return Error(ErrorCode::kGgufTensorPlace, "gguf: ", Quoted(tensor.name), " begins at ",
                   tensor.offset, ", not where the tensor before it ends");
    }
    tensor.offset = expected;
    if (!andon_range_contains(file_bytes, tensor.offset, tensor.bytes)) {
      return Error(ErrorCode::kGgufTensorPlace, "gguf: ", Quoted(tensor.name),
                   " reaches past the end of the file");
    }
    end = tensor.offset + tensor.bytes;
  }
  if (file_bytes - end >= alignment) {
    return Error(ErrorCode::kGgufTrailingData, "gguf: ", file_bytes - end,
                 " bytes after the last tensor");
  }
  return Status();
}

}  // namespace andon
