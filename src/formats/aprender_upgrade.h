// Upgrades of metadata.pb from older schema versions.

#ifndef ANDON_FORMATS_APRENDER_UPGRADE_H_
#define ANDON_FORMATS_APRENDER_UPGRADE_H_

#include "aprender_models.pb.h"
#include "common/status.h"

namespace andon {

// Schema version 1 had no Checksums, no LinearModel.kind, alpha or l1_ratio and no class_labels. A
// linear model said the three as texts among its hyperparameters: "model" ("linear_regression",
// "ridge", "lasso" or "elastic_net"; absent: linear_regression), "alpha" and "l1_ratio" (decimal
// numbers). This moves them to their fields.
// Error: ArchitectureInvalid where a text is none of these.
Status UpgradeSchema1To2(aprender::v2::ModelPackage& package);

}  // namespace andon

#endif  // ANDON_FORMATS_APRENDER_UPGRADE_H_
