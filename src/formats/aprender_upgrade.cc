#include "formats/aprender_upgrade.h"

#include <optional>
#include <string>
#include <string_view>

#include "common/json.h"
#include "formats/aprender_fields.h"

namespace andon {
namespace {

using aprender::v2::LinearModel;

// Takes a hyperparameter away; nothing where it is absent.
std::optional<std::string> Take(LinearModel& model, const std::string& name) {
  auto& params = *model.mutable_hyperparameters()->mutable_params();
  const auto found = params.find(name);
  if (found == params.end()) return std::nullopt;
  std::string value = std::move(found->second);
  params.erase(found);
  return value;
}

Status Invalid(std::string_view name, std::string_view value) {
  return Error(ErrorCode::kArchitectureInvalid, "metadata.pb: hyperparameter ", name, " is ",
               Quoted(value));
}

Result<double> TakeNumber(LinearModel& model, const std::string& name) {
  const auto text = Take(model, name);
  if (!text) return 0.0;
  const auto number =
      ParseJson(AsBytes(*text), name);  // the decimal numbers of JSON, in any locale
  if (!number.ok() || !number->is_number()) return Invalid(name, *text);
  return number->get<double>();
}

}  // namespace

Status UpgradeSchema1To2(aprender::v2::ModelPackage& package) {
  package.mutable_metadata()->set_schema_version(2);
  if (!package.architecture().has_linear()) return Status();
  LinearModel& model = *package.mutable_architecture()->mutable_linear();
  const std::string name = Take(model, "model").value_or("linear_regression");
  const auto kind = LinearKindFromName(name);
  if (!kind) return Invalid("model", name);
  ANDON_ASSIGN_OR_RETURN(const double alpha, TakeNumber(model, "alpha"));
  ANDON_ASSIGN_OR_RETURN(const double l1_ratio, TakeNumber(model, "l1_ratio"));
  model.set_kind(*kind);
  model.set_alpha(alpha);
  model.set_l1_ratio(l1_ratio);
  return Status();
}

}  // namespace andon
