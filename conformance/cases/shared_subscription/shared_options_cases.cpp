// QoS, identifiers, retained messages and No Local of shared subscriptions. MQTT 5.0 §4.8.2, §3.8

#include <fmt/format.h>

#include "conformance/cases/shared_subscription/shared_group.hpp"
#include "conformance/cases/shared_subscription/shared_subscription_cases.hpp"
#include "conformance/cases/support/raw_subscribe.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

// Whatever a member gets comes at the QoS granted to it.
void qos_of_each(context& test) {
  const std::vector<client*> group = {&member(test, "zero", "g", qos::at_most_once),
                                      &member(test, "one", "g", qos::at_least_once),
                                      &member(test, "two", "g", qos::exactly_once)};
  client& publisher = test.connected("publisher");
  publish_numbered(test, publisher, 9, qos::exactly_once);
  for (const delivery& came : receive_together(test, group, 9)) {
    const int wanted = came.to == group[0] ? 0 : came.to == group[1] ? 1 : 2;
    const int seen = static_cast<int>(came.message.qos);
    demand(test, *came.to, seen == wanted, fmt::format("messages at QoS {}", wanted),
           fmt::format("one at QoS {}", seen));
  }
}

void qos_of_single(context& test, qos granted) {
  client& only = member(test, "only", "g", granted);
  test.connected("publisher").publish(test.topic("t"), "x", qos::exactly_once);
  only.acknowledge(only.expect_publish(
      "x", [granted](const mqtt::publish& came) { return came.qos == granted; },
      fmt::format("QoS {}", static_cast<int>(granted))));
}

void qos_0_of_single(context& test) { qos_of_single(test, qos::at_most_once); }
void qos_1_of_single(context& test) { qos_of_single(test, qos::at_least_once); }

void own_identifier_only(context& test) {
  std::vector<client*> group;
  for (const std::uint32_t identifier : {1U, 2U}) {
    group.push_back(&test.connected(fmt::format("member {}", identifier)));
    subscribe_with_identifier(*group.back(), shared(test, "g"), qos::at_least_once, identifier);
  }
  publish_numbered(test, test.connected("publisher"), 6);
  for (const delivery& came : receive_together(test, group, 6)) {
    const std::vector<std::uint32_t> wanted = {came.to == group[0] ? 1U : 2U};
    demand(test, *came.to, identifiers_of(came.message) == wanted,
           "the receiver's own Subscription Identifier only",
           fmt::format("{}", fmt::join(identifiers_of(came.message), ", ")));
  }
}

void identifier_of_single(context& test) {
  client& only = test.connected("only");
  subscribe_with_identifier(only, shared(test, "g"), qos::at_least_once, 268'435'455);
  test.connected("publisher").publish(test.topic("t"), "x");
  expect_identifiers(only, "x", {268'435'455});
}

void no_retained(context& test, mqtt::retain_handling handling) {
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("t"), "kept", qos::at_least_once, true);
  client& plain = test.connected("plain");
  plain.subscribe(test.topic("t"), qos::at_least_once);
  plain.receive("kept");
  std::vector<client*> group;
  for (const char* name : {"first", "further"}) {
    group.push_back(&test.connected(name));
    group.back()->subscribe(shared(test, "g"), qos::at_least_once, {.retain_handling = handling});
    group.back()->expect_quiet();
  }
  publish_numbered(test, publisher, 2);
  expect_shared(test, group, 2);
}

void no_retained_again(context& test) {
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("t"), "kept", qos::at_least_once, true);
  client& only = member(test, "only");
  only.subscribe(shared(test, "g"), qos::at_least_once);
  only.expect_quiet();
  publish_numbered(test, publisher, 1);
  expect_shared(test, {&only}, 1);
}

void retain_as_published(context& test) {
  client& only = test.connected("only");
  only.subscribe(shared(test, "g"), qos::at_least_once, {.retain_as_published = true});
  test.connected("publisher").publish(test.topic("t"), "live", qos::at_least_once, true);
  only.acknowledge(only.expect_publish(
      "live", [](const mqtt::publish& came) { return came.retain; }, "RETAIN 1"));
}

void no_local_is_refused(context& test) {
  const refusal manner{{reason_code::protocol_error, reason_code::malformed_packet}};
  expect_filters_refused(test, {.payload = filter_with_options(shared(test, "g"), 0x04)}, manner);
}

void no_local_of_the_second_is_refused(context& test) {
  const refusal manner{{reason_code::protocol_error, reason_code::malformed_packet}};
  mqtt::raw_fields payload = filter_with_options(test.topic("t"), 0x04);
  payload.append(filter_with_options(shared(test, "g"), 0x05));
  expect_filters_refused(test, {.payload = payload}, manner);
}

struct options_case {
  const char* id;
  const char* title;
  const char* statement;
  std::vector<caught_defect> defects;
  void (*body)(context&);
  need needed = need::qos1;
};

}  // namespace

void add_shared_options_cases(suite& to) {
  for (const auto handling :
       {mqtt::retain_handling::send_at_subscribe, mqtt::retain_handling::send_if_new,
        mqtt::retain_handling::do_not_send}) {
    const int number = static_cast<int>(handling);
    // With Retain Handling 2 not even a broker with the defect sends any.
    const char* const defect =
        number == 2 ? "deliver-to-all-members" : "send-retained-to-shared-subscription";
    to.add({.id = fmt::format("PR5-3.8.4-b/retain-handling-{}", number),
            .title =
                fmt::format("No retained messages are sent to a group, Retain Handling {}", number),
            .covers = {v5("PR5-3.8.4-b")},
            .needs = {need::qos1, need::shared_subscriptions, need::retained},
            .defects = {defect},
            .body = [handling](context& test) { no_retained(test, handling); }});
  }
  const std::vector<options_case> cases = {
      {"MQTT-4.8.2-3/each-member",
       "Each member gets messages at the QoS granted to it",
       "MQTT-4.8.2-3",
       {"use-highest-qos-of-group", "exceed-granted-qos"},
       qos_of_each,
       need::qos2},
      {"MQTT-4.8.2-3/qos0",
       "A member with QoS 0 gets messages at QoS 0",
       "MQTT-4.8.2-3",
       {"exceed-granted-qos"},
       qos_0_of_single,
       need::qos2},
      {"MQTT-4.8.2-3/qos1",
       "A member with QoS 1 gets QoS 2 messages at QoS 1",
       "MQTT-4.8.2-3",
       {"exceed-granted-qos"},
       qos_1_of_single,
       need::qos2},
      {"PR5-3.3.4-b/own-only",
       "A member gets its own Subscription Identifier only",
       "PR5-3.3.4-b",
       {"send-identifiers-of-all-members"},
       own_identifier_only,
       need::subscription_identifiers},
      {"PR5-3.3.4-b/value",
       "A shared subscription has a Subscription Identifier, too",
       "PR5-3.3.4-b",
       {"omit-subscription-identifier"},
       identifier_of_single,
       need::subscription_identifiers},
      {"PR5-3.8.4-b/repeated",
       "A repeated subscribe to a group brings no retained message",
       "PR5-3.8.4-b",
       {"send-retained-to-shared-subscription"},
       no_retained_again,
       need::retained},
      {"MQTT-3.3.1-13/shared",
       "Retain As Published holds for a shared subscription",
       "MQTT-3.3.1-13",
       {"ignore-retain-as-published"},
       retain_as_published,
       need::retained},
      {"MQTT-3.8.3-4/refused",
       "No Local 1 on a shared subscription is refused",
       "MQTT-3.8.3-4",
       {"accept-no-local-of-shared-subscription"},
       no_local_is_refused},
      {"MQTT-3.8.3-4/second-filter",
       "No Local 1 on a shared second filter is refused",
       "MQTT-3.8.3-4",
       {"accept-no-local-of-shared-subscription"},
       no_local_of_the_second_is_refused},
  };
  for (const options_case& each : cases) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = {v5(each.statement)},
            .needs = {need::qos1, need::shared_subscriptions, each.needed},
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
