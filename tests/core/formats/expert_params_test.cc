#include "formats/expert_params.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/attacks/params_attacks.h"
#include "tests/core/support/sample_adapter.h"

namespace andon {
namespace {

constexpr AdapterKind kKinds[] = {AdapterKind::kLora, AdapterKind::kDora, AdapterKind::kIa3,
                                  AdapterKind::kOsd, AdapterKind::kLokr};
constexpr DType kDTypes[] = {DType::kF32, DType::kF16, DType::kBF16};

std::string CodeOf(const Status& status) { return std::string(ErrorCodeName(status.code())); }

void ExpectSameBytes(ByteView a, ByteView b) { EXPECT_TRUE(std::ranges::equal(a, b)); }

void ExpectSame(const AdapterModule& a, const AdapterModule& b) {
  EXPECT_EQ(a.target, b.target);
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.dtype, b.dtype);
  EXPECT_EQ(a.feed_forward, b.feed_forward);
  EXPECT_EQ(a.sparse_factors, b.sparse_factors);
  EXPECT_EQ(a.rank, b.rank);
  EXPECT_EQ(a.sparse_format, b.sparse_format);
  EXPECT_EQ(a.in_features, b.in_features);
  EXPECT_EQ(a.out_features, b.out_features);
  EXPECT_EQ(a.scale, b.scale);
  EXPECT_EQ(a.sparse_weight, b.sparse_weight);
  EXPECT_EQ(a.sparse_count, b.sparse_count);
  EXPECT_EQ(a.w1_rows, b.w1_rows);
  EXPECT_EQ(a.w1_cols, b.w1_cols);
  ExpectSameBytes(a.a, b.a);
  ExpectSameBytes(a.b, b.b);
  ExpectSameBytes(a.c, b.c);
  ExpectSameBytes(a.sparse_indices, b.sparse_indices);
  ExpectSameBytes(a.sparse_values, b.sparse_values);
}

void ExpectRoundTrip(SampleAdapter& adapter) {
  const auto payload = WriteParams(adapter.layer());
  ASSERT_TRUE(payload.ok()) << payload.status().message();
  const auto layer = ParseParams(*payload, adapter.layer().layer);
  ASSERT_TRUE(layer.ok()) << layer.status().message();
  ASSERT_EQ(layer->modules.size(), adapter.layer().modules.size());
  for (size_t i = 0; i < layer->modules.size(); ++i)
    ExpectSame(layer->modules[i], adapter.layer().modules[i]);
  EXPECT_EQ(*WriteParams(*layer), *payload);
}

TEST(ExpertParams, EveryKindInEveryDTypeComesBack) {
  for (const AdapterKind kind : kKinds) {
    for (const DType dtype : kDTypes) {
      SampleAdapter adapter(27);
      adapter.Add(AdapterTarget::kQ, kind, dtype);
      adapter.Add(AdapterTarget::kDown, kind, dtype, 34, 130);
      ExpectRoundTrip(adapter);
    }
  }
}

TEST(ExpertParams, SparseFormsOfOsdComeBack) {
  for (const DType dtype : kDTypes) {
    for (const SparseFormat format : {SparseFormat::kCsr, SparseFormat::kCsc}) {
      SampleAdapter adapter;
      adapter.Add(AdapterTarget::kQ, AdapterKind::kOsd, dtype);
      adapter.AddResidual(format);
      adapter.Add(AdapterTarget::kK, AdapterKind::kOsd, dtype);
      adapter.MakeFactorsSparse();
      adapter.Add(AdapterTarget::kV, AdapterKind::kOsd, dtype, 8, 3);
      adapter.MakeFactorsSparse();
      adapter.AddResidual(format);
      ExpectRoundTrip(adapter);
    }
  }
}

TEST(ExpertParams, FeedForwardOfIa3ScalesInputs) {
  SampleAdapter adapter;
  adapter.Add(AdapterTarget::kDown, AdapterKind::kIa3, DType::kF16);
  adapter.last().feed_forward = true;
  EXPECT_EQ(CodeOf(WriteParams(adapter.layer()).status()), "ParamsPlace");  // 4 values, not 6
  adapter.last().a = adapter.Numbers(6, DType::kF16);
  ExpectRoundTrip(adapter);
}

// PEFT's files do not tell them.
TEST(ExpertParams, Ia3MayLeaveTheFeaturesOfItsOtherSideUnknown) {
  SampleAdapter adapter;
  adapter.Add(AdapterTarget::kQ, AdapterKind::kIa3, DType::kF16, 0, 4);
  ExpectRoundTrip(adapter);
  EXPECT_TRUE(CheckAgainstBase(adapter.layer(), {.hidden = 64}).ok());
  adapter.last().feed_forward = true;
  EXPECT_EQ(CodeOf(WriteParams(adapter.layer()).status()), "ParamsShape");
  std::swap(adapter.last().in_features, adapter.last().out_features);
  ExpectRoundTrip(adapter);
  adapter.last().feed_forward = false;
  EXPECT_EQ(CodeOf(WriteParams(adapter.layer()).status()), "ParamsShape");
}

TEST(ExpertParams, ModulesOutsideTheLayersComeBack) {
  SampleAdapter adapter(kNoLayer);
  adapter.Add(AdapterTarget::kEmbedTokens, AdapterKind::kLora, DType::kF32);
  adapter.Add(AdapterTarget::kLmHead, AdapterKind::kLora, DType::kF32);
  ExpectRoundTrip(adapter);
}

TEST(ExpertParams, ModuleOfALayerIsRefusedOutsideThem) {
  SampleAdapter adapter(kNoLayer);
  adapter.Add(AdapterTarget::kQ, AdapterKind::kLora, DType::kF32);
  EXPECT_EQ(CodeOf(WriteParams(adapter.layer()).status()), "ParamsModule");
}

TEST(ExpertParams, RankOfLokrIsKeptAsItIs) {
  SampleAdapter adapter;
  adapter.Add(AdapterTarget::kQ, AdapterKind::kLokr, DType::kF32);
  for (const uint16_t rank : std::initializer_list<uint16_t>{0, 1024}) {
    adapter.last().rank = rank;
    ExpectRoundTrip(adapter);
  }
}

TEST(ExpertParams, SparseFactorOfNothingIsRead) {
  SampleAdapter adapter;
  adapter.Add(AdapterTarget::kQ, AdapterKind::kOsd, DType::kF32);
  adapter.MakeFactorsSparse();
  adapter.last().a = adapter.SparseFactor(std::vector<std::vector<uint32_t>>(4));
  ExpectRoundTrip(adapter);
  EXPECT_EQ(UpdateNorm(adapter.last()), 0);
}

TEST(ExpertParams, WritesNothingThatCouldNotBeRead) {
  SampleAdapter adapter;
  EXPECT_EQ(CodeOf(WriteParams(adapter.layer()).status()), "ParamsMalformed");  // no modules
  adapter.Add(AdapterTarget::kQ, AdapterKind::kLora, DType::kF32);
  adapter.last().dtype = DType::kF64;
  EXPECT_EQ(CodeOf(WriteParams(adapter.layer()).status()), "ParamsModule");
  adapter.last().dtype = DType::kF32;
  adapter.last().b = {};
  EXPECT_EQ(CodeOf(WriteParams(adapter.layer()).status()), "ParamsPlace");
}

TEST(ExpertParams, Names) {
  EXPECT_EQ(AdapterTargetName(AdapterTarget::kQ), "q_proj");
  EXPECT_EQ(AdapterTargetName(AdapterTarget::kDown), "down_proj");
  EXPECT_EQ(AdapterTargetName(AdapterTarget::kLmHead), "lm_head");
  EXPECT_EQ(AdapterKindName(AdapterKind::kLora), "lora");
  EXPECT_EQ(AdapterKindName(AdapterKind::kOsd), "osd");
  EXPECT_EQ(AdapterKindName(AdapterKind::kLokr), "lokr");
}

class ParamsAttack : public testing::TestWithParam<attacks::Attack> {};

TEST_P(ParamsAttack, IsRefused) {
  const Status status = ParseParams(GetParam().file, attacks::kParamsLayer).status();
  EXPECT_EQ(ErrorCodeName(status.code()), ErrorCodeName(GetParam().code))
      << GetParam().why << "; " << status.message();
}

INSTANTIATE_TEST_SUITE_P(Each, ParamsAttack, testing::ValuesIn(attacks::ParamsAttacks()),
                         [](const auto& info) { return info.param.name; });

TEST(ParamsAttacks, UnchangedPayloadIsRead) {
  const Bytes payload = attacks::EveryKind();
  const auto layer = ParseParams(payload, attacks::kParamsLayer);
  EXPECT_TRUE(layer.ok()) << layer.status().message();
}

TEST(ParamsAttacks, EveryTruncationIsRefused) {
  const Bytes payload = attacks::EveryKind();
  for (size_t size = 0; size < payload.size(); ++size)
    ASSERT_FALSE(ParseParams(ByteView(payload).first(size), attacks::kParamsLayer).ok()) << size;
}

// --- against a base model ---

constexpr BaseShapes kBase = {.layers = 2,
                              .hidden = 64,
                              .intermediate = 96,
                              .heads = 4,
                              .kv_heads = 2,
                              .head_dim = 32,
                              .vocabulary = 500};

std::string FitOf(AdapterTarget target, uint32_t in, uint32_t out, const BaseShapes& base = kBase) {
  SampleAdapter adapter(target < AdapterTarget::kEmbedTokens ? 1 : kNoLayer);
  adapter.Add(target, AdapterKind::kLora, DType::kF16, in, out);
  return CodeOf(CheckAgainstBase(adapter.layer(), base));
}

TEST(CheckAgainstBase, EveryModuleHasTheShapeOfItsWeight) {
  const struct {
    AdapterTarget target;
    uint32_t in, out;
  } weights[] = {{AdapterTarget::kQ, 64, 128},     {AdapterTarget::kK, 64, 64},
                 {AdapterTarget::kV, 64, 64},      {AdapterTarget::kO, 128, 64},
                 {AdapterTarget::kGate, 64, 96},   {AdapterTarget::kUp, 64, 96},
                 {AdapterTarget::kDown, 96, 64},   {AdapterTarget::kEmbedTokens, 500, 64},
                 {AdapterTarget::kLmHead, 64, 500}};
  for (const auto& [target, in, out] : weights) {
    EXPECT_EQ(FitOf(target, in, out), "Ok") << AdapterTargetName(target);
    EXPECT_EQ(FitOf(target, in + 2, out), "BaseShapeMismatch") << AdapterTargetName(target);
    EXPECT_EQ(FitOf(target, in, out + 2), "BaseShapeMismatch") << AdapterTargetName(target);
  }
}

TEST(CheckAgainstBase, WhatTheBaseDoesNotStateIsNotChecked) {
  EXPECT_EQ(FitOf(AdapterTarget::kQ, 7, 8, {}), "Ok");
  EXPECT_EQ(FitOf(AdapterTarget::kQ, 64, 8, {.hidden = 64}), "Ok");
  EXPECT_EQ(FitOf(AdapterTarget::kQ, 65, 8, {.hidden = 64}), "BaseShapeMismatch");
}

TEST(CheckAgainstBase, LayerThatTheBaseDoesNotHaveIsRefused) {
  SampleAdapter adapter(2);
  adapter.Add(AdapterTarget::kK, AdapterKind::kLora, DType::kF16, 64, 64);
  EXPECT_EQ(CodeOf(CheckAgainstBase(adapter.layer(), kBase)), "BaseShapeMismatch");
  adapter.layer().layer = 1;
  EXPECT_EQ(CodeOf(CheckAgainstBase(adapter.layer(), kBase)), "Ok");
}

TEST(CheckAgainstBase, ErrorNamesLayerModuleAndBothShapes) {
  SampleAdapter adapter(1);
  adapter.Add(AdapterTarget::kK, AdapterKind::kLora, DType::kF16, 64, 66);
  EXPECT_EQ(CheckAgainstBase(adapter.layer(), kBase).message(),
            "params: k_proj of layer 1 from 64 to 66 features, the base has 64 to 64");
}

}  // namespace
}  // namespace andon
