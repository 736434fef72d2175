#pragma once

// One normative statement of MQTT as the catalogue beside this holds it, in our own words. The
// standards themselves (OASIS) stay the authority.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/mqtt/protocol.hpp"

namespace gauntlet::conformance {

/// What the standards call a statement: the same id means different things in 3.1.1 and 5.0, hence
/// the version is part of the name.
struct statement_name {
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  std::string id;  ///< such as "MQTT-3.1.0-2", "PE-3.1.2.11.2-a", "PR3-4.4-a"

  auto operator<=>(const statement_name&) const = default;
};

/// Statements as tests name them.
inline statement_name v5(std::string id) { return {mqtt::protocol_version::v5, std::move(id)}; }
inline statement_name v3(std::string id) { return {mqtt::protocol_version::v3_1_1, std::move(id)}; }

/// "MQTT-3.1.0-2" in 5.0, "3.1.1:MQTT-3.1.0-2" in 3.1.1.
std::string to_string(const statement_name& name);

/// Reads the form that to_string() writes; any text is taken for an id.
statement_name parse_statement_name(std::string_view text);

/// Where a statement stands.
enum class statement_kind : std::uint8_t {
  numbered,        ///< with a number of the standard
  protocol_error,  ///< a Malformed Packet or Protocol Error of 5.0 without a number
  prose,           ///< other behaviour without a number
};

/// Who has to do as a statement says. `both`: sender and receiver, or client and server.
enum class bound_party : std::uint8_t { server, client, both };

/// RFC 2119, as the statement says it.
enum class requirement_level : std::uint8_t { must, should, may };

/// Whether somebody who plays the client can see how the server does.
enum class observability : std::uint8_t {
  direct,    ///< the server's compliance shows on the wire
  indirect,  ///< only through its reaction to a breach, or if it chooses to do a certain thing
  hidden,    ///< a duty of clients alone, or of the server's inside
};

/// What else is known of a Malformed Packet or Protocol Error.
struct error_description {
  bool malformed = false;   ///< else a Protocol Error
  bool implied = false;     ///< follows from other rules; else the text states it
  bool by_server = false;   ///< the server must not commit it; else it must refuse it
  std::string reason_code;  ///< "0x82", or "any"
};

/// A statement of one version.
struct statement {
  statement_name name;
  statement_kind kind = statement_kind::numbered;
  std::string section;  ///< such as "3.1.2.11.2"
  std::string title;    ///< of the section
  bound_party binds = bound_party::server;
  requirement_level level = requirement_level::must;
  observability observable = observability::direct;
  std::string says;                 ///< the rule in our words
  std::string probe;                ///< what a tester sends and what must or must not come
  std::vector<std::string> needs;   ///< preconditions, words of the catalogue's README
  std::optional<std::string> note;  ///< a doubt or a reading
  /// How the standard prints the number, where it is a misprint.
  std::optional<std::string> printed_as;
  std::optional<error_description> error;  ///< of a protocol_error
};

/// Whether a test from outside can be written for it.
inline bool is_testable(const statement& of) { return of.observable != observability::hidden; }

/// Whether a server can break it.
inline bool binds_server(const statement& of) { return of.binds != bound_party::client; }

}  // namespace gauntlet::conformance
