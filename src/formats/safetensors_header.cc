#include "formats/safetensors_header.h"

#include <algorithm>
#include <utility>

#include "common/json.h"
#include "common/limits.h"
#include "common/utf8.h"

namespace andon {
namespace {

// {name: {field: [number]}}: no deeper.
constexpr int kMaxDepth = 3;

// Takes the events of the JSON parser. A function that returns false stops the parser; status()
// says why.
class HeaderHandler : public nlohmann::json_sax<Json> {
 public:
  const Status& status() const { return status_; }
  SafetensorsHeader& header() { return header_; }

  // The reference implementation, too, takes null for no metadata.
  bool null() override {
    return place_ == Place::kBeforeMetadata ? Enter(Place::kNames) : Misplaced();
  }
  bool boolean(bool) override { return Misplaced(); }
  bool number_integer(number_integer_t) override { return Misplaced(); }  // negative
  bool number_float(number_float_t, const string_t&) override { return Misplaced(); }
  bool binary(binary_t&) override { return Misplaced(); }  // never called for text

  bool number_unsigned(number_unsigned_t value) override {
    if (place_ == Place::kDimensions) return AddDimension(value);
    if (place_ == Place::kOffsets) return AddOffset(value);
    return Misplaced();
  }

  bool string(string_t& value) override {
    if (place_ == Place::kDtype) return SetDtype(value);
    if (place_ == Place::kMetadata) return AddMetadata(value);
    return Misplaced();
  }

  bool start_object(size_t) override {
    if (++depth_ > kMaxDepth) return TooDeep();
    if (place_ == Place::kStart) return Enter(Place::kNames);
    if (place_ == Place::kBeforeEntry) return Enter(Place::kEntry);
    if (place_ == Place::kBeforeMetadata) return Enter(Place::kMetadata);
    return Misplaced();
  }

  bool start_array(size_t) override {
    if (++depth_ > kMaxDepth) return TooDeep();
    if (place_ == Place::kBeforeShape) return Enter(Place::kDimensions);
    if (place_ == Place::kBeforeOffsets) return Enter(Place::kOffsets);
    return Misplaced();
  }

  bool key(string_t& key) override {
    if (place_ == Place::kNames) return BeginMember(std::move(key));
    if (place_ == Place::kEntry) return BeginField(key);
    metadata_key_ = std::move(key);
    return true;
  }

  bool end_object() override {
    --depth_;
    if (place_ == Place::kEntry && fields_ != kAllFields) {
      return Fail(ErrorCode::kSafetensorsEntryMalformed, "tensor ", Quoted(member_),
                  " lacks dtype, shape or data_offsets");
    }
    return Enter(Place::kNames);
  }

  bool end_array() override {
    --depth_;
    if (place_ == Place::kOffsets && offsets_ != 2) return Misplaced();
    return Enter(Place::kEntry);
  }

  bool parse_error(size_t position, const std::string&, const Json::exception&) override {
    return Fail(ErrorCode::kSafetensorsHeaderJson, "header is not JSON at byte ", position);
  }

 private:
  // Where in the header the parser is.
  enum class Place {
    kStart,
    kNames,        // in the outermost object
    kBeforeEntry,  // between the name of a tensor and its object
    kEntry,
    kDtype,  // between "dtype" and its text
    kBeforeShape,
    kDimensions,
    kBeforeOffsets,
    kOffsets,
    kBeforeMetadata,
    kMetadata,
  };

  static constexpr unsigned kDtypeField = 1;
  static constexpr unsigned kShapeField = 2;
  static constexpr unsigned kOffsetsField = 4;
  static constexpr unsigned kAllFields = kDtypeField | kShapeField | kOffsetsField;

  bool Enter(Place place) {
    place_ = place;
    return true;
  }

  bool BeginMember(std::string name) {
    member_ = std::move(name);
    if (member_ == kSafetensorsMetadataKey) {
      if (std::exchange(has_metadata_, true)) return Duplicate(member_);
      return Enter(Place::kBeforeMetadata);
    }
    if (!IsSafeTensorName(member_)) {
      return Fail(ErrorCode::kSafetensorsUnsafeName, "tensor name ", Quoted(member_));
    }
    if (header_.extents.size() == limits::kMaxTensors) {
      return Fail(ErrorCode::kSafetensorsTooManyTensors, "more than ", limits::kMaxTensors,
                  " tensors");
    }
    const auto [tensor, added] = header_.tensors.try_emplace(member_);
    if (!added) return Duplicate(member_);
    header_.extents.push_back({.name = &tensor->first, .tensor = &tensor->second});
    fields_ = 0;
    offsets_ = 0;
    return Enter(Place::kBeforeEntry);
  }

  bool BeginField(std::string_view name) {
    if (name == "dtype") return BeginField(kDtypeField, Place::kDtype);
    if (name == "shape") return BeginField(kShapeField, Place::kBeforeShape);
    if (name == "data_offsets") return BeginField(kOffsetsField, Place::kBeforeOffsets);
    return Fail(ErrorCode::kSafetensorsEntryMalformed, "member ", Quoted(name), " of tensor ",
                Quoted(member_));
  }

  bool BeginField(unsigned field, Place place) {
    if ((fields_ & field) != 0) return Duplicate(member_);
    fields_ |= field;
    return Enter(place);
  }

  bool SetDtype(std::string_view name) {
    const auto dtype = DTypeFromName(name);
    if (!dtype) {
      return Fail(ErrorCode::kSafetensorsUnknownDtype, "dtype ", Quoted(name), " of tensor ",
                  Quoted(member_));
    }
    header_.extents.back().tensor->dtype = *dtype;
    return Enter(Place::kEntry);
  }

  bool AddDimension(uint64_t dimension) {
    Shape& shape = header_.extents.back().tensor->shape;
    if (shape.size() == limits::kMaxRank) {
      return Fail(ErrorCode::kSafetensorsRank, "tensor ", Quoted(member_), " has more than ",
                  limits::kMaxRank, " dimensions");
    }
    shape.push_back(dimension);
    return true;
  }

  bool AddOffset(uint64_t offset) {
    TensorExtent& extent = header_.extents.back();
    if (offsets_ == 2) return Misplaced();
    (offsets_ == 0 ? extent.begin : extent.end) = offset;
    ++offsets_;
    return true;
  }

  // Copies the text: the parser's own string can have twice the capacity that it needs.
  bool AddMetadata(std::string_view text) {
    if (header_.metadata.size() == limits::kMaxSafetensorsMetadata) return Misplaced();
    const bool added = header_.metadata.try_emplace(metadata_key_, text).second;
    if (!added) return Duplicate(metadata_key_);
    return true;
  }

  bool Misplaced() {
    if (place_ == Place::kBeforeMetadata || place_ == Place::kMetadata) {
      return Fail(ErrorCode::kSafetensorsMetadataMalformed, "form of ", kSafetensorsMetadataKey);
    }
    return Fail(ErrorCode::kSafetensorsEntryMalformed, "form of tensor ", Quoted(member_));
  }

  bool TooDeep() {
    return Fail(ErrorCode::kSafetensorsHeaderDepth, "more than ", kMaxDepth, " levels in ",
                Quoted(member_));
  }

  bool Duplicate(std::string_view key) {
    return Fail(ErrorCode::kSafetensorsDuplicateName, "key ", Quoted(key), " twice");
  }

  template <typename... Parts>
  bool Fail(ErrorCode code, const Parts&... parts) {
    status_ = Error(code, "safetensors: ", parts...);
    return false;
  }

  Status status_;
  SafetensorsHeader header_;
  Place place_ = Place::kStart;
  int depth_ = 0;
  bool has_metadata_ = false;
  std::string member_;        // the key of the outermost object that is being read
  unsigned fields_ = 0;       // of the present tensor, as seen so far
  unsigned offsets_ = 0;      // likewise, how many
  std::string metadata_key_;  // of the next value in __metadata__
};

}  // namespace

bool IsSafeTensorName(std::string_view name) {
  if (name.empty() || name.size() > limits::kMaxTensorNameBytes || !IsUtf8(name)) return false;
  const auto is_control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; };
  if (std::ranges::any_of(name, is_control)) return false;
  for (size_t begin = 0; begin <= name.size();) {
    const size_t end = std::min(name.find_first_of("/\\", begin), name.size());
    if (name.substr(begin, end - begin) == "..") return false;
    begin = end + 1;
  }
  return true;
}

Result<SafetensorsHeader> ParseSafetensorsHeader(ByteView text) {
  if (!AsText(text).starts_with('{')) {
    return Error(ErrorCode::kSafetensorsHeaderStart, "safetensors: first byte of the header");
  }
  // nlohmann::json takes a NUL for the end of the text.
  if (std::ranges::find(text, 0) != text.end()) {
    return Error(ErrorCode::kSafetensorsHeaderJson, "safetensors: NUL in the header");
  }
  if (!HasShortTokens(text, limits::kMaxSafetensorsTextBytes, limits::kMaxJsonSpaceBytes)) {
    return Error(ErrorCode::kSafetensorsHeaderTooLarge, "safetensors: a token of the header");
  }
  HeaderHandler handler;
  if (!Json::sax_parse(text.begin(), text.end(), &handler)) return handler.status();
  return std::move(handler.header());
}

}  // namespace andon
