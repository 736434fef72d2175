#pragma once

// A broker profile: all that Gauntlet must know to start a real broker, read from a YAML file. The
// profiles that come with Gauntlet are compiled in; a folder may add to them or replace them.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/base/result.hpp"
#include "harness/mqtt/protocol.hpp"
#include "harness/net/network.hpp"

namespace gauntlet::target {

/// What a client logs in with.
struct credentials {
  std::string user_name;
  std::string password;
};

/// One address that the broker listens on.
struct profile_listener {
  std::string port;  ///< the placeholder that stands for its port, such as "ws_port"
  net::transport transport = net::transport::tcp;
  std::vector<mqtt::protocol_version> versions;
  std::string path = "/mqtt";  ///< of the WebSocket upgrade
};

/// Whether clients may use that version there.
bool speaks(const profile_listener& listener, mqtt::protocol_version version);

/// A file that the broker reads, written into its folder before it starts.
struct profile_file {
  std::string name;
  std::string content;  ///< with placeholders
};

/// A listener that refuses clients without the right password, and the one user who may come in.
/// MQTT over TCP, in all versions that the broker speaks.
struct guarded_listener {
  std::string port;  ///< the placeholder that stands for its port
  credentials user;
  /// A topic to which this user may neither publish nor subscribe; empty: nothing is forbidden.
  std::string denied_topic;
  /// With which this user may authenticate in MQTT 5.0, such as "SCRAM-SHA-256"; empty: with none.
  std::string authentication_method;
};

/// How to get, start and reach one broker. `command`, `arguments`, `version_arguments`,
/// `environment`, `preparation` and the contents of `files` may hold {cache}, the folder of brokers
/// that come from no Debian package; all of them but the first and third may hold {directory}, the
/// broker's own folder, and the port names of the listeners.
struct profile {
  std::string name;
  std::string title;
  std::string command;  ///< {cache} is replaced already
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;
  std::vector<profile_file> files;
  /// Commands to run once in its folder before the first start, such as one that makes a
  /// certificate; each a program and its arguments.
  std::vector<std::vector<std::string>> preparation;
  std::vector<profile_listener> listeners;
  std::optional<guarded_listener> guarded;
  /// Placeholders of ports that the broker needs for itself, such as one of a cluster.
  std::vector<std::string> further_ports;
  /// The file of its folder that holds the authority of its TLS listeners; empty without TLS.
  std::string certificate_authority;
  /// Whether sessions and retained messages outlive a stop and a start.
  bool is_persistent = false;
  std::optional<credentials> login;            ///< when the broker insists
  std::string install;                         ///< the command that installs it
  std::vector<std::string> version_arguments;  ///< what makes it print its version
  /// The argument before the name of a defect that it is to have, such as "--defect"; empty: it
  /// has none to choose from.
  std::string defect_argument;
  duration ready_within = std::chrono::seconds(10);
  duration stop_within = std::chrono::seconds(5);  ///< from SIGTERM to SIGKILL
};

/// Reads one profile; `file` is its name in messages. The failure holds all diagnostics, a line
/// each, with file:line:column.
outcome<profile> parse_profile(std::string_view yaml, std::string_view file);

/// The profiles in `folder` (may be empty: none) and those compiled in that it does not replace, by
/// name.
outcome<std::vector<profile>> list_profiles(const std::filesystem::path& folder);

/// The profile of that name; the failure lists the names there are.
outcome<profile> find_profile(std::string_view name, const std::filesystem::path& folder);

/// The folder of brokers that conformance/brokers/install puts there: GAUNTLET_BROKERS, or
/// gauntlet/brokers in the user's folder for caches.
std::filesystem::path broker_cache();

/// The version that the installed broker prints, such as "2.0.11"; nothing when it is not installed
/// and empty when it says none.
std::optional<std::string> installed_version(const profile& broker);

}  // namespace gauntlet::target
