// Which retained messages a subscribe brings, how often and at which QoS. MQTT 5.0 §3.8.4

#include <algorithm>

#include <fmt/format.h>

#include "conformance/cases/retained/retained_cases.hpp"
#include "conformance/cases/retained/retained_stories.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

// Retains "1" on a/1, "2" on a/2, "deep" on a/1/x and "parent" on a.
void retain_a_tree(context& test) {
  retain(test, "a", "parent");
  retain(test, "a/1", "1");
  retain(test, "a/2", "2");
  retain(test, "a/1/x", "deep");
}

void single_level_wildcard(context& test) {
  retain_a_tree(test);
  expect_only(late_reader(test, "reader", "a/+"), {"1", "2"});
}

void multi_level_wildcard(context& test) {
  retain_a_tree(test);
  expect_only(late_reader(test, "reader", "a/#"), {"parent", "1", "2", "deep"});
}

void wildcard_in_the_middle(context& test) {
  retain_a_tree(test);
  retain(test, "a/2/x", "deep too");
  expect_only(late_reader(test, "reader", "a/+/x"), {"deep", "deep too"});
}

void last_of_each_topic(context& test) {
  retain_a_tree(test);
  retain(test, "a/1", "newer 1");
  retain(test, "a/2", "");
  expect_only(late_reader(test, "reader", "a/+"), {"newer 1"});
}

void repeated_subscribe(context& test) {
  retain(test, "t", "kept");
  client& reader = late_reader(test, "reader", "t");
  expect_retained(reader, "kept");
  reader.subscribe(test.topic("t"), qos::at_least_once);
  expect_retained(reader, "kept");
}

void repeated_subscribe_with_wildcard(context& test) {
  retain_a_tree(test);
  client& reader = late_reader(test, "reader", "a/+");
  expect_only(reader, {"1", "2"});
  reader.subscribe(test.topic("a/+"), qos::at_least_once);
  expect_only(reader, {"1", "2"});
}

void after_unsubscribe(context& test) {
  retain(test, "t", "kept");
  client& reader = late_reader(test, "reader", "t");
  expect_retained(reader, "kept");
  reader.unsubscribe(test.topic("t"));
  reader.subscribe(test.topic("t"), qos::at_least_once);
  expect_retained(reader, "kept");
}

void another_filter_is_new(context& test) {
  retain(test, "a/b", "kept");
  client& reader = late_reader(test, "reader", "a/+");
  expect_retained(reader, "kept");
  reader.subscribe(test.topic("a/b"), qos::at_least_once);
  expect_retained(reader, "kept");
}

void each_filter_of_a_packet(context& test) {
  retain(test, "one", "1");
  retain(test, "two", "2");
  client& reader = test.connected("reader");
  reader.subscribe(mqtt::subscribe{.subscriptions = {{test.topic("one"), {qos::at_least_once}},
                                                     {test.topic("two"), {qos::at_least_once}}}});
  for (const mqtt::publish& came : expect_only(reader, {"1", "2"})) {
    demand(test, reader, came.retain, "RETAIN 1", "RETAIN 0");
  }
}

void others_do_not_get_it_again(context& test) {
  retain(test, "t", "kept");
  client& earlier = late_reader(test, "earlier", "t");
  expect_retained(earlier, "kept");
  expect_retained(late_reader(test, "later", "t"), "kept");
  earlier.expect_quiet();
}

void kept_until_acknowledged(context& test) {
  retain(test, "t", "kept");
  client& reader = test.connected("reader", lasting_connect(test.version(), true));
  reader.subscribe(test.topic("t"), qos::at_least_once);
  reader.take("kept");
  reader.drop();
  client& again = test.connected("reader", lasting_connect(test.version()));
  again.expect_publish("kept");
}

void at_qos(context& test, qos published, qos granted) {
  retain(test, "t", "kept", published);
  client& reader = late_reader(test, "reader", "t", granted);
  const qos wanted = std::min(published, granted);
  reader.acknowledge(reader.expect_publish(
      "kept", [wanted](const mqtt::publish& came) { return came.qos == wanted; },
      fmt::format("QoS {}", static_cast<int>(wanted))));
}

void add_matching(suite& to) {
  struct matching {
    const char* id;
    const char* title;
    std::vector<caught_defect> defects;
    void (*body)(context&);
  };
  for (const matching& each :
       {matching{"MQTT-3.3.1-9/single-level-wildcard",
                 "A filter with + brings the retained messages of exactly one level",
                 {"omit-retained-for-wildcard", "send-first-retained-only",
                  "match-several-levels-with-single-level-wildcard"},
                 single_level_wildcard},
        matching{"MQTT-3.3.1-9/multi-level-wildcard",
                 "A filter with # brings the retained messages of its parent and all below",
                 {"omit-retained-for-wildcard", "match-one-level-with-multi-level-wildcard",
                  "match-no-parent-with-multi-level-wildcard"},
                 multi_level_wildcard},
        matching{"MQTT-3.3.1-9/wildcard-in-the-middle",
                 "A filter with + in the middle brings the retained messages behind it",
                 {"omit-retained-for-wildcard", "match-single-level-wildcard-literally"},
                 wildcard_in_the_middle},
        matching{"MQTT-3.3.1-9/last-of-each",
                 "A wildcard brings the last retained message of each topic and no older one",
                 {"keep-older-retained-message", "keep-retained-on-empty-payload"},
                 last_of_each_topic}}) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = {v5("MQTT-3.3.1-9"), v3("MQTT-3.3.1-6")},
            .needs = {need::qos1, need::retained, need::wildcard_subscriptions},
            .defects = each.defects,
            .body = each.body});
  }
}

void add_when(suite& to) {
  to.add({.id = "MQTT-3.8.4-4/sent-again",
          .title = "A repeated subscribe brings the retained message again",
          .covers = {v5("MQTT-3.8.4-4"), v5("MQTT-3.3.1-9"), v3("MQTT-3.8.4-3")},
          .needs = {need::qos1, need::retained},
          .defects = {"omit-retained-at-repeated-subscribe"},
          .body = repeated_subscribe});
  to.add({.id = "MQTT-3.8.4-4/sent-again-for-wildcard",
          .title = "A repeated subscribe with a wildcard brings all retained messages again",
          .covers = {v5("MQTT-3.8.4-4"), v5("MQTT-3.3.1-9"), v3("MQTT-3.8.4-3")},
          .needs = {need::qos1, need::retained, need::wildcard_subscriptions},
          .defects = {"omit-retained-at-repeated-subscribe", "send-first-retained-only"},
          .body = repeated_subscribe_with_wildcard});
  to.add({.id = "MQTT-3.3.1-9/after-unsubscribe",
          .title = "Who unsubscribes and subscribes anew gets the retained message anew",
          .covers = {v5("MQTT-3.3.1-9"), v3("MQTT-3.3.1-6")},
          .needs = {need::qos1, need::retained},
          .defects = {"delete-retained-after-delivery"},
          .body = after_unsubscribe});
  to.add({.id = "PR3-3.8.4-b/another-filter",
          .title = "A filter that is not identical to one held brings its retained messages",
          .covers = {v5("MQTT-3.3.1-9"), v3("PR3-3.8.4-b")},
          .needs = {need::qos1, need::retained, need::wildcard_subscriptions},
          .defects = {"omit-retained-for-wildcard", "delete-retained-after-delivery"},
          .body = another_filter_is_new});
  to.add({.id = "MQTT-3.8.4-5/retained-of-each-filter",
          .title = "Each filter of a SUBSCRIBE brings its retained messages",
          .covers = {v5("MQTT-3.8.4-5"), v5("MQTT-3.3.1-9"), v3("MQTT-3.8.4-4")},
          .needs = {need::qos1, need::retained},
          .defects = {"subscribe-first-filter-only"},
          .body = each_filter_of_a_packet});
  to.add({.id = "MQTT-3.3.1-9/others-undisturbed",
          .title = "A subscribe brings the retained message to its own client only",
          .covers = {v5("MQTT-3.3.1-9"), v3("MQTT-3.3.1-6")},
          .needs = {need::qos1, need::retained},
          .defects = {"delete-retained-after-delivery", "forget-retained-message"},
          .body = others_do_not_get_it_again});
  to.add({.id = "MQTT-4.4.0-1/retained-unacknowledged",
          .title = "A retained message that was not acknowledged comes again when the session does",
          .covers = {v5("MQTT-4.4.0-1"), v3("MQTT-4.4.0-1")},
          .needs = {need::qos1, need::retained},
          .defects = {"omit-redelivery"},
          .body = kept_until_acknowledged});
}

// A QoS 0 message may be dropped by the broker, so what is published has QoS 1 or 2.
void add_qos(suite& to) {
  for (const auto published : {qos::at_least_once, qos::exactly_once}) {
    for (const auto granted : {qos::at_most_once, qos::at_least_once, qos::exactly_once}) {
      const int from = static_cast<int>(published);
      const int up_to = static_cast<int>(granted);
      std::vector<caught_defect> defects = {"store-retained-at-qos0"};
      if (granted < published) defects = {"exceed-granted-qos-with-retained"};
      to.add({.id = fmt::format("MQTT-3.8.4-8/retained-at-{}-granted-{}", from, up_to),
              .title = fmt::format(
                  "A message retained at QoS {} comes at QoS {} to a subscription of QoS {}", from,
                  std::min(from, up_to), up_to),
              .covers = {v5("MQTT-3.8.4-8"), v3("MQTT-3.8.4-6"), v3("MQTT-3.3.1-5")},
              .needs = {need::qos2, need::retained},
              .defects = defects,
              .body = [published, granted](context& test) { at_qos(test, published, granted); }});
    }
  }
}

}  // namespace

void add_retained_delivery_cases(suite& to) {
  add_matching(to);
  add_when(to);
  add_qos(to);
}

}  // namespace gauntlet::conformance
