// One layer of a PEFT adapter: shapes checked with each other, data read, factors multiplied.

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "common/checked.h"
#include "common/limits.h"
#include "formats/peft.h"
#include "formats/peft_pattern.h"
#include "tensor/convert.h"

namespace andon {
namespace {

constexpr size_t kSlots = static_cast<size_t>(PeftSlot::kW2B) + 1;

// The tensors of one module by their slots; nothing where there is none.
struct Slots {
  std::array<const PeftTensor*, kSlots> tensors = {};

  const PeftTensor* operator[](PeftSlot slot) const { return tensors[static_cast<size_t>(slot)]; }
  const PeftTensor& any() const {
    return **std::ranges::find_if(tensors, [](auto* t) { return t; });
  }
};

Status ShapeError(const PeftTensor& tensor, std::string_view expected) {
  return Error(ErrorCode::kPeftShape, "adapter_model.safetensors: tensor ", Quoted(tensor.name),
               " has the shape ", ShapeText(tensor.shape), ", not ", expected);
}

uint32_t RankOf(const PeftConfig& config, std::string_view module) {
  for (const auto& [pattern, rank] : config.rank_pattern) {
    if (PeftKeyMatches(pattern, module)) return rank;
  }
  return config.rank;
}

double AlphaOf(const PeftConfig& config, std::string_view module) {
  for (const auto& [pattern, alpha] : config.alpha_pattern) {
    if (PeftKeyMatches(pattern, module)) return alpha;
  }
  return config.alpha;
}

bool IsFeedForward(const PeftConfig& config, std::string_view module) {
  return std::ranges::any_of(config.feedforward_modules, [&](const std::string& name) {
    return config.feedforward_is_pattern ? PeftPatternMatches(name, module)
                                         : module.ends_with(name);
  });
}

// Reads one module.
class ModuleReader {
 public:
  ModuleReader(InputFile& adapter, const PeftConfig& config, const Slots& slots,
               std::optional<DType> dtype, std::vector<Bytes>& data)
      : adapter_(adapter), config_(config), slots_(slots), data_(data), name_(slots.any().module) {
    module_.target = slots.any().target;
    module_.kind = config.kind;
    module_.dtype = dtype.value_or(CommonDtype());
  }

  Result<AdapterModule> Read() {
    ANDON_RETURN_IF_ERROR(CheckSlots());
    if (config_.kind == AdapterKind::kIa3) {
      ANDON_RETURN_IF_ERROR(ReadIa3());
    } else if (config_.kind == AdapterKind::kLokr) {
      ANDON_RETURN_IF_ERROR(ReadLokr());
    } else {
      ANDON_RETURN_IF_ERROR(ReadLora());
    }
    return std::move(module_);
  }

 private:
  DType CommonDtype() const {
    const DType first = slots_.any().dtype;
    const bool agree = std::ranges::all_of(
        slots_.tensors, [=](const PeftTensor* t) { return t == nullptr || t->dtype == first; });
    return agree ? first : DType::kF32;
  }

  // That no tensor is there that an adapter of this kind does not have.
  Status CheckSlots() const {
    for (const PeftTensor* tensor : slots_.tensors) {
      if (tensor == nullptr || Belongs(tensor->slot)) continue;
      return Error(ErrorCode::kPeftUnsupported, "adapter_model.safetensors: tensor ",
                   Quoted(tensor->name), " in an adapter of another kind, ",
                   AdapterKindName(config_.kind));
    }
    return Status();
  }

  bool Belongs(PeftSlot slot) const {
    switch (slot) {
      case PeftSlot::kA:
      case PeftSlot::kB:
        return config_.kind == AdapterKind::kLora || config_.kind == AdapterKind::kDora;
      case PeftSlot::kMagnitude:
        return config_.kind == AdapterKind::kDora;
      case PeftSlot::kIa3:
        return config_.kind == AdapterKind::kIa3;
      default:
        return config_.kind == AdapterKind::kLokr;
    }
  }

  Status Missing(std::string_view what) const {
    return Error(ErrorCode::kPeftTensorMissing, "adapter_model.safetensors: ", what, " of ",
                 Quoted(name_));
  }

  void SetScale(uint32_t rank) {
    const double divisor = config_.rank_stabilized ? std::sqrt(rank) : rank;
    module_.scale = static_cast<float>(AlphaOf(config_, name_) / divisor);
  }

  Status SetFeatures(uint64_t in, uint64_t out) {
    if (in == 0 || in > limits::kMaxAdapterFeatures || out == 0 ||
        out > limits::kMaxAdapterFeatures) {
      return ShapeError(slots_.any(), "one within the limits");
    }
    module_.in_features = static_cast<uint32_t>(in);
    module_.out_features = static_cast<uint32_t>(out);
    return Status();
  }

  Status ReadLora() {
    const PeftTensor* a = slots_[PeftSlot::kA];
    const PeftTensor* b = slots_[PeftSlot::kB];
    if (a == nullptr || b == nullptr) {
      return Missing(a == nullptr ? "lora_A (LoRA-FA leaves it out)" : "lora_B");
    }
    const uint32_t rank = RankOf(config_, name_);
    if (a->shape.size() != 2 || a->shape[0] != rank) return ShapeError(*a, "[r, in]");
    if (b->shape.size() != 2 || b->shape[1] != rank) return ShapeError(*b, "[out, r]");
    module_.rank = static_cast<uint16_t>(rank);
    SetScale(rank);
    ANDON_RETURN_IF_ERROR(SetFeatures(a->shape[1], b->shape[0]));
    ANDON_ASSIGN_OR_RETURN(module_.a, Load(*a));
    ANDON_ASSIGN_OR_RETURN(module_.b, Load(*b));
    return config_.kind == AdapterKind::kDora ? ReadMagnitude() : Status();
  }

  Status ReadMagnitude() {
    const PeftTensor* magnitude = slots_[PeftSlot::kMagnitude];
    if (magnitude == nullptr) return Missing("lora_magnitude_vector");
    if (magnitude->shape != Shape{module_.out_features}) return ShapeError(*magnitude, "[out]");
    ANDON_ASSIGN_OR_RETURN(module_.c, Load(*magnitude));
    return Status();
  }

  // The vector says one of the features; the other is not to be known from the adapter.
  Status ReadIa3() {
    const PeftTensor* vector = slots_[PeftSlot::kIa3];
    const Shape& shape = vector->shape;
    module_.feed_forward = IsFeedForward(config_, name_);
    const bool flat = shape.size() == 1;
    const bool fits = shape.size() == 2 && shape[module_.feed_forward ? 0 : 1] == 1;
    if (!flat && !fits) return ShapeError(*vector, module_.feed_forward ? "[1, in]" : "[out, 1]");
    const uint64_t length = flat ? shape[0] : shape[module_.feed_forward ? 1 : 0];
    ANDON_RETURN_IF_ERROR(SetFeatures(length, length));
    (module_.feed_forward ? module_.out_features : module_.in_features) = 0;
    ANDON_ASSIGN_OR_RETURN(module_.a, Load(*vector));
    return Status();
  }

  Status ReadLokr() {
    Shape w1, w2;
    ANDON_ASSIGN_OR_RETURN(module_.a, LoadFactor(PeftSlot::kW1, "lokr_w1", &w1));
    ANDON_ASSIGN_OR_RETURN(module_.b, LoadFactor(PeftSlot::kW2, "lokr_w2", &w2));
    module_.w1_rows = static_cast<uint32_t>(w1[0]);
    module_.w1_cols = static_cast<uint32_t>(w1[1]);
    const uint32_t rank = RankOf(config_, name_);
    module_.rank = static_cast<uint16_t>(rank);
    SetScale(rank);
    uint64_t in = 0, out = 0;  // 0 where the product does not fit
    andon_checked_mul(w1[1], w2[1], &in);
    andon_checked_mul(w1[0], w2[0], &out);
    return SetFeatures(in, out);
  }

  // w1 or w2: as it is, or the product of the two slots behind it.
  Result<ByteView> LoadFactor(PeftSlot whole, std::string_view what, Shape* shape) {
    const size_t index = static_cast<size_t>(whole);
    const PeftTensor* tensor = slots_[whole];
    const PeftTensor* left = slots_.tensors[index + 1];
    const PeftTensor* right = slots_.tensors[index + 2];
    if (tensor != nullptr) {
      if (tensor->shape.size() != 2) return ShapeError(*tensor, "a matrix");
      if (left != nullptr || right != nullptr) return ShapeError(*tensor, "given twice");
      ANDON_RETURN_IF_ERROR(CheckMatrix(*tensor));
      *shape = tensor->shape;
      return Load(*tensor);
    }
    if (left == nullptr || right == nullptr) return Missing(what);
    return LoadProduct(*left, *right, shape);
  }

  static Status CheckMatrix(const PeftTensor& tensor) {
    for (const uint64_t dimension : tensor.shape) {
      if (dimension == 0 || dimension > limits::kMaxAdapterFeatures) {
        return ShapeError(tensor, "one within the limits");
      }
    }
    return Status();
  }

  Result<ByteView> LoadProduct(const PeftTensor& left, const PeftTensor& right, Shape* shape) {
    if (left.shape.size() != 2) return ShapeError(left, "a matrix");
    if (right.shape.size() != 2 || right.shape[0] != left.shape[1]) {
      return ShapeError(right, "one that its partner can be multiplied with");
    }
    ANDON_RETURN_IF_ERROR(CheckMatrix(left));
    ANDON_RETURN_IF_ERROR(CheckMatrix(right));
    *shape = {left.shape[0], right.shape[1]};
    if (left.shape[0] * right.shape[1] > limits::kMaxSectionBytes / sizeof(float)) {
      return ShapeError(left, "one whose product is within the limits");
    }
    ANDON_ASSIGN_OR_RETURN(const std::vector<float> a, LoadFloats(left));
    ANDON_ASSIGN_OR_RETURN(const std::vector<float> b, LoadFloats(right));
    const std::vector<float> product = Multiply(a, b, left.shape[1], right.shape[1]);
    return Keep(FromFloats(product, module_.dtype));
  }

  // [rows, inner] x [inner, columns]
  static std::vector<float> Multiply(const std::vector<float>& a, const std::vector<float>& b,
                                     uint64_t inner, uint64_t columns) {
    const size_t n = static_cast<size_t>(inner), m = static_cast<size_t>(columns);
    std::vector<float> product(a.size() / n * m);
    for (size_t row = 0; row < a.size() / n; ++row) {
      for (size_t k = 0; k < n; ++k) {
        for (size_t column = 0; column < m; ++column) {
          product[row * m + column] += a[row * n + k] * b[k * m + column];
        }
      }
    }
    return product;
  }

  // The bytes of the tensor as they are in the file.
  Result<Bytes> ReadBytes(const PeftTensor& tensor) {
    if (tensor.bytes > limits::kMaxSectionBytes) return ShapeError(tensor, "one within the limits");
    Bytes bytes(static_cast<size_t>(tensor.bytes));
    ANDON_RETURN_IF_ERROR(adapter_.Read(tensor.offset, bytes));
    return bytes;
  }

  Result<std::vector<float>> LoadFloats(const PeftTensor& tensor) {
    ANDON_ASSIGN_OR_RETURN(const Bytes bytes, ReadBytes(tensor));
    return ToFloats(bytes, tensor.dtype);
  }

  // The tensor in the dtype of the module.
  Result<ByteView> Load(const PeftTensor& tensor) {
    ANDON_ASSIGN_OR_RETURN(Bytes bytes, ReadBytes(tensor));
    if (tensor.dtype == module_.dtype) return Keep(std::move(bytes));
    return Keep(FromFloats(ToFloats(bytes, tensor.dtype), module_.dtype));
  }

  ByteView Keep(Bytes bytes) { return data_.emplace_back(std::move(bytes)); }

  InputFile& adapter_;
  const PeftConfig& config_;
  const Slots& slots_;
  std::vector<Bytes>& data_;
  const std::string& name_;
  AdapterModule module_;
};

}  // namespace

Result<PeftAdapterLayer> ReadPeftLayer(InputFile& adapter, const PeftConfig& config,
                                       const PeftLayer& plan, std::optional<DType> dtype) {
  std::map<AdapterTarget, Slots> modules;
  for (const PeftTensor& tensor : plan.tensors) {
    modules[tensor.target].tensors[static_cast<size_t>(tensor.slot)] = &tensor;
  }
  PeftAdapterLayer result;
  result.layer.layer = plan.layer;
  for (const auto& [target, slots] : modules) {
    ModuleReader reader(adapter, config, slots, dtype, result.data);
    ANDON_ASSIGN_OR_RETURN(AdapterModule module, reader.Read());
    result.layer.modules.push_back(std::move(module));
  }
  return result;
}

}  // namespace andon
