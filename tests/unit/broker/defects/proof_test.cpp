// Goal: every defect shows on the wire, in each version whose statements it violates, and nothing
// but the defect is what breaks the story.

#include "tests/unit/broker/defects/proof.hpp"

#include <array>
#include <cctype>
#include <map>
#include <set>
#include <string_view>

#include <gtest/gtest-spi.h>

namespace gauntlet::broker {
namespace {

struct told_proof {
  defect_proof proof;
  mqtt::protocol_version version;
};

// What ctest shows of it.
void PrintTo(const told_proof& told, std::ostream* to) {
  const auto which = static_cast<std::size_t>(told.proof.which);
  *to << all_defects()[which].name << " in " << mqtt::version_name(told.version);
}

std::vector<told_proof> all_proofs() {
  defect_proofs proofs;
  add_tolerated_input_proofs(proofs);
  add_tolerated_properties_proofs(proofs);
  add_connect_proofs(proofs);
  add_will_proofs(proofs);
  add_authentication_proofs(proofs);
  add_publish_proofs(proofs);
  add_message_proofs(proofs);
  add_retained_proofs(proofs);
  add_subscribe_proofs(proofs);
  add_topics_proofs(proofs);
  add_shared_proofs(proofs);
  add_delivery_proofs(proofs);
  add_connection_proofs(proofs);
  add_faulty_output_proofs(proofs);
  std::vector<told_proof> told;
  for (const defect_proof& each : proofs) {
    if (each.versions != told_in::v3_1_1_only) told.push_back({each, v5});
    if (each.versions != told_in::v5_only) told.push_back({each, v3});
  }
  return told;
}

const defect_info& info_of(defect which) { return all_defects()[static_cast<std::size_t>(which)]; }

class DefectProof : public testing::TestWithParam<told_proof> {};

TEST_P(DefectProof, HoldsOnlyWithoutTheDefect) {
  const auto& [proof, version] = GetParam();
  {
    SCOPED_TRACE("the correct broker");
    bench correct(proof.settings);
    proof.story(correct, version);
  }
  testing::TestPartResultArray broken;
  {
    const testing::ScopedFakeTestPartResultReporter catches(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &broken);
    options settings = proof.settings;
    settings.defects.push_back({proof.which, 1});
    bench defective(settings);
    proof.story(defective, version);
  }
  EXPECT_GT(broken.size(), 0) << "the story holds with the defect " << info_of(proof.which).name;
}

std::string name_of(const testing::TestParamInfo<told_proof>& info) {
  std::string name;
  bool upper = true;
  for (const char letter : info_of(info.param.proof.which).name) {
    if (letter != '-') name += upper ? static_cast<char>(std::toupper(letter)) : letter;
    upper = letter == '-';
  }
  return name + "_" + std::to_string(info.index) + (info.param.version == v5 ? "_v5" : "_v3");
}

INSTANTIATE_TEST_SUITE_P(All, DefectProof, testing::ValuesIn(all_proofs()), name_of);

// Defects that are proven by a test of another kind, and which.
const std::map<std::string_view, std::string_view> proven_elsewhere = {
    {"acknowledge-before-store", "store_commit_test.cpp"},
    {"forget-session-at-restart", "store_defects_test.cpp"},
    {"forget-deliveries-at-restart", "store_defects_test.cpp"},
    {"forget-inbound-identifiers-at-restart", "store_defects_test.cpp"},
    {"forget-retained-at-restart", "store_defects_test.cpp"}};

TEST(DefectProofs, AreThereForEachDefectAndVersion) {
  std::set<std::pair<defect, mqtt::protocol_version>> proven;
  for (const told_proof& each : all_proofs()) proven.insert({each.proof.which, each.version});
  for (const defect_info& info : all_defects()) {
    if (proven_elsewhere.contains(info.name)) continue;
    if (is_of_robustness(info.id)) continue;  // proven by campaigns, fuzz_defects_test.cpp
    const bool of_v3 = info.violates.find("3.1.1:") != std::string_view::npos;
    const bool of_v5 = info.violates.substr(0, 6) != "3.1.1:";
    EXPECT_TRUE(!of_v5 || proven.contains({info.id, v5})) << info.name << " has no proof in 5.0";
    EXPECT_TRUE(!of_v3 || proven.contains({info.id, v3})) << info.name << " has no proof in 3.1.1";
  }
}

}  // namespace
}  // namespace gauntlet::broker
