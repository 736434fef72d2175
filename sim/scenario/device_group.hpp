#pragma once

// Devices of one kind: who they are, how they connect, what they publish and subscribe to.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/config/diagnostic.hpp"
#include "harness/mqtt/protocol.hpp"
#include "sim/scenario/client_certificate.hpp"
#include "sim/scenario/credential_list.hpp"
#include "sim/scenario/life_cycle.hpp"
#include "sim/scenario/publication.hpp"
#include "sim/scenario/reaction.hpp"
#include "sim/scenario/sensor.hpp"
#include "sim/scenario/session_settings.hpp"
#include "sim/scenario/sparkplug.hpp"
#include "sim/scenario/subscription.hpp"
#include "sim/scenario/text_template.hpp"

namespace gauntlet::sim {

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
  std::optional<duration> delay;             ///< Will Delay Interval, whole seconds; 5.0 only
  stamp_place stamp = stamp_place::payload;  ///< never compact
};

/// How fast a device takes messages at most: one of the two is above zero.
struct consumption {
  double messages_per_second = 0;
  double bytes_per_second = 0;  ///< of whole PUBLISH packets
};

/// "{group}-{index}".
text_template default_client_id();

/// Devices of one kind.
struct device_group {
  std::string name;
  std::uint32_t count = 0;
  bool scale = true;  ///< whether --scale changes the count
  protocol_mix protocol;
  text_template client_id = default_client_id();
  std::optional<text_template> user_name;
  std::optional<text_template> password;
  std::optional<credential_list> credentials;      ///< in place of user_name and password
  std::optional<client_certificate> certificate;   ///< in place of that of target.tls
  duration keep_alive = std::chrono::seconds(60);  ///< whole seconds; 0 turns it off
  bool clean_start = true;                         ///< Clean Session for 3.1.1
  std::optional<duration> session_expiry;          ///< whole seconds; 5.0 only
  session_settings session;
  std::optional<consumption> consume;  ///< without it as fast as messages come
  life_cycle life;
  reconnect_settings reconnect;
  offline_settings offline;
  std::optional<will_settings> will;
  std::vector<sensor> sensors;
  std::optional<sparkplug_settings> sparkplug;
  std::optional<sparkplug_host_settings> sparkplug_host;
  std::vector<publication> publish;
  std::vector<subscription> subscribe;
  std::vector<reaction> on_message;
  bool sends_requests = false;  ///< one of its publications does
  config::place where;
};

}  // namespace gauntlet::sim
