#include "engine/describe_layer.h"

#include "common/json.h"

namespace andon {
namespace {

// Turns views of the content into places in it.
class Places {
 public:
  explicit Places(ByteView content) : content_(content) {}

  Json Of(ByteView numbers, uint64_t element_bytes) const {
    return {{"offset", static_cast<uint64_t>(numbers.data() - content_.data())},
            {"count", numbers.size() / element_bytes}};
  }

 private:
  ByteView content_;
};

struct Sparse {
  ByteView starts, indices, values;
};

// "u64 nnz, u32 row starts [rows + 1], u32 columns [nnz], values [nnz]"
Sparse SplitSparseFactor(ByteView tensor, uint64_t rows) {
  ByteReader reader(tensor);
  uint64_t count = 0;
  Sparse sparse;
  reader.ReadU64(&count);
  reader.ReadBytes((rows + 1) * sizeof(uint32_t), &sparse.starts);
  reader.ReadBytes(count * sizeof(uint32_t), &sparse.indices);
  reader.ReadBytes(reader.remaining(), &sparse.values);
  return sparse;
}

Json DescribeModule(const AdapterModule& module) {
  return {{"target", AdapterTargetName(module.target)},
          {"kind", AdapterKindName(module.kind)},
          {"dtype", DTypeName(module.dtype)},
          {"rank", module.rank},
          {"inFeatures", module.in_features},
          {"outFeatures", module.out_features},
          {"scale", module.scale},
          {"feedForward", module.feed_forward},
          {"sparseWeight", module.sparse_weight}};
}

// Each module as DescribeModule has it and with one member more.
template <typename MemberOf>
std::string DescribeModules(const AdapterLayer& layer, const char* member,
                            const MemberOf& member_of) {
  Json modules = Json::array();
  for (const AdapterModule& module : layer.modules) {
    modules.push_back(DescribeModule(module));
    modules.back()[member] = member_of(module);
  }
  return DumpJson({{"layer", layer.layer == kNoLayer ? Json() : Json(layer.layer)},
                   {"modules", std::move(modules)}});
}

class TensorDescriber {
 public:
  explicit TensorDescriber(ByteView content) : places_(content) {}

  Json Describe(const AdapterModule& module) const {
    const uint64_t in = module.in_features, out = module.out_features, rank = module.rank;
    switch (module.kind) {
      case AdapterKind::kLora:
        return {{"a", Dense(module, module.a, {rank, in})},
                {"b", Dense(module, module.b, {out, rank})}};
      case AdapterKind::kDora:
        return {{"a", Dense(module, module.a, {rank, in})},
                {"b", Dense(module, module.b, {out, rank})},
                {"c", Dense(module, module.c, {out})}};
      case AdapterKind::kIa3:
        return {{"a", Dense(module, module.a, {module.feed_forward ? in : out})}};
      case AdapterKind::kLokr:
        return {{"a", Dense(module, module.a, {module.w1_rows, module.w1_cols})},
                {"b", Dense(module, module.b, {out / module.w1_rows, in / module.w1_cols})}};
      case AdapterKind::kOsd:
        break;
    }
    Json tensors = {{"a", Factor(module, module.a, {out, rank})},
                    {"b", Dense(module, module.b, {rank})},
                    {"c", Factor(module, module.c, {rank, in})}};
    if (module.sparse_format != SparseFormat::kNone) tensors["residual"] = Residual(module);
    return tensors;
  }

 private:
  Json Dense(const AdapterModule& module, ByteView tensor, const Shape& shape) const {
    return {{"shape", shape}, {"values", places_.Of(tensor, DTypeSize(module.dtype))}};
  }

  Json Factor(const AdapterModule& module, ByteView tensor, const Shape& shape) const {
    if (!module.sparse_factors) return Dense(module, tensor, shape);
    return DescribeSparse(module, SplitSparseFactor(tensor, shape[0]), "csr", shape);
  }

  Json Residual(const AdapterModule& module) const {
    const bool by_row = module.sparse_format == SparseFormat::kCsr;
    const uint64_t starts = (by_row ? module.out_features : module.in_features) + uint64_t{1};
    const auto split = static_cast<size_t>(starts * sizeof(uint32_t));
    const Sparse sparse{module.sparse_indices.first(split), module.sparse_indices.subspan(split),
                        module.sparse_values};
    return DescribeSparse(module, sparse, by_row ? "csr" : "csc",
                          {module.out_features, module.in_features});
  }

  Json DescribeSparse(const AdapterModule& module, const Sparse& sparse, const char* format,
                      const Shape& shape) const {
    return {{"shape", shape},
            {"format", format},
            {"starts", places_.Of(sparse.starts, sizeof(uint32_t))},
            {"indices", places_.Of(sparse.indices, sizeof(uint32_t))},
            {"values", places_.Of(sparse.values, DTypeSize(module.dtype))}};
  }

  Places places_;
};

}  // namespace

std::string DescribeLayer(const ExpertContent& content) {
  const TensorDescriber tensors(content.raw());
  return DescribeModules(content.layer(), "tensors", [&tensors](const AdapterModule& module) {
    return tensors.Describe(module);
  });
}

std::string SummarizeLayer(const ExpertContent& content) {
  return DescribeModules(content.layer(), "norm", UpdateNorm);
}

}  // namespace andon
