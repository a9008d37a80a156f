// The metadata of version 2 from that of version 1, and back.
//
//   version 1                            version 2
//   base_model, adapters (schema 1.0)    base_model, adapter
//   base_models[0], its adapters[0]      base_model, adapter
//   adapters[].type, r                   adapter.kind, rank
//   rope_scaling, a text                 rope_scaling.type
//   limitations, texts                   limitations[].description
//   training.decoding                    decoding

#include <string>
#include <utility>

#include "formats/expert_metadata.h"
#include "formats/expert_metadata_rules.h"

namespace andon {
namespace {

// Members that both versions have under the same name, in the order of version 2.
constexpr const char* kBefore[] = {"release_counter", "description", "author",      "homepage",
                                   "license",         "tags",        "capabilities"};
constexpr const char* kAfter[] = {"soft_prompts", "routing",  "constraints",
                                  "perf",         "runtime",  "quality_metrics",
                                  "limitations",  "training", "extensions"};

void CopyMember(const Json& from, const char* key, Json& to, const char* new_key) {
  if (const auto found = from.find(key); found != from.end()) to[new_key] = *found;
}

void CopyMembers(const Json& from, std::span<const char* const> keys, Json& to) {
  for (const char* key : keys) CopyMember(from, key, to, key);
}

// The first object of a list; an empty one where there is none.
Json FirstOf(const Json& object, const char* key) {
  const auto list = object.find(key);
  return list != object.end() && list->is_array() && !list->empty() && list->front().is_object()
             ? list->front()
             : Json::object();
}

// "C:/models/Qwen3-0.6B" and "/models/Qwen3-0.6B" are somebody's own folders, "Qwen/Qwen3-0.6B" is
// a name.
std::string ModelName(const std::string& name) {
  const bool local = name.starts_with('/') || name.starts_with('.') || name.starts_with('~') ||
                     name.find_first_of(":\\") != name.npos;
  return local ? name.substr(name.find_last_of("/\\:") + 1) : name;
}

Json UpgradeBaseModel(Json base) {
  if (const auto name = base.find("name"); name != base.end() && name->is_string()) {
    *name = ModelName(name->get_ref<const std::string&>());
  }
  if (const auto rope = base.find("rope_scaling"); rope != base.end() && rope->is_string()) {
    Json type = std::move(*rope);
    *rope = Json::object();
    (*rope)["type"] = std::move(type);
  }
  return base;
}

Json UpgradeAdapter(Json adapter) {
  CopyMember(Json(adapter), "type", adapter, "kind");
  CopyMember(Json(adapter), "r", adapter, "rank");
  if (adapter.value("use_dora", Json()) == true) adapter["kind"] = "dora";
  return adapter;
}

Json UpgradeLimitations(Json limitations) {
  for (Json& limitation : limitations) {
    if (limitation.is_string()) {
      Json described = Json::object();
      described["description"] = std::move(limitation);
      limitation = std::move(described);
    }
  }
  return limitations;
}

Json DowngradeAdapter(const Json& adapter) {
  Json v1 = Json::object();
  for (const auto& [key, value] : adapter.items()) {
    v1[key == "kind" ? "type" : key == "rank" ? "r" : key] = value;
  }
  v1["size_bytes"] = 0;
  v1["sha256"] = "";
  return v1;
}

Json DowngradeBaseModels(const Json& metadata) {
  const auto base = metadata.find("base_model");
  const auto adapter = metadata.find("adapter");
  if (base == metadata.end() && adapter == metadata.end()) return Json::array();
  Json v1 = base == metadata.end() ? Json::object() : *base;
  if (!v1.contains("sha256")) v1["sha256"] = "";
  v1["adapters"] = Json::array();
  if (adapter != metadata.end()) v1["adapters"].push_back(DowngradeAdapter(*adapter));
  return Json::array({std::move(v1)});
}

}  // namespace

Json UpgradeManifest(const ExpertMetadata& v1) {
  const Json& from = v1.json;
  Json to = Json::object();
  CopyMembers(from, kBefore, to);
  Json base = FirstOf(from, "base_models");
  if (from.contains("base_model")) base = from["base_model"];
  const Json& adapters_in = base.contains("adapters") ? base : from;
  to["adapter"] = UpgradeAdapter(FirstOf(adapters_in, "adapters"));
  to["base_model"] = UpgradeBaseModel(std::move(base));
  CopyMembers(from, kAfter, to);
  if (to.contains("limitations")) to["limitations"] = UpgradeLimitations(to["limitations"]);
  if (const auto training = to.find("training"); training != to.end() && training->is_object()) {
    Json decoding = training->value("decoding", Json());
    training->erase("decoding");
    if (training->empty()) to.erase("training");
    to["decoding"] = std::move(decoding);
  }
  KeepFitting(to, ExpertMetadataRule());
  Json upgraded = {{"name", v1.name}, {"version", v1.version}};
  upgraded.update(to);
  return upgraded;
}

Json DowngradeMetadata(const ExpertMetadata& v2) {
  const Json& from = v2.json;
  Json to = Json::object();
  to["name"] = v2.name;
  to["version"] = v2.version;
  to["schema_version"] = "2.0";
  CopyMembers(from, kBefore, to);
  to["base_models"] = DowngradeBaseModels(from);
  CopyMembers(from, kAfter, to);
  if (from.contains("decoding")) to["training"]["decoding"] = from["decoding"];
  return to;
}

}  // namespace andon
