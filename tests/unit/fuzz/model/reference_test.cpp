// Goal: the model finds nothing on a broker that is right, and finds each of its defects with a
// short sequence, from fixed seeds and in a bounded number of sequences.

#include <algorithm>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "fuzz/model/model_run.hpp"
#include "fuzz/model/reference_lane.hpp"

namespace gauntlet::fuzz::model {
namespace {

model_options options_for(std::uint64_t sequences, std::uint64_t seed) {
  model_options options;
  options.draws.seed = seed;
  options.sequences = sequences;
  return options;
}

model_result run_on(const broker::options& how, const model_options& options) {
  auto result = run_model([&how] { return open_reference_lane(how); }, options);
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
  return result ? std::move(*result) : model_result{};
}

std::string script_of(const model_finding& finding) {
  std::string text = finding.what.sentence + "\n";
  for (const std::string& line : finding.script) text += line + "\n";
  return text;
}

TEST(ModelOnTheReference, FindsNothingWhereNothingIsWrong) {
  const model_result result = run_on({}, options_for(2000, 1));
  EXPECT_EQ(result.sequences, 2000U);
  EXPECT_GT(result.receipts, 2000U);
  for (const model_finding& each : result.findings) ADD_FAILURE() << script_of(each);
}

struct known_defect {
  const char* name;
  rule breaks;
  std::size_t operations_max;  ///< of the shortest sequence
  std::uint64_t sequences = 400;
};
std::ostream& operator<<(std::ostream& out, const known_defect& defect) {
  return out << defect.name;
}

class ModelOnADefect : public testing::TestWithParam<known_defect> {};

TEST_P(ModelOnADefect, IsFoundAndShrunk) {
  broker::options how;
  const auto defect = broker::parse_defect(GetParam().name);
  ASSERT_TRUE(defect.has_value());
  how.defects = {*defect};
  model_options options = options_for(GetParam().sequences, 1);
  options.findings_per_rule_max = 1;
  const model_result result = run_on(how, options);
  const auto found =
      std::find_if(result.findings.begin(), result.findings.end(),
                   [](const auto& each) { return each.what.broken == GetParam().breaks; });
  std::string others;
  for (const model_finding& each : result.findings) others += script_of(each) + "\n";
  ASSERT_NE(found, result.findings.end()) << others;
  EXPECT_EQ(found->reproduced, found->replays);
  EXPECT_TRUE(found->shrunk);
  EXPECT_LE(found->shortest.operations.size(), GetParam().operations_max) << script_of(*found);
}

INSTANTIATE_TEST_SUITE_P(
    Defects, ModelOnADefect,
    testing::Values(
        known_defect{"forget-retained-message", rule::lost_retained, 5},
        known_defect{"keep-retained-on-empty-payload", rule::stale_retained, 5},
        known_defect{"lose-will", rule::lost_will, 5},
        known_defect{"publish-will-after-disconnect", rule::unwanted_will, 5},
        known_defect{"publish-will-after-resume", rule::unwanted_will, 6},
        known_defect{"keep-session-at-clean-start", rule::session_present_after_clean_start, 3},
        known_defect{"keep-session-after-expiry", rule::session_present_without_session, 4},
        known_defect{"forget-subscriptions-at-resume", rule::lost_message, 6},
        known_defect{"lose-qos1-while-disconnected", rule::lost_queued_message, 6},
        known_defect{"deliver-qos2-twice", rule::message_twice, 4},
        known_defect{"deliver-repeated-qos2-message", rule::message_twice, 6},
        known_defect{"ignore-no-local", rule::message_despite_no_local, 3},
        known_defect{"leave-existing-client-connected", rule::taken_over_connection_kept, 2},
        known_defect{"keep-expired-message", rule::expired_message, 8, 8000},
        known_defect{"omit-redelivery", rule::redelivery_missing, 6},
        known_defect{"exceed-receive-maximum", rule::receive_maximum_exceeded, 8, 4000},
        known_defect{"ignore-retain-as-published", rule::wrong_retain_flag, 4},
        known_defect{"ignore-retain-handling", rule::unwanted_retained, 5},
        known_defect{"redeliver-with-new-identifier", rule::redelivery_changed, 7},
        known_defect{"reverse-queued-messages", rule::wrong_order, 7},
        known_defect{"unsubscribe-matching-filters", rule::lost_message, 6},
        known_defect{"keep-older-subscription", rule::wrong_identifiers, 5},
        known_defect{"withhold-from-no-local-subscription", rule::lost_message, 5},
        known_defect{"deliver-at-lowest-qos", rule::lower_qos_of_overlapping, 5},
        known_defect{"drop-deliveries-at-unsubscribe", rule::redelivery_missing, 7, 4000},
        known_defect{"break-off-qos2-message-with-expiry", rule::unexpected_message, 5, 4000}),
    [](const auto& each_test) {
      std::string name = each_test.param.name;
      for (char& each : name) {
        if (each == '-') each = '_';
      }
      return name;
    });

}  // namespace
}  // namespace gauntlet::fuzz::model
