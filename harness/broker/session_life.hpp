#pragma once

// When sessions begin, are resumed, and end (MQTT 5.0 §3.1.2.4, §3.1.2.11.2, §4.1; 3.1.1 §3.1.2.4).

#include "harness/broker/state.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::broker {

/// The session that an accepted CONNECT goes on with.
struct opened_session {
  session* of = nullptr;
  bool present = false;  ///< it was there before: Session Present
};

/// Applies Clean Start [MQTT-3.1.2-4, -5, -6]. No other connection may be attached to the session.
opened_session open_session(broker_state& broker, std::string_view client_id, bool clean_start);

/// Parts a connection that is over from its session: starts the will and the Session Expiry
/// Interval, or ends the session at once if that is 0.
void leave_session(broker_state& broker, connection& from);

/// Discards the session state [MQTT-4.1.0-2]; a will that still waits is published first.
void end_session(broker_state& broker, session& gone);

/// The defect of this name: what an expired session loses, a connected one loses too.
void discard_session_while_connected(broker_state& broker, session& of);

}  // namespace gauntlet::broker
