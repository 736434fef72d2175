// Goal: no conformance test passes on a server that implements nothing.

#include <gtest/gtest.h>

#include "conformance/cases/all_cases.hpp"
#include "conformance/suite/run_case.hpp"
#include "harness/base/virtual_loop.hpp"
#include "harness/net/memory_network.hpp"
#include "tests/unit/conformance/null_brokers.hpp"

namespace gauntlet::conformance {
namespace {

class NullBroker : public testing::TestWithParam<null_broker_behaviour> {};

TEST_P(NullBroker, PassesNothing) {
  const suite cases = all_cases();
  for (const test_case& each : cases.cases()) {
    for (const auto version : {mqtt::protocol_version::v3_1_1, mqtt::protocol_version::v5}) {
      if (!each.runs_on(version)) continue;
      virtual_loop loop;
      net::memory_network network(loop);
      const net::endpoint address{.host = "null", .port = 1883};
      const null_broker broker(network, address, GetParam());
      arena where{.network = network,
                  .endpoint_for = [&](mqtt::protocol_version) { return address; }};
      const case_result result = run_case(where, each, version);
      const bool passed = result.verdict == verdict::pass || result.verdict == verdict::variant;
      EXPECT_FALSE(passed) << each.id << " in " << mqtt::version_name(version) << ": "
                           << to_string(result.verdict);
    }
  }
}

std::string name_of(const testing::TestParamInfo<null_broker_behaviour>& info) {
  std::string name;
  for (const char letter : info.param.name) {
    if (std::isalnum(static_cast<unsigned char>(letter)) != 0) name += letter;
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, NullBroker, testing::ValuesIn(null_brokers()), name_of);

}  // namespace
}  // namespace gauntlet::conformance
