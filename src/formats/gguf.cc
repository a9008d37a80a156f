#include "formats/gguf.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include "common/checked.h"
#include "common/limits.h"
#include "common/utf8.h"

namespace andon {
namespace {

enum class PairType : uint32_t {
  kU8, kI8, kU16, kI16, kU32, kI32, kF32, kBool, kString, kArray, kU64, kI64, kF64
};

Status Truncated() { return Error(ErrorCode::kGgufTruncated, "gguf: the head ends early"); }

class HeadReader {
 public:
  HeadReader(ByteView start, uint64_t file_bytes)
      : reader_(start), start_bytes_(start.size()), file_bytes_(file_bytes) {}

  uint64_t position() const { return start_bytes_ - reader_.remaining(); }

  template <typename T>
  Status Integer(T* out) {
    ByteView bytes;
    if (!reader_.ReadBytes(sizeof(T), &bytes)) return Truncated();
    std::make_unsigned_t<T> value = 0;
    for (size_t i = sizeof(T); i-- > 0;) {
      value = static_cast<std::make_unsigned_t<T>>(value << (sizeof(T) > 1 ? 8 : 0) | bytes[i]);
    }
    *out = static_cast<T>(value);
    return Status();
  }

  // The length is compared with what the file can still hold, not only with what is here.
  Status Text(uint64_t limit, ErrorCode code, std::string* out) {
    uint64_t length = 0;
    ANDON_RETURN_IF_ERROR(Integer(&length));
    if (length > limit || length > file_bytes_ - position()) {
      return Error(code, "gguf: a text of ", length, " bytes");
    }
    ByteView bytes;
    if (!reader_.ReadBytes(length, &bytes)) return Truncated();
    *out = AsText(bytes);
    return Status();
  }

  // Whether `count` elements of at least `bytes_each` fit in the rest of the file.
  bool CanHold(uint64_t count, uint64_t bytes_each) const {
    uint64_t bytes = 0;
    return andon_checked_mul(count, bytes_each, &bytes) && bytes <= file_bytes_ - position();
  }

 private:
  ByteReader reader_;
  uint64_t start_bytes_;
  uint64_t file_bytes_;
};

Status ReadDouble(HeadReader& head, PairType type, double* out) {
  if (type == PairType::kF32) {
    uint32_t bits = 0;
    ANDON_RETURN_IF_ERROR(head.Integer(&bits));
    *out = static_cast<double>(std::bit_cast<float>(bits));
    return Status();
  }
  uint64_t bits = 0;
  ANDON_RETURN_IF_ERROR(head.Integer(&bits));
  *out = std::bit_cast<double>(bits);
  return Status();
}

template <typename Narrow, typename Wide>
Status ReadAs(HeadReader& head, Wide* out) {
  Narrow value = 0;
  ANDON_RETURN_IF_ERROR(head.Integer(&value));
  *out = value;
  return Status();
}

Status ReadSigned(HeadReader& head, PairType type, int64_t* out) {
  switch (type) {
    case PairType::kI8:
      return ReadAs<int8_t>(head, out);
    case PairType::kI16:
      return ReadAs<int16_t>(head, out);
    case PairType::kI32:
      return ReadAs<int32_t>(head, out);
    default:
      return head.Integer(out);
  }
}

Status ReadUnsigned(HeadReader& head, PairType type, uint64_t* out) {
  switch (type) {
    case PairType::kU8:
      return ReadAs<uint8_t>(head, out);
    case PairType::kU16:
      return ReadAs<uint16_t>(head, out);
    case PairType::kU32:
      return ReadAs<uint32_t>(head, out);
    default:
      return head.Integer(out);
  }
}

Status ReadBool(HeadReader& head, bool* out) {
  uint8_t value = 0;
  ANDON_RETURN_IF_ERROR(head.Integer(&value));
  if (value > 1) return Error(ErrorCode::kGgufValue, "gguf: a truth value of ", value);
  *out = value != 0;
  return Status();
}

bool IsUnsigned(PairType type) {
  return type == PairType::kU8 || type == PairType::kU16 || type == PairType::kU32 ||
         type == PairType::kU64;
}
bool IsSigned(PairType type) {
  return type == PairType::kI8 || type == PairType::kI16 || type == PairType::kI32 ||
         type == PairType::kI64;
}
bool IsFloat(PairType type) { return type == PairType::kF32 || type == PairType::kF64; }

uint64_t LeastBytes(PairType type) {
  switch (type) {
    case PairType::kU16:
    case PairType::kI16:
      return 2;
    case PairType::kU32:
    case PairType::kI32:
    case PairType::kF32:
      return 4;
    case PairType::kU64:
    case PairType::kI64:
    case PairType::kF64:
    case PairType::kString:  // its length
      return 8;
    default:
      return 1;
  }
}

Status ReadText(HeadReader& head, std::string* out) {
  return head.Text(limits::kMaxGgufTextBytes, ErrorCode::kGgufText, out);
}

template <typename T, typename ReadOne>
Status ReadElements(uint64_t count, const ReadOne& read_one, GgufValue* out) {
  std::vector<T> values;
  for (uint64_t i = 0; i < count; ++i) {
    T value{};
    ANDON_RETURN_IF_ERROR(read_one(&value));
    values.push_back(std::move(value));
  }
  *out = std::move(values);
  return Status();
}

Status ReadArray(HeadReader& head, GgufValue* out) {
  uint32_t raw_type = 0;
  uint64_t count = 0;
  ANDON_RETURN_IF_ERROR(head.Integer(&raw_type));
  ANDON_RETURN_IF_ERROR(head.Integer(&count));
  const auto type = static_cast<PairType>(raw_type);
  if (raw_type > static_cast<uint32_t>(PairType::kF64) || type == PairType::kArray) {
    return Error(ErrorCode::kGgufValueType, "gguf: an array of type ", raw_type);
  }
  if (count > limits::kMaxGgufArray || !head.CanHold(count, LeastBytes(type))) {
    return Error(ErrorCode::kGgufArray, "gguf: an array of ", count, " elements");
  }
  if (type == PairType::kString) {
    return ReadElements<std::string>(
        count, [&](std::string* text) { return ReadText(head, text); }, out);
  }
  if (type == PairType::kBool) {
    std::vector<bool> values;
    for (uint64_t i = 0; i < count; ++i) {
      bool value = false;
      ANDON_RETURN_IF_ERROR(ReadBool(head, &value));
      values.push_back(value);
    }
    *out = std::move(values);
    return Status();
  }
  if (IsFloat(type)) {
    return ReadElements<double>(
        count, [&](double* value) { return ReadDouble(head, type, value); }, out);
  }
  return ReadElements<int64_t>(
      count,
      [&](int64_t* value) -> Status {
        if (IsSigned(type)) return ReadSigned(head, type, value);
        uint64_t wide = 0;
        ANDON_RETURN_IF_ERROR(ReadUnsigned(head, type, &wide));
        if (wide > INT64_MAX) return Error(ErrorCode::kGgufValue, "gguf: a number of ", wide);
        *value = static_cast<int64_t>(wide);
        return Status();
      },
      out);
}

template <typename T, typename ReadOne>
Status ReadOneValue(const ReadOne& read_one, GgufValue* out) {
  T value{};
  ANDON_RETURN_IF_ERROR(read_one(&value));
  *out = std::move(value);
  return Status();
}

Status ReadValue(HeadReader& head, uint32_t raw_type, GgufValue* out) {
  const auto type = static_cast<PairType>(raw_type);
  if (IsUnsigned(type)) {
    return ReadOneValue<uint64_t>([&](uint64_t* v) { return ReadUnsigned(head, type, v); }, out);
  }
  if (IsSigned(type)) {
    return ReadOneValue<int64_t>([&](int64_t* v) { return ReadSigned(head, type, v); }, out);
  }
  if (IsFloat(type)) {
    return ReadOneValue<double>([&](double* v) { return ReadDouble(head, type, v); }, out);
  }
  switch (type) {
    case PairType::kBool:
      return ReadOneValue<bool>([&](bool* v) { return ReadBool(head, v); }, out);
    case PairType::kString:
      return ReadOneValue<std::string>([&](std::string* v) { return ReadText(head, v); }, out);
    case PairType::kArray:
      return ReadArray(head, out);
    default:
      return Error(ErrorCode::kGgufValueType, "gguf: a value of type ", raw_type);
  }
}

Status ReadPairs(HeadReader& head, uint64_t count, Gguf& gguf) {
  for (uint64_t i = 0; i < count; ++i) {
    std::string key;
    ANDON_RETURN_IF_ERROR(head.Text(limits::kMaxGgufKeyBytes, ErrorCode::kGgufKey, &key));
    if (key.empty()) return Error(ErrorCode::kGgufKey, "gguf: an empty key");
    uint32_t type = 0;
    ANDON_RETURN_IF_ERROR(head.Integer(&type));
    GgufValue value;
    ANDON_RETURN_IF_ERROR(ReadValue(head, type, &value));
    const auto [place, fresh] = gguf.pairs.try_emplace(std::move(key), std::move(value));
    if (!fresh) {
      return Error(ErrorCode::kGgufDuplicate, "gguf: the key ", Quoted(place->first), " occurs twice");
    }
  }
  return Status();
}

Status ReadDimensions(HeadReader& head, StoredTensor& tensor) {
  uint32_t count = 0;
  ANDON_RETURN_IF_ERROR(head.Integer(&count));
  if (count == 0 || count > limits::kMaxGgufDimensions) {
    return Error(ErrorCode::kGgufShape, "gguf: ", Quoted(tensor.name), " has ", count, " dimensions");
  }
  tensor.rows = 1;
  for (uint32_t i = 0; i < count; ++i) {
    uint64_t size = 0;
    ANDON_RETURN_IF_ERROR(head.Integer(&size));
    uint64_t* const product = i == 0 ? &tensor.columns : &tensor.rows;
    if (i == 0) tensor.columns = 1;
    if (size == 0 || !andon_checked_mul(*product, size, product)) {
      return Error(ErrorCode::kGgufShape, "gguf: ", Quoted(tensor.name), " has a dimension of ", size);
    }
  }
  return Status();
}

Status ReadTensor(HeadReader& head, StoredTensor& tensor) {
  ANDON_RETURN_IF_ERROR(head.Text(limits::kMaxGgufTensorNameBytes, ErrorCode::kGgufTensorName, &tensor.name));
  if (tensor.name.empty()) return Error(ErrorCode::kGgufTensorName, "gguf: a tensor without a name");
  ANDON_RETURN_IF_ERROR(ReadDimensions(head, tensor));
  uint32_t type = 0;
  ANDON_RETURN_IF_ERROR(head.Integer(&type));
  ANDON_RETURN_IF_ERROR(head.Integer(&tensor.offset));
  const auto block = WeightBlockOf(type);
  if (!block) {
    return Error(ErrorCode::kGgufTensorType, "gguf: ", Quoted(tensor.name), " has the type ", type,
                 ", which is not read");
  }
  tensor.type = static_cast<WeightType>(type);
  if (tensor.columns % block->weights != 0) {
    return Error(ErrorCode::kGgufShape, "gguf: rows of ", Quoted(tensor.name), " are ", tensor.columns,
                 " numbers, no multiple of ", block->weights);
  }
  uint64_t row_bytes = 0;
  if (!andon_checked_mul(tensor.columns / block->weights, block->bytes, &row_bytes) ||
      !andon_checked_mul(row_bytes, tensor.rows, &tensor.bytes)) {
    return Error(ErrorCode::kGgufShape, "gguf: the size of ", Quoted(tensor.name), " overflows");
  }
  return Status();
}

Result<uint64_t> Alignment(const Gguf& gguf) {
  if (!gguf.pairs.contains("general.alignment")) return uint64_t{32};
  const auto stated = gguf.Unsigned("general.alignment");
  if (!stated || !std::has_single_bit(*stated) || *stated > limits::kMaxGgufAlignment) {
    return Error(ErrorCode::kGgufAlignment, "gguf: general.alignment is no power of two below ",
                 limits::kMaxGgufAlignment + 1);
  }
  return *stated;
}

// Sorts by place; each tensor begins where the one before it and its padding end.
Status PlaceTensors(uint64_t head_bytes, uint64_t alignment, uint64_t file_bytes, Gguf& gguf) {
  if (!andon_checked_align(head_bytes, alignment, &gguf.data_offset)) {
    return Error(ErrorCode::kGgufAlignment, "gguf: no room for the padding of the head");
  }
  std::sort(gguf.tensors.begin(), gguf.tensors.end(),
            [](const StoredTensor& a, const StoredTensor& b) { return a.offset < b.offset; });
  uint64_t end = 0;
  for (StoredTensor& tensor : gguf.tensors) {
    uint64_t expected = 0;
    if (!andon_checked_align(end, alignment, &expected) || tensor.offset != expected) {
      return Error(ErrorCode::kGgufTensorPlace, "gguf: ", Quoted(tensor.name), " begins at ", tensor.offset,
                   ", not where the tensor before it ends");
    }
    if (!andon_checked_add(tensor.offset, gguf.data_offset, &tensor.offset) ||
        !andon_range_contains(file_bytes, tensor.offset, tensor.bytes)) {
      return Error(ErrorCode::kGgufTensorPlace, "gguf: ", Quoted(tensor.name), " reaches past the end of the file");
    }
    end = tensor.offset + tensor.bytes - gguf.data_offset;
  }
  return Status();
}

Status RequireUniqueNames(const Gguf& gguf) {
  std::set<std::string_view> names;
  for (const StoredTensor& tensor : gguf.tensors) {
    if (!names.insert(tensor.name).second) {
      return Error(ErrorCode::kGgufDuplicate, "gguf: the tensor ", Quoted(tensor.name), " occurs twice");
    }
  }
  return Status();
}

}  // namespace

const StoredTensor* Gguf::Find(std::string_view name) const {
  const auto found = std::find_if(tensors.begin(), tensors.end(),
                                  [name](const StoredTensor& tensor) { return tensor.name == name; });
  return found == tensors.end() ? nullptr : &*found;
}

std::optional<uint64_t> Gguf::Unsigned(std::string_view key) const {
  const auto found = pairs.find(key);
  if (found == pairs.end()) return std::nullopt;
  if (const auto* value = std::get_if<uint64_t>(&found->second)) return *value;
  const auto* value = std::get_if<int64_t>(&found->second);
  if (value == nullptr || *value < 0) return std::nullopt;
  return static_cast<uint64_t>(*value);
}

std::optional<double> Gguf::Number(std::string_view key) const {
  const auto found = pairs.find(key);
  if (found == pairs.end()) return std::nullopt;
  if (const auto* value = std::get_if<double>(&found->second)) return *value;
  const auto whole = Unsigned(key);
  if (!whole) return std::nullopt;
  return static_cast<double>(*whole);
}

const std::string* Gguf::Text(std::string_view key) const {
  const auto found = pairs.find(key);
  return found == pairs.end() ? nullptr : std::get_if<std::string>(&found->second);
}

bool LooksLikeGguf(ByteView head) { return AsText(head).starts_with("GGUF"); }

Result<Gguf> ParseGguf(ByteView start, uint64_t file_bytes) {
  if (!LooksLikeGguf(start)) return Error(ErrorCode::kUnknownFormat, "gguf: no magic");
  HeadReader head(start, file_bytes);
  uint32_t magic = 0;
  Gguf gguf;
  uint64_t tensor_count = 0, pair_count = 0;
  ANDON_RETURN_IF_ERROR(head.Integer(&magic));
  ANDON_RETURN_IF_ERROR(head.Integer(&gguf.version));
  if (gguf.version != 2 && gguf.version != 3) {
    return Error(ErrorCode::kGgufVersion, "gguf: version ", gguf.version, "; 2 and 3 are read");
  }
  ANDON_RETURN_IF_ERROR(head.Integer(&tensor_count));
  ANDON_RETURN_IF_ERROR(head.Integer(&pair_count));
  if (tensor_count > limits::kMaxGgufTensors || pair_count > limits::kMaxGgufPairs) {
    return Error(ErrorCode::kGgufCount, "gguf: ", tensor_count, " tensors and ", pair_count, " pairs");
  }
  ANDON_RETURN_IF_ERROR(ReadPairs(head, pair_count, gguf));
  for (uint64_t i = 0; i < tensor_count; ++i) {
    ANDON_RETURN_IF_ERROR(ReadTensor(head, gguf.tensors.emplace_back()));
  }
  ANDON_RETURN_IF_ERROR(RequireUniqueNames(gguf));
  ANDON_ASSIGN_OR_RETURN(const uint64_t alignment, Alignment(gguf));
  gguf.head_bytes = head.position();
  ANDON_RETURN_IF_ERROR(PlaceTensors(gguf.head_bytes, alignment, file_bytes, gguf));
  return gguf;
}

}  // namespace andon
