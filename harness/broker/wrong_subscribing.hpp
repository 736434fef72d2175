#pragma once

// What defects do in place of the right handling of SUBSCRIBE and UNSUBSCRIBE (MQTT 5.0 §3.8 to
// §3.11). Called only while a defect is on.

#include <optional>
#include <string_view>

#include "harness/broker/state.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::broker {

/// Whether a defect grants this filter, which must be invalid; no subscription comes of it.
bool grants_invalid_filter(broker_state& broker, const connection& from, std::string_view filter);

/// The code with which a defect answers a valid filter without subscribing as it should; nullopt
/// if none strikes. `is_first` of its SUBSCRIBE.
std::optional<mqtt::reason_code> subscribe_wrongly(broker_state& broker, session& subscriber,
                                                   const mqtt::subscription& wanted, bool is_first);

/// What defects do at a repeated subscribe. Answers the Subscription Identifier to store.
std::uint32_t repeat_subscribe_wrongly(broker_state& broker, session& subscriber,
                                       std::string_view filter, std::uint32_t identifier);

/// Alters a SUBACK or sends it in parts. Answers false if it is not to be sent any more.
bool alter_suback(broker_state& broker, connection& to, mqtt::suback& answer);
bool alter_unsuback(broker_state& broker, connection& to, mqtt::unsuback& answer);

/// The code with which a defect answers one filter of an UNSUBSCRIBE; nullopt if the subscription
/// is still to be deleted.
std::optional<mqtt::reason_code> unsubscribe_wrongly(broker_state& broker, session& subscriber,
                                                     std::string_view filter, bool is_first);

}  // namespace gauntlet::broker
