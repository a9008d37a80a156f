// Makes an adapter from the decoded layers of an expert, one after the other as they arrive.

#ifndef ANDON_ADAPTERS_ADAPTER_BUILDER_H_
#define ANDON_ADAPTERS_ADAPTER_BUILDER_H_

#include <cstdint>
#include <memory>

#include "common/status.h"
#include "formats/expert_params.h"
#include "transformer/adapter.h"
#include "transformer/adapter_base.h"

namespace andon {

class AdapterBuilder {
 public:
  // `id` stands for all that will be added: two adapters of one id are taken for the same.
  AdapterBuilder(const AdapterBase& base, const AdapterId& id);

  // The next layer, ascending, kNoLayer last: what ParseParams or ReadPeftLayer gave. Its tensors
  // are used where they lie; `memory` owns them and is kept as long as the adapter. DoRA's norms
  // are computed here. Errors: BaseShapeMismatch, naming layer, module and both shapes;
  // InvalidArgument where the layer is out of order; after an error there is only the destructor.
  Status Add(const AdapterLayer& layer, std::shared_ptr<const void> memory);

  // So many first layers have all of their updates: those below the last one added, and it.
  uint32_t layers_ready() const { return layers_ready_; }

  // REQUIRES: called once.
  std::shared_ptr<const Adapter> Finish();

 private:
  void AddModule(uint32_t layer, const AdapterModule& module);

  const AdapterBase base_;
  Adapter::Parts parts_;
  uint32_t layers_ready_ = 0;
  bool is_whole_ = false;  // kNoLayer was added
};

}  // namespace andon

#endif  // ANDON_ADAPTERS_ADAPTER_BUILDER_H_
