#pragma once

// What the bytes of a vector depend on at the moment they are sent: who sends them, and where.

#include <functional>
#include <optional>
#include <string>

#include "conformance/suite/context.hpp"
#include "harness/base/bytes.hpp"
#include "harness/target/profile.hpp"

namespace gauntlet::conformance {

/// The names that a packet is made with, on one connection.
struct occasion {
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  std::string client_id;
  std::string topic;  ///< of this connection alone
  std::optional<target::credentials> login;
  /// That of the exchange under way; a lead-in sets it.
  std::uint16_t packet_identifier = 1'000;

  bool is_v5() const { return version == mqtt::protocol_version::v5; }
};

/// Makes the bytes of a packet, legal or not.
using packet_maker = std::function<byte_buffer(const occasion&)>;

/// To look at a vector's bytes before there is a broker.
occasion sample_occasion(mqtt::protocol_version version);

/// That of a client of the test.
occasion occasion_of(context& test, const client& of);

/// User name and password for CONNECT: those of the broker, or some.
target::credentials login_of(const occasion& at);

}  // namespace gauntlet::conformance
