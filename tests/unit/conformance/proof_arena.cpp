#include "tests/unit/conformance/proof_arena.hpp"

#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "harness/auth/scram.hpp"
#include "harness/broker/user.hpp"

namespace gauntlet::conformance {
namespace {

const net::endpoint address{.host = "broker", .port = 1883};
const net::endpoint second_address{.host = "broker", .port = 1884};
const net::endpoint guarded_address{.host = "guarded", .port = 1883};

const guarded_listener& guard() {
  static const guarded_listener made{.where = guarded_address,
                                     .user = {.user_name = "device", .password = "secret"},
                                     .denied_topic = "forbidden/topic",
                                     .authentication_method = std::string(auth::scram_mechanism)};
  return made;
}

// Its verifier costs milliseconds, so it is made once.
broker::user guarded_user() {
  static const broker::user made = [] {
    broker::user device = broker::make_user(guard().user.user_name, guard().user.password);
    device.access = broker::access_list{
        .rules = {{.decision = broker::permission::deny, .filter = guard().denied_topic}},
        .otherwise = broker::permission::allow};
    return device;
  }();
  return made;
}

std::unique_ptr<broker::server> start(net::network& network, std::vector<net::endpoint> listen,
                                      broker::options how) {
  broker::server_options options;
  for (const net::endpoint& where : listen) options.listen.push_back({.where = where});
  options.broker = std::move(how);
  auto started = broker::server::start(network, std::move(options));
  EXPECT_TRUE(started.has_value());
  return started ? std::move(*started) : nullptr;
}

// What the reference broker announces unless told otherwise.
capabilities able_v5(const broker::capabilities& of) {
  return {.receive_maximum = of.receive_maximum,
          .maximum_packet_size = of.maximum_packet_size,
          .topic_alias_maximum = of.topic_alias_maximum};
}

}  // namespace

proof_arena::proof_arena(broker::options how)
    : arena_{.network = network_, .endpoint_for = [](mqtt::protocol_version) { return address; }} {
  arena_.able_v5 = able_v5(how.capabilities);
  arena_.second = second_address;
  arena_.guarded = guard();
  broker::options with_users = how;
  with_users.users = {guarded_user()};
  guarded_ = start(network_, {guarded_address}, std::move(with_users));
  broker_ = start(network_, {address, second_address}, std::move(how));
}

}  // namespace gauntlet::conformance
