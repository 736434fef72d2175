// What becomes the retained message of a topic, and what does not. MQTT 5.0 §3.3.1.3

#include "conformance/cases/retained/retained_cases.hpp"
#include "conformance/cases/retained/retained_stories.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

void message_is_stored(context& test) {
  retain(test, "t", "kept");
  expect_retained(late_reader(test, "reader", "t"), "kept");
}

void message_of_qos2_is_stored(context& test) {
  retain(test, "t", "kept", qos::exactly_once);
  expect_retained(late_reader(test, "reader", "t", qos::exactly_once), "kept");
}

void message_of_qos0_is_stored(context& test) {
  retain(test, "t", "kept", qos::at_most_once);
  expect_retained(late_reader(test, "reader", "t"), "kept");
}

void later_message_replaces(context& test) {
  retain(test, "t", "older");
  retain(test, "t", "newer");
  client& reader = late_reader(test, "reader", "t");
  expect_retained(reader, "newer");
  reader.expect_quiet();
}

void message_of_qos2_replaces(context& test) {
  retain(test, "t", "older");
  retain(test, "t", "newer", qos::exactly_once);
  client& reader = late_reader(test, "reader", "t");
  expect_retained(reader, "newer");
  reader.expect_quiet();
}

// The newer message may be dropped at any time; the older one may not come back.
void message_of_qos0_displaces(context& test) {
  retain(test, "t", "older");
  expect_retained(late_reader(test, "first", "t"), "older");
  retain(test, "t", "newer", qos::at_most_once);
  client& reader = late_reader(test, "second", "t");
  reader.ping();
  test.pause(test.quiet_time(), "for the retained message, whichever it is");
  while (!test.over() && reader.has_arrivals()) {
    const script::arrival what = reader.next({});
    const auto* const came = script::packet_of<mqtt::publish>(what);
    demand(test, reader, came != nullptr && payload_of(*came) == "newer",
           "the newer retained message or none", script::to_text(what, test.version()));
  }
}

void another_client_replaces(context& test) {
  retain(test, "t", "of the first");
  test.connected("second publisher")
      .publish(test.topic("t"), "of the second", qos::at_least_once, true);
  client& reader = late_reader(test, "reader", "t");
  expect_retained(reader, "of the second");
  reader.expect_quiet();
}

void topics_are_apart(context& test) {
  retain(test, "t", "of t");
  retain(test, "t/below", "of t/below");
  retain(test, "T", "of T");
  client& reader = late_reader(test, "reader", "t");
  expect_retained(reader, "of t");
  reader.expect_quiet();
}

void message_without_flag_is_not_stored(context& test) {
  client& publisher = test.connected("publisher");
  client& present = late_reader(test, "present", "t");
  publisher.publish(test.topic("t"), "passing");
  present.receive("passing");
  client& reader = late_reader(test, "reader", "t");
  reader.expect_quiet();
  publisher.publish(test.topic("t"), "live");
  reader.expect_publish("live");
}

void message_without_flag_does_not_replace(context& test) {
  retain(test, "t", "kept");
  test.connected("other").publish(test.topic("t"), "passing");
  client& reader = late_reader(test, "reader", "t");
  expect_retained(reader, "kept");
  reader.expect_quiet();
}

void empty_message_without_flag_does_not_clear(context& test) {
  retain(test, "t", "kept");
  test.connected("other").publish(test.topic("t"), "");
  expect_retained(late_reader(test, "reader", "t"), "kept");
}

void large_payload_is_stored_whole(context& test) {
  const std::string large(20'000, 'x');
  retain(test, "t", large);
  expect_retained(late_reader(test, "reader", "t"), large);
}

void binary_payload_is_stored_whole(context& test) {
  const std::string binary("\0\x01\xFF\x80 \r\n\0", 8);
  retain(test, "t", binary);
  expect_retained(late_reader(test, "reader", "t"), binary);
}

void stored_with_its_qos(context& test) {
  retain(test, "one", "1", qos::at_least_once);
  retain(test, "two", "2", qos::exactly_once);
  client& reader = test.connected("reader");
  reader.subscribe(test.topic("one"), qos::exactly_once);
  reader.subscribe(test.topic("two"), qos::exactly_once);
  reader.acknowledge(reader.expect_publish(
      "1", [](const mqtt::publish& came) { return came.qos == qos::at_least_once; }, "QoS 1"));
  reader.acknowledge(reader.expect_publish(
      "2", [](const mqtt::publish& came) { return came.qos == qos::exactly_once; }, "QoS 2"));
}

void add_stored(suite& to) {
  to.add({.id = "MQTT-3.3.1-5/stored",
          .title = "A message published with RETAIN 1 is sent to those who subscribe later",
          .covers = {v5("MQTT-3.3.1-5"), v3("MQTT-3.3.1-5"), v3("MQTT-3.3.1-6")},
          .needs = {need::qos1, need::retained},
          .defects = {"forget-retained-message", "send-retained-without-flag"},
          .body = message_is_stored});
  to.add({.id = "MQTT-3.3.1-5/stored-at-qos2",
          .title = "A QoS 2 message published with RETAIN 1 is stored once it is released",
          .covers = {v5("MQTT-3.3.1-5"), v3("MQTT-3.3.1-5")},
          .needs = {need::qos2, need::retained},
          .defects = {"forget-retained-message"},
          .body = message_of_qos2_is_stored});
  to.add({.id = "PR5-3.3.1.3-b/stored-at-qos0",
          .title = "A QoS 0 message published with RETAIN 1 is stored",
          .covers = {v5("PR5-3.3.1.3-b"), v3("MQTT-3.3.1-7")},
          .needs = {need::qos1, need::retained},
          .defects = {"forget-retained-message"},
          .level = requirement_level::should,
          .body = message_of_qos0_is_stored});
  to.add({.id = "MQTT-3.3.1-5/stored-with-its-qos",
          .title = "A retained message keeps the QoS with which it was published",
          .covers = {v5("MQTT-3.3.1-5"), v5("MQTT-3.8.4-8"), v3("MQTT-3.3.1-5")},
          .needs = {need::qos2, need::retained},
          .defects = {"store-retained-at-qos0"},
          .body = stored_with_its_qos});
  to.add({.id = "MQTT-3.3.1-5/large-payload",
          .title = "A retained payload of 20,000 bytes is kept whole",
          .covers = {v5("MQTT-3.3.1-5"), v3("MQTT-3.3.1-5")},
          .needs = {need::qos1, need::retained},
          .defects = {"cut-long-payload"},
          .body = large_payload_is_stored_whole});
  to.add({.id = "MQTT-3.3.1-5/binary-payload",
          .title = "A retained payload may hold any bytes",
          .covers = {v5("MQTT-3.3.1-5"), v3("MQTT-3.3.1-5")},
          .needs = {need::qos1, need::retained},
          .defects = {"cut-payload-at-zero-byte", "put-payload-in-seven-bits"},
          .body = binary_payload_is_stored_whole});
  to.add({.id = "MQTT-3.3.1-5/topics-apart",
          .title = "Each topic has a retained message of its own",
          .covers = {v5("MQTT-3.3.1-5"), v3("MQTT-3.3.1-5"), v3("MQTT-3.3.1-6")},
          .needs = {need::qos1, need::retained},
          .defects = {"match-filter-as-prefix", "ignore-case-in-matching"},
          .body = topics_are_apart});
}

void add_replaced(suite& to) {
  to.add({.id = "MQTT-3.3.1-5/replaced",
          .title = "A later retained message takes the place of the earlier one",
          .covers = {v5("MQTT-3.3.1-5"), v3("MQTT-3.3.1-6")},
          .needs = {need::qos1, need::retained},
          .defects = {"keep-older-retained-message"},
          .body = later_message_replaces});
  to.add({.id = "MQTT-3.3.1-5/replaced-at-qos2",
          .title = "A QoS 2 message takes the place of the retained one",
          .covers = {v5("MQTT-3.3.1-5"), v3("MQTT-3.3.1-6")},
          .needs = {need::qos2, need::retained},
          .defects = {"keep-older-retained-message"},
          .body = message_of_qos2_replaces});
  to.add({.id = "MQTT-3.3.1-5/replaced-at-qos0",
          .title = "A QoS 0 message displaces the retained one of QoS 1",
          .covers = {v5("MQTT-3.3.1-5"), v3("MQTT-3.3.1-7")},
          .needs = {need::qos1, need::retained},
          .defects = {"ignore-retained-message-of-qos0"},
          .body = message_of_qos0_displaces});
  to.add({.id = "MQTT-3.3.1-5/replaced-by-another-client",
          .title = "Another client's message takes the place of the retained one",
          .covers = {v5("MQTT-3.3.1-5"), v3("MQTT-3.3.1-6")},
          .needs = {need::qos1, need::retained},
          .defects = {"keep-older-retained-message"},
          .body = another_client_replaces});
}

void add_not_stored(suite& to) {
  to.add({.id = "MQTT-3.3.1-8/not-stored",
          .title = "A message published with RETAIN 0 is not kept for later subscribers",
          .covers = {v5("MQTT-3.3.1-8"), v3("MQTT-3.3.1-12")},
          .needs = {need::qos1, need::retained},
          .defects = {"store-message-without-retain"},
          .body = message_without_flag_is_not_stored});
  to.add({.id = "MQTT-3.3.1-8/not-replaced",
          .title = "A message published with RETAIN 0 leaves the retained message as it is",
          .covers = {v5("MQTT-3.3.1-8"), v3("MQTT-3.3.1-12")},
          .needs = {need::qos1, need::retained},
          .defects = {"store-message-without-retain", "delete-retained-at-message-without-retain"},
          .body = message_without_flag_does_not_replace});
  to.add({.id = "MQTT-3.3.1-8/not-cleared",
          .title = "An empty message published with RETAIN 0 clears nothing",
          .covers = {v5("MQTT-3.3.1-8"), v3("MQTT-3.3.1-12")},
          .needs = {need::qos1, need::retained},
          .defects = {"delete-retained-at-message-without-retain"},
          .body = empty_message_without_flag_does_not_clear});
}

}  // namespace

void add_retained_storing_cases(suite& to) {
  add_stored(to);
  add_replaced(to);
  add_not_stored(to);
}

}  // namespace gauntlet::conformance
