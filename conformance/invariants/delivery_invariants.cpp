// QoS 1 and 2 towards the client: Packet Identifiers, DUP, sending again, PUBREL. MQTT 5.0 §2.2.1,
// §3.3.1.1, §4.3, §4.4, 3.1.1 §2.3.1, §3.3.1.1, §4.3, §4.4

#include <algorithm>

#include "conformance/invariants/rule_checks.hpp"
#include "conformance/invariants/themes.hpp"

namespace gauntlet::conformance {
namespace {

// A QoS 1 or 2 PUBLISH in a session of which all is known.
const arrived_message* numbered(const observed_packet& came) {
  const arrived_message* const message = came.message;
  const bool counts = message != nullptr && message->packet.qos != mqtt::qos::at_most_once &&
                      came.on.is_known() && !message->topic_name.empty();
  return counts ? message : nullptr;
}

std::string with_identifier(const mqtt::publish& packet) {
  return "Packet Identifier " + std::to_string(packet.packet_identifier);
}

bool came_here(const observed_packet& came, const arrived_message& message) {
  return message.in_flight != nullptr && message.in_flight->connection == came.on.serial;
}

// On this connection an unacknowledged identifier may come again with the same message only, and
// then with DUP; whether it may come again at all is the next rule's business.
finding identifier_is_free(const observed_packet& came) {
  const arrived_message* const message = numbered(came);
  if (message == nullptr) return finding::not_concerned();
  if (!came_here(came, *message)) return finding::holds();
  return finding::demand(
      message->repeats && message->packet.dup,
      with_identifier(message->packet) + " of a message that the client has not acknowledged");
}

finding not_sent_again_here(const observed_packet& came) {
  const arrived_message* const message = numbered(came);
  if (message == nullptr) return finding::not_concerned();
  const bool again = came_here(came, *message) && message->repeats && message->packet.dup;
  return finding::demand(!again, "sent again although the connection did not end");
}

finding first_without_dup(const observed_packet& came) {
  const arrived_message* const message = numbered(came);
  // In a resumed session an earlier attempt may have been lost with its connection.
  if (message == nullptr || came.on.connack->session_present || message->in_flight != nullptr) {
    return finding::not_concerned();
  }
  return finding::demand(!message->packet.dup, "DUP 1 although it comes for the first time");
}

finding again_with_dup(const observed_packet& came) {
  const arrived_message* const message = numbered(came);
  if (message == nullptr || !message->repeats || came_here(came, *message)) {
    return finding::not_concerned();
  }
  return finding::demand(message->packet.dup, "DUP 0 although it was sent before under " +
                                                  with_identifier(message->packet));
}

finding not_after_pubrec(const observed_packet& came) {
  const arrived_message* const message = numbered(came);
  if (message == nullptr || message->in_flight == nullptr || !message->in_flight->pubrec_known) {
    return finding::not_concerned();
  }
  return finding::demand(!message->repeats, "PUBLISH again although the client has sent PUBREC");
}

finding pubrel_answers(const observed_packet& came) {
  const auto* const packet = came.as<mqtt::pubrel>();
  if (packet == nullptr || !came.on.is_known()) return finding::not_concerned();
  return finding::demand(came.on.session->received.contains(packet->packet_identifier),
                         "no PUBREC with Packet Identifier " +
                             std::to_string(packet->packet_identifier) + " was sent");
}

finding pubrel_once(const observed_packet& came) {
  const auto* const packet = came.as<mqtt::pubrel>();
  if (packet == nullptr || !came.on.is_known()) return finding::not_concerned();
  const std::uint16_t identifier = packet->packet_identifier;
  const bool asked_again = std::ranges::count(came.on.awaits_pubrel, identifier) != 0;
  return finding::demand(asked_again || !came.on.pubrels.contains(identifier),
                         "PUBREL again although the connection did not end");
}

// PUBRELs that answer PUBRECs of this connection come in their order.
finding pubrel_in_order(const observed_packet& came) {
  const auto* const packet = came.as<mqtt::pubrel>();
  if (packet == nullptr || !came.on.is_known()) return finding::not_concerned();
  const auto& waiting = came.on.awaits_pubrel;
  if (std::ranges::count(waiting, packet->packet_identifier) == 0) return finding::not_concerned();
  return finding::demand(
      waiting.front() == packet->packet_identifier,
      "PUBREL before that for the PUBREC of packet " + std::to_string(waiting.front()));
}

void add_pubrel(std::vector<invariant>& to) {
  to.push_back(
      {.id = "invariant/pubrel-for-pubrec",
       .title = "Each PUBREL answers a PUBREC with its Packet Identifier",
       .covers = {v5("MQTT-2.2.1-5"), v5("MQTT-4.3.3-4"), v3("MQTT-2.3.1-6"), v3("MQTT-4.3.3-1")},
       .defects = {"send-pubrel-with-wrong-identifier",
                   {"answer-refusing-pubrec-with-pubrel", caught_defect::in::v5_only}},
       .basis = invariant_basis::story,
       .check = pubrel_answers});
  to.push_back({.id = "invariant/pubrel-not-repeated",
                .title = "PUBREL is not sent again on an open connection",
                .covers = {v5("MQTT-4.4.0-1")},
                .basis = invariant_basis::story,
                .check = pubrel_once});
  to.push_back({.id = "invariant/pubrel-order",
                .title = "PUBREL packets come in the order of the PUBREC packets",
                .covers = {v3("MQTT-4.6.0-4"), v3("MQTT-4.6.0-6")},
                .basis = invariant_basis::story,
                .check = pubrel_in_order});
}

}  // namespace

void add_delivery_invariants(std::vector<invariant>& to) {
  to.push_back({.id = "invariant/publish-identifier-not-in-use",
                .title = "A new PUBLISH has a Packet Identifier that no unacknowledged one has",
                .covers = {v5("MQTT-2.2.1-4"), v5("MQTT-4.3.2-1"), v5("MQTT-4.3.3-1"),
                           v3("MQTT-2.3.1-4"), v3("MQTT-4.3.2-1"), v3("MQTT-4.3.3-1")},
                .defects = {"send-identifier-in-use"},
                .basis = invariant_basis::story,
                .check = identifier_is_free});
  to.push_back({.id = "invariant/publish-not-repeated",
                .title = "PUBLISH is not sent again on an open connection",
                .covers = {v5("MQTT-4.4.0-1")},
                .defects = {"redeliver-on-open-connection"},
                .basis = invariant_basis::story,
                .check = not_sent_again_here});
  to.push_back({.id = "invariant/no-dup-at-first",
                .title = "PUBLISH has DUP 0 when it comes for the first time",
                .covers = {v5("MQTT-3.3.1-3"), v5("MQTT-4.3.2-2"), v5("MQTT-4.3.3-2"),
                           v3("MQTT-3.3.1-3"), v3("MQTT-4.3.2-1"), v3("MQTT-4.3.3-1")},
                .defects = {"forward-dup", "set-dup-at-first-delivery"},
                .basis = invariant_basis::story,
                .check = first_without_dup});
  to.push_back({.id = "invariant/dup-when-sent-again",
                .title = "PUBLISH has DUP 1 when it is sent again in a resumed session",
                .covers = {v5("MQTT-3.3.1-1"), v3("MQTT-3.3.1-1")},
                .defects = {"redeliver-without-dup"},
                .basis = invariant_basis::story,
                .check = again_with_dup});
  to.push_back({.id = "invariant/no-publish-after-pubrec",
                .title = "PUBLISH is not sent again once the broker has its PUBREC",
                .covers = {v5("MQTT-4.3.3-6"), v3("MQTT-4.3.3-1")},
                .defects = {"redeliver-after-pubrec"},
                .basis = invariant_basis::story,
                .check = not_after_pubrec});
  add_pubrel(to);
}

}  // namespace gauntlet::conformance
