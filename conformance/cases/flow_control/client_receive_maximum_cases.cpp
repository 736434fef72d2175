// The client's Receive Maximum: how many messages the broker sends without acknowledgement, and
// what gives quota back. MQTT 5.0 §3.1.2.11.3, §3.3.4, §4.9

#include "conformance/cases/flow_control/flow_control_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

// Demands that no more came than may be outstanding.
void demand_at_most(context& test, const client& to, std::size_t maximum,
                    const std::vector<mqtt::publish>& came) {
  if (came.size() <= maximum) return;
  deviate(test, to, "no more unacknowledged messages than the Receive Maximum",
          std::to_string(came.size()) + " messages");
}

// Acknowledges what came, and takes the rest.
void take_all(context& test, client& to, const std::vector<mqtt::publish>& came,
              std::size_t expected) {
  for (const mqtt::publish& each : came) to.acknowledge(each);
  for (std::size_t i = came.size(); i < expected && !test.over(); ++i) {
    to.acknowledge(to.expect<mqtt::publish>("PUBLISH of those that wait"));
  }
}

void is_not_exceeded(context& test, const std::vector<qos>& levels, std::uint16_t maximum) {
  message_path path = open_path(test, qos::exactly_once, {mqtt::receive_maximum(maximum)});
  for (std::size_t i = 0; i < 6; ++i) {
    path.publish(std::to_string(i), levels[i % levels.size()]);
  }
  const auto came = take_sent_ahead(test, *path.to);
  demand_at_most(test, *path.to, maximum, came);
  take_all(test, *path.to, came, 6);
}

message_path one_at_a_time(context& test, qos level) {
  message_path path = open_path(test, level, {mqtt::receive_maximum(1)});
  path.publish_each({"1", "2"}, level);
  return path;
}

void puback_returns_quota(context& test, reason_code code) {
  message_path path = one_at_a_time(test, qos::at_least_once);
  const auto first = path.to->take("1");
  path.to->send(mqtt::puback{.packet_identifier = first.packet_identifier, .reason_code = code});
  path.to->expect_publish("2");
}

void pubcomp_returns_quota(context& test) {
  message_path path = one_at_a_time(test, qos::exactly_once);
  path.to->receive("1");
  path.to->expect_publish("2");
}

void refusing_pubrec_returns_quota(context& test) {
  message_path path = one_at_a_time(test, qos::exactly_once);
  const auto first = path.to->take("1");
  path.to->send(mqtt::pubrec{.packet_identifier = first.packet_identifier,
                             .reason_code = reason_code::unspecified_error});
  path.to->expect_publish("2");
}

void pubrec_returns_no_quota(context& test, reason_code code) {
  message_path path = one_at_a_time(test, qos::exactly_once);
  const auto first = path.to->take("1");
  path.to->send(mqtt::pubrec{.packet_identifier = first.packet_identifier, .reason_code = code});
  expect_pubrel(*path.to, first.packet_identifier);
  path.to->expect_quiet();
  // Control: PUBCOMP does return it.
  path.to->send(mqtt::pubcomp{.packet_identifier = first.packet_identifier});
  path.to->expect_publish("2");
}

void unknown_puback_returns_no_quota(context& test) {
  message_path path = one_at_a_time(test, qos::at_least_once);
  const auto first = path.to->take("1");
  path.to->send(
      mqtt::puback{.packet_identifier = static_cast<std::uint16_t>(first.packet_identifier + 1)});
  path.to->expect_quiet();
  path.to->send(mqtt::puback{.packet_identifier = first.packet_identifier});
  path.to->expect_publish("2");
}

// One message is acknowledged twice: that makes room for one more, not two.
void repeated_puback_returns_quota_once(context& test) {
  message_path path = open_path(test, qos::at_least_once, {mqtt::receive_maximum(1)});
  path.publish_each({"1", "2", "3"}, qos::at_least_once);
  const auto first = path.to->take("1");
  path.to->send(mqtt::puback{.packet_identifier = first.packet_identifier});
  const auto second = path.to->take("2");
  if (second.packet_identifier == first.packet_identifier) {
    return test.leave_undecided("the broker uses a Packet Identifier again at once");
  }
  path.to->send(mqtt::puback{.packet_identifier = first.packet_identifier});
  path.to->expect_quiet();
}

void quota_is_full_on_a_new_connection(context& test, qos level) {
  message_path path = one_at_a_time(test, level);
  path.to->take("1");
  path.resume({mqtt::receive_maximum(1)});
  path.to->acknowledge(path.to->expect_publish("1"));
  path.to->expect_publish("2");
}

void next_connection_has_its_own_maximum(context& test, std::uint16_t before, std::uint16_t after) {
  message_path path = open_path(test, qos::at_least_once, {mqtt::receive_maximum(before)});
  path.publish_each({"1", "2", "3", "4", "5"}, qos::at_least_once);
  demand_at_most(test, *path.to, before, take_sent_ahead(test, *path.to));
  path.resume({mqtt::receive_maximum(after)});
  const auto came = take_sent_ahead(test, *path.to);
  demand_at_most(test, *path.to, after, came);
  take_all(test, *path.to, came, 5);
}

void holds_for_what_waited(context& test, qos level) {
  message_path path = open_path(test, level);
  path.to->drop();
  path.publish_each({"1", "2", "3", "4"}, level);
  path.resume({mqtt::receive_maximum(2)});
  const auto came = take_sent_ahead(test, *path.to);
  demand_at_most(test, *path.to, 2, came);
  take_all(test, *path.to, came, 4);
}

void holds_for_retained_messages(context& test) {
  client& from = test.connected("publisher");
  for (const char* tail : {"r/1", "r/2", "r/3"}) {
    from.publish(test.topic(tail), tail, qos::at_least_once, true);
  }
  client& to = test.connected("subscriber", resumable(test, {mqtt::receive_maximum(1)}));
  to.subscribe(test.topic("r/#"), qos::at_least_once);
  const auto came = take_sent_ahead(test, to);
  demand_at_most(test, to, 1, came);
  take_all(test, to, came, 3);
}

// The quota of one subscriber is used up; another's is not.
void is_of_one_client(context& test) {
  message_path path = one_at_a_time(test, qos::at_least_once);
  path.to->take("1");
  client& other = test.connected("other", resumable(test, {mqtt::receive_maximum(1)}));
  other.subscribe(test.topic("u"), qos::at_least_once);
  path.from.publish(test.topic("u"), "x", qos::at_least_once);
  other.acknowledge(other.expect_publish("x"));
  path.to->send(mqtt::pingreq{});
  path.to->expect<mqtt::pingresp>("PINGRESP");
  path.to->expect_no_publish();
}

struct combination {
  const char* id;
  const char* what;
  std::vector<qos> levels;
};

void add_limit_cases(suite& to) {
  for (const combination& each :
       {combination{"qos1", "QoS 1 messages", {qos::at_least_once}},
        combination{"qos2", "QoS 2 messages", {qos::exactly_once}},
        combination{
            "mixed", "QoS 1 and 2 messages together", {qos::at_least_once, qos::exactly_once}}}) {
    for (const auto maximum : {std::uint16_t{1}, std::uint16_t{2}, std::uint16_t{3}}) {
      to.add({.id = "MQTT-3.3.4-9/" + std::string(each.id) + "-" + std::to_string(maximum),
              .title = "No more " + std::string(each.what) + " are outstanding than " +
                       std::to_string(maximum),
              .covers = {v5("MQTT-3.3.4-9"), v5("MQTT-4.9.0-1"), v5("MQTT-4.9.0-2")},
              .needs = {need::qos2},
              .defects = {"exceed-receive-maximum"},
              .body = [levels = each.levels, maximum](context& test) {
                is_not_exceeded(test, levels, maximum);
              }});
    }
  }
  to.add({.id = "MQTT-3.3.4-9/waited-qos1",
          .title = "The Receive Maximum holds for QoS 1 messages that waited for the session",
          .covers = {v5("MQTT-3.3.4-9"), v5("MQTT-4.9.0-2")},
          .needs = {need::qos1},
          .defects = {"exceed-receive-maximum"},
          .body = [](context& test) { holds_for_what_waited(test, qos::at_least_once); }});
  to.add({.id = "MQTT-3.3.4-9/waited-qos2",
          .title = "The Receive Maximum holds for QoS 2 messages that waited for the session",
          .covers = {v5("MQTT-3.3.4-9"), v5("MQTT-4.9.0-2")},
          .needs = {need::qos2},
          .defects = {"exceed-receive-maximum"},
          .body = [](context& test) { holds_for_what_waited(test, qos::exactly_once); }});
  to.add({.id = "MQTT-3.3.4-9/retained",
          .title = "The Receive Maximum holds for retained messages",
          .covers = {v5("MQTT-3.3.4-9"), v5("MQTT-4.9.0-2")},
          .needs = {need::qos1, need::retained, need::wildcard_subscriptions},
          .defects = {"exceed-receive-maximum"},
          .body = holds_for_retained_messages});
  to.add({.id = "PR5-3.1.2.11.3-a/lower",
          .title = "A lower Receive Maximum on the next connection is kept",
          .covers = {v5("PR5-3.1.2.11.3-a"), v5("MQTT-3.3.4-9"), v5("MQTT-4.9.0-2")},
          .needs = {need::qos1},
          .defects = {"exceed-receive-maximum"},
          .body = [](context& test) { next_connection_has_its_own_maximum(test, 3, 1); }});
  to.add({.id = "PR5-3.1.2.11.3-a/higher",
          .title = "A higher Receive Maximum on the next connection is kept",
          .covers = {v5("PR5-3.1.2.11.3-a"), v5("MQTT-3.3.4-9"), v5("MQTT-4.9.0-2")},
          .needs = {need::qos1},
          .defects = {"exceed-receive-maximum"},
          .body = [](context& test) { next_connection_has_its_own_maximum(test, 1, 3); }});
  to.add({.id = "MQTT-4.9.0-2/one-client",
          .title = "The Receive Maximum of one client holds nobody else back",
          .covers = {v5("MQTT-4.9.0-2"), v5("MQTT-4.9.0-1")},
          .needs = {need::qos1},
          .defects = {"exceed-receive-maximum"},
          .body = is_of_one_client});
}

void add(suite& to, std::string id, std::string title, caught_defect defect,
         std::function<void(context&)> body) {
  to.add({.id = "PR5-4.9-a/" + std::move(id),
          .title = std::move(title),
          .covers = {v5("PR5-4.9-a"), v5("MQTT-4.9.0-2")},
          .needs = {need::qos2},
          .defects = {defect},
          .body = std::move(body)});
}

}  // namespace

void add_client_receive_maximum_cases(suite& to) {
  add_limit_cases(to);
  add(to, "puback", "PUBACK gives quota back", "keep-quota-after-puback",
      [](context& test) { puback_returns_quota(test, reason_code::success); });
  add(to, "refusing-puback", "PUBACK with an error gives quota back", "keep-quota-after-puback",
      [](context& test) { puback_returns_quota(test, reason_code::unspecified_error); });
  add(to, "pubcomp", "PUBCOMP gives quota back", "keep-quota-after-pubcomp", pubcomp_returns_quota);
  add(to, "refusing-pubrec", "PUBREC with an error gives quota back",
      "keep-quota-after-refusing-pubrec", refusing_pubrec_returns_quota);
  add(to, "pubrec", "PUBREC without an error gives no quota back", "return-quota-at-pubrec",
      [](context& test) { pubrec_returns_no_quota(test, reason_code::success); });
  add(to, "pubrec-10", "PUBREC 0x10 gives no quota back", "return-quota-at-pubrec",
      [](context& test) { pubrec_returns_no_quota(test, reason_code::no_matching_subscribers); });
  add(to, "unknown-puback", "PUBACK for an unknown packet gives no quota back",
      "return-quota-at-unknown-puback", unknown_puback_returns_no_quota);
  add(to, "repeated-puback", "PUBACK given twice gives quota back once",
      "return-quota-at-unknown-puback", repeated_puback_returns_quota_once);
  add(to, "new-connection-qos1", "A new connection begins with full quota: QoS 1",
      "keep-quota-over-reconnect",
      [](context& test) { quota_is_full_on_a_new_connection(test, qos::at_least_once); });
  add(to, "new-connection-qos2", "A new connection begins with full quota: QoS 2",
      "keep-quota-over-reconnect",
      [](context& test) { quota_is_full_on_a_new_connection(test, qos::exactly_once); });
}

}  // namespace gauntlet::conformance
