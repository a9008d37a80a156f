// The weights of a model in safetensors files, one or several, read one at a time.

#ifndef ANDON_OSD_WEIGHT_FILES_H_
#define ANDON_OSD_WEIGHT_FILES_H_

#include <map>
#include <string>
#include <string_view>

#include "engine/expert_pack.h"
#include "osd/matrix.h"

namespace andon {

struct Weight {
  InputFile* file = nullptr;
  DType dtype = DType::kF32;
  Shape shape;
  uint64_t offset = 0;  // in the file
  uint64_t bytes = 0;
};

class WeightFiles {
 public:
  // The files whose names end with ".safetensors". `what` says in messages whose they are.
  // REQUIRES: they outlive this. Errors: Safetensors..., SourceUnreadable, TensorDuplicate,
  // TensorMissing where there are none.
  static Result<WeightFiles> Open(const ExpertFiles& files, std::string_view what);

  using Weights = std::map<std::string, Weight, std::less<>>;
  const Weights& weights() const { return weights_; }

  // Error: TensorMissing.
  Result<const Weight*> Find(std::string_view name) const;
  // A matrix; a vector is one of one column. Errors: TensorMissing, TensorDtype, TensorShape,
  // FileTooLarge, WeightNotFinite, SourceUnreadable.
  Result<Matrix> Read(std::string_view name) const;

 private:
  Status Add(std::string_view path, InputFile& file);

  std::string what_;
  Weights weights_;
};

}  // namespace andon

#endif  // ANDON_OSD_WEIGHT_FILES_H_
