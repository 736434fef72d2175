// The RETAIN flag of messages on their way out, and Retain As Published. MQTT 5.0 §3.3.1.3

#include <fmt/format.h>

#include "conformance/cases/retained/retained_cases.hpp"
#include "conformance/cases/retained/retained_stories.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

const mqtt::subscription_options as_published{.retain_as_published = true};

mqtt::publish expect_flag(client& to, std::string_view payload, bool retain) {
  const mqtt::publish came = to.expect_publish(
      payload, [retain](const mqtt::publish& packet) { return packet.retain == retain; },
      fmt::format("RETAIN {:d}", retain));
  to.acknowledge(came);
  return came;
}

void flag_is_cleared(context& test) {
  client& reader = late_reader(test, "reader", "t");
  retain(test, "t", "retained");
  expect_flag(reader, "retained", false);
}

void flag_is_not_set(context& test) {
  client& reader = late_reader(test, "reader", "t");
  test.connected("publisher").publish(test.topic("t"), "plain");
  expect_flag(reader, "plain", false);
}

void flag_is_cleared_at_qos0(context& test) {
  client& reader = late_reader(test, "reader", "t", qos::at_most_once);
  retain(test, "t", "retained");
  expect_flag(reader, "retained", false);
}

void flag_is_cleared_in_the_queue(context& test) {
  test.connected("reader", lasting_connect(test.version(), true))
      .subscribe(test.topic("t"), qos::at_least_once);
  test.connected("reader", lasting_connect(test.version())).disconnect();
  retain(test, "t", "retained");
  expect_flag(test.connected("reader", lasting_connect(test.version())), "retained", false);
}

void retained_come_with_flag(context& test) {
  retain(test, "t", "kept");
  expect_flag(late_reader(test, "reader", "t"), "kept", true);
}

void retained_come_with_flag_at_qos0(context& test) {
  retain(test, "t", "kept");
  expect_flag(late_reader(test, "reader", "t", qos::at_most_once), "kept", true);
}

void retained_come_with_flag_as_published(context& test) {
  retain(test, "t", "kept");
  expect_flag(late_reader(test, "reader", "t", qos::at_least_once, as_published), "kept", true);
}

void kept_as_published_1(context& test) {
  client& reader = late_reader(test, "reader", "t", qos::at_least_once, as_published);
  retain(test, "t", "retained");
  expect_flag(reader, "retained", true);
}

void kept_as_published_0(context& test) {
  client& reader = late_reader(test, "reader", "t", qos::at_least_once, as_published);
  test.connected("publisher").publish(test.topic("t"), "plain");
  expect_flag(reader, "plain", false);
}

void kept_as_published_at_qos0(context& test) {
  client& reader = late_reader(test, "reader", "t", qos::at_most_once, as_published);
  retain(test, "t", "retained");
  expect_flag(reader, "retained", true);
}

void kept_as_published_at_qos2(context& test) {
  client& reader = late_reader(test, "reader", "t", qos::exactly_once, as_published);
  retain(test, "t", "retained", qos::exactly_once);
  expect_flag(reader, "retained", true);
}

void kept_as_published_for_an_empty_message(context& test) {
  client& reader = late_reader(test, "reader", "t", qos::at_least_once, as_published);
  retain(test, "t", "");
  expect_flag(reader, "", true);
}

void kept_as_published_in_the_queue(context& test) {
  client& before = test.connected("reader", lasting_connect(test.version(), true));
  before.subscribe(test.topic("t"), qos::at_least_once, as_published);
  before.subscribe(test.topic("plain"), qos::at_least_once, as_published);
  before.disconnect();
  retain(test, "t", "retained");
  test.connected("publisher").publish(test.topic("plain"), "plain");
  client& reader = test.connected("reader", lasting_connect(test.version()));
  expect_flag(reader, "retained", true);
  expect_flag(reader, "plain", false);
}

void each_subscriber_has_its_own(context& test) {
  client& plain = late_reader(test, "plain", "t");
  client& keeps = late_reader(test, "keeps", "t", qos::at_least_once, as_published);
  retain(test, "t", "retained");
  expect_flag(plain, "retained", false);
  expect_flag(keeps, "retained", true);
}

void replaced_with_the_subscription(context& test) {
  client& reader = late_reader(test, "reader", "t");
  retain(test, "t", "first");
  expect_flag(reader, "first", false);
  mqtt::subscription_options changed = as_published;
  changed.retain_handling = mqtt::retain_handling::do_not_send;
  reader.subscribe(test.topic("t"), qos::at_least_once, changed);
  retain(test, "t", "second");
  expect_flag(reader, "second", true);
}

void add_cleared_flag(suite& to) {
  to.add({.id = "MQTT-3.3.1-12/cleared",
          .title = "A live message goes out with RETAIN 0 although it was published with 1",
          .covers = {v5("MQTT-3.3.1-12"), v3("MQTT-3.3.1-9")},
          .needs = {need::qos1, need::retained},
          .defects = {"forward-retain-flag"},
          .body = flag_is_cleared});
  to.add({.id = "MQTT-3.3.1-12/cleared-at-qos0",
          .title = "A live message at QoS 0 goes out with RETAIN 0, too",
          .covers = {v5("MQTT-3.3.1-12"), v3("MQTT-3.3.1-9")},
          .needs = {need::qos1, need::retained},
          .defects = {"forward-retain-flag"},
          .body = flag_is_cleared_at_qos0});
  to.add({.id = "MQTT-3.3.1-12/cleared-in-the-queue",
          .title = "A message that waited for a session goes out with RETAIN 0",
          .covers = {v5("MQTT-3.3.1-12"), v3("MQTT-3.3.1-9")},
          .needs = {need::qos1, need::retained},
          .defects = {"forward-retain-flag"},
          .body = flag_is_cleared_in_the_queue});
  to.add({.id = "MQTT-3.3.1-12/not-set",
          .title = "A message published with RETAIN 0 goes out with RETAIN 0",
          .covers = {v5("MQTT-3.3.1-12"), v3("MQTT-3.3.1-9")},
          .needs = {need::qos1},
          .defects = {"set-retain-flag"},
          .body = flag_is_not_set});
  to.add({.id = "PR5-3.3.1.3-a/flag",
          .title = "What a new subscription brings has RETAIN 1",
          .covers = {v5("PR5-3.3.1.3-a"), v3("MQTT-3.3.1-8")},
          .needs = {need::qos1, need::retained},
          .defects = {"send-retained-without-flag"},
          .body = retained_come_with_flag});
  to.add({.id = "PR5-3.3.1.3-a/flag-at-qos0",
          .title = "What a new subscription of QoS 0 brings has RETAIN 1",
          .covers = {v5("PR5-3.3.1.3-a"), v3("MQTT-3.3.1-8")},
          .needs = {need::qos1, need::retained},
          .defects = {"send-retained-without-flag"},
          .body = retained_come_with_flag_at_qos0});
  to.add({.id = "PR5-3.3.1.3-a/flag-with-retain-as-published",
          .title = "What a new subscription with Retain As Published 1 brings has RETAIN 1",
          .covers = {v5("PR5-3.3.1.3-a")},
          .needs = {need::qos1, need::retained},
          .defects = {"send-retained-without-flag"},
          .body = retained_come_with_flag_as_published});
}

void add_as_published(suite& to) {
  struct kept {
    const char* id;
    const char* title;
    std::vector<caught_defect> defects;
    void (*body)(context&);
    need needed = need::qos1;
  };
  for (const kept& each :
       {kept{"MQTT-3.3.1-13/kept",
             "Retain As Published 1 keeps RETAIN 1 of a live message",
             {"ignore-retain-as-published"},
             kept_as_published_1},
        kept{"MQTT-3.3.1-13/kept-0",
             "Retain As Published 1 keeps RETAIN 0 of a live message",
             {"set-retain-flag"},
             kept_as_published_0},
        kept{"MQTT-3.3.1-13/at-qos0",
             "Retain As Published 1 keeps RETAIN at QoS 0",
             {"ignore-retain-as-published"},
             kept_as_published_at_qos0},
        kept{"MQTT-3.3.1-13/at-qos2",
             "Retain As Published 1 keeps RETAIN at QoS 2",
             {"ignore-retain-as-published"},
             kept_as_published_at_qos2,
             need::qos2},
        kept{"MQTT-3.3.1-13/empty",
             "Retain As Published 1 keeps RETAIN of an empty message",
             {"ignore-retain-as-published", "withhold-empty-retained-message"},
             kept_as_published_for_an_empty_message},
        kept{"MQTT-3.3.1-13/queued",
             "Retain As Published 1 keeps RETAIN of messages that waited for a session",
             {"ignore-retain-as-published"},
             kept_as_published_in_the_queue},
        kept{"MQTT-3.3.1-13/each-subscriber",
             "Each subscriber has its own Retain As Published",
             {"ignore-retain-as-published", "forward-retain-flag"},
             each_subscriber_has_its_own},
        kept{"MQTT-3.8.4-3/retain-as-published",
             "A repeated subscribe replaces Retain As Published",
             {"keep-older-subscription"},
             replaced_with_the_subscription}}) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = {v5("MQTT-3.3.1-13")},
            .needs = {each.needed, need::retained},
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace

void add_retained_flag_cases(suite& to) {
  add_cleared_flag(to);
  add_as_published(to);
}

}  // namespace gauntlet::conformance
