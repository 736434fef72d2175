// Proofs of the defects in harness/broker/defects/will.inc.

#include "tests/unit/broker/defects/proof.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property_id;
using mqtt::protocol_version;
using mqtt::reason_code;
using std::chrono::seconds;

constexpr auto both = told_in::both_versions;
constexpr auto v5_only = told_in::v5_only;

mqtt::will plain_will() { return {.topic_name = "will", .payload = {'w'}}; }

// A client with a will, whose session is kept.
mqtt::connect with(mqtt::will will, protocol_version version) {
  mqtt::connect packet{.clean_start = false, .will = std::move(will)};
  if (version == v5) packet.properties.add(mqtt::session_expiry_interval(100));
  return packet;
}

// A will that waits for ten seconds.
mqtt::connect with_delay(protocol_version version) {
  mqtt::will will = plain_will();
  will.properties.add(mqtt::will_delay_interval(10));
  return with(std::move(will), version);
}

peer& watcher_on(bench& broker, protocol_version version) {
  peer& watcher = broker.connected("watcher", version);
  watcher.subscribe("will", qos2);
  return watcher;
}

// The will as a subscriber gets it when the client's connection breaks.
mqtt::publish published(bench& broker, protocol_version version, mqtt::will will) {
  peer& watcher = watcher_on(broker, version);
  broker.connected("a", version, with(std::move(will), version)).drop();
  return watcher.expect<mqtt::publish>();
}

void will_of_broken_connection_is_published(bench& broker, protocol_version version) {
  EXPECT_EQ(as_text(published(broker, version, plain_will()).payload), "w");
}

void add_ends_of_connections(defect_proofs& to) {
  to.push_back({defect::lose_will, both, will_of_broken_connection_is_published});
  to.push_back({defect::lose_empty_will, both, [](bench& broker, auto version) {
                  mqtt::will empty = plain_will();
                  empty.payload.clear();
                  EXPECT_EQ(published(broker, version, empty).topic_name, "will");
                }});
  to.push_back({defect::lose_will_at_keep_alive_timeout, both, [](bench& broker, auto version) {
                  peer& watcher = watcher_on(broker, version);
                  mqtt::connect packet = with(plain_will(), version);
                  packet.keep_alive_s = 1;
                  broker.connected("a", version, packet);
                  broker.advance(seconds(2));
                  watcher.expect_publish("w");
                }});
  to.push_back({defect::lose_will_at_error, both, [](bench& broker, auto version) {
                  peer& watcher = watcher_on(broker, version);
                  peer& a = broker.connected("a", version, with(plain_will(), version));
                  a.send_raw(byte_buffer{0x00, 0x00});
                  watcher.expect_publish("w");
                }});
  to.push_back({defect::publish_will_late, both, will_of_broken_connection_is_published});
  to.push_back({defect::lose_will_at_takeover, both, [](bench& broker, auto version) {
                  peer& watcher = watcher_on(broker, version);
                  broker.connected("a", version, with(plain_will(), version));
                  broker.connected("a", version);
                  watcher.expect_publish("w");
                }});
  to.push_back(
      {defect::lose_will_at_disconnect_with_will, v5_only, [](bench& broker, auto version) {
         peer& watcher = watcher_on(broker, version);
         peer& a = broker.connected("a", version, with(plain_will(), version));
         a.send(mqtt::disconnect{.reason_code = reason_code::disconnect_with_will_message});
         watcher.expect_publish("w");
       }});
}

void add_wills_that_must_not_come(defect_proofs& to) {
  to.push_back({defect::publish_will_after_disconnect, both, [](bench& broker, auto version) {
                  peer& watcher = watcher_on(broker, version);
                  peer& a = broker.connected("a", version, with(plain_will(), version));
                  a.send(mqtt::disconnect{});
                  watcher.expect_nothing();
                }});
  to.push_back({defect::publish_will_at_connect, both, [](bench& broker, auto version) {
                  peer& watcher = watcher_on(broker, version);
                  broker.connected("a", version, with(plain_will(), version));
                  watcher.expect_nothing();
                }});
  to.push_back({defect::publish_will_twice, both, [](bench& broker, auto version) {
                  peer& watcher = watcher_on(broker, version);
                  broker.connected("a", version, with(plain_will(), version)).drop();
                  watcher.expect_publish("w");
                  watcher.expect_nothing();
                }});
  to.push_back({defect::keep_published_will, both, [](bench& broker, auto version) {
                  peer& watcher = watcher_on(broker, version);
                  mqtt::connect packet = with(plain_will(), version);
                  broker.connected("a", version, packet).drop();
                  watcher.expect_publish("w");
                  packet.will.reset();
                  broker.connected("a", version, packet).drop();
                  watcher.expect_nothing();
                }});
  to.push_back({defect::publish_will_of_refused_connect,
                both,
                [](bench& broker, auto version) {
                  peer& watcher = watcher_on(broker, version);
                  mqtt::connect packet = with(plain_will(), version);
                  packet.client_id = "a";
                  packet.user_name = "eve";
                  broker.open(version).connect(packet);
                  watcher.expect_nothing();
                },
                {.users = {make_user("ann", "secret")}, .allow_anonymous = true}});
}

void add_delays(defect_proofs& to) {
  to.push_back({defect::publish_will_after_resume, v5_only, [](bench& broker, auto version) {
                  peer& watcher = watcher_on(broker, version);
                  broker.connected("a", version, with_delay(version)).drop();
                  broker.advance(seconds(5));
                  broker.connected("a", version, with_delay(version));
                  broker.advance(seconds(10));
                  watcher.expect_nothing();
                }});
  to.push_back({defect::lose_will_at_clean_start, v5_only, [](bench& broker, auto version) {
                  peer& watcher = watcher_on(broker, version);
                  broker.connected("a", version, with_delay(version)).drop();
                  broker.connected("a", version);
                  watcher.expect_publish("w");
                }});
  to.push_back({defect::lose_will_at_session_end, v5_only, [](bench& broker, auto version) {
                  peer& watcher = watcher_on(broker, version);
                  mqtt::connect packet = with_delay(version);
                  packet.properties = {mqtt::session_expiry_interval(5)};
                  broker.connected("a", version, packet).drop();
                  broker.advance(seconds(6));
                  watcher.expect_publish("w");
                }});
  to.push_back({defect::ignore_will_delay_interval, v5_only, [](bench& broker, auto version) {
                  peer& watcher = watcher_on(broker, version);
                  broker.connected("a", version, with_delay(version)).drop();
                  broker.advance(seconds(9));
                  watcher.expect_nothing();
                }});
  to.push_back({defect::double_will_delay_interval, v5_only, [](bench& broker, auto version) {
                  peer& watcher = watcher_on(broker, version);
                  broker.connected("a", version, with_delay(version)).drop();
                  broker.advance(seconds(11));
                  watcher.expect_publish("w");
                }});
}

void will_is_retained_if(bool wanted, bench& broker, protocol_version version) {
  mqtt::will will = plain_will();
  will.retain = wanted;
  broker.connected("a", version, with(will, version)).drop();
  peer& late = watcher_on(broker, version);
  if (wanted) {
    late.expect_publish("w");
  } else {
    late.expect_nothing();
  }
}

void add_message(defect_proofs& to) {
  to.push_back({defect::publish_will_without_retain, both,
                [](bench& broker, auto version) { will_is_retained_if(true, broker, version); }});
  to.push_back({defect::retain_will, both,
                [](bench& broker, auto version) { will_is_retained_if(false, broker, version); }});
  to.push_back({defect::publish_will_at_qos0, both, [](bench& broker, auto version) {
                  mqtt::will will = plain_will();
                  will.qos = qos1;
                  EXPECT_EQ(published(broker, version, will).qos, qos1);
                }});
  to.push_back({defect::publish_will_with_length, both, will_of_broken_connection_is_published});
}

// The properties of the message that a will with these becomes.
mqtt::property_list published_with(bench& broker, mqtt::property_list properties) {
  mqtt::will will = plain_will();
  will.properties = std::move(properties);
  return published(broker, v5, will).properties;
}

void add_properties(defect_proofs& to) {
  to.push_back({defect::forward_will_delay_interval, v5_only, [](bench& broker, auto) {
                  EXPECT_TRUE(published_with(broker, {mqtt::will_delay_interval(0)}).empty());
                }});
  to.push_back({defect::lose_will_properties, v5_only, [](bench& broker, auto) {
                  const mqtt::property_list given = {mqtt::content_type("text")};
                  EXPECT_EQ(published_with(broker, given), given);
                }});
  to.push_back({defect::lose_message_expiry_of_will, v5_only, [](bench& broker, auto) {
                  const mqtt::property_list given = {mqtt::message_expiry_interval(100)};
                  EXPECT_EQ(published_with(broker, given), given);
                }});
  to.push_back({defect::reverse_will_user_properties, v5_only, [](bench& broker, auto) {
                  const mqtt::property_list given = {mqtt::user_property("a", "1"),
                                                     mqtt::user_property("b", "2")};
                  EXPECT_EQ(published_with(broker, given), given);
                }});
}

}  // namespace

void add_will_proofs(defect_proofs& to) {
  add_ends_of_connections(to);
  add_wills_that_must_not_come(to);
  add_delays(to);
  add_message(to);
  add_properties(to);
}

}  // namespace gauntlet::broker
