#pragma once

// What a device publishes: a topic, a schedule, a payload.

#include <cstdint>
#include <optional>
#include <string>

#include "harness/base/event_loop.hpp"
#include "harness/config/diagnostic.hpp"
#include "harness/mqtt/protocol.hpp"
#include "sim/scenario/message_properties.hpp"
#include "sim/scenario/payload.hpp"
#include "sim/scenario/request.hpp"
#include "sim/scenario/schedule.hpp"
#include "sim/scenario/sparkplug.hpp"
#include "sim/scenario/text_template.hpp"

namespace gauntlet::sim {

/// One stream of messages that each device of a group publishes.
struct publication {
  std::string name;  ///< for reactions that change its interval; may be empty
  text_template topic;
  duration every{};      ///< interval; the mean one if `poisson`
  double jitter = 0;     ///< each message is late by a uniform share of `every` up to this, 0 to 1
  bool poisson = false;  ///< exponential intervals instead of even ones
  std::optional<duration> first;       ///< time of the first message after the start; else spread
  std::optional<std::uint32_t> count;  ///< at most this many messages; else as many as fit
  /// Due where the clock (scenario::time_of_day) shows multiples of `every`, whatever the load.
  bool aligned = false;
  std::optional<burst_settings> burst;      ///< at each due time
  std::vector<load_point> load_curve;       ///< over the day, beside that of the stages
  std::optional<change_trigger> on_change;  ///< instead of `every`
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool retain = false;
  payload_description payload = text_payload{};
  message_properties properties;  ///< 5.0 only
  bool topic_alias = false;       ///< as far as the server's Topic Alias Maximum goes; 5.0 only
  std::optional<request_settings> request;  ///< each message wants an answer
  stamp_place stamp = stamp_place::payload;
  /// Not scheduled: each message is due when something happens (publisher::trigger). Such
  /// publications stand after those of the file.
  bool triggered = false;
  /// Triggered by requests, and sent to where these ask for: judged by who asked, not by topic.
  bool answers = false;
  /// Its schedule may be changed at run time, so that its due times are kept.
  bool recorded = false;
  sparkplug_stream sparkplug;  ///< its payloads are those of an edge node, whose numbers go on
  config::place where;
};

}  // namespace gauntlet::sim
