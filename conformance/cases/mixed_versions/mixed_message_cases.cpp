// Messages between the versions. The subscriber is of the test's version.

#include <fmt/format.h>

#include "conformance/cases/mixed_versions/mixed_versions_cases.hpp"
#include "conformance/cases/mixed_versions/version_pair.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

constexpr auto v5_only = caught_defect::in::v5_only;
constexpr auto v3_only = caught_defect::in::v3_1_1_only;

client& subscriber(context& test, qos maximum = qos::exactly_once) {
  client& to = test.connected("subscriber");
  to.subscribe(test.topic("t"), maximum);
  return to;
}

void at_qos(context& test, qos of) {
  client& to = subscriber(test);
  other_client(test, "publisher").publish(test.topic("t"), "x", of);
  to.acknowledge(to.expect_publish(
      "x", [of](const mqtt::publish& came) { return came.qos == of; },
      fmt::format("QoS {}", static_cast<int>(of))));
}

void lowered(context& test) {
  client& to = subscriber(test, qos::at_most_once);
  other_client(test, "publisher").publish(test.topic("t"), "x", qos::at_least_once);
  to.expect_publish(
      "x", [](const mqtt::publish& came) { return came.qos == qos::at_most_once; }, "QoS 0");
}

void binary_payload(context& test) {
  const std::string payload("\0\xFF\x80 a\r\n", 7);
  client& to = subscriber(test);
  other_client(test, "publisher").publish(test.topic("t"), payload);
  to.acknowledge(to.expect_publish(payload));
}

void empty_payload(context& test) {
  client& to = subscriber(test);
  other_client(test, "publisher").publish(test.topic("t"), "");
  to.acknowledge(to.expect_publish(""));
}

void topic_as_it_was(context& test) {
  const std::string topic = "/" + test.topic("Caf\xC3\xA9 //t/");
  client& to = test.connected("subscriber");
  to.subscribe(topic, qos::at_least_once);
  other_client(test, "publisher").publish(topic, "x");
  to.acknowledge(to.expect_publish(
      "x", [&](const mqtt::publish& came) { return came.topic_name == topic; },
      "the Topic Name with which it was published"));
}

void both_subscribed(context& test) {
  client& own = subscriber(test);
  client& other = other_client(test, "other subscriber");
  other.subscribe(test.topic("t"), qos::at_least_once);
  other_client(test, "publisher").publish(test.topic("t"), "x");
  own.acknowledge(own.expect_publish("x"));
  other.acknowledge(other.expect_publish("x"));
}

// 5.0 properties have no place in what a 3.1.1 client gets.
void properties_are_left_out(context& test) {
  client& to = subscriber(test);
  other_client(test, "publisher")
      .publish(message_with({mqtt::payload_format_indicator(1), mqtt::message_expiry_interval(60),
                             mqtt::content_type("text/plain"), mqtt::response_topic("answers"),
                             mqtt::correlation_data({1, 2}), mqtt::user_property("a", "1")},
                            test.topic("t"), "x"));
  to.acknowledge(to.expect_publish("x"));
  to.ping();
}

// A message from 3.1.1 has no properties, and none are made up.
void no_properties_are_made_up(context& test) {
  client& to = subscriber(test);
  other_client(test, "publisher").publish(test.topic("t"), "x");
  to.acknowledge(to.expect_publish(
      "x", [](const mqtt::publish& came) { return came.properties.empty(); }, "no properties"));
}

void identifier_beside_3_1_1(context& test) {
  client& to = test.connected("subscriber");
  client& other = other_client(test, "other subscriber");
  subscribe_with_identifier(to, test.topic("t"), qos::at_least_once, 5);
  other.subscribe(test.topic("t"), qos::at_least_once);
  other_client(test, "publisher").publish(test.topic("t"), "x");
  expect_identifiers(to, "x", {5});
  other.acknowledge(other.expect_publish("x"));
}

void topic_alias_is_resolved(context& test) {
  client& other = other_client(test, "subscriber");
  other.subscribe(test.topic("one"), qos::at_least_once);
  other.subscribe(test.topic("two"), qos::at_least_once);
  client& publisher = test.connected("publisher");
  publisher.publish(message_with({mqtt::topic_alias(1)}, test.topic("one"), "1"));
  publisher.publish(message_with({mqtt::topic_alias(1)}, "", "2"));
  publisher.publish(message_with({mqtt::topic_alias(1)}, test.topic("two"), "3"));
  publisher.publish(message_with({mqtt::topic_alias(1)}, "", "4"));
  struct wanted {
    const char* payload;
    std::string topic;
  };
  for (const wanted& each : {wanted{"1", test.topic("one")}, wanted{"2", test.topic("one")},
                             wanted{"3", test.topic("two")}, wanted{"4", test.topic("two")}}) {
    other.acknowledge(other.expect_publish(
        each.payload, [&](const mqtt::publish& came) { return came.topic_name == each.topic; },
        "the Topic Name that the alias stood for"));
  }
}

void expiry_holds_for_3_1_1(context& test) {
  const auto other = other_version(test);
  client& away = test.connected("subscriber", lasting_connect(other, true), other);
  away.subscribe(test.topic("t"), qos::at_least_once);
  away.disconnect();
  client& publisher = test.connected("publisher");
  publisher.publish(message_with({mqtt::message_expiry_interval(1)}, test.topic("t"), "short"));
  publisher.publish(message_with({mqtt::message_expiry_interval(600)}, test.topic("t"), "long"));
  test.pause(std::chrono::seconds(3), "until a message of one second has expired");
  client& to = test.connected("subscriber", lasting_connect(other), other);
  expect_only(to, {"long"});
}

void too_large_for_one(context& test) {
  client& small = test.connected("small", {.properties = {mqtt::maximum_packet_size(200)}});
  client& other = other_client(test, "large");
  small.subscribe(test.topic("t"), qos::at_least_once);
  other.subscribe(test.topic("t"), qos::at_least_once);
  client& publisher = other_client(test, "publisher");
  const std::string large(400, 'x');
  publisher.publish(test.topic("t"), large);
  publisher.publish(test.topic("t"), "small enough");
  other.acknowledge(other.expect_publish(large));
  other.acknowledge(other.expect_publish("small enough"));
  expect_only(small, {"small enough"});
}

void order_of_one_publisher(context& test) {
  client& to = subscriber(test, qos::at_least_once);
  client& publisher = other_client(test, "publisher");
  for (int i = 0; i < 6; ++i) publisher.publish(test.topic("t"), std::to_string(i));
  for (int i = 0; i < 6; ++i) {
    const auto came = to.expect<mqtt::publish>(
        fmt::format("message \"{}\" in its turn", i), {},
        [i](const mqtt::publish& packet) { return payload_of(packet) == std::to_string(i); });
    to.acknowledge(came);
  }
}

void add_both_ways(suite& to) {
  for (const qos of : {qos::at_most_once, qos::at_least_once, qos::exactly_once}) {
    const char* const lost[] = {"lose-qos0-delivery", "lose-qos1-delivery", "lose-qos2-delivery"};
    to.add({.id = fmt::format("MQTT-4.5.0-1/mixed-qos{}", static_cast<int>(of)),
            .title = fmt::format("A QoS {} message gets from a client of the other version to one "
                                 "of this",
                                 static_cast<int>(of)),
            .covers = {v5("MQTT-4.5.0-1"), v3("MQTT-4.5.0-1")},
            .needs = {need::qos2},
            .defects = {lost[static_cast<int>(of)]},
            .body = between_versions([of](context& test) { at_qos(test, of); })});
  }
  struct crossing {
    const char* id;
    const char* title;
    std::vector<statement_name> covers;
    std::vector<caught_defect> defects;
    void (*body)(context&);
  };
  for (const crossing& each :
       std::vector<crossing>{{"MQTT-3.8.4-8/mixed",
                              "The QoS granted holds for messages of the other version",
                              {v5("MQTT-3.8.4-8"), v3("MQTT-3.8.4-6")},
                              {"exceed-granted-qos"},
                              lowered},
                             {"MQTT-4.5.0-1/mixed-binary",
                              "Any bytes get from one version to the other",
                              {v5("MQTT-4.5.0-1"), v3("MQTT-4.5.0-1")},
                              {"cut-payload-at-zero-byte", "put-payload-in-seven-bits"},
                              binary_payload},
                             {"PR5-3.3.3-a/mixed",
                              "An empty message gets from one version to the other",
                              {v5("PR5-3.3.3-a"), v3("PR3-3.3.3-a")},
                              {"lose-empty-message"},
                              empty_payload},
                             {"MQTT-4.7.3-4/mixed",
                              "A Topic Name gets unchanged from one version to the other",
                              {v5("MQTT-4.7.3-4"), v3("MQTT-4.7.3-4")},
                              {"put-topic-in-lower-case", "merge-adjacent-topic-separators",
                               "drop-leading-topic-separator", "drop-trailing-topic-separator"},
                              topic_as_it_was},
                             {"MQTT-4.5.0-1/mixed-subscribers",
                              "Subscribers of both versions get a message",
                              {v5("MQTT-4.5.0-1"), v3("MQTT-4.5.0-1")},
                              {"deliver-to-first-subscriber-only"},
                              both_subscribed},
                             {"MQTT-4.6.0-6/mixed",
                              "The order of messages is kept from one version to the other",
                              {v5("MQTT-4.6.0-6"), v3("MQTT-4.6.0-6")},
                              {"reorder-deliveries"},
                              order_of_one_publisher}}) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = each.covers,
            .needs = {need::qos1},
            .defects = each.defects,
            .body = between_versions(each.body)});
  }
}

void add_one_way(suite& to) {
  to.add({.id = "PR3-7.1.1-a/mixed-properties",
          .title = "A 3.1.1 client gets a message of 5.0 without its properties",
          .covers = {v3("PR3-7.1.1-a")},
          .needs = {need::qos1},
          .defects = {{"send-properties-in-publish-of-3-1-1", v3_only}},
          .body = between_versions(properties_are_left_out)});
  to.add({.id = "MQTT-2.2.2-1/mixed",
          .title = "A 5.0 client gets a message of 3.1.1 with an empty list of properties",
          .covers = {v5("MQTT-2.2.2-1"), v5("PE-2.2.2.2-n")},
          .needs = {need::qos1},
          .defects = {{"omit-property-length-of-publish", v5_only},
                      {"send-strange-property-in-publish", v5_only}},
          .body = between_versions(no_properties_are_made_up)});
  to.add({.id = "MQTT-3.3.4-3/mixed",
          .title = "Messages of 3.1.1 carry the Subscription Identifier of a 5.0 client",
          .covers = {v5("MQTT-3.3.4-3")},
          .needs = {need::qos1, need::subscription_identifiers},
          .defects = {"omit-subscription-identifier"},
          .body = between_versions(identifier_beside_3_1_1)});
  to.add({.id = "PR5-3.3.2.3.4-a/mixed",
          .title = "A 3.1.1 client gets the topic that an alias stands for",
          .covers = {v5("PR5-3.3.2.3.4-a")},
          .needs = {need::qos1, need::topic_aliases},
          .defects = {"ignore-new-topic-alias-mapping"},
          .body = between_versions(topic_alias_is_resolved)});
  to.add({.id = "MQTT-3.3.2-5/mixed",
          .title = "A message of 5.0 expires while it waits for a 3.1.1 session",
          .covers = {v5("MQTT-3.3.2-5")},
          .needs = {need::qos1},
          .defects = {"keep-expired-message"},
          .body = between_versions(expiry_holds_for_3_1_1)});
  to.add({.id = "MQTT-3.1.2-25/mixed",
          .title = "A message too large for a 5.0 client still gets to a 3.1.1 client",
          .covers = {v5("MQTT-3.1.2-25"), v5("MQTT-3.1.2-24")},
          .needs = {need::qos1},
          .defects = {"exceed-maximum-packet-size"},
          .body = between_versions(too_large_for_one)});
}

}  // namespace

void add_mixed_message_cases(suite& to) {
  add_both_ways(to);
  add_one_way(to);
}

}  // namespace gauntlet::conformance
