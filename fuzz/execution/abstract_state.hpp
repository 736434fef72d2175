#pragma once

// What a connection has come to, coarse enough that there are few such states and fine enough that
// a broker treats them differently. Fed with the packets of both directions; broken ones count too.

#include <cstdint>
#include <string_view>

#include "harness/base/bytes.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::fuzz {

/// Rows of the table of packets by state, for people.
enum class state_row : std::uint8_t {
  before_connect,
  connecting,
  connected,
  subscribed,
  publishing_qos1,  ///< of the broker: a PUBLISH that has no PUBACK yet
  publishing_qos2,  ///< of the client: between PUBLISH and PUBREL
  delivering_qos2,  ///< of the broker: between PUBLISH and PUBCOMP
  disconnected,
};
inline constexpr std::size_t state_row_count = 8;
std::string_view name_of(state_row row);

/// The state of one connection, from its opening to its end.
class abstract_state {
 public:
  /// A packet of the client, before it is sent. Empty bytes count for nothing.
  void sent(byte_view packet);
  /// A packet of the broker.
  void received(byte_view packet);
  /// The connection is gone, whoever ended it.
  void ended() { phase_ = phase::gone; }

  /// As a small number: equal states have equal numbers.
  std::uint16_t bits() const;
  state_row row() const;
  mqtt::protocol_version version() const { return version_; }
  bool is_connected() const { return phase_ == phase::connected; }

 private:
  enum class phase : std::uint8_t { fresh, asked, connected, gone };

  phase phase_ = phase::fresh;
  mqtt::protocol_version version_ = mqtt::protocol_version::v5;
  bool has_will_ = false;
  bool is_persistent_ = false;
  bool subscribed_ = false;
  bool aliased_ = false;
  bool inbound_qos2_ = false;
  bool outbound_qos1_ = false;
  bool outbound_qos2_ = false;
};

}  // namespace gauntlet::fuzz
