#pragma once

// What a device does when a message comes: sets sensors, changes intervals, publishes, answers.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/config/diagnostic.hpp"
#include "sim/scenario/expression.hpp"
#include "sim/scenario/publication.hpp"
#include "sim/scenario/text_template.hpp"

namespace gauntlet::sim {

/// Where in a JSON payload a value stands. RFC 6901
struct json_pointer {
  std::string text;
};

/// Sets a sensor of the device, to a constant or to what the message says.
struct sensor_change {
  std::string sensor;
  std::variant<literal_value, json_pointer> value;
};

/// Changes the interval of a publication of the device.
struct interval_change {
  std::string publication;  ///< its name, or its topic as written
  std::uint32_t index = 0;  ///< into device_group::publish; set when the group is complete
  std::variant<duration, json_pointer> every = duration::zero();  ///< pointer: seconds, or "5s"
  std::optional<duration> lasting;  ///< then the schedule is followed again; else to the end
};

/// Messages that a reaction sends.
struct reaction_publication {
  std::optional<text_template> topic;  ///< only answers may do without
  payload_description payload = text_payload{};
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool retain = false;
  config::place where;
  std::uint32_t index = 0;  ///< into device_group::publish; set when the group is complete
  duration after{};         ///< from the message that has come to the first one sent
  double jitter = 0;        ///< each is late by a random share of `after` up to this, 0 to 1
  std::uint32_t count = 1;  ///< so many messages
  duration every{};         ///< between them
};

/// One entry of `on_message`.
struct reaction {
  text_template filter;
  std::vector<sensor_change> set;
  std::vector<interval_change> interval;
  std::vector<reaction_publication> publish;
  std::optional<reaction_publication> answer;  ///< goes to the Response Topic of the message
  config::place where;
};

/// The interval that a value of a payload stands for: seconds as a number, or a text as "500ms".
/// None if it is neither, or not from 1 ms to a day.
std::optional<duration> interval_of(const literal_value& value);

}  // namespace gauntlet::sim
