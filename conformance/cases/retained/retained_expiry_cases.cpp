// Message Expiry of retained messages. MQTT 5.0 §3.3.1.3, §3.3.2.3.3
//
// Waits are real: brokers look at expiry in whole seconds, some of them once in a while.

#include "conformance/cases/retained/retained_cases.hpp"
#include "conformance/cases/retained/retained_stories.hpp"

namespace gauntlet::conformance {
namespace {

using namespace std::chrono_literals;
using mqtt::qos;

void retain_for(context& test, std::string_view payload, std::uint32_t seconds) {
  test.connected("publisher")
      .publish(message_with({mqtt::message_expiry_interval(seconds)}, test.topic("t"), payload,
                            qos::at_least_once, true));
}

void expired_is_gone(context& test) {
  retain_for(test, "kept", 1);
  expect_retained(late_reader(test, "before", "t"), "kept");
  test.pause(3s, "until the retained message of one second has expired");
  late_reader(test, "after", "t").expect_quiet();
}

void expired_is_gone_at_a_repeated_subscribe(context& test) {
  retain_for(test, "kept", 1);
  client& reader = late_reader(test, "reader", "t");
  expect_retained(reader, "kept");
  test.pause(3s, "until the retained message of one second has expired");
  reader.subscribe(test.topic("t"), qos::at_least_once);
  reader.expect_quiet();
}

void expired_is_gone_for_a_wildcard(context& test) {
  retain_for(test, "kept", 1);
  retain(test, "other", "stays");
  test.pause(3s, "until the retained message of one second has expired");
  expect_only(late_reader(test, "reader", "#"), {"stays"});
}

void interval_is_counted_down(context& test) {
  retain_for(test, "kept", 60);
  test.pause(2s, "so that the interval gets shorter");
  late_reader(test, "reader", "t")
      .expect_publish(
          "kept",
          [](const mqtt::publish& came) {
            const auto left = came.properties.find<mqtt::property_id::message_expiry_interval>();
            return left && *left <= 59 && *left >= 50;
          },
          "Message Expiry Interval below 60 by the time that it waited");
}

void later_message_has_its_own(context& test) {
  retain_for(test, "short", 1);
  retain(test, "t", "for ever");
  test.pause(3s, "past the expiry of the message that was replaced");
  late_reader(test, "reader", "t")
      .expect_publish(
          "for ever",
          [](const mqtt::publish& came) {
            // A broker may have a limit of its own for all messages.
            const auto left = came.properties.find<mqtt::property_id::message_expiry_interval>();
            return !left || *left > 1;
          },
          "not the Message Expiry Interval of the earlier one");
}

struct expiry_case {
  const char* id;
  const char* title;
  std::vector<const char*> statements;
  std::vector<caught_defect> defects;
  void (*body)(context&);
};

}  // namespace

void add_retained_expiry_cases(suite& to) {
  const std::vector<expiry_case> cases = {
      {"PR5-3.3.1.3-c/gone",
       "A retained message is gone when its expiry has passed",
       {"PR5-3.3.1.3-c", "MQTT-3.3.2-5"},
       {"keep-expired-retained-message"},
       expired_is_gone},
      {"PR5-3.3.1.3-c/repeated-subscribe",
       "A repeated subscribe does not bring a retained message that has expired",
       {"PR5-3.3.1.3-c"},
       {"keep-expired-retained-message"},
       expired_is_gone_at_a_repeated_subscribe},
      {"PR5-3.3.1.3-c/wildcard",
       "A wildcard brings the retained messages that have not expired",
       {"PR5-3.3.1.3-c"},
       {"keep-expired-retained-message"},
       expired_is_gone_for_a_wildcard},
      {"MQTT-3.3.2-6/retained",
       "The expiry of a retained message is counted down while it waits",
       {"MQTT-3.3.2-6"},
       {"forward-full-message-expiry", "drop-message-expiry-interval"},
       interval_is_counted_down},
      {"MQTT-3.3.1-5/expiry-replaced",
       "A retained message does not inherit the expiry of the one that it replaced",
       {"MQTT-3.3.1-5"},
       {"keep-older-retained-message"},
       later_message_has_its_own},
  };
  for (const expiry_case& each : cases) {
    std::vector<statement_name> covered;
    for (const char* const statement : each.statements) covered.push_back(v5(statement));
    to.add({.id = each.id,
            .title = each.title,
            .covers = covered,
            .needs = {need::qos1, need::retained, need::wildcard_subscriptions},
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
