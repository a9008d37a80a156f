// model.safetensors.index.json: which file has which tensor.

#ifndef ANDON_LANGUAGE_HF_INDEX_H_
#define ANDON_LANGUAGE_HF_INDEX_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"
#include "tensor/stored_tensor.h"

namespace andon {

class HfIndex {
 public:
  // {"metadata": anything, "weight_map": {tensor: file}}. Errors: those of ParseJson; ModelIndex.
  static Result<HfIndex> Parse(ByteView json);

  const std::set<std::string, std::less<>>& files() const { return files_; }

  // That a file has the tensors that the index gives it, and no others. Error: ModelIndex.
  Status Check(std::string_view file, const std::vector<StoredTensor>& tensors) const;

 private:
  std::map<std::string, std::string, std::less<>> file_of_;
  std::set<std::string, std::less<>> files_;
};

}  // namespace andon

#endif  // ANDON_LANGUAGE_HF_INDEX_H_
