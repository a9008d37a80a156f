#include "osd/weight_files.h"

#include "common/limits.h"
#include "formats/adapter_values.h"
#include "formats/safetensors_file.h"

namespace andon {

Result<WeightFiles> WeightFiles::Open(const ExpertFiles& files, std::string_view what) {
  WeightFiles opened;
  opened.what_ = what;
  for (const auto& [path, file] : files) {
    if (path.ends_with(".safetensors")) ANDON_RETURN_IF_ERROR(opened.Add(path, *file));
  }
  if (!opened.weights_.empty()) return opened;
  return Error(ErrorCode::kTensorMissing, what, ": no tensors in safetensors files");
}

Status WeightFiles::Add(std::string_view path, InputFile& file) {
  ANDON_ASSIGN_OR_RETURN(const SafetensorsFile read, ReadSafetensorsFile(file));
  for (const TensorExtent& extent : read.header.extents) {
    const Weight weight{&file, extent.tensor->dtype, extent.tensor->shape,
                        read.data_offset() + extent.begin, extent.end - extent.begin};
    if (weights_.emplace(*extent.name, weight).second) continue;
    return Error(ErrorCode::kTensorDuplicate, what_, ": ", Quoted(*extent.name), " again in ",
                 Quoted(path));
  }
  return Status();
}

Result<const Weight*> WeightFiles::Find(std::string_view name) const {
  const auto found = weights_.find(name);
  if (found != weights_.end()) return &found->second;
  return Error(ErrorCode::kTensorMissing, what_, ": no tensor ", Quoted(name));
}

Result<Matrix> WeightFiles::Read(std::string_view name) const {
  const auto refuse = [&](ErrorCode code, std::string_view why) {
    return Error(code, what_, ": ", Quoted(name), ", ", why);
  };
  ANDON_ASSIGN_OR_RETURN(const Weight* weight, Find(name));
  const DType dtype = weight->dtype;
  if (dtype != DType::kF32 && dtype != DType::kF16 && dtype != DType::kBF16) {
    return refuse(ErrorCode::kTensorDtype, DTypeName(dtype));
  }
  const Shape& shape = weight->shape;
  const bool is_empty = weight->bytes == 0;
  if (is_empty || shape.empty() || shape.size() > 2) {
    return refuse(ErrorCode::kTensorShape, ShapeText(shape));
  }
  if (weight->bytes / DTypeSize(dtype) > limits::kMaxOsdEntries) {
    return refuse(ErrorCode::kFileTooLarge, ShapeText(shape));
  }
  Bytes bytes(static_cast<size_t>(weight->bytes));
  ANDON_RETURN_IF_ERROR(weight->file->Read(weight->offset, bytes));
  if (!AllFinite(bytes, dtype)) return refuse(ErrorCode::kWeightNotFinite, "one of its values");
  return MatrixOf(bytes, dtype, static_cast<Index>(shape[0]),
                  shape.size() == 2 ? static_cast<Index>(shape[1]) : 1);
}

}  // namespace andon
