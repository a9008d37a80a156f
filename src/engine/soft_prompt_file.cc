#include "engine/soft_prompt_file.h"

#include "common/limits.h"
#include "formats/safetensors_file.h"
#include "formats/soft_prompt.h"

namespace andon {

bool IsSoftPromptFile(InputFile& file) {
  const auto read = ReadSafetensorsFile(file);
  if (!read.ok() || read->header.tensors.size() != 1) return false;
  const TensorView& tensor = read->header.tensors.begin()->second;
  return tensor.shape.size() == 2 && (tensor.dtype == DType::kF32 || tensor.dtype == DType::kF16 ||
                                      tensor.dtype == DType::kBF16);
}

Result<Bytes> ReadSoftPromptFile(InputFile& file) {
  if (file.size() > limits::kMaxSectionBytes) {
    return Error(ErrorCode::kExpertSectionLength, "soft prompt: a file of ", file.size(),
                 " bytes, limit ", limits::kMaxSectionBytes);
  }
  ANDON_ASSIGN_OR_RETURN(const SafetensorsFile read, ReadSafetensorsFile(file));
  const TensorView& tensor = read.header.tensors.begin()->second;
  Bytes values(static_cast<size_t>(file.size() - read.head.size()));
  ANDON_RETURN_IF_ERROR(file.Read(read.head.size(), values));
  // A matrix beyond 2^32 would be beyond the limit of a section.
  return WriteSoftPrompt({.tokens = static_cast<uint32_t>(tensor.shape[0]),
                          .hidden = static_cast<uint32_t>(tensor.shape[1]),
                          .dtype = tensor.dtype,
                          .values = values});
}

}  // namespace andon
