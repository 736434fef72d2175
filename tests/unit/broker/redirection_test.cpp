// Goal: clients are sent to another server when and how the settings say.

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property_id;
using mqtt::reason_code;

constexpr const char* there = "b.example:1883";

TEST(Redirection, AtConnectIsACodeAndAReference) {
  for (const bool permanent : {false, true}) {
    bench broker({.redirection = {.server_reference = there, .permanent = permanent}});
    peer& a = broker.open(v5);
    const auto answer = a.connect({.client_id = "a"});
    EXPECT_EQ(answer.reason_code,
              permanent ? reason_code::server_moved : reason_code::use_another_server);
    EXPECT_EQ(answer.properties.find<property_id::server_reference>(), there);
    a.expect_closed();
  }
}

TEST(Redirection, AtConnectOf311IsUnavailability) {
  bench broker({.redirection = {.server_reference = there}});
  peer& a = broker.open(v3);
  EXPECT_EQ(a.connect({.client_id = "a"}).reason_code, reason_code::server_unavailable);
  a.expect_closed();
}

TEST(Redirection, AfterConnectIsADisconnect) {
  bench broker(
      {.redirection = {
           .server_reference = there, .permanent = true, .when = redirection_time::after_connect}});
  peer& a = broker.connected("a", v5);
  const auto told = a.expect<mqtt::disconnect>();
  EXPECT_EQ(told.reason_code, reason_code::server_moved);
  EXPECT_EQ(told.properties.find<property_id::server_reference>(), there);
  a.expect_closed();
  broker.connected("b", v3).expect_closed();
}

TEST(Redirection, AtShutdownIsADisconnect) {
  bench broker({.redirection = {.server_reference = there, .when = redirection_time::at_shutdown}});
  peer& a = broker.connected("a", v5);
  peer& b = broker.connected("b", v3);
  broker.core.shut_down(broker.now);
  const auto told = a.expect<mqtt::disconnect>();
  EXPECT_EQ(told.reason_code, reason_code::use_another_server);
  EXPECT_EQ(told.properties.find<property_id::server_reference>(), there);
  a.expect_closed();
  b.expect_closed();
}

TEST(Shutdown, IsTold) {
  bench broker;
  peer& a = broker.connected("a", v5);
  peer& b = broker.connected("b", v3);
  broker.core.shut_down(broker.now);
  a.expect_refusal(reason_code::server_shutting_down);
  b.expect_refusal(reason_code::server_shutting_down);
}

}  // namespace
}  // namespace gauntlet::broker
