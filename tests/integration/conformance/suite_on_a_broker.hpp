#pragma once

// Runs small suites, written for the runner's own tests, against a broker over sockets.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "conformance/runner/conduct.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::conformance {

/// Tests that differ in their bodies only.
test_case small_test(std::string id, std::function<void(context&)> body);

/// Opens a broker and runs tests of 5.0 on it.
class suite_on_a_broker : public testing::Test {
 protected:
  void open(const std::string& target, const std::string& profiles_folder = {});
  suite_run run(const suite& tests, const suite_settings& settings = {.jobs = 4},
                std::function<bool()> stop_requested = {});

  test::temporary_directory folder;
  net::asio_loop loop;
  net::asio_network network{loop};
  std::unique_ptr<broker_under_test> broker;
};

/// The run of the test with that id.
const test_run& run_of(const suite_run& run, std::string_view id);

}  // namespace gauntlet::conformance
