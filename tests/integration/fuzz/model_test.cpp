// Goal: over sockets, with lanes side by side, the model finds nothing on a broker that is right,
// and each named defect with a short sequence, from fixed seeds and in a bounded number of
// sequences.

#include <algorithm>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "fuzz/model/live_lane.hpp"
#include "fuzz/model/model_run.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"

namespace gauntlet::fuzz::model {
namespace {

class ModelOverSockets : public testing::Test {
 protected:
  void start(const char* defect) {
    target::target_options options;
    options.embedded.sink = [](const auto&...) {};
    if (defect != nullptr) options.embedded.defects = {*broker::parse_defect(defect)};
    auto opened = target::open_target(options, network_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    broker_ = std::move(*opened);
  }
  void TearDown() override {
    if (broker_) broker_->stop();
  }
  model_result run(std::uint64_t sequences, std::size_t findings_max) {
    model_options options;
    options.draws.timed_share = 0;  // virtual time has the others
    options.sequences = sequences;
    options.lanes = 3;
    options.findings_max = findings_max;
    options.findings_per_rule_max = 1;
    options.play.settle = std::chrono::milliseconds(2);
    auto result = run_model(
        [this] { return outcome<std::unique_ptr<lane>>(open_live_lane(*broker_)); }, options);
    EXPECT_TRUE(result.has_value());
    return result ? std::move(*result) : model_result{};
  }

 private:
  net::asio_loop loop_;
  net::asio_network network_{loop_};
  std::unique_ptr<target::target_handle> broker_;
};

std::string script_of(const model_finding& finding) {
  std::string text = finding.what.sentence + "\n";
  for (const std::string& line : finding.script) text += line + "\n";
  return text;
}

TEST_F(ModelOverSockets, FindsNothingWhereNothingIsWrong) {
  ASSERT_NO_FATAL_FAILURE(start(nullptr));
  const model_result result = run(100, 0);
  EXPECT_EQ(result.sequences, 100U);
  EXPECT_GT(result.receipts, 100U);
  for (const model_finding& each : result.findings) ADD_FAILURE() << script_of(each);
}

struct known_defect {
  const char* name;
  rule breaks;
  std::size_t operations_max;  ///< of the shortest sequence
};
std::ostream& operator<<(std::ostream& out, const known_defect& defect) {
  return out << defect.name;
}

class ModelFindsDefect : public ModelOverSockets,
                         public testing::WithParamInterface<known_defect> {};

TEST_P(ModelFindsDefect, OverSockets) {
  ASSERT_NO_FATAL_FAILURE(start(GetParam().name));
  const model_result result = run(60, 1);
  ASSERT_FALSE(result.findings.empty());
  const model_finding& finding = result.findings.front();
  EXPECT_EQ(info_of(finding.what.broken).name, info_of(GetParam().breaks).name)
      << script_of(finding);
  EXPECT_EQ(finding.reproduced, finding.replays);
  EXPECT_LE(finding.shortest.operations.size(), GetParam().operations_max) << script_of(finding);
}

// Those whose sign is a packet that comes: what stays away costs patience at each step.
INSTANTIATE_TEST_SUITE_P(
    All, ModelFindsDefect,
    testing::Values(known_defect{"keep-session-at-clean-start",
                                 rule::session_present_after_clean_start, 3},
                    known_defect{"publish-will-after-disconnect", rule::unwanted_will, 5},
                    known_defect{"ignore-retain-handling", rule::unwanted_retained, 5},
                    known_defect{"keep-retained-on-empty-payload", rule::stale_retained, 5}),
    [](const auto& each_test) {
      std::string name = each_test.param.name;
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

}  // namespace
}  // namespace gauntlet::fuzz::model
