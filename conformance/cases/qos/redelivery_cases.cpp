// What a resumed session sends again: PUBLISH with DUP 1 and its old identifier, or PUBREL; and
// that nothing is sent again otherwise. MQTT 5.0 §4.3, §4.4

#include "conformance/cases/qos/qos_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using namespace std::chrono_literals;
using mqtt::qos;

// How a connection ends with a message unacknowledged.
enum class interruption { drop, disconnect, takeover };

void end(message_path& path, interruption how) {
  if (how == interruption::drop) path.to->drop();
  if (how == interruption::disconnect) path.to->disconnect();
  // At a takeover the old connection stands until the next CONNECT.
}

client& connect_again(message_path& path) {
  path.to = &path.test.connected("subscriber", resumable(path.test));
  return *path.to;
}

void comes_again(context& test, qos level, interruption how) {
  message_path path = open_path(test, level);
  path.publish("x", level);
  path.to->take("x");
  end(path, how);
  connect_again(path).expect_publish("x");
}

void comes_again_with_dup(context& test, qos level) {
  message_path path = open_path(test, level);
  path.publish("x", level);
  path.to->take("x");
  path.resume().expect_publish(
      "x", [](const auto& again) { return again.dup; }, "DUP 1");
}

void comes_again_with_its_identifier(context& test, qos level) {
  message_path path = open_path(test, level);
  path.publish("x", level);
  const auto first = path.to->take("x");
  path.resume().expect_publish(
      "x",
      [&](const auto& again) {
        return again.packet_identifier == first.packet_identifier && again.qos == first.qos;
      },
      "the Packet Identifier and QoS that it had");
}

void comes_again_and_again(context& test, qos level) {
  message_path path = open_path(test, level);
  path.publish("x", level);
  const auto first = path.to->take("x");
  path.resume().expect_publish("x");
  path.resume().expect_publish(
      "x",
      [&](const auto& again) {
        return again.dup && again.packet_identifier == first.packet_identifier;
      },
      "DUP 1 and its Packet Identifier a third time");
}

void acknowledgement_of_the_repetition_ends_it(context& test, qos level) {
  message_path path = open_path(test, level);
  path.publish("x", level);
  path.to->take("x");
  path.resume();
  path.to->acknowledge(path.to->expect_publish("x"));
  path.publish("y", level);
  path.to->expect_publish(
      "y", [](const auto& came) { return !came.dup; }, "DUP 0");
}

// Of three messages the first is acknowledged. In 3.1.1 it may come again, as a duplicate.
void only_unacknowledged_messages_come_again(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.publish("1", qos::at_least_once);
  path.to->receive("1");
  path.publish_each({"2", "3"}, qos::at_least_once);
  path.to->take("2");
  path.to->ping();
  path.resume();
  if (test.is_v5()) {
    const auto next = path.to->expect<mqtt::publish>(
        "PUBLISH with payload \"2\" again, and not \"1\"", {},
        [](const auto& again) { return as_text(again.payload) == "2"; });
    path.to->acknowledge(next);
  } else {
    path.to->acknowledge(path.to->expect_publish("2"));
  }
  path.to->expect_publish("3");
}

void what_waited_comes_as_well(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.publish("1", qos::at_least_once);
  path.to->take("1");
  path.to->drop();
  path.publish("2", qos::at_least_once);
  connect_again(path);
  path.to->acknowledge(path.to->expect_publish("1"));
  // With DUP, if the broker sent it before it knew of the drop.
  path.to->expect_publish("2");
}

void pubrel_comes_again(context& test, interruption how) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish("x", qos::exactly_once);
  const auto came = path.to->take_up_to_pubrel("x");
  end(path, how);
  expect_pubrel(connect_again(path), came.packet_identifier);
}

void publish_does_not_come_after_pubrec(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish("x", qos::exactly_once);
  const auto came = path.to->take_up_to_pubrel("x");
  path.resume();
  expect_pubrel(*path.to, came.packet_identifier);
  path.to->send(mqtt::pubcomp{.packet_identifier = came.packet_identifier});
  path.to->expect_no_publish();
}

// PUBREC was sent; whether PUBREL came before the connection broke, the client does not know.
void pubrel_comes_after_a_lost_one(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish("x", qos::exactly_once);
  const auto came = path.to->take("x");
  path.to->send(mqtt::pubrec{.packet_identifier = came.packet_identifier});
  path.to->ping();
  expect_pubrel(path.resume(), came.packet_identifier);
}

void pubrel_comes_again_and_again(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish("x", qos::exactly_once);
  const auto came = path.to->take_up_to_pubrel("x");
  expect_pubrel(path.resume(), came.packet_identifier);
  expect_pubrel(path.resume(), came.packet_identifier);
  path.to->send(mqtt::pubcomp{.packet_identifier = came.packet_identifier});
  path.publish("y", qos::exactly_once);
  path.to->expect_publish("y");
}

void repetition_goes_on_to_pubcomp(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish("x", qos::exactly_once);
  path.to->take("x");
  path.resume();
  const auto again = path.to->expect_publish("x");
  path.to->send(mqtt::pubrec{.packet_identifier = again.packet_identifier});
  expect_pubrel(*path.to, again.packet_identifier);
  path.to->send(mqtt::pubcomp{.packet_identifier = again.packet_identifier});
  expect_only_pingresp(test, *path.to);
}

void clean_start_sends_nothing_again(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.publish("x", qos::at_least_once);
  path.to->take("x");
  path.to->drop();
  client& fresh = test.connected("subscriber");
  expect_only_pingresp(test, fresh);
}

void nothing_comes_again_on_an_open_connection(context& test, qos level) {
  message_path path = open_path(test, level);
  path.publish("x", level);
  path.to->take("x");
  for (int i = 0; i < 2; ++i) {
    test.pause(1s, "with a message unacknowledged");
    expect_only_pingresp(test, *path.to);
  }
}

void expiry_does_not_end_what_was_sent(context& test, bool up_to_pubrel) {
  message_path path = open_path(test, qos::exactly_once);
  path.from.publish(
      with(publish_of(path.topic, "x", qos::exactly_once), {mqtt::message_expiry_interval(1)}));
  const auto came = up_to_pubrel ? path.to->take_up_to_pubrel("x") : path.to->take("x");
  path.to->drop();
  test.pause(2s, "until the message has expired");
  connect_again(path);
  if (up_to_pubrel) {
    expect_pubrel(*path.to, came.packet_identifier);
  } else {
    path.to->acknowledge(path.to->expect_publish("x"));
  }
}

std::vector<statement_name> statements_of(qos level) {
  const bool is_qos2 = level == qos::exactly_once;
  return {v5("MQTT-4.4.0-1"), v5(is_qos2 ? "MQTT-4.3.3-3" : "MQTT-4.3.2-3"), v3("MQTT-4.4.0-1"),
          v3(is_qos2 ? "MQTT-4.3.3-1" : "MQTT-4.3.2-1")};
}

void add_publish_cases(suite& to, qos level, const char* word, need needed) {
  const std::string of(word);
  struct ending {
    interruption how;
    const char* id;
    const char* title;
  };
  for (const ending& each : {ending{interruption::drop, "dropped", "a connection that broke"},
                             ending{interruption::disconnect, "disconnected", "DISCONNECT"},
                             ending{interruption::takeover, "taken-over", "a takeover"}}) {
    to.add({.id = "MQTT-4.4.0-1/" + std::string(each.id) + "-" + of,
            .title = "An unacknowledged message comes again after " + std::string(each.title) +
                     ": " + of,
            .covers = statements_of(level),
            .needs = {needed},
            .defects = {"omit-redelivery", "forget-session-at-disconnect"},
            .body = [level, how = each.how](context& test) { comes_again(test, level, how); }});
  }
  to.add({.id = "MQTT-3.3.1-1/" + of,
          .title = "A message that is sent again has DUP 1: " + of,
          .covers = {v5("MQTT-3.3.1-1"), v3("MQTT-3.3.1-1")},
          .needs = {needed},
          .defects = {"redeliver-without-dup"},
          .body = [level](context& test) { comes_again_with_dup(test, level); }});
  to.add({.id = "MQTT-4.4.0-1/identifier-" + of,
          .title = "A message that is sent again keeps its Packet Identifier: " + of,
          .covers = {v5("MQTT-4.4.0-1"), v3("MQTT-4.4.0-1"), v3("MQTT-2.3.1-4")},
          .needs = {needed},
          .defects = {"redeliver-with-new-identifier"},
          .body = [level](context& test) { comes_again_with_its_identifier(test, level); }});
  to.add({.id = "MQTT-4.4.0-1/third-time-" + of,
          .title = "A message comes again over each further connection: " + of,
          .covers = statements_of(level),
          .needs = {needed},
          .defects = {"omit-redelivery", "redeliver-without-dup"},
          .body = [level](context& test) { comes_again_and_again(test, level); }});
  to.add(
      {.id = "MQTT-4.4.0-1/then-acknowledged-" + of,
       .title = "A repeated message can be acknowledged, and others follow: " + of,
       .covers = statements_of(level),
       .needs = {needed},
       .defects = {"omit-redelivery", "set-dup-at-first-delivery"},
       .body = [level](context& test) { acknowledgement_of_the_repetition_ends_it(test, level); }});
  to.add(
      {.id = "MQTT-4.4.0-1/open-connection-" + of,
       .title = "Nothing is sent again on a connection that stands: " + of,
       .covers = {v5("MQTT-4.4.0-1")},
       .needs = {needed},
       .defects = {"redeliver-on-open-connection"},
       .body = [level](context& test) { nothing_comes_again_on_an_open_connection(test, level); }});
}

void add_pubrel_cases(suite& to) {
  const std::vector<statement_name> owed = {v5("MQTT-4.3.3-5"), v5("MQTT-4.4.0-1"),
                                            v3("MQTT-4.3.3-1"), v3("MQTT-4.4.0-1")};
  to.add({.id = "MQTT-4.3.3-5/dropped",
          .title = "PUBREL without PUBCOMP comes again after a connection that broke",
          .covers = owed,
          .needs = {need::qos2},
          .defects = {"omit-pubrel-at-resume", "redeliver-after-pubrec"},
          .body = [](context& test) { pubrel_comes_again(test, interruption::drop); }});
  to.add({.id = "MQTT-4.3.3-5/taken-over",
          .title = "PUBREL without PUBCOMP comes again after a takeover",
          .covers = owed,
          .needs = {need::qos2},
          .defects = {"omit-pubrel-at-resume", "redeliver-after-pubrec"},
          .body = [](context& test) { pubrel_comes_again(test, interruption::takeover); }});
  to.add({.id = "MQTT-4.3.3-5/lost",
          .title = "A client that sent PUBREC gets PUBREL on its next connection",
          .covers = owed,
          .needs = {need::qos2},
          .defects = {"omit-pubrel-at-resume"},
          .body = pubrel_comes_after_a_lost_one});
  to.add({.id = "MQTT-4.3.3-5/third-time",
          .title = "PUBREL comes again over each further connection until PUBCOMP",
          .covers = owed,
          .needs = {need::qos2},
          .defects = {"omit-pubrel-at-resume"},
          .body = pubrel_comes_again_and_again});
  to.add({.id = "MQTT-4.3.3-6/no-publish",
          .title = "After PUBREL the PUBLISH does not come again",
          .covers = {v5("MQTT-4.3.3-6"), v3("MQTT-4.3.3-1")},
          .needs = {need::qos2},
          .defects = {"redeliver-after-pubrec"},
          .body = publish_does_not_come_after_pubrec});
  to.add({.id = "MQTT-4.3.3-4/repeated",
          .title = "A repeated QoS 2 message goes through PUBREC and PUBREL to its end",
          .covers = {v5("MQTT-4.3.3-4"), v5("MQTT-4.3.3-3"), v3("MQTT-4.3.3-1")},
          .needs = {need::qos2},
          .defects = {"omit-pubrel", "omit-redelivery"},
          .body = repetition_goes_on_to_pubcomp});
}

}  // namespace

void add_redelivery_cases(suite& to) {
  add_publish_cases(to, qos::at_least_once, "qos1", need::qos1);
  add_publish_cases(to, qos::exactly_once, "qos2", need::qos2);
  add_pubrel_cases(to);
  to.add(
      {.id = "MQTT-4.3.2-3/others",
       .title = "Messages without PUBACK come again, and one with PUBACK does not",
       .covers = {v5("MQTT-4.3.2-3"), v5("MQTT-4.4.0-1"), v3("MQTT-4.3.2-1"), v3("MQTT-4.4.0-1")},
       .needs = {need::qos1},
       .defects = {"omit-redelivery"},
       .body = only_unacknowledged_messages_come_again});
  to.add({.id = "PR5-4.1-b/in-flight-and-queued",
          .title = "A session sends again what was in flight, and then what waited",
          .covers = {v5("PR5-4.1-b"), v3("MQTT-3.1.2-5"), v3("MQTT-4.1.0-1")},
          .needs = {need::qos1},
          .defects = {"forget-queued-messages", "lose-qos1-while-disconnected"},
          .body = what_waited_comes_as_well});
  to.add({.id = "MQTT-3.1.2-4/in-flight",
          .title = "A new session sends nothing again of the old one",
          .covers = {v5("MQTT-3.1.2-4"), v3("MQTT-3.1.2-6")},
          .needs = {need::qos1},
          .defects = {"keep-session-at-clean-start"},
          .body = clean_start_sends_nothing_again});
  to.add({.id = "MQTT-4.3.3-7/before-pubrec",
          .title = "A QoS 2 message that was sent does not expire before PUBREC",
          .covers = {v5("MQTT-4.3.3-7"), v5("MQTT-4.4.0-1")},
          .needs = {need::qos2},
          .defects = {"drop-expired-message-in-flight"},
          .body = [](context& test) { expiry_does_not_end_what_was_sent(test, false); }});
  to.add({.id = "MQTT-4.3.3-7/before-pubcomp",
          .title = "A QoS 2 message that was sent does not expire before PUBCOMP",
          .covers = {v5("MQTT-4.3.3-7"), v5("MQTT-4.4.0-1")},
          .needs = {need::qos2},
          .defects = {"drop-expired-message-in-flight"},
          .body = [](context& test) { expiry_does_not_end_what_was_sent(test, true); }});
}

}  // namespace gauntlet::conformance
