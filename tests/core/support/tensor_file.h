// Safetensors files with headers that our writer would not write.

#ifndef ANDON_TESTS_CORE_SUPPORT_TENSOR_FILE_H_
#define ANDON_TESTS_CORE_SUPPORT_TENSOR_FILE_H_

#include <string>
#include <vector>

#include "common/json.h"
#include "tensor/convert.h"
#include "tensor/tensor.h"

namespace andon {

// A safetensors file, tensor by tensor, in this order and with this header whatever it says.
class TensorFile {
 public:
  TensorFile& Add(const std::string& name, DType dtype, const Shape& shape) {
    std::vector<float> values(static_cast<size_t>(ElementCount(shape).value_or(0)));
    for (float& value : values) value = static_cast<float>((next_ = next_ * 37 % 101)) / 8 - 6;
    return Add(name, dtype, shape, FromFloats(values, dtype));
  }
  TensorFile& Add(const std::string& name, DType dtype, const Shape& shape, const Bytes& data) {
    header_[name] = {{"shape", shape},  // not in the order of most writers
                     {"dtype", DTypeName(dtype)},
                     {"data_offsets", {data_.size(), data_.size() + data.size()}}};
    AppendBytes(data_, data);
    return *this;
  }

  // `padding`: spaces behind the header, as writers put them there.
  Bytes Write(size_t padding = 0) const {
    const std::string text = header_.dump() + std::string(padding, ' ');
    Bytes file;
    AppendU64(file, text.size());
    AppendBytes(file, AsBytes(text));
    AppendBytes(file, data_);
    return file;
  }

  const Json& header() const { return header_; }

 private:
  Json header_ = Json::object();
  Bytes data_;
  uint32_t next_ = 1;
};

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_TENSOR_FILE_H_
