#pragma once

// The embedded reference broker and Debian's mosquitto_pub and mosquitto_sub against it: clients
// that share no line with us.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/broker/embedded.hpp"
#include "harness/mqtt/protocol.hpp"
#include "harness/target/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::broker {

/// A client program on its way.
class client_program {
 public:
  client_program(target::child_process process, std::filesystem::path output)
      : process_(std::move(process)), output_(std::move(output)) {}

  /// Its exit status and everything it printed.
  struct end {
    int code = -1;
    std::string output;
  };
  /// Waits for its end.
  end finish();
  /// Ends it without a word to the broker.
  void kill() { process_.kill(); }

 private:
  target::child_process process_;
  std::filesystem::path output_;
};

/// A test with a broker of its own and client programs of one protocol version.
class mosquitto_clients : public testing::Test {
 protected:
  using arguments = std::vector<std::string>;

  void start_broker(options chosen = {});
  client_program run(const std::string& program, mqtt::protocol_version version,
                     const arguments& more);

  /// mosquitto_pub, run to its end, which must be a success.
  void publish(mqtt::protocol_version version, const arguments& more);
  /// mosquitto_sub, on its way; comes back when the broker has its subscription.
  client_program subscribe(mqtt::protocol_version version, const arguments& more);

  /// Waits for a condition over the broker's counts.
  void await(const std::function<bool(const statistics&)>& condition);

  std::unique_ptr<embedded_broker> broker;

 private:
  test::temporary_directory folder_;
  int programs_ = 0;
};

}  // namespace gauntlet::broker
