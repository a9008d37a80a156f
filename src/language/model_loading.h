// Loads a language model from its files, each in pieces as they arrive.

#ifndef ANDON_LANGUAGE_MODEL_LOADING_H_
#define ANDON_LANGUAGE_MODEL_LOADING_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "common/status.h"
#include "crypto/piece_hash.h"
#include "crypto/sha256.h"
#include "language/language_model.h"
#include "tensor/quantized.h"

namespace andon {

struct ModelLoadOptions {
  // What files must have, by the names given to Begin. Where one is stated, all are: another file
  // is an error.
  std::map<std::string, Sha256Digest, std::less<>> sha256 = {};
  bool compute_sha256 = false;         // also where none is stated
  uint64_t memory_limit = UINT64_MAX;  // of the packed weights, bytes
  Precision precision = Precision::kFast;
  uint32_t threads = 1;  // that compute, the caller's included; see ThreadPool
  // What matrices of safetensors become: Q8_0, Q4_0, F32, F16 or BF16. GGUF files keep their types.
  WeightType weight_type = WeightType::kQ8_0;
};

// What the caller hashes of a file that it pushes, with faster instructions, and tells End. Push
// hashes the rest.
struct HashedByCaller {
  bool pieces = false;
  bool sha256 = false;
};

struct FileDigests {
  std::optional<Sha256Digest> pieces = {};  // PieceHash
  std::optional<Sha256Digest> sha256 = {};
};

// The files, one after the other: Begin, Push until all bytes are here, End. Then Finish. They are
//   one GGUF file,
//   or the parts of a split GGUF file in their order,
//   or config.json, tokenizer.json, where there are any tokenizer_config.json,
//   generation_config.json, chat_template.jinja and model.safetensors.index.json, and then the
//   safetensors in any order.
// Weights are packed as they arrive; nothing of a file is held twice. After an error there is only
// the destructor.
class ModelLoading {
 public:
  explicit ModelLoading(const ModelLoadOptions& options);
  ~ModelLoading();
  ModelLoading(const ModelLoading&) = delete;
  ModelLoading& operator=(const ModelLoading&) = delete;

  // A file of `bytes` begins. Errors: FileHash where none is stated for it, ModelFiles where it
  // does not belong to the model or comes out of order, GgufSplit, FileTooLarge, InvalidArgument
  // for a weight type that weights cannot become; before safetensors those of config.json,
  // tokenizer.json and the index.
  Status Begin(std::string_view name, uint64_t bytes, HashedByCaller by_caller = {});

  // The next bytes of it. Errors: UnknownFormat, Gguf..., Safetensors..., UnsupportedArchitecture,
  // TokenizerError, Tensor..., WeightNotFinite, OutOfMemory, GitLfsPointer, SourceChanged where
  // there are more than was said.
  Status Push(ByteView piece);

  // The file is whole. `computed`: what HashedByCaller said. Errors: FileHash, SourceChanged,
  // InvalidArgument where a digest is missing, and those of Push.
  Status End(const FileDigests& computed = {});

  // Whether SHA-256s of files are computed: they take longer than all else.
  bool needs_sha256() const;

  // Errors: GgufSplit, TensorMissing, ModelFiles.
  Result<std::unique_ptr<LanguageModel>> Finish();

 private:
  struct State;
  static Status ChooseFormat(std::string_view name, State& state);

  std::unique_ptr<State> state_;
};

}  // namespace andon

#endif  // ANDON_LANGUAGE_MODEL_LOADING_H_
