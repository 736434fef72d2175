// How a retained message goes away, and what does not take it away. MQTT 5.0 §3.3.1.3, §4.1

#include "conformance/cases/retained/retained_cases.hpp"
#include "conformance/cases/retained/retained_stories.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

void expect_cleared_by(context& test, qos of) {
  retain(test, "t", "kept");
  expect_retained(late_reader(test, "before", "t"), "kept");
  retain(test, "t", "", of);
  client& reader = late_reader(test, "after", "t");
  reader.expect_quiet();
}

void cleared_by_qos0(context& test) { expect_cleared_by(test, qos::at_most_once); }
void cleared_by_qos1(context& test) { expect_cleared_by(test, qos::at_least_once); }
void cleared_by_qos2(context& test) { expect_cleared_by(test, qos::exactly_once); }

void clearing_message_is_delivered(context& test) {
  retain(test, "t", "kept");
  client& present = late_reader(test, "present", "t");
  expect_retained(present, "kept");
  retain(test, "t", "");
  present.expect_publish(
      "", [](const mqtt::publish& came) { return !came.retain; }, "RETAIN 0");
}

void empty_message_is_not_stored(context& test) {
  client& present = late_reader(test, "present", "t");
  retain(test, "t", "");
  present.receive("");
  client& reader = late_reader(test, "reader", "t");
  reader.expect_quiet();
}

void empty_message_with_properties_is_not_stored(context& test) {
  client& present = late_reader(test, "present", "t");
  test.connected("publisher")
      .publish(message_with({mqtt::user_property("a", "1"), mqtt::content_type("text/plain")},
                            test.topic("t"), "", qos::at_least_once, true));
  present.receive("");
  late_reader(test, "reader", "t").expect_quiet();
}

void other_topics_stay(context& test) {
  retain(test, "t", "of t");
  retain(test, "t/below", "of t/below");
  retain(test, "t", "");
  late_reader(test, "first", "t").expect_quiet();
  expect_retained(late_reader(test, "second", "t/below"), "of t/below");
}

void topic_can_be_used_again(context& test) {
  retain(test, "t", "first");
  retain(test, "t", "");
  retain(test, "t", "second");
  client& reader = late_reader(test, "reader", "t");
  expect_retained(reader, "second");
  reader.expect_quiet();
}

void stays_after_delivery(context& test) {
  retain(test, "t", "kept");
  for (const char* name : {"first", "second", "third"}) {
    expect_retained(late_reader(test, name, "t"), "kept");
  }
}

void stays_after_the_publisher_left(context& test) {
  test.connected("leaver").publish(test.topic("t"), "kept", qos::at_least_once, true);
  test.connected("leaver").disconnect();
  expect_retained(late_reader(test, "reader", "t"), "kept");
}

void stays_after_the_publisher_broke(context& test) {
  client& publisher = test.connected("breaker");
  publisher.publish(test.topic("t"), "kept", qos::at_least_once, true);
  publisher.drop();
  client& again = test.connected("breaker");
  again.ping();
  expect_retained(late_reader(test, "reader", "t"), "kept");
}

void stays_after_all_left(context& test) {
  retain(test, "t", "kept");
  client& first = late_reader(test, "reader", "t");
  expect_retained(first, "kept");
  first.disconnect();
  expect_retained(late_reader(test, "reader", "t"), "kept");
}

void add_cleared(suite& to) {
  struct clearing {
    const char* id;
    const char* title;
    need needed;
    void (*body)(context&);
  };
  for (const clearing& each :
       {clearing{"MQTT-3.3.1-6/cleared-at-qos0", "An empty QoS 0 message with RETAIN 1 clears",
                 need::qos1, cleared_by_qos0},
        clearing{"MQTT-3.3.1-6/cleared-at-qos1", "An empty QoS 1 message with RETAIN 1 clears",
                 need::qos1, cleared_by_qos1},
        clearing{"MQTT-3.3.1-6/cleared-at-qos2", "An empty QoS 2 message with RETAIN 1 clears",
                 need::qos2, cleared_by_qos2}}) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = {v5("MQTT-3.3.1-6"), v3("MQTT-3.3.1-10")},
            .needs = {each.needed, need::retained},
            .defects = {"keep-retained-on-empty-payload"},
            .body = each.body});
  }
  to.add({.id = "MQTT-3.3.1-6/delivered",
          .title = "The empty message that clears goes to those who are subscribed",
          .covers = {v5("MQTT-3.3.1-6"), v5("MQTT-3.3.1-12"), v3("MQTT-3.3.1-10"),
                     v3("PR3-3.3.1.3-a")},
          .needs = {need::qos1, need::retained},
          .defects = {"withhold-empty-retained-message", "forward-retain-flag"},
          .body = clearing_message_is_delivered});
  to.add({.id = "MQTT-3.3.1-7/not-stored",
          .title = "An empty message with RETAIN 1 is not stored",
          .covers = {v5("MQTT-3.3.1-7"), v3("MQTT-3.3.1-11")},
          .needs = {need::qos1, need::retained},
          .defects = {"store-empty-retained-message"},
          .body = empty_message_is_not_stored});
  to.add({.id = "MQTT-3.3.1-7/with-properties",
          .title = "An empty message with RETAIN 1 is not stored although it has properties",
          .covers = {v5("MQTT-3.3.1-7")},
          .needs = {need::qos1, need::retained},
          .defects = {"store-empty-retained-message"},
          .body = empty_message_with_properties_is_not_stored});
  to.add({.id = "MQTT-3.3.1-6/other-topics",
          .title = "Clearing a topic leaves those below it alone",
          .covers = {v5("MQTT-3.3.1-6"), v3("MQTT-3.3.1-10")},
          .needs = {need::qos1, need::retained},
          .defects = {"keep-retained-on-empty-payload", "match-filter-as-prefix"},
          .body = other_topics_stay});
  to.add({.id = "MQTT-3.3.1-5/after-clearing",
          .title = "A topic that was cleared takes a retained message again",
          .covers = {v5("MQTT-3.3.1-5"), v3("MQTT-3.3.1-5")},
          .needs = {need::qos1, need::retained},
          .defects = {"forget-retained-message"},
          .body = topic_can_be_used_again});
}

void add_staying(suite& to) {
  to.add({.id = "MQTT-3.3.1-9/stays-after-delivery",
          .title = "A retained message is there for every later subscriber",
          .covers = {v5("MQTT-3.3.1-9"), v3("MQTT-3.3.1-6")},
          .needs = {need::qos1, need::retained},
          .defects = {"delete-retained-after-delivery"},
          .body = stays_after_delivery});
  to.add({.id = "PR5-4.1-a/publisher-left",
          .title = "A retained message outlives the session of its publisher",
          .covers = {v5("PR5-4.1-a"), v3("MQTT-3.1.2-7")},
          .needs = {need::qos1, need::retained},
          .defects = {"delete-retained-with-session"},
          .body = stays_after_the_publisher_left});
  to.add({.id = "PR5-4.1-a/publisher-broke",
          .title = "A retained message outlives a session that ends with a broken connection",
          .covers = {v5("PR5-4.1-a"), v3("MQTT-3.1.2-7")},
          .needs = {need::qos1, need::retained},
          .defects = {"delete-retained-with-session"},
          .body = stays_after_the_publisher_broke});
  to.add({.id = "PR5-4.1-a/all-left",
          .title = "A retained message is still there when all clients have gone and come back",
          .covers = {v5("PR5-4.1-a"), v3("PR3-4.1-a")},
          .needs = {need::qos1, need::retained},
          .defects = {"delete-retained-after-delivery", "delete-retained-with-session"},
          .body = stays_after_all_left});
}

}  // namespace

void add_retained_clearing_cases(suite& to) {
  add_cleared(to);
  add_staying(to);
}

}  // namespace gauntlet::conformance
