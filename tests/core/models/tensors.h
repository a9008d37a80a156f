// Tensors that own their numbers, for building models from memory.

#ifndef ANDON_TESTS_CORE_MODELS_TENSORS_H_
#define ANDON_TESTS_CORE_MODELS_TENSORS_H_

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace andon {

// Copies share the numbers.
class Tensors {
 public:
  // `skip` bytes before the numbers take them off any alignment.
  template <typename T>
  Tensors& Add(const std::string& name, const Shape& shape, const std::vector<T>& numbers,
               size_t skip = 0) {
    const DType dtype = sizeof(T) == 4 ? DType::kF32 : DType::kF64;
    Bytes& bytes = NewBytes(skip + numbers.size() * sizeof(T));
    std::memcpy(bytes.data() + skip, numbers.data(), numbers.size() * sizeof(T));
    map_[name] = {dtype, shape, ByteView(bytes).subspan(skip)};
    return *this;
  }
  Tensors& AddRaw(const std::string& name, DType dtype, const Shape& shape) {
    Bytes& bytes =
        NewBytes(static_cast<size_t>(DTypeSize(dtype) * ElementCount(shape).value_or(0)));
    map_[name] = {dtype, shape, bytes};
    return *this;
  }
  const TensorMap& map() const { return map_; }

 private:
  Bytes& NewBytes(size_t size) { return *storage_.emplace_back(std::make_shared<Bytes>(size)); }

  std::vector<std::shared_ptr<Bytes>> storage_;
  TensorMap map_;
};

}  // namespace andon

#endif  // ANDON_TESTS_CORE_MODELS_TENSORS_H_
