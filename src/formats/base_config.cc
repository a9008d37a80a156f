// config.json as Hugging Face writes it beside a model.

#include <optional>

#include "formats/expert_metadata.h"
#include "formats/expert_metadata_rules.h"

namespace andon {
namespace {

// The largest of everything that a decoder has many of; real ones stay far below.
constexpr double kMaxShape = 16'777'216;

// Reads members one after the other and keeps the first thing that was wrong.
class Config {
 public:
  explicit Config(const Json& json) : json_(json) {}

  // `otherwise`, where given, is the value of a member that is absent or null.
  uint32_t Shape(const char* key, std::optional<uint32_t> otherwise = std::nullopt) {
    const auto found = json_.find(key);
    const bool absent = found == json_.end() || found->is_null();
    if (absent && otherwise) return *otherwise;
    if (absent || !IsWhole(*found) || found->get<double>() < 1 ||
        found->get<double>() > kMaxShape) {
      Fail(key);
      return 1;
    }
    return found->get<uint32_t>();
  }

  void Fail(std::string_view key) {
    if (status_.ok()) status_ = Error(ErrorCode::kBaseConfig, "config.json: ", key);
  }
  const Status& status() const { return status_; }

 private:
  const Json& json_;
  Status status_;
};

}  // namespace

Result<BaseShapes> ParseBaseConfig(ByteView json) {
  ANDON_ASSIGN_OR_RETURN(const Json root, ParseJson(json, "config.json"));
  if (!root.is_object()) return Error(ErrorCode::kBaseConfig, "config.json: not an object");
  Config config(root);
  BaseShapes shapes;
  shapes.layers = config.Shape("num_hidden_layers");
  shapes.hidden = config.Shape("hidden_size");
  shapes.intermediate = config.Shape("intermediate_size");
  shapes.heads = config.Shape("num_attention_heads");
  shapes.kv_heads = config.Shape("num_key_value_heads", shapes.heads);
  shapes.vocabulary = config.Shape("vocab_size");
  const bool divides = shapes.hidden % shapes.heads == 0;
  shapes.head_dim =
      divides ? config.Shape("head_dim", shapes.hidden / shapes.heads) : config.Shape("head_dim");
  if (shapes.heads % shapes.kv_heads != 0) config.Fail("num_key_value_heads");
  if (!config.status().ok()) return config.status();
  return shapes;
}

}  // namespace andon
