// A client repeats what it had begun at QoS 2, over its session or, in 3.1.1, on the same
// connection: the message counts once. MQTT 5.0 §4.3.3, §4.4

#include "conformance/cases/qos/qos_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

// A publisher with a session, and who watches what becomes of its messages.
struct repetition {
  message_path path;
  client* device;

  explicit repetition(context& test)
      : path(open_path(test, qos::exactly_once)),
        device(&test.connected("device", resumable(test))) {}

  mqtt::publish message(bool dup) const {
    return publish_of(path.topic, "x", qos::exactly_once, 9, dup);
  }
  // Connects again; the old connection breaks.
  void reconnect() {
    device->drop();
    device = &path.test.connected("device", resumable(path.test));
  }
  // One copy came, and after it the message that a third party sends now.
  void expect_one_copy() {
    path.to->acknowledge(path.to->expect_publish("x"));
    path.publish("end", qos::exactly_once);
    const auto last = path.to->expect<mqtt::publish>(
        "PUBLISH with payload \"end\", and no second copy", {},
        [](const auto& came) { return as_text(came.payload) == "end"; });
    path.to->acknowledge(last);
  }
};

void publish_is_repeated_after_pubrec(context& test) {
  repetition story(test);
  story.device->publish_unreleased(story.message(false));
  story.reconnect();
  story.device->send(story.message(true));
  expect_pubrec(test, *story.device, 9);
  release(*story.device, 9);
  story.expect_one_copy();
}

// PUBREC is on its way when the connection breaks; the client does not wait for it.
void publish_is_repeated_before_pubrec(context& test) {
  repetition story(test);
  story.device->send(story.message(false));
  story.device->ping();
  story.reconnect();
  story.device->send(story.message(true));
  expect_pubrec(test, *story.device, 9);
  release(*story.device, 9);
  story.expect_one_copy();
}

void publish_is_repeated_over_two_connections(context& test) {
  repetition story(test);
  story.device->publish_unreleased(story.message(false));
  for (int i = 0; i < 2; ++i) {
    story.reconnect();
    story.device->send(story.message(true));
    expect_pubrec(test, *story.device, 9);
  }
  release(*story.device, 9);
  story.expect_one_copy();
}

void pubrel_comes_over_the_next_connection(context& test) {
  repetition story(test);
  story.device->publish_unreleased(story.message(false));
  story.reconnect();
  release(*story.device, 9);
  story.expect_one_copy();
}

void pubrel_is_repeated(context& test) {
  repetition story(test);
  story.device->publish_unreleased(story.message(false));
  story.device->send(mqtt::pubrel{.packet_identifier = 9});
  story.device->ping();
  story.reconnect();
  story.device->send(mqtt::pubrel{.packet_identifier = 9});
  story.device->expect<mqtt::pubcomp>("PUBCOMP for packet 9", {},
                                      [](const auto& came) { return came.packet_identifier == 9; });
  story.expect_one_copy();
}

// A takeover in place of a broken connection.
void publish_is_repeated_after_takeover(context& test) {
  repetition story(test);
  story.device->publish_unreleased(story.message(false));
  story.device = &test.connected("device", resumable(test));
  story.device->send(story.message(true));
  expect_pubrec(test, *story.device, 9);
  release(*story.device, 9);
  story.expect_one_copy();
}

// Clean Start ends the session, and with it the exchange: the identifier belongs to a new message.
void clean_start_forgets_the_exchange(context& test) {
  repetition story(test);
  story.device->publish_unreleased(story.message(false));
  story.device->drop();
  mqtt::connect fresh = resumable(test);
  fresh.clean_start = true;
  story.device = &test.connected("device", fresh);
  story.device->send(publish_of(story.path.topic, "new", qos::exactly_once, 9));
  expect_pubrec(test, *story.device, 9);
  release(*story.device, 9);
  // The message of the old session may have been delivered before.
  std::string came;
  while (came != "new" && !test.over()) {
    const auto next = story.path.to->expect<mqtt::publish>("PUBLISH with payload \"new\"");
    story.path.to->acknowledge(next);
    came = as_text(next.payload);
  }
}

// 5.0 forbids clients to do so [MQTT-4.4.0-1]; a broker may refuse it there, but not deliver twice.
void publish_is_repeated_on_the_connection(context& test) {
  repetition story(test);
  story.device->publish_unreleased(story.message(false));
  story.device->send(story.message(true));
  if (test.is_v5()) {
    script::arrival answer = story.device->next(test.answer_limit());
    if (script::packet_of<mqtt::pubrec>(answer) == nullptr) {
      return test.leave_undecided("the broker does not take a repetition on the same connection");
    }
    story.device->set_aside(std::move(answer));
  }
  expect_pubrec(test, *story.device, 9);
  release(*story.device, 9);
  story.expect_one_copy();
}

void publish_is_repeated_without_dup(context& test) {
  repetition story(test);
  story.device->publish_unreleased(story.message(false));
  story.reconnect();
  story.device->send(story.message(false));
  expect_pubrec(test, *story.device, 9);
  release(*story.device, 9);
  story.expect_one_copy();
}

}  // namespace

void add_repetition_cases(suite& to) {
  to.add({.id = "MQTT-4.3.3-10/after-pubrec",
          .title = "A QoS 2 message repeated over the session after PUBREC is delivered once",
          .covers = {v5("MQTT-4.3.3-10"), v5("PR5-4.1-b"), v3("MQTT-4.3.3-2")},
          .needs = {need::qos2},
          .defects = {"forget-inbound-identifiers-at-resume", "deliver-repeated-qos2-message",
                      "omit-pubrec-for-repeated-publish"},
          .body = publish_is_repeated_after_pubrec});
  to.add({.id = "MQTT-4.3.3-10/before-pubrec",
          .title = "A QoS 2 message repeated because PUBREC was lost is delivered once",
          .covers = {v5("MQTT-4.3.3-10"), v3("MQTT-4.3.3-2")},
          .needs = {need::qos2},
          .defects = {"forget-inbound-identifiers-at-resume", "deliver-repeated-qos2-message"},
          .body = publish_is_repeated_before_pubrec});
  to.add({.id = "MQTT-4.3.3-10/two-connections",
          .title = "A QoS 2 message repeated over two further connections is delivered once",
          .covers = {v5("MQTT-4.3.3-10"), v3("MQTT-4.3.3-2"), v3("MQTT-4.1.0-1")},
          .needs = {need::qos2},
          .defects = {"forget-inbound-identifiers-at-resume", "deliver-repeated-qos2-message"},
          .body = publish_is_repeated_over_two_connections});
  to.add({.id = "MQTT-4.3.3-11/next-connection",
          .title = "PUBREL over the next connection ends the exchange",
          .covers = {v5("MQTT-4.3.3-11"), v5("PR5-4.1-b"), v3("MQTT-4.3.3-2")},
          .needs = {need::qos2},
          .defects = {{"forget-inbound-identifiers-at-resume", caught_defect::in::v5_only},
                      "omit-pubcomp"},
          .body = pubrel_comes_over_the_next_connection});
  to.add({.id = "MQTT-4.3.3-11/pubrel-repeated",
          .title = "PUBREL repeated over the session is answered, and the message came once",
          .covers = {v5("MQTT-4.3.3-11"), v3("MQTT-4.3.3-2")},
          .needs = {need::qos2},
          .defects = {"ignore-unknown-pubrel", "close-at-unknown-pubrel"},
          .body = pubrel_is_repeated});
  to.add({.id = "MQTT-4.3.3-10/takeover",
          .title = "A QoS 2 message repeated after a takeover is delivered once",
          .covers = {v5("MQTT-4.3.3-10"), v3("MQTT-4.3.3-2")},
          .needs = {need::qos2},
          .defects = {"forget-inbound-identifiers-at-resume", "deliver-repeated-qos2-message"},
          .body = publish_is_repeated_after_takeover});
  to.add({.id = "MQTT-4.3.3-12/clean-start",
          .title = "A new session knows nothing of QoS 2 messages that the old one had begun",
          .covers = {v5("MQTT-4.3.3-12"), v5("MQTT-3.1.2-4"), v3("MQTT-3.1.2-6")},
          .needs = {need::qos2},
          .defects = {"keep-session-at-clean-start"},
          .body = clean_start_forgets_the_exchange});
  to.add({.id = "MQTT-4.3.3-10/same-connection",
          .title = "A QoS 2 message repeated on the same connection is delivered once",
          .covers = {v5("MQTT-4.3.3-10"), v3("MQTT-4.3.3-2")},
          .needs = {need::qos2},
          .defects = {"deliver-repeated-qos2-message"},
          .body = publish_is_repeated_on_the_connection});
  to.add({.id = "MQTT-4.3.3-10/without-dup",
          .title = "A QoS 2 message repeated with DUP 0 is known by its Packet Identifier",
          .covers = {v5("MQTT-4.3.3-10"), v3("MQTT-4.3.3-2")},
          .needs = {need::qos2},
          .defects = {"forget-inbound-identifiers-at-resume", "deliver-repeated-qos2-message"},
          .body = publish_is_repeated_without_dup});
}

}  // namespace gauntlet::conformance
