#pragma once

// What the model can find broken: each rule with the promise that it makes, in a few words, and the
// statements of the two standards that make it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/mqtt/protocol.hpp"

namespace gauntlet::fuzz::model {

/// How binding is what was broken.
enum class level : std::uint8_t {
  must,    ///< the standard's MUST
  should,  ///< its SHOULD, or a promise that every broker is trusted to keep
};

/// The ways in which a broker leaves what is allowed.
enum class rule : std::uint8_t {
  connect_refused,
  connection_ended,
  malformed_packet,
  connack_missing,
  suback_missing,
  subscribe_refused,
  unsuback_missing,
  unsuback_code,
  puback_missing,
  pubrec_missing,
  pubcomp_missing,
  publish_refused,
  pingresp_missing,
  taken_over_connection_kept,
  session_present_after_clean_start,
  session_lost,
  session_present_without_session,
  lost_qos_0,
  lost_message,
  lost_queued_message,
  lost_will,
  lost_will_at_new_connection,
  lost_retained,
  lost_retained_qos_0,
  unexpected_message,
  message_after_unsubscribe,
  message_of_discarded_session,
  message_despite_no_local,
  unwanted_will,
  unwanted_retained,
  stale_retained,
  expired_message,
  expired_retained,
  message_twice,
  wrong_qos,
  lower_qos_of_overlapping,
  wrong_retain_flag,
  wrong_identifiers,
  wrong_dup_flag,
  wrong_expiry,
  added_expiry,
  changed_message,
  identifier_in_use,
  receive_maximum_exceeded,
  redelivery_missing,
  redelivery_changed,
  redelivery_on_open_connection,
  pubrel_missing,
  wrong_order,
  count_  ///< not a rule: how many there are
};

/// What people read about a rule.
struct rule_info {
  std::string_view name;     ///< "lost-message"; in signatures and folder names
  std::string_view promise;  ///< "a message taken over reaches each subscriber"
  std::string_view v5;       ///< the statement of MQTT 5.0; empty: none says it by number
  std::string_view v3_1_1;   ///< that of MQTT 3.1.1
  level how_binding = level::must;
};
const rule_info& info_of(rule broken);
/// By its name; nullopt: there is none.
std::optional<rule> parse_rule(std::string_view name);

/// One way in which the broker left what is allowed.
struct violation {
  rule broken = rule::count_;
  mqtt::protocol_version version = mqtt::protocol_version::v5;  ///< of the client that noticed
  std::string sentence;  ///< what happened and what was allowed

  /// Of the standard that the client speaks, or of the other, where only that has one.
  std::string_view statement() const;
};

}  // namespace gauntlet::fuzz::model
