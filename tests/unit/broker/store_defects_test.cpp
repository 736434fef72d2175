// Goal: the defects of a restart show on the wire, each where it should and nowhere else.

#include "tests/unit/broker/store_bench.hpp"

namespace gauntlet::broker {
namespace {

// What a client finds after the restart of a broker with or without a defect.
struct finding {
  bool session_present = false;
  bool message_present = false;
  bool retained_present = false;
  bool taken_twice = false;
  friend bool operator==(const finding&, const finding&) = default;
};

bool gets_publish(peer& at) {
  bool got = false;
  while (at.waiting() > 0) got |= std::holds_alternative<mqtt::publish>(at.expect());
  return got;
}

finding look_after_restart(std::vector<defect_switch> defects, mqtt::protocol_version version) {
  options chosen;
  chosen.defects = std::move(defects);
  store_bench broker(chosen);
  mqtt::connect lasting{.clean_start = false};
  if (version == v5) lasting.properties.add(mqtt::session_expiry_interval(100));
  mqtt::publish half_done{.qos = qos2, .topic_name = "live", .payload = {1}};
  half_done.packet_identifier = 7;

  broker->connected("a", version, lasting).subscribe("t", qos1);
  peer& p = broker->connected("p", version, lasting);
  p.publish("t", "1", qos1, true);
  p.send(half_done);
  p.expect<mqtt::pubrec>();
  broker.kill_and_restart();

  finding found;
  peer& live = broker->connected("live", version);
  live.subscribe("live", qos1);
  peer& again = broker->open(version);
  lasting.client_id = "p";
  again.connect(lasting);
  half_done.dup = true;
  again.send(half_done);
  found.taken_twice = gets_publish(live);
  peer& fresh = broker->connected("fresh", version);
  fresh.send(
      mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{"t", {}}}, .properties = {}});
  found.retained_present = gets_publish(fresh);
  peer& a = broker->open(version);
  lasting.client_id = "a";
  found.session_present = a.connect(lasting).session_present;
  found.message_present = gets_publish(a);
  return found;
}

class RestartDefects : public both_versions {};
INSTANTIATE_TEST_SUITE_P(Versions, RestartDefects, testing::Values(v3, v5), version_suffix);

TEST_P(RestartDefects, ShowOneByOne) {
  const finding right{.session_present = true, .message_present = true, .retained_present = true};
  EXPECT_EQ(look_after_restart({}, version()), right);

  finding expected = right;
  expected.retained_present = false;
  EXPECT_EQ(look_after_restart({{defect::forget_retained_at_restart}}, version()), expected);

  expected = right;
  expected.message_present = false;
  EXPECT_EQ(look_after_restart({{defect::forget_deliveries_at_restart}}, version()), expected);

  expected = right;
  expected.taken_twice = true;
  EXPECT_EQ(look_after_restart({{defect::forget_inbound_identifiers_at_restart}}, version()),
            expected);

  expected = {.retained_present = true, .taken_twice = true};
  EXPECT_EQ(look_after_restart({{defect::forget_session_at_restart}}, version()), expected);
}

}  // namespace
}  // namespace gauntlet::broker
