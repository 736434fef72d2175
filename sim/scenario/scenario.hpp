#pragma once

// The model of a scenario file: what the fleet is, what it does and what is expected of the broker.
// Plain data, checked as a whole by load_scenario(); what a device derives from it is in sim/plan.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/units.hpp"
#include "harness/config/diagnostic.hpp"
#include "harness/mqtt/protocol.hpp"
#include "sim/scenario/expectation.hpp"
#include "sim/scenario/payload.hpp"
#include "sim/scenario/text_template.hpp"

namespace gauntlet::sim {

/// Limits of what one scenario may ask for.
inline constexpr std::uint32_t fleet_size_max = 1'000'000;
inline constexpr duration scenario_time_max = std::chrono::hours(24 * 366);

/// How the devices come. Their order is that of the file: group by group, index by index.
struct arrival_settings {
  enum class shape : std::uint8_t {
    all_at_once,  ///< each as soon as the generator's connect window lets it
    rate,         ///< evenly, `per_second` devices each second
    ramp,         ///< ever faster: the rate rises from zero so that all have come after `over`
  };
  shape as = shape::all_at_once;
  double per_second = 0;
  duration over{};
};

/// When devices begin to publish.
enum class publishing_start : std::uint8_t {
  /// Together, once every device has connected and subscribed (or failed to). Planned times count
  /// from that moment.
  after_arrival,
  /// Each when it is planned to arrive. Planned times count from the start of the run.
  on_arrival,
};

/// TLS as a client sees it; empty or unset means the default. Paths are PEM files, relative to the
/// current directory.
struct tls_settings {
  std::string ca_file;
  std::string certificate_file;
  std::string key_file;
  std::string server_name;
  std::string alpn;
  enum class version : std::uint8_t { v1_2, v1_3 };
  version version_min = version::v1_2;
  version version_max = version::v1_3;
  bool insecure = false;  ///< accept any certificate
};

/// Where the fleet connects unless the command line says otherwise.
struct target_settings {
  std::string to = "embedded";  ///< as --target takes it: URL, profile or "embedded"
  std::optional<tls_settings> tls;
  duration connect_timeout = std::chrono::seconds(10);
};

/// The share of a group's devices that speak 5.0; the others speak 3.1.1.
struct protocol_mix {
  double v5_percent = 100;
  bool has(mqtt::protocol_version version) const {
    return version == mqtt::protocol_version::v5 ? v5_percent > 0 : v5_percent < 100;
  }
};

/// Will Message. MQTT 5.0 §3.1.2.5
struct will_settings {
  text_template topic;
  text_template payload;
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool retain = false;
  std::optional<duration> delay;  ///< Will Delay Interval, whole seconds; 5.0 only
};

/// One stream of messages that each device of a group publishes.
struct publication {
  text_template topic;
  duration every{};      ///< interval; the mean one if `poisson`
  double jitter = 0;     ///< each message is late by a uniform share of `every` up to this, 0 to 1
  bool poisson = false;  ///< exponential intervals instead of even ones
  std::optional<duration> first;       ///< time of the first message after the start; else spread
  std::optional<std::uint32_t> count;  ///< at most this many messages; else as many as fit
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool retain = false;
  payload_description payload = text_payload{};
  config::place where;
};

/// Retain Handling. MQTT 5.0 §3.8.3.1
enum class retain_handling : std::uint8_t {
  send = 0,
  send_if_new = 1,
  do_not_send = 2,
};

/// One subscription of each device of a group.
struct subscription {
  text_template filter;  ///< without "$share"
  text_template share;   ///< share name; empty: not shared. 5.0 only
  bool is_shared = false;
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool no_local = false;                                         ///< 5.0 only
  bool retain_as_published = false;                              ///< 5.0 only
  sim::retain_handling retain_handling = retain_handling::send;  ///< 5.0 only
  std::optional<std::uint32_t> identifier;                       ///< 5.0 only
  config::place where;
};

/// "{group}-{index}".
text_template default_client_id();

/// Devices of one kind.
struct device_group {
  std::string name;
  std::uint32_t count = 0;
  protocol_mix protocol;
  text_template client_id = default_client_id();
  std::optional<text_template> user_name;
  std::optional<text_template> password;
  duration keep_alive = std::chrono::seconds(60);  ///< whole seconds; 0 turns it off
  bool clean_start = true;                         ///< Clean Session for 3.1.1
  std::optional<duration> session_expiry;          ///< whole seconds; 5.0 only
  std::optional<will_settings> will;
  std::vector<publication> publish;
  std::vector<subscription> subscribe;
  config::place where;
};

/// A whole scenario.
struct scenario {
  std::string name;
  std::string description;
  std::uint64_t seed = 1;
  target_settings target;
  duration publish_for{};  ///< the file's `duration`: how long messages are scheduled
  duration drain = std::chrono::seconds(10);  ///< how long the last deliveries are waited for
  arrival_settings arrival;
  publishing_start publishing = publishing_start::after_arrival;
  std::vector<device_group> fleet;
  std::vector<expectation> expect;

  /// Devices of all groups.
  std::uint64_t device_count() const;
};

/// Loads and checks a scenario file; or everything that is wrong with it.
config::loaded<scenario> load_scenario(const std::filesystem::path& file);

/// The same from text; `file` is only for messages.
config::loaded<scenario> parse_scenario(std::string_view text, std::string file);

/// The JSON Schema of scenario files, for editors.
std::string scenario_json_schema();

}  // namespace gauntlet::sim
