#include "tests/integration/conformance/suite_on_a_broker.hpp"

#include <utility>

#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {

test_case small_test(std::string id, std::function<void(context&)> body) {
  return {.id = std::move(id),
          .title = "Something",
          .covers = {v5("MQTT-3.12.4-1")},
          .limit = std::chrono::seconds(10),
          .body = std::move(body)};
}

void suite_on_a_broker::open(const std::string& target, const std::string& profiles_folder) {
  broker_request wanted;
  wanted.target.target = target;
  wanted.target.profiles_folder = profiles_folder;
  wanted.target.run_folder = folder.path() / "run";
  wanted.v3_1_1 = false;
  auto opened = broker_under_test::open(wanted, network);
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  broker = std::move(*opened);
}

suite_run suite_on_a_broker::run(const suite& tests, const suite_settings& settings,
                                 std::function<bool()> stop_requested) {
  std::vector<planned_test> plan;
  for (const test_case& each : tests.cases()) plan.push_back({.test = &each});
  broker_watch watch(broker->target(), network, broker->access().for_v5,
                     {.version = mqtt::protocol_version::v5, .timeout = std::chrono::seconds(10)});
  return run_suite(plan, broker->access(), settings, network, watch,
                   {.on_progress = {}, .stop_requested = std::move(stop_requested)});
}

const test_run& run_of(const suite_run& run, std::string_view id) {
  for (const test_run& each : run.tests) {
    if (each.what.test->id == id) return each;
  }
  ADD_FAILURE() << "no test " << id;
  return run.tests.front();
}

}  // namespace gauntlet::conformance
