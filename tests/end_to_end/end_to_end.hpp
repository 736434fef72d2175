#pragma once

// What an end-to-end test can say: write a scenario, run the program, look at what it left.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/record/run_result.hpp"
#include "tests/end_to_end/processes.hpp"
#include "tests/end_to_end/program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::test {

using words = std::vector<std::string>;

/// A few devices for a second or so, on both versions and all QoS: what differs is said.
struct small_fleet {
  std::string duration = "1s";
  std::string drain = "2s";
  std::string arrival = "all_at_once";
  std::string protocol = "{3.1.1: 50%, 5.0: 50%}";  ///< of the ten senders
  std::string reader_protocol = "5.0";
  std::string count = "10";
  std::string login;  ///< lines of each group, such as "user_name: a"
  std::string expect = "  - {connected: 100%, sent: 100%, lost: 0, duplicated: 0, reordered: 0}";

  std::string yaml() const;
};

/// Messages that each sender of a small_fleet sends at each QoS in a second.
inline constexpr std::uint64_t messages_per_second = 10;

/// A broker of another process, and where it is.
struct running_broker {
  program process;
  std::string url;

  std::string port() const;
};

/// The program ended with this status and said these words on stderr.
template <class... Words>
auto fails_with(int code, const Words&... said) {
  using testing::AllOf, testing::Field, testing::HasSubstr, testing::Not;
  return AllOf(Field("code", &program_end::code, code),
               Field("err", &program_end::err, Not(HasSubstr("fault of Gauntlet"))),
               Field("err", &program_end::err, HasSubstr(said))...);
}

/// The program ended with this status and said these words on stdout.
template <class... Words>
auto ends_with(int code, const Words&... said) {
  using testing::AllOf, testing::Field, testing::HasSubstr;
  return AllOf(Field("code", &program_end::code, code),
               Field("out", &program_end::out, HasSubstr(said))...);
}

/// A test with a folder of its own, in which the program runs.
class end_to_end : public testing::Test {
 protected:
  /// Starts `gauntlet` with these arguments.
  program start(const words& arguments, const words& environment = {}) const;
  /// Runs it to its end.
  program_end run(const words& arguments, const words& environment = {}) const;
  /// `gauntlet run` of small.yaml into the folder "out", with these arguments too.
  program start_small(const small_fleet& fleet, const words& more = {}) const;
  program_end run_small(const small_fleet& fleet, const words& more = {}) const;
  /// Runs another program, found in PATH, to its end.
  program_end run_other(const words& command) const;

  /// `gauntlet broker` with these arguments; comes back when it listens.
  running_broker start_broker(const words& more = {}) const;
  /// A port of 127.0.0.1 on which nobody listens.
  static std::string closed_port();

  /// Waits until the run says on stderr that it has come to the phase ("publishing").
  static void await_phase(program& run, std::string_view phase);

  /// Waits until so many messages have come through the broker at that port.
  void await_messages(const std::string& port, int count = 20) const;
  /// The port of the mosquitto that a run into "out" has started.
  std::string mosquitto_port() const;

  /// What result.json of that folder says; fails the test if there is none.
  record::run_result result(const std::string& out = "out") const;
  std::string content_of(const std::string& file) const { return read_file(folder.file(file)); }
  bool exists(const std::string& file) const;

  temporary_directory folder;
};

}  // namespace gauntlet::test
