#pragma once

// What a session is to get of one message, and what it got of it.
//
// The standard often leaves open which subscriptions count: those at PUBLISH or those at PUBREL,
// those from before an UNSUBSCRIBE or those after it, with or without what a broker need not keep
// for a client that is away. Each such answer is a way to deliver; a broker may choose any, and
// what came has to fit one of them as a whole.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/model/rule.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::fuzz::model {

/// A subscription of the session that a message matches.
struct matching_subscription {
  std::uint8_t filter = 0;
  mqtt::qos qos = mqtt::qos::at_most_once;  ///< at which the message comes for it
  bool retain_flag = false;                 ///< with which it comes for it
  std::vector<std::uint32_t> identifiers;   ///< its own; of several, where they count as one
  friend bool operator==(const matching_subscription&, const matching_subscription&) = default;
};

/// The subscriptions that count in one way to deliver; none: the message does not come. The
/// standard leaves open whether one PUBLISH comes for all of them or one for each (MQTT 5.0 §3.3.4,
/// 3.1.1 §3.3.5).
using subscription_set = std::vector<matching_subscription>;

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
  bool retain_flag = false;
  copy_stage stage = copy_stage::finished;
  std::uint32_t connection = 0;  ///< on which it came last
  bool owed_again = false;       ///< the session was resumed, and it has not come again yet
  std::uint32_t came_again = 0;  ///< the connection on which it did; 0: none
  std::vector<std::uint32_t> identifiers;  ///< of subscriptions, in order
};
received_copy copy_of(const mqtt::publish& packet, std::uint32_t connection);

/// How much a broker owes.
enum class duty : std::uint8_t {
  forbidden,
  may,     ///< left open
  should,  ///< promised by every broker
  must,
};

struct expected_delivery {
  std::uint32_t message = 0;
  bool from_retained = false;  ///< sent because of SUBSCRIBE
  duty owed = duty::may;
  duty when_certain = duty::may;  ///< what `owed` becomes once the broker must have acted
  rule forbidden_by = rule::count_;
  rule lost_breaks = rule::lost_message;
  std::vector<subscription_set> ways;  ///< at least one
  std::uint32_t connection = 0;        ///< the client's when it was expected; 0: it was away
  bool may_lapse = false;              ///< expired in flight: whether it comes again is open
  std::vector<received_copy> copies;

  void forbid(rule by);
  /// Whether anything more of it comes is open.
  void leave_open();
  /// One more way; one that there is already adds nothing.
  void allow(subscription_set way);
  /// To each way, one more in which the subscription to `filter` counts as `now`, or not at all.
  void allow_changed(std::uint8_t filter, const std::optional<matching_subscription>& now);
  /// To each way, one more without what comes at QoS 0: a broker need not keep that for a client
  /// that is away (MQTT 5.0 §4.1, 3.1.1 §4.1).
  void allow_without_qos_0();

  /// Whether it need not come in one of the ways.
  bool may_stay_away() const;
  /// The subscription that it comes for, if it comes; null: there may be several.
  const matching_subscription* sole_subscription() const;
  /// Whether this would fit the way that lies nearest, had nothing come before.
  bool is_likely(const received_copy& arriving) const;
  /// Whether what came, and this, fit one of the ways.
  bool takes(const received_copy& arriving) const;
  /// What is wrong with it, judged by the way that it comes nearest to. Empty: it is one too many.
  std::optional<rule> fault_of(const received_copy& arriving) const;
  /// Which rule is broken as long as nothing more comes, and how: as nothing is, if what came is
  /// enough in one of the ways.
  std::optional<std::pair<rule, std::string>> lacks(mqtt::protocol_version version) const;
};

/// The subscriptions as one: the highest QoS, all identifiers, and this flag.
matching_subscription merged(const subscription_set& all, bool retain_flag);

/// Of two faults, the one with the higher number lies nearer to what is allowed.
int nearness(rule broken);

/// The highest at which the message comes in this way.
mqtt::qos highest_qos(const subscription_set& way);

/// "QoS 1".
std::string qos_name(mqtt::qos value);

}  // namespace gauntlet::fuzz::model
