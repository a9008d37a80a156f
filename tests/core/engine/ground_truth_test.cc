// Models of scikit-learn, packed, opened and run: the same predictions to 1e-6 relative.

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "common/json.h"
#include "engine/engine.h"
#include "engine/pack.h"
#include "tests/core/support/files.h"

namespace andon {
namespace {

// JSON of the shared test data; null where it is absent.
Json ReadShared(const std::string& name) {
  const auto folder = SharedFolder("data/classic");
  if (!folder) return {};
  JsonLimits limits;
  limits.max_values = 1'000'000;
  const auto json = ParseJson(*ReadFile(*folder / name), name, limits);
  EXPECT_TRUE(json.ok()) << json.status().message();
  return *json;
}

std::unique_ptr<Model> PackAndOpen(const Json& model, const Json& weights, size_t feature_count) {
  Json features = Json::array();
  for (size_t i = 0; i < feature_count; ++i) features.push_back({{"name", std::to_string(i)}});
  const std::string description = DumpJson({{"model_id", "6f1c1d9e-8d0b-4c2f-9a57-2f0e8d9b7c11"},
                                            {"version", "1.0.0"},
                                            {"model", model},
                                            {"features", features},
                                            {"weights", weights}});
  const auto file = Pack({.description = AsBytes(description)});
  EXPECT_TRUE(file.ok()) << file.status().message();
  if (!file.ok()) return nullptr;
  OpenOutcome outcome = Open(*file, Policy{});
  EXPECT_TRUE(outcome.status.ok()) << outcome.status.message();
  return std::move(outcome.model);
}

std::vector<double> Predict(const Model& model, const Json& rows) {
  std::vector<double> values;
  for (const Json& row : rows) {
    for (const Json& value : row) values.push_back(value.get<double>());
  }
  std::vector<double> out(rows.size() * model.predictor->output_count());
  model.predictor->Run(values.data(), rows.size(), out.data());
  return out;
}

void ExpectClose(double actual, double expected, const std::string& what) {
  EXPECT_LE(std::abs(actual - expected), 1e-6 * std::max(std::abs(expected), 1e-300)) << what;
}

class LinearTruth : public testing::TestWithParam<std::pair<const char*, Json>> {};

TEST_P(LinearTruth, PredictsAsScikitLearn) {
  const auto& [name, model_description] = GetParam();
  const Json truth = ReadShared("truth.json");
  const Json data = ReadShared("data-diabetes.json");
  if (truth.is_null()) return;
  const Json& reference = truth["diabetes/" + std::string(name)];
  const auto model = PackAndOpen(
      model_description,
      {{"coefficients", reference["coef"]}, {"intercept", {reference["intercept"]}}}, 10);
  ASSERT_NE(model, nullptr);
  const std::vector<double> predictions = Predict(*model, data["X"]);
  ASSERT_EQ(predictions.size(), reference["pred"].size());
  for (size_t i = 0; i < predictions.size(); ++i) {
    ExpectClose(predictions[i], reference["pred"][i].get<double>(), "row " + std::to_string(i));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Diabetes, LinearTruth,
    testing::Values(std::pair{"LinearRegression", Json{{"type", "linear_regression"}}},
                    std::pair{"Ridge_a1", Json{{"type", "ridge"}, {"alpha", 1.0}}},
                    std::pair{"Lasso_a0.1", Json{{"type", "lasso"}, {"alpha", 0.1}}},
                    std::pair{"ElasticNet",
                              Json{{"type", "elastic_net"}, {"alpha", 0.1}, {"l1_ratio", 0.5}}}));

TEST(LogisticTruth, GivesTheProbabilitiesOfScikitLearn) {
  const Json truth = ReadShared("truth.json");
  const Json data = ReadShared("data-iris.json");
  if (truth.is_null()) return;
  const Json& reference = truth["iris/LogisticRegression_scaled"];
  const Json& scaler = truth["iris/StandardScaler"];
  Json rows = data["X"];
  for (Json& row : rows) {
    for (size_t j = 0; j < row.size(); ++j) {
      row[j] = (row[j].get<double>() - scaler["mean"][j].get<double>()) /
               scaler["scale"][j].get<double>();
    }
  }
  const auto model = PackAndOpen(
      {{"type", "logistic_regression"}, {"class_labels", {"setosa", "versicolor", "virginica"}}},
      {{"coefficients", reference["coef"]}, {"intercept", reference["intercept"]}}, 4);
  ASSERT_NE(model, nullptr);
  const std::vector<double> probabilities = Predict(*model, rows);
  ASSERT_EQ(probabilities.size(), reference["proba"].size() * 3);
  for (size_t i = 0; i < probabilities.size(); ++i) {
    ExpectClose(probabilities[i], reference["proba"][i / 3][i % 3].get<double>(),
                "probability " + std::to_string(i));
  }
}

}  // namespace
}  // namespace andon
