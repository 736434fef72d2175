#pragma once

// An application message as the model knows it, and what a session is to get of it.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/model/rule.hpp"
#include "harness/base/event_loop.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::fuzz::model {

/// One message that a client has published, or its will. Its number is also its payload, so that
/// each receipt tells which message it is.
struct message {
  std::uint32_t number = 0;  ///< from 1
  std::uint8_t publisher = 0;
  std::string topic;  ///< without the name space
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool retain = false;
  bool empty = false;  ///< no payload: told apart by its topic alone
  bool is_will = false;
  bool unfinished = false;     ///< QoS 2, and PUBREL has not been sent, or was sent late
  std::uint32_t expiry_s = 0;  ///< 0: none
  time_point published{};
  bool has_expired = false;
  bool was_called_for = false;  ///< a will: its time has come, at the latest
};

/// A subscription of the session that a message matches.
struct matching_subscription {
  std::uint8_t filter = 0;
  mqtt::qos qos = mqtt::qos::at_most_once;  ///< at which the message comes for it
  bool retain_flag = false;                 ///< with which it comes for it
  std::uint32_t identifier = 0;             ///< 0: none
};

/// How far a PUBLISH that was received has been answered.
enum class copy_stage : std::uint8_t {
  unanswered,  ///< no PUBACK or PUBREC sent
  recorded,    ///< QoS 2: PUBREC sent, PUBREL not come
  finished,
};

/// A PUBLISH that was received.
struct received_copy {
  std::uint16_t packet_identifier = 0;  ///< 0 at QoS 0
  mqtt::qos qos = mqtt::qos::at_most_once;
  copy_stage stage = copy_stage::finished;
  std::uint32_t connection = 0;  ///< on which it came last
  bool owed_again = false;       ///< the session was resumed, and it has not come again yet
  std::vector<std::uint32_t> identifiers;
};

/// How much a broker owes.
enum class duty : std::uint8_t {
  forbidden,
  may,     ///< left open
  should,  ///< promised by every broker
  must,
};

/// What a session is to get of one message.
struct expected_delivery {
  std::uint32_t message = 0;
  bool from_retained = false;  ///< sent because of SUBSCRIBE
  duty owed = duty::may;
  duty when_certain = duty::may;  ///< what `owed` becomes once the broker must have acted
  rule forbidden_by = rule::count_;
  rule lost_breaks = rule::lost_message;
  /// Those that match; the standard leaves open whether one PUBLISH comes for all of them or one
  /// for each (MQTT 5.0 §3.3.4, 3.1.1 §3.3.5).
  std::vector<matching_subscription> subscriptions;
  std::uint32_t connection = 0;  ///< the client's when it was expected; 0: it was away
  bool may_lapse = false;        ///< expired in flight: whether it comes again is open
  std::vector<received_copy> copies;

  mqtt::qos highest_qos() const {
    mqtt::qos highest = mqtt::qos::at_most_once;
    for (const auto& each : subscriptions) highest = std::max(highest, each.qos);
    return highest;
  }
  mqtt::qos highest_received() const {
    mqtt::qos highest = mqtt::qos::at_most_once;
    for (const auto& each : copies) highest = std::max(highest, each.qos);
    return highest;
  }
  void forbid(rule by) {
    owed = when_certain = duty::forbidden;
    forbidden_by = by;
  }
  void leave_open() {
    owed = std::min(owed, duty::may);
    when_certain = std::min(when_certain, duty::may);
  }
};

}  // namespace gauntlet::fuzz::model
