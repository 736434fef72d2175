#pragma once

// One legal packet of each kind that a client sends, at a place where it is due, and how to see
// that the broker has taken it for what it is. The families change these packets.

#include <span>
#include <string_view>
#include <vector>

#include "conformance/vectors/refusal.hpp"
#include "harness/mqtt/packets.hpp"
#include "harness/mqtt/raw_packet.hpp"

namespace gauntlet::conformance {

/// A legal packet and its place.
struct canonical_packet {
  std::string_view name;   ///< in identifiers of tests, such as "publish-qos1"
  std::string_view title;  ///< for people, such as "PUBLISH at QoS 1"
  mqtt::packet_type type{};
  std::vector<need> needs;
  breach_stage stage = breach_stage::connected;
  std::function<mqtt::connect(const occasion&)> session = {};
  lead_in until_due = {};
  /// Further steps, without which the effect would not show.
  lead_in to_see_effect = {};
  std::function<mqtt::packet(const occasion&)> make = {};
  /// Demands the right answer, and that the packet did what it says.
  std::function<void(context&, client&, const occasion&)> expect_effect = {};
  /// Break the effect.
  std::vector<const char*> defects_if_legal;
};

/// The packet with the fields of `make`, to be changed.
mqtt::raw_packet raw(const canonical_packet& of, const occasion& at);
/// Makes it as it is.
packet_maker bytes_of(const canonical_packet& of);

/// Sends the packet where the canonical one is due, and demands its effect.
void judge_acceptance(context& test, const canonical_packet& like, const packet_maker& packet);

/// The statement that shows when a legal packet of the type has its effect; empty if none does in
/// this version.
std::string_view statement_shown(mqtt::packet_type type, mqtt::protocol_version version);

/// Demands CONNACK with success. A refusal that a policy may give leaves the test undecided.
void expect_admission(context& test, client& of);
/// Demands that a further message of the client to itself comes, with all acknowledgements: the
/// exchange before it must have ended.
void expect_next_message(client& c, const occasion& at, mqtt::qos level);
/// Demands that a message of the client to itself comes back.
void expect_service(context& test, client& of);

// Each of them.
const canonical_packet& connect_packet();       ///< with Client Identifier (and login)
const canonical_packet& full_connect_packet();  ///< with will, user name and password
const canonical_packet& publish_packet(mqtt::qos qos);
const canonical_packet& puback_packet();
const canonical_packet& pubrec_packet();
const canonical_packet& pubrel_packet();
const canonical_packet& pubcomp_packet();
const canonical_packet& subscribe_packet();    ///< two filters
const canonical_packet& unsubscribe_packet();  ///< two filters
const canonical_packet& pingreq_packet();
const canonical_packet& disconnect_packet();

/// All of the above that a version has the same effect for.
std::span<const canonical_packet* const> canonical_packets();

}  // namespace gauntlet::conformance
