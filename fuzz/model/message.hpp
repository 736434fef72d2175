#pragma once

// An application message as the model knows it.

#include <cstdint>
#include <string>

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
  bool was_received = false;    ///< by anybody: the broker has passed it on

  /// Whether nothing tells yet that the broker has passed it on: neither QoS 0 nor a will is
  /// acknowledged, and no order between connections is promised.
  bool may_be_late() const {
    return !was_received && !has_expired &&
           (is_will ? was_called_for : qos == mqtt::qos::at_most_once);
  }
};

}  // namespace gauntlet::fuzz::model
