// Packet Identifiers of SUBSCRIBE, UNSUBSCRIBE and PUBLISH side by side. MQTT 5.0 §2.2.1

#include "conformance/cases/qos/qos_cases.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

constexpr std::uint16_t telling_identifiers[] = {1, 255, 256, 65535};

// All sent before the first answer is awaited; each answer comes once.
void subacks_have_their_identifiers(context& test) {
  client& a = test.connected("subscriber");
  for (const std::uint16_t identifier : telling_identifiers) {
    a.send(mqtt::subscribe{
        .packet_identifier = identifier,
        .subscriptions = {{test.topic(std::to_string(identifier)), mqtt::subscription_options{}}}});
  }
  for (const std::uint16_t identifier : telling_identifiers) {
    a.expect<mqtt::suback>("a SUBACK for each SUBSCRIBE", [identifier](const auto& came) {
      return came.packet_identifier == identifier;
    });
  }
  expect_only_pingresp(test, a);
  prove_delivery(test, a);
}

void unsubacks_have_their_identifiers(context& test) {
  client& a = test.connected("subscriber");
  for (const std::uint16_t identifier : telling_identifiers) {
    a.send(mqtt::unsubscribe{.packet_identifier = identifier,
                             .topic_filters = {test.topic(std::to_string(identifier))}});
  }
  for (const std::uint16_t identifier : telling_identifiers) {
    a.expect<mqtt::unsuback>("an UNSUBACK for each UNSUBSCRIBE", [identifier](const auto& came) {
      return came.packet_identifier == identifier;
    });
  }
  expect_only_pingresp(test, a);
  prove_delivery(test, a);
}

// Exchanges of all kinds at once, each with an identifier of its own.
void exchanges_do_not_mix(context& test) {
  client& a = test.connected("client");
  const std::string topic = test.topic("t");
  a.send(publish_of(topic, "x", qos::exactly_once, 300));
  a.send(mqtt::subscribe{.packet_identifier = 301,
                         .subscriptions = {{test.topic("u"), mqtt::subscription_options{}}}});
  a.send(mqtt::unsubscribe{.packet_identifier = 303, .topic_filters = {test.topic("v")}});
  a.expect<mqtt::pubrec>("PUBREC for packet 300", {},
                         [](const auto& came) { return came.packet_identifier == 300; });
  a.expect<mqtt::suback>("SUBACK for packet 301", {},
                         [](const auto& came) { return came.packet_identifier == 301; });
  a.expect<mqtt::unsuback>("UNSUBACK for packet 303", {},
                           [](const auto& came) { return came.packet_identifier == 303; });
  release(a, 300);
  prove_delivery(test, a);
}

}  // namespace

void add_identifier_cases(suite& to) {
  to.add({.id = "MQTT-2.2.1-6/suback",
          .title = "Each SUBACK has the Packet Identifier of its SUBSCRIBE",
          .covers = {v5("MQTT-2.2.1-6"), v3("MQTT-2.3.1-7")},
          .defects = {"send-suback-with-wrong-identifier"},
          .body = subacks_have_their_identifiers});
  to.add({.id = "MQTT-2.2.1-6/unsuback",
          .title = "Each UNSUBACK has the Packet Identifier of its UNSUBSCRIBE",
          .covers = {v5("MQTT-2.2.1-6"), v3("MQTT-2.3.1-7")},
          .defects = {"send-unsuback-with-wrong-identifier"},
          .body = unsubacks_have_their_identifiers});
  to.add(
      {.id = "MQTT-2.2.1-5/exchanges-at-once",
       .title = "Answers to PUBLISH, SUBSCRIBE and UNSUBSCRIBE at once have their identifiers",
       .covers = {v5("MQTT-2.2.1-5"), v5("MQTT-2.2.1-6"), v3("MQTT-2.3.1-6"), v3("MQTT-2.3.1-7")},
       .needs = {need::qos2},
       .defects = {"send-pubrec-with-wrong-identifier", "send-suback-with-wrong-identifier",
                   "send-unsuback-with-wrong-identifier"},
       .body = exchanges_do_not_mix});
}

}  // namespace gauntlet::conformance
