// Predictions of scikit-learn on two public data sets, to 1e-6 relative, from its own coefficients.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "models/predictor.h"
#include "tests/core/models/tensors.h"

namespace andon {
namespace {

using Json = nlohmann::json;

// Nothing where the data is not on this machine.
Json ReadShared(const std::string& name) {
  std::ifstream file(ANDON_SHARED_DIR "/data/classic/" + name);
  if (file) return Json::parse(file);
  std::fprintf(stderr, "NOT TESTED against scikit-learn: %s is absent\n", name.c_str());
  return {};
}

template <typename T>
std::vector<T> Flat(const Json& rows) {
  std::vector<T> numbers;
  for (const Json& row : rows) {
    if (row.is_array()) {
      for (const Json& x : row) numbers.push_back(x.get<T>());
    } else {
      numbers.push_back(row.get<T>());
    }
  }
  return numbers;
}

void ExpectClose(const std::vector<double>& actual, const std::vector<double>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    ASSERT_NEAR(actual[i], expected[i], 1e-6 * std::abs(expected[i])) << i;
  }
}

std::vector<double> RunAll(const Predictor& predictor, const std::vector<double>& rows) {
  const size_t count = rows.size() / predictor.feature_count();
  std::vector<double> out(count * predictor.output_count());
  predictor.Run(rows.data(), count, out.data());
  return out;
}

TEST(GroundTruth, LinearRegressionRidgeLassoAndElasticNetOnDiabetes) {
  const Json truth = ReadShared("truth.json"), data = ReadShared("data-diabetes.json");
  if (truth.is_null() || data.is_null()) return;
  for (const char* name : {"LinearRegression", "Ridge_a1", "Lasso_a0.1", "ElasticNet"}) {
    const Json& model = truth.at(std::string("diabetes/") + name);
    const auto tensors =
        Tensors()
            .Add("w", {10}, Flat<double>(model.at("coef")))
            .Add("b", {1}, std::vector<double>{model.at("intercept").get<double>()});
    const auto predictor = BuildLinear(
        {.weights_tensor = "w", .intercept_tensor = "b", .feature_count = 10}, tensors.map());
    ASSERT_TRUE(predictor.ok());
    ExpectClose(RunAll(**predictor, Flat<double>(data.at("X"))), Flat<double>(model.at("pred")));
  }
}

TEST(GroundTruth, LogisticRegressionOnScaledIris) {
  const Json truth = ReadShared("truth.json"), data = ReadShared("data-iris.json");
  if (truth.is_null() || data.is_null()) return;
  const Json& scaler = truth.at("iris/StandardScaler");
  auto rows = Flat<double>(data.at("X"));
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i] = (rows[i] - scaler.at("mean")[i % 4].get<double>()) /
              scaler.at("scale")[i % 4].get<double>();
  }
  const Json& model = truth.at("iris/LogisticRegression_scaled");
  const auto tensors = Tensors()
                           .Add("w", {3, 4}, Flat<double>(model.at("coef")))
                           .Add("b", {3}, Flat<double>(model.at("intercept")));
  const auto predictor = BuildLogistic(
      {.weights_tensor = "w", .intercept_tensor = "b", .feature_count = 4}, tensors.map());
  ASSERT_TRUE(predictor.ok());
  ExpectClose(RunAll(**predictor, rows), Flat<double>(model.at("proba")));
}

}  // namespace
}  // namespace andon
