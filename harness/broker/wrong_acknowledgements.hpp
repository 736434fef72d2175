#pragma once

// What defects do in place of the right answers to PUBLISH and PUBREL (MQTT 5.0 §3.3.4, §4.3).
// Called only while a defect is on.

#include <optional>

#include "harness/broker/state.hpp"
#include "harness/mqtt/publish_view.hpp"
#include "harness/mqtt/reason_code.hpp"

namespace gauntlet::broker {

/// Acknowledges a PUBLISH as a defect has it. Answers false if the right acknowledgement is still
/// to be sent.
bool acknowledge_wrongly(broker_state& broker, connection& from, const mqtt::publish_view& packet,
                         mqtt::reason_code reason);

/// Answers a PUBREL as a defect has it; `known` if its Packet Identifier was. Answers false if the
/// right PUBCOMP is still to be sent.
bool answer_pubrel_wrongly(broker_state& broker, connection& from, std::uint16_t packet_identifier,
                           bool known);

/// What a defect makes of the question whether this PUBLISH repeats one that was taken over before;
/// nullopt if none strikes.
std::optional<bool> judge_repetition_wrongly(broker_state& broker, const connection& from,
                                             const mqtt::publish_view& packet);

/// For what a defect closes the connection of a client that keeps to the rules; success if none
/// strikes.
mqtt::reason_code refuse_permitted_publish(broker_state& broker, const connection& from,
                                           const mqtt::publish_view& packet);

}  // namespace gauntlet::broker
