#include <algorithm>

#include "formats/expert_params.h"
#include "formats/expert_params_record.h"

namespace andon {
namespace {

// Appends a tensor where it belongs; its offset, or 0 where there is none.
uint64_t AppendTensor(Bytes& payload, ByteView tensor) {
  if (tensor.empty()) return 0;
  payload.resize(static_cast<size_t>(AlignTensor(payload.size())));
  const uint64_t offset = payload.size();
  AppendBytes(payload, tensor);
  return offset;
}

}  // namespace

Result<Bytes> WriteParams(const AdapterLayer& layer) {
  Bytes records;
  AppendU32(records, layer.layer);
  AppendU16(records, static_cast<uint16_t>(layer.modules.size()));
  AppendU16(records, 0);
  AppendU64(records, 0);

  uint64_t total = kParamsHeaderBytes + kParamsRecordBytes * layer.modules.size();
  for (const AdapterModule& module : layer.modules) {
    for (const ByteView tensor :
         {module.a, module.b, module.c, module.sparse_indices, module.sparse_values})
      total = AlignTensor(total) + tensor.size();
  }
  Bytes payload;
  payload.reserve(static_cast<size_t>(total));
  payload.resize(kParamsHeaderBytes + kParamsRecordBytes * layer.modules.size());
  for (const AdapterModule& module : layer.modules) {
    ParamsRecord record;
    record.module = module;
    record.offset_a = AppendTensor(payload, module.a);
    record.offset_b = AppendTensor(payload, module.b);
    record.offset_c = AppendTensor(payload, module.c);
    record.offset_indices = AppendTensor(payload, module.sparse_indices);
    record.offset_values = AppendTensor(payload, module.sparse_values);
    AppendParamsRecord(records, record);
  }
  std::ranges::copy(records, payload.begin());
  ANDON_RETURN_IF_ERROR(ParseParams(payload, layer.layer).status());
  return payload;
}

}  // namespace andon
