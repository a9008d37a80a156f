// Weights as JSON numbers.

#include <cstring>

#include "engine/json_members.h"
#include "engine/pack_description.h"

namespace andon {
namespace {

template <typename Float>
void AppendFloat(Float value, Bytes& out) {
  uint8_t bytes[sizeof(Float)];
  std::memcpy(bytes, &value, sizeof(Float));
  AppendBytes(out, bytes);
}

Status AppendNumber(const Json& value, const std::string& path, DType dtype, Bytes& out) {
  if (!value.is_number()) return DescriptionError(path, "holds something that is not a number");
  const auto number = value.get<double>();
  if (dtype == DType::kF64) {
    AppendFloat(number, out);
    return Status();
  }
  if (!FitsFloat(number)) return DescriptionError(path, "holds a number beyond the range of F32");
  AppendFloat(static_cast<float>(number), out);
  return Status();
}

Status AppendRow(const Json& row, const std::string& path, DType dtype, Bytes& out) {
  if (!row.is_array()) return DescriptionError(path, "not an array");
  for (const Json& value : row) ANDON_RETURN_IF_ERROR(AppendNumber(value, path, dtype, out));
  return Status();
}

// [n] from an array of numbers.
Result<DescribedTensor> ParseVector(const Json& value, const std::string& path, DType dtype) {
  DescribedTensor tensor{{value.size()}, {}};
  ANDON_RETURN_IF_ERROR(AppendRow(value, path, dtype, tensor.data));
  return tensor;
}

// [k, n] from an array of k arrays.
Result<DescribedTensor> ParseMatrix(const Json& rows, const std::string& path, DType dtype) {
  DescribedTensor tensor{{rows.size(), rows[0].size()}, {}};
  for (const Json& row : rows) {
    ANDON_RETURN_IF_ERROR(AppendRow(row, path, dtype, tensor.data));
    if (row.size() != tensor.shape[1]) return DescriptionError(path, "has rows of unequal length");
  }
  return tensor;
}

Result<DescribedTensor> ParseCoefficients(const Json& value, const std::string& path, DType dtype) {
  const bool matrix = value.is_array() && !value.empty() && value[0].is_array();
  return matrix ? ParseMatrix(value, path, dtype) : ParseVector(value, path, dtype);
}

Status ParseDtype(const Json& value, const std::string& path, DType* out) {
  if (value == "F32" || value == "F64") {
    *out = value == "F32" ? DType::kF32 : DType::kF64;
    return Status();
  }
  return DescriptionError(path, "neither F32 nor F64");
}

}  // namespace

Result<DescribedWeights> ParseDescribedWeights(const Json& value, const std::string& path) {
  DescribedWeights weights;
  ANDON_RETURN_IF_ERROR(
      JsonMembers(value, path)
          .Custom("dtype",
                  [&weights](const Json& dtype, const std::string& at) {
                    return ParseDtype(dtype, at, &weights.dtype);
                  })
          .Required("coefficients")
          .Custom("coefficients",
                  [&weights](const Json& numbers, const std::string& at) -> Status {
                    ANDON_ASSIGN_OR_RETURN(weights.coefficients,
                                           ParseCoefficients(numbers, at, weights.dtype));
                    return Status();
                  })
          .Custom("intercept",
                  [&weights](const Json& numbers, const std::string& at) -> Status {
                    ANDON_ASSIGN_OR_RETURN(weights.intercept,
                                           ParseVector(numbers, at, weights.dtype));
                    return Status();
                  })
          .Finish());
  return weights;
}

}  // namespace andon
