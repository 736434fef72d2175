// The message that a will becomes: QoS, RETAIN, payload. MQTT 5.0 §3.1.2.6, §3.1.2.7, §3.1.3.4

#include <fmt/format.h>

#include "conformance/cases/support/message_path.hpp"
#include "conformance/cases/will/will_cases.hpp"
#include "conformance/cases/will/will_stories.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

void has_qos(context& test, qos of_will, qos of_watcher) {
  client& watcher = watch(test, of_watcher);
  test.connected("device", with_will(will_of(test, of_will))).drop();
  const qos lower = std::min(of_will, of_watcher);
  watcher.acknowledge(watcher.expect_publish(
      will_payload, [lower](const mqtt::publish& came) { return came.qos == lower; },
      fmt::format("QoS {}", static_cast<unsigned>(lower))));
}

void has_payload(context& test, byte_buffer payload) {
  client& watcher = watch(test);
  mqtt::will will = will_of(test);
  will.payload = payload;
  test.connected("device", with_will(will)).drop();
  watcher.expect<mqtt::publish>("the payload of the will", {}, [&](const mqtt::publish& came) {
    return came.payload == payload && came.topic_name == will.topic_name;
  });
}

// Triggers the will of a device while nobody, or a watcher, is subscribed.
void trigger(context& test, bool retain, qos level = qos::at_least_once) {
  mqtt::will will = will_of(test, level);
  will.retain = retain;
  test.connected("device", with_will(will)).drop();
}

void retained_for_later(context& test, qos level) {
  client& watcher = watch(test, level);
  trigger(test, true, level);
  watcher.acknowledge(watcher.expect_publish(
      will_payload, [](const mqtt::publish& came) { return !came.retain; }, "RETAIN 0"));
  client& late = test.connected("late");
  late.subscribe(test.topic("will"), level);
  late.acknowledge(late.expect_publish(
      will_payload, [](const mqtt::publish& came) { return came.retain; }, "RETAIN 1"));
}

void not_retained(context& test) {
  client& watcher = watch(test);
  test.will_clear_retained(test.topic("will"));
  trigger(test, false);
  watcher.receive(will_payload);
  client& late = test.connected("late");
  late.subscribe(test.topic("will"), qos::at_least_once);
  late.expect_no_publish();
}

void retained_message_survives(context& test) {
  test.connected("publisher").publish(test.topic("will"), "before", qos::at_least_once, true);
  client& watcher = watch(test);
  watcher.receive("before");
  trigger(test, false);
  watcher.receive(will_payload);
  client& late = test.connected("late");
  late.subscribe(test.topic("will"), qos::at_least_once);
  late.expect_publish("before");
}

void replaces_retained_message(context& test) {
  test.connected("publisher").publish(test.topic("will"), "before", qos::at_least_once, true);
  client& watcher = watch(test);
  watcher.receive("before");
  trigger(test, true);
  watcher.receive(will_payload);
  client& late = test.connected("late");
  late.subscribe(test.topic("will"), qos::at_least_once);
  late.expect_publish(will_payload);
}

void has_flag_as_published(context& test, bool retain) {
  client& watcher = watch(test, qos::at_least_once, {.retain_as_published = true});
  test.will_clear_retained(test.topic("will"));
  trigger(test, retain);
  watcher.expect_publish(
      will_payload, [retain](const mqtt::publish& came) { return came.retain == retain; },
      retain ? "RETAIN 1" : "RETAIN 0");
}

void add_levels(suite& to) {
  for (const qos of_will : {qos::at_most_once, qos::at_least_once, qos::exactly_once}) {
    for (const qos of_watcher : {qos::at_least_once, qos::exactly_once}) {
      if (of_will == qos::at_most_once && of_watcher == qos::at_least_once) continue;
      const auto number = [](qos level) { return static_cast<unsigned>(level); };
      to.add(
          {.id = fmt::format("MQTT-3.1.2-7/qos-{}-for-{}", number(of_will), number(of_watcher)),
           .title = fmt::format("A will of QoS {} comes to a subscription of QoS {} at the lower "
                                "of the two",
                                number(of_will), number(of_watcher)),
           .covers = {v5("MQTT-3.1.2-7"), v5("MQTT-3.1.2-12"), v3("MQTT-3.1.2-9"),
                      v3("MQTT-3.1.2-14")},
           .needs = {need::qos2},
           .defects = {of_will == qos::at_most_once ? "lose-will" : "publish-will-at-qos0"},
           .body = [=](context& test) { has_qos(test, of_will, of_watcher); }});
    }
  }
}

void add_payloads(suite& to) {
  struct content {
    const char* word;
    const char* description;
    const char* defect;
    byte_buffer payload;
  };
  for (const content& each :
       {content{"empty", "an empty payload", "lose-empty-will", {}},
        content{"one-byte", "a payload of one byte", "publish-will-with-length", {'x'}},
        content{"binary",
                "a payload that is no text",
                "publish-will-with-length",
                {0x00, 0xFF, 0xC3, 0x28, 0x00}},
        content{"long", "a payload of 300 bytes", "publish-will-with-length",
                byte_buffer(300, 'x')}}) {
    to.add({.id = fmt::format("PR3-3.1.3.3-a/{}", each.word),
            .title = fmt::format("A will with {} is published as it is", each.description),
            .covers = {v5("MQTT-3.1.2-7"), v3("PR3-3.1.3.3-a")},
            .needs = {need::qos1},
            .defects = {each.defect},
            .body = [payload = each.payload](context& test) { has_payload(test, payload); }});
  }
}

// User name and password stand behind the will, which would show if they were read as part of it.
void fields_are_read_in_order(context& test) {
  client& watcher = watch(test);
  mqtt::connect packet = with_will(test);
  if (!test.where().login) {
    packet.user_name = "user";
    packet.password = byte_buffer{'p', 'a', 's', 's'};
  }
  test.connected("device", packet).drop();
  watcher.expect<mqtt::publish>("the will as it was given", {}, [&](const mqtt::publish& came) {
    return came.payload == packet.will->payload && came.topic_name == packet.will->topic_name;
  });
}

}  // namespace

void add_will_message_cases(suite& to) {
  add_levels(to);
  add_payloads(to);
  to.add({.id = "MQTT-3.1.3-1/order",
          .title = "The fields of CONNECT are read in their order: the will, then the login",
          .covers = {v5("MQTT-3.1.3-1"), v3("MQTT-3.1.3-1")},
          .needs = {need::qos1},
          .defects = {"publish-will-with-length", "lose-will"},
          .body = fields_are_read_in_order});
  for (const qos level : {qos::at_least_once, qos::exactly_once}) {
    to.add({.id = fmt::format("MQTT-3.1.2-15/retained-at-qos-{}", static_cast<unsigned>(level)),
            .title = fmt::format("A will of QoS {} with Will Retain 1 becomes the retained message",
                                 static_cast<unsigned>(level)),
            .covers = {v5("MQTT-3.1.2-15"), v3("MQTT-3.1.2-17")},
            .needs = {need::retained, need::qos1, need::qos2},
            .defects = {"publish-will-without-retain"},
            .body = [level](context& test) { retained_for_later(test, level); }});
  }
  to.add({.id = "MQTT-3.1.2-14/not-retained",
          .title = "A will with Will Retain 0 is not retained",
          .covers = {v5("MQTT-3.1.2-14"), v3("MQTT-3.1.2-16")},
          .needs = {need::qos1},
          .defects = {"retain-will"},
          .body = not_retained});
  to.add({.id = "MQTT-3.1.2-14/retained-message-survives",
          .title = "A will with Will Retain 0 leaves the retained message of its topic",
          .covers = {v5("MQTT-3.1.2-14"), v3("MQTT-3.1.2-16")},
          .needs = {need::retained, need::qos1},
          .defects = {"retain-will"},
          .body = retained_message_survives});
  to.add({.id = "MQTT-3.1.2-15/replaces",
          .title = "A will with Will Retain 1 replaces the retained message of its topic",
          .covers = {v5("MQTT-3.1.2-15"), v3("MQTT-3.1.2-17")},
          .needs = {need::retained, need::qos1},
          .defects = {"publish-will-without-retain"},
          .body = replaces_retained_message});
  to.add({.id = "MQTT-3.1.2-15/retain-as-published",
          .title =
              "A will with Will Retain 1 has RETAIN 1 for a subscription with Retain As Published",
          .covers = {v5("MQTT-3.1.2-15")},
          .needs = {need::retained, need::qos1},
          .defects = {"publish-will-without-retain"},
          .body = [](context& test) { has_flag_as_published(test, true); }});
  to.add({.id = "MQTT-3.1.2-14/retain-as-published",
          .title =
              "A will with Will Retain 0 has RETAIN 0 for a subscription with Retain As Published",
          .covers = {v5("MQTT-3.1.2-14")},
          .needs = {need::qos1},
          .defects = {"retain-will"},
          .body = [](context& test) { has_flag_as_published(test, false); }});
}

}  // namespace gauntlet::conformance
