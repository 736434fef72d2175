#pragma once

// What went over one connection so far, as far as rules of later packets need it. Fed with each
// packet, of both directions, after it was judged.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/invariants/test_story.hpp"
#include "harness/base/bytes.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::conformance {

/// One connection of a test.
struct connection_story {
  connection_story(mqtt::protocol_version speaks, test_story& of);

  const mqtt::protocol_version version;
  test_story& test;
  const std::uint64_t serial;  ///< of this connection in the test

  /// Whether a CONNECT was sent that tells the broker to speak `version`, even if it was wrong
  /// otherwise. Before that no answer has a form that could be judged.
  bool version_told = false;
  bool silent = false;                   ///< the client has broken a rule
  std::optional<mqtt::connect> connect;  ///< once sent; only if the packet was a legal one
  std::optional<mqtt::connack> connack;  ///< the first one
  bool disconnect_came = false;          ///< from the broker
  bool disconnect_sent = false;
  bool packet_came = false;  ///< any
  bool malformed_came = false;

  /// Of the Client Identifier; null before CONNACK and for identifiers that nobody told us.
  std::shared_ptr<session_story> session;

  /// Aliases of the broker's, and of ours.
  std::map<std::uint16_t, std::string> aliases_in;
  std::map<std::uint16_t, std::string> aliases_out;

  // Requests that wait for their answer, by Packet Identifier; where one may come again, how often.
  // Those of the connection before come along when a session is resumed.
  std::map<std::uint16_t, int> awaits_puback;
  std::map<std::uint16_t, int> awaits_pubrec;
  std::map<std::uint16_t, int> awaits_pubcomp;
  std::map<std::uint16_t, mqtt::subscribe> awaits_suback;
  std::map<std::uint16_t, mqtt::unsubscribe> awaits_unsuback;
  int pings = 0;
  std::set<std::uint16_t> pubrecs_before_ping;  ///< sent before the PINGREQ last sent

  /// Packet Identifiers of QoS 1 and 2 messages that came over this connection and are not done
  /// with: what counts for the client's Receive Maximum.
  std::set<std::uint16_t> unacknowledged;
  /// Packet Identifiers of all that ever came over it.
  std::set<std::uint16_t> arrived;
  /// PUBRECs sent here whose PUBREL has not come, in order; and PUBRELs that came.
  std::vector<std::uint16_t> awaits_pubrel;
  std::set<std::uint16_t> pubrels;
  /// Of each line of messages, the last that was sent again here, by its place.
  std::map<std::string, std::size_t> resent;
  /// AUTH exchanges: whether the client has begun one that is not over.
  bool authenticating = false;

  bool is_v5() const { return version == mqtt::protocol_version::v5; }
  /// Whether CONNACK let the client in.
  bool accepted() const;
  /// Whether the client kept all rules, so that the broker has to as well.
  bool is_clean() const { return version_told && connect.has_value() && !silent; }
  /// Whether, besides, all that the session holds is known.
  bool is_known() const;
  /// A property of CONNECT; `otherwise` where there is none.
  template <mqtt::property_id Id>
  std::uint32_t announced(std::uint32_t otherwise) const {
    if (!connect) return otherwise;
    const auto found = connect->properties.find<Id>();
    return found ? static_cast<std::uint32_t>(*found) : otherwise;
  }
  /// The Topic Name of a PUBLISH of the broker's; empty if it has an alias that is not known.
  std::string topic_of(const mqtt::publish& packet) const;

  /// A whole packet of the client's, legal or not.
  void on_sent(byte_view bytes);
  /// Bytes of the client's that are no legal packet.
  void on_illegal_sent();
  /// The client has broken a rule; from now on the broker may do as it likes.
  void fall_silent();
  void on_received(const mqtt::packet& packet);
  /// Bytes that are no legal packet: what the broker meant, nobody knows.
  void on_malformed_received();

 private:
  void note_sent(const mqtt::packet& packet);
  void note_received(const mqtt::packet& packet);
  void begin_session(const mqtt::connack& answer);

  void sent(const mqtt::connect& packet);
  void sent(const mqtt::publish& packet);
  void sent(const mqtt::puback& packet);
  void sent(const mqtt::pubrec& packet);
  void sent(const mqtt::pubrel& packet);
  void sent(const mqtt::pubcomp& packet);
  void sent(const mqtt::subscribe& packet);
  void sent(const mqtt::unsubscribe& packet);
  void sent(const mqtt::pingreq& packet);
  void sent(const mqtt::disconnect& packet);
  void sent(const mqtt::auth& packet);
  template <class T>
  void sent(const T&) {}

  void received(const mqtt::connack& packet);
  void received(const mqtt::publish& packet);
  void received(const mqtt::puback& packet);
  void received(const mqtt::pubrec& packet);
  void received(const mqtt::pubrel& packet);
  void received(const mqtt::pubcomp& packet);
  void received(const mqtt::suback& packet);
  void received(const mqtt::unsuback& packet);
  void received(const mqtt::pingresp& packet);
  void received(const mqtt::disconnect& packet);
  void received(const mqtt::auth& packet);
  template <class T>
  void received(const T&) {}

  /// Sent before CONNACK: whether they count is known after it.
  std::vector<mqtt::packet> sent_early_;
};

}  // namespace gauntlet::conformance
