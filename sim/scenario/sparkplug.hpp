#pragma once

// A group whose devices are edge nodes of Sparkplug B: gateways that report values of their own and
// those of the devices behind them. The topics, streams, commands and the will of the group follow
// from here (add_sparkplug).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/config/diagnostic.hpp"
#include "sim/scenario/sensor.hpp"
#include "sim/scenario/text_template.hpp"

namespace gauntlet::sim {

struct device_group;

/// Times at which a device behind an edge node cannot be reached; exponentially distributed.
struct sparkplug_outages {
  duration every{};  ///< mean time from one birth of the device to its death
  duration lasts{};  ///< mean time from its death to the next birth
};

/// Devices of one kind behind an edge node.
struct sparkplug_devices {
  std::string id;  ///< with "{n}" for the number within this kind, from 1, and other placeholders
  std::uint32_t count = 1;
  std::vector<sensor> metrics;
  std::optional<sparkplug_outages> outages;
  config::place where;
};

/// What all edge nodes of a group are.
struct sparkplug_settings {
  enum class report : std::uint8_t {
    by_exception,  ///< what has changed since it was last reported
    all,           ///< every metric each time
  };
  std::string group_id;
  text_template edge_node;      ///< edge node id
  std::vector<sensor> metrics;  ///< of the edge node itself
  std::vector<sparkplug_devices> devices;
  duration every = std::chrono::seconds(1);  ///< between two messages of the node, or of a device
  report reports = report::by_exception;

  sparkplug_settings();

  /// The node and its devices.
  std::uint32_t units() const;
};

/// A group whose devices are host applications: they follow all edge nodes of a Sparkplug group.
struct sparkplug_host_settings {
  std::string group_id;
};

/// What a stream of an edge node carries.
struct sparkplug_stream {
  enum class kind : std::uint8_t {
    none,
    data,
    birth,
    device_death,
    answer,  ///< data out of turn, that tell what a command has set
  };
  kind is = kind::none;
  std::uint16_t unit = 0;  ///< 0 is the node itself; its devices follow in the order of the file
  bool is_node() const { return unit == 0; }
};

/// At most so many devices behind one edge node.
inline constexpr std::uint32_t sparkplug_devices_max = 1'000;

/// Adds to the group what follows from its `sparkplug`: streams of data, births and deaths, one
/// behind the other by kind, subscriptions to its commands, and the will that is its NDEATH.
/// Nothing without.
void add_sparkplug(device_group& group);

/// Adds the subscriptions of a host application; nothing if the group is none.
void add_sparkplug_host(device_group& group);

/// The identifier of device `number` (from 1) of a kind, with other placeholders left in.
std::string sparkplug_device_id(const sparkplug_devices& kind, std::uint32_t number);

}  // namespace gauntlet::sim
