// Writes the first inputs of every fuzz target into FOLDER/TARGET/: good files, and the hostile
// ones of tests/attacks.
//   usage: fuzz_seeds FOLDER

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "archive/zip.h"
#include "codecs/deflate.h"
#include "codecs/zstd.h"
#include "engine/pack.h"
#include "formats/aprender_package.h"
#include "formats/expert_v1.h"
#include "tests/attacks/expert_v2_attacks.h"
#include "tests/attacks/gguf_attacks.h"
#include "tests/attacks/params_attacks.h"
#include "tests/attacks/safetensors_attacks.h"
#include "tests/attacks/tar_attacks.h"
#include "tests/attacks/zip_attacks.h"
#include "tests/core/support/sample_tokenizer_json.h"
#include "tests/core/support/write_expert.h"
#include "trust/certificate.h"
#include "trust/key_rotation.h"
#include "trust/revocation_list.h"

namespace {

using andon::AsBytes;
using andon::Bytes;
using andon::ByteView;

constexpr size_t kMostBytes = 4096;  // larger seeds make every run slow

class Seeds {
 public:
  explicit Seeds(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void Add(const std::string& target, const std::string& name, ByteView bytes) {
    if (bytes.size() > kMostBytes) return;
    std::filesystem::create_directories(folder_ / target);
    std::ofstream stream(folder_ / target / name, std::ios::binary);
    stream.write(andon::AsText(bytes).data(), static_cast<std::streamsize>(bytes.size()));
  }

 private:
  const std::filesystem::path folder_;
};

// JSON descriptions of models, for Pack.
const std::map<std::string, std::string> kDescriptions = {
    {"linear",
     R"({"model_id":"6f1c1d9e-8d0b-4c2f-9a57-2f0e8d9b7c11","version":"1.0.0","compatibility":"minor",)"
     R"("model":{"type":"linear_regression"},"features":[{"name":"x"},{"name":"y","type":"float64","nullable":true}],)"
     R"("weights":{"dtype":"F64","coefficients":[2.5,-1],"intercept":[0.5]}})"},
    {"elastic_net",
     R"({"model_id":"6f1c1d9e-8d0b-4c2f-9a57-2f0e8d9b7c12","version":"1.0.0-rc.1+b",)"
     R"("model":{"type":"elastic_net","alpha":0.1,"l1_ratio":0.5,"fit_intercept":false,"hyperparameters":{"k":"v"}},)"
     R"("features":[{"name":"x","type":"int32"}],"provenance":{"git_commit":"c0ffee","random_seed":"42",)"
     R"("training_timestamp":1700000000,"platform":"linux"},"weights":{"coefficients":[1]}})"},
    {"logistic",
     R"({"model_id":"6f1c1d9e-8d0b-4c2f-9a57-2f0e8d9b7c13","version":"0.0.1",)"
     R"("model":{"type":"logistic_regression","max_iter":100,"tolerance":0.0001,"class_labels":["a","b","c"]},)"
     R"("features":[{"name":"x","type":"bool"},{"name":"y","type":"int64"}],)"
     R"("weights":{"dtype":"F32","coefficients":[[1,2],[3,4],[5,6]],"intercept":[0,1,2]}})"},
};

// metadata.pb with its checksums taken out, so that any change of it gets past them.
std::string WithoutChecksums(ByteView metadata) {
  aprender::v2::ModelPackage package;
  package.ParseFromArray(metadata.data(), static_cast<int>(metadata.size()));
  package.mutable_metadata()->clear_checksums();
  return package.SerializeAsString();
}

void AddPackage(Seeds& seeds, const std::string& name, ByteView file) {
  seeds.Add("fuzz_open", name, file);
  seeds.Add("fuzz_zip_extraction", name, file);
  const auto zip = andon::ZipArchive::Open(file);
  for (const andon::ZipEntry& entry : zip->entries()) {
    const ByteView content = zip->StoredBytes(entry);
    if (entry.name == andon::kMetadataEntry) {
      seeds.Add("fuzz_deserialize_protobuf", name, content);
      seeds.Add("fuzz_deserialize_protobuf", name + "_unchecked",
                AsBytes(WithoutChecksums(content)));
    }
    if (entry.name == andon::kWeightsEntry)
      seeds.Add("fuzz_deserialize_safetensors", name, content);
    if (entry.name == "manifest.json") seeds.Add("fuzz_json", name, content);
    seeds.Add("fuzz_deflate", name + "_" + entry.name, andon::DeflateRaw(content));
    seeds.Add("fuzz_zstd", name + "_" + entry.name, andon::ZstdCompress(content));
  }
}

bool AddPackages(Seeds& seeds) {
  for (const auto& [name, description] : kDescriptions) {
    seeds.Add("fuzz_pack", name, AsBytes(description));
    seeds.Add("fuzz_json", name + "_description", AsBytes(description));
    andon::PackRequest request = {.description = AsBytes(description)};
    const auto unsigned_file = andon::Pack(request);
    request.attachments["notes.txt"] = Bytes(40, 'n');
    request.signing_seed = andon::Ed25519Seed{1};
    const auto signed_file = andon::Pack(request);
    if (!unsigned_file.ok() || !signed_file.ok()) {
      std::fprintf(stderr, "%s: %s\n", name.c_str(), unsigned_file.status().message().c_str());
      return false;
    }
    AddPackage(seeds, name, *unsigned_file);
    AddPackage(seeds, name + "_signed", *signed_file);
  }
  return true;
}

// An expert of version 2 with this PARAMS section and two texts.
void AddExpert(Seeds& seeds, const std::string& name, ByteView params) {
  const std::vector<andon::SectionContent> sections = {
      {.type = 1, .layer = andon::attacks::kParamsLayer, .element_size = 2, .content = params},
      {.type = 7, .name = "LICENSE", .content = AsBytes("MIT")},
      {.type = 0x8000, .content = AsBytes("an extension")}};
  for (const bool zstd : {false, true}) {
    const auto file = andon::WriteExpert(AsBytes("{}"), sections, {.zstd = zstd}, std::nullopt);
    if (file.ok()) seeds.Add("fuzz_expert_v2", name + (zstd ? "_zstd" : ""), *file);
  }
}

void AddExperts(Seeds& seeds) {
  AddExpert(seeds, "every_kind", andon::attacks::EveryKind());
  for (const auto& attack : andon::attacks::ParamsAttacks())
    AddExpert(seeds, "params_" + attack.name, attack.file);
  for (const auto& attack : andon::attacks::ExpertV2Attacks())
    seeds.Add("fuzz_expert_v2", attack.name, attack.file);
}

// Chains of one to four certificates, a list with an entry of each kind, and a rotation.
void AddTrustDocuments(Seeds& seeds) {
  Bytes chain;
  for (uint8_t place = 1; place <= 4; ++place) {
    const auto role = place == 1   ? andon::CertificateRole::kSigner
                      : place == 4 ? andon::CertificateRole::kRoot
                                   : andon::CertificateRole::kCa;
    const auto certificate =
        andon::IssueCertificate({.role = role,
                                 .max_path = static_cast<uint8_t>(place == 1 ? 0 : 2),
                                 .subject = andon::Ed25519PublicKeyOf({place}),
                                 .not_before = 1,
                                 .not_after = 9,
                                 .name = "expert-a",
                                 .scope = "expert-*"},
                                {static_cast<uint8_t>(place == 4 ? 4 : place + 1)});
    andon::AppendBytes(chain, *certificate);
    seeds.Add("fuzz_certificates", "chain_" + std::to_string(place), chain);
  }
  const auto list = andon::IssueRevocationList({.number = 1,
                                                .entries = {{andon::RevocationKind::kSerial},
                                                            {andon::RevocationKind::kKey},
                                                            {andon::RevocationKind::kFile}}},
                                               {1});
  seeds.Add("fuzz_certificates", "list", *list);
  seeds.Add("fuzz_certificates", "rotation", *andon::IssueKeyRotation({1}, {2}, 1));
}

// Packages of version 1, signed and not, as archives and in gzip; manifests of both versions.
void AddExpertsV1(Seeds& seeds) {
  const std::map<std::string, std::string> manifests = {
      {"schema_1",
       R"({"name":"expert-a","version":"1.0.0","base_model":{"name":"/m/b","rope_scaling":"yarn"},)"
       R"("adapters":[{"type":"lora","r":16,"alpha":16,"sha256":""}],"limitations":["slow"],"_c":1})"},
      {"schema_2",
       R"({"name":"expert-a","version":"1.0.0","schema_version":"2.0","base_models":[{"name":"b",)"
       R"("adapters":[{"type":"dora","r":12,"target_modules":["q_proj"]}]}],"routing":{"priority":1},)"
       R"("training":{"epochs":3,"decoding":{"top_k":20}},"quality_metrics":{"score":8.5}})"},
      {"metadata",
       R"({"name":"expert-a","version":"1.0.0","release_counter":3,"base_model":{"name":"b","shapes":)"
       R"({"layers":1,"hidden":2,"intermediate":3,"heads":1,"kv_heads":1,"head_dim":2,"vocabulary":9}},)"
       R"("adapter":{"kind":"lora","rank":8},"constraints":{"requires":["expert-b@>=1.0"]}})"},
      {"config",
       R"({"num_hidden_layers":2,"hidden_size":64,"intermediate_size":128,"num_attention_heads":4,)"
       R"("vocab_size":100})"}};
  for (const auto& [name, manifest] : manifests) {
    seeds.Add("fuzz_manifest", name, AsBytes(manifest));
    for (const auto& seed :
         {std::optional<andon::Ed25519Seed>(), std::optional(andon::Ed25519Seed{1})}) {
      const auto file = andon::WriteExpertV1(
          {{"manifest.json", AsBytes(manifest)}, {"a.txt", AsBytes("alpha")}}, seed, "now");
      if (!file.ok()) continue;
      const auto expert = andon::ReadExpertV1(*file);
      const std::string kind = name + (seed ? "_signed" : "");
      seeds.Add("fuzz_tar_gz", kind, *file);
      seeds.Add("fuzz_tar_gz", kind + "_archive", expert->archive);
      seeds.Add("fuzz_manifest", kind, expert->Find("manifest.json")->content);
    }
  }
  for (const auto& attack : andon::attacks::TarAttacks())
    seeds.Add("fuzz_tar_gz", attack.name, attack.file);
  for (const auto& attack : andon::attacks::GzipAttacks())
    seeds.Add("fuzz_tar_gz", "gzip_" + attack.name, attack.file);
}

// Tokenizers of both kinds, and configurations beside them; merges with texts for them.
void AddTokenizers(Seeds& seeds) {
  using std::string_literals::operator""s;
  const std::string more =
      "\0{\"bos_token\":\"he\",\"add_bos_token\":true}\0{\"eos_token_id\":[1,2]}"s;
  andon::Json pieces = andon::SampleSentencePieceJson();
  pieces["model"]["vocab"] = {{"<unk>", 0}, {"<s>", 1}, {"</s>", 2}, {"a", 3}, {"b", 4}, {"ab", 5}};
  andon::Json digits = andon::SampleBytePairsJson();
  digits["pre_tokenizer"] = {{"type", "ByteLevel"}, {"add_prefix_space", false}};
  const std::map<std::string, andon::Json> files = {
      {"byte_pairs", andon::SampleBytePairsJson()}, {"gpt2", digits}, {"sentence_piece", pieces}};
  for (const auto& [name, file] : files) {
    const std::string text = andon::DumpJson(file);
    seeds.Add("fuzz_tokenizer_json", name, AsBytes(text));
    seeds.Add("fuzz_tokenizer_json", name + "_configured", AsBytes(text + more));
  }
  for (char flags = 0; flags < 8; ++flags) {
    const std::string merges = "\4\0\1\0\4\2\1\3\0\2\4\5\3"s;
    seeds.Add("fuzz_tokenizer_differential", std::to_string(flags),
              AsBytes(flags + merges + "abc abcab\n ab\xE2\x96\xC3\xA9"));
  }
}

// A model of one layer and five tokens in 2 KB; those of the tests have a byte-level vocabulary.
void AddModels(Seeds& seeds) {
  for (const std::string architecture : {"llama", "qwen2", "qwen3"}) {
    andon::GgufWriter writer;
    writer.Text("general.architecture", architecture);
    for (const auto& [key, value] : std::map<std::string, uint32_t>{{"block_count", 1},
                                                                    {"context_length", 8},
                                                                    {"embedding_length", 2},
                                                                    {"feed_forward_length", 2},
                                                                    {"attention.head_count", 1}}) {
      writer.Number(architecture + "." + key, value);
    }
    writer.Text("tokenizer.ggml.model", "llama")
        .Texts("tokenizer.ggml.tokens", {"<unk>", "<s>", "</s>", "a", "b"});
    writer.Reals("tokenizer.ggml.scores", {0, 0, 0, -1, -2})
        .Integers("tokenizer.ggml.token_type", {2, 3, 3, 1, 1});
    const Bytes zeros(40);
    const auto add = [&](const std::string& name, const std::vector<uint64_t>& shape) {
      uint64_t count = 1;
      for (const uint64_t size : shape) count *= size;
      writer.Tensor(name, shape, andon::WeightType::kF32, ByteView(zeros).first(count * 4));
    };
    add("token_embd.weight", {2, 5});
    for (const char* name : {"output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"})
      add(std::string(name) + ".weight", {2});
    for (const char* name :
         {"attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"}) {
      add("blk.0." + std::string(name) + ".weight", {2, 2});
    }
    if (architecture == "qwen3") {
      for (const char* name : {"q", "k"})
        add("blk.0.attn_" + std::string(name) + "_norm.weight", {2});
    }
    seeds.Add("fuzz_gguf", architecture, writer.File());
  }
  for (const auto& attack : andon::attacks::GgufAttacks())
    seeds.Add("fuzz_gguf", attack.name, attack.file);
}

void AddModelTexts(Seeds& seeds) {
  const std::string shape =
      R"("num_hidden_layers":2,"hidden_size":64,"intermediate_size":128,"num_attention_heads":4,"num_key_value_heads":2,)"
      R"("max_position_embeddings":2048,"vocab_size":100,"rms_norm_eps":1e-6,"rope_theta":10000.0,)";
  const std::map<std::string, std::string> texts = {
      {"llama",
       R"({"model_type":"llama",)" + shape +
           R"("rope_scaling":{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,)"
           R"("original_max_position_embeddings":8192}})"},
      {"qwen3",
       R"({"model_type":"qwen3","head_dim":16,)" + shape +
           R"("rope_scaling":{"type":"yarn","factor":4.0,"beta_fast":32,"beta_slow":1},"tie_word_embeddings":true})"},
      {"mlx", R"({"model_type":"qwen2","quantization":{"bits":4,"group_size":32}})"},
      {"index",
       R"({"metadata":{"total_size":8},"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors"}})"},
      {"checksums", std::string(64, 'a') + "  a.gguf\n" + std::string(64, 'b') + " *b.json\n"}};
  for (const auto& [name, text] : texts) seeds.Add("fuzz_model_texts", name, AsBytes(text));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: fuzz_seeds FOLDER\n");
    return 2;
  }
  Seeds seeds(argv[1]);
  for (const auto& attack : andon::attacks::ZipAttacks()) {
    seeds.Add("fuzz_zip_extraction", attack.name, attack.file);
  }
  for (const auto& attack : andon::attacks::SafetensorsAttacks()) {
    seeds.Add("fuzz_deserialize_safetensors", attack.name, attack.file);
  }
  AddExperts(seeds);
  AddExpertsV1(seeds);
  AddTrustDocuments(seeds);
  AddTokenizers(seeds);
  AddModels(seeds);
  AddModelTexts(seeds);
  return AddPackages(seeds) ? 0 : 1;
}
