#include "sim/scenario/sparkplug_reader.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "harness/config/object.hpp"
#include "sim/scenario/field_readers.hpp"
#include "sim/scenario/limits.hpp"
#include "sim/scenario/sensor_checks.hpp"
#include "sim/scenario/sensor_reader.hpp"

namespace gauntlet::sim {
namespace {

using config::object;

/// Identifiers are levels of topics. Sparkplug 3.0, "Topics"
std::string identifier_error(std::string_view text, const std::string& what) {
  if (text.find_first_of("/+#") == text.npos) return "";
  return what + " may not hold '/', '+' or '#'";
}

config::reader<std::string> group_id_reader() {
  return config::checked<std::string>(config::text(), [](const std::string& text) {
    if (text.empty()) return std::string("a group_id may not be empty");
    if (text.find_first_of("{}") != text.npos) {
      return std::string("a group_id has no placeholders");
    }
    return identifier_error(text, "a group_id");
  });
}

config::reader<text_template> edge_node_reader() {
  return config::checked<text_template>(template_text(), [](const text_template& text) {
    return identifier_error(text.source(), "an edge node id");
  });
}

config::reader<std::string> device_id_reader() {
  return config::checked<std::string>(config::text(), [](const std::string& text) -> std::string {
    if (text.empty()) return "a device id may not be empty";
    if (auto error = identifier_error(text, "a device id"); !error.empty()) return error;
    const auto parsed = text_template::parse(sparkplug_device_id({.id = text}, 1));
    return parsed ? "" : parsed.error().message + "; {n} is the number of the device";
  });
}

config::reader<sparkplug_outages> outages_reader() {
  const auto time = [] {
    return config::time_span(std::chrono::milliseconds(1), scenario_time_max);
  };
  return object<sparkplug_outages>("When a device cannot be reached from its edge node")
      .required("every", &sparkplug_outages::every, time(),
                "Mean time from a birth of the device to its death (DDEATH)")
      .required("for", &sparkplug_outages::lasts, time(),
                "Mean time until it is born again (DBIRTH)")
      .build();
}

void check_devices(const sparkplug_devices& made, const config::node& from,
                   config::diagnostics& wrong) {
  if (made.count > 1 && made.id.find("{n}") == made.id.npos) {
    wrong.add(*from.find("id"),
              "all " + std::to_string(made.count) + " devices would be '" + made.id + "'; add {n}");
  }
  if (made.metrics.empty()) wrong.add(from, "a device without metrics has nothing to report");
  check_sensors(made.metrics, *from.find("metrics"), wrong);
}

config::reader<sparkplug_devices> devices_reader() {
  return object<sparkplug_devices>("Devices of one kind behind each edge node")
      .required("id", &sparkplug_devices::id, device_id_reader(),
                "Device id, with {n} for their number from 1, and the other placeholders")
      .optional("count", &sparkplug_devices::count, count_from(1, sparkplug_devices_max),
                "How many behind each edge node")
      .required("metrics", &sparkplug_devices::metrics, sensors_reader(),
                "Their metrics: signals by name, as under sensors")
      .optional("outages", &sparkplug_devices::outages, outages_reader(),
                "When a device is dead for its edge node")
      .placed(&sparkplug_devices::where)
      .check(check_devices)
      .build();
}

void check_settings(const sparkplug_settings& made, const config::node& from,
                    config::diagnostics& wrong) {
  if (const config::node* metrics = from.find("metrics")) {
    check_sensors(made.metrics, *metrics, wrong);
  }
  if (made.units() > sparkplug_devices_max + 1) {
    wrong.add(from, "at most " + std::to_string(sparkplug_devices_max) +
                        " devices may stand behind an edge node, not " +
                        std::to_string(made.units() - 1));
    return;
  }
  std::set<std::string> ids;
  for (const sparkplug_devices& kind : made.devices) {
    for (std::uint32_t n = 1; n <= kind.count; ++n) {
      const std::string id = sparkplug_device_id(kind, n);
      if (!ids.insert(id).second) wrong.add(from, "two devices would be '" + id + "'");
    }
  }
}

}  // namespace

config::reader<sparkplug_settings> sparkplug_reader() {
  using report = sparkplug_settings::report;
  return object<sparkplug_settings>("Makes the devices of this group edge nodes of Sparkplug B")
      .required("group_id", &sparkplug_settings::group_id, group_id_reader(),
                "Group id, the second level of all topics")
      .optional("edge_node", &sparkplug_settings::edge_node, edge_node_reader(),
                "Edge node id, with placeholders")
      .optional("metrics", &sparkplug_settings::metrics, sensors_reader(),
                "Metrics of the edge node itself: signals by name, as under sensors")
      .optional("devices", &sparkplug_settings::devices, config::list_of(devices_reader(), 0, 100),
                "The devices behind each edge node")
      .optional("every", &sparkplug_settings::every,
                config::time_span(std::chrono::milliseconds(1), scenario_time_max),
                "Time between two NDATA, and between two DDATA of a device")
      .optional(
          "report", &sparkplug_settings::reports,
          config::one_of<report>({{"by_exception", report::by_exception}, {"all", report::all}}),
          "Whether data carry the metrics that have changed, or all of them")
      .check(check_settings)
      .build();
}

config::reader<sparkplug_host_settings> sparkplug_host_reader() {
  return object<sparkplug_host_settings>("Host applications that follow edge nodes of Sparkplug B")
      .required("group_id", &sparkplug_host_settings::group_id, group_id_reader(),
                "Group id of the edge nodes")
      .build();
}

void check_sparkplug(const device_group& made, const config::node& from,
                     config::diagnostics& wrong) {
  if (made.sparkplug && made.sparkplug_host) {
    wrong.add(*from.find("sparkplug_host"),
              "a device is an edge node or a host application; make two groups");
  }
  if (!made.sparkplug) return;
  if (const config::node* will = from.find("will")) {
    wrong.add(*will, "the will of an edge node is its NDEATH; leave this out");
  }
  const config::node& clean = from.find("clean_start") ? *from.find("clean_start") : from;
  if (!made.clean_start) {
    wrong.add(clean, "an edge node begins each connection with a clean session");
  }
  if (made.count > 1 && !made.sparkplug->edge_node.differs_by_device()) {
    wrong.add(*from.find("sparkplug"), "all " + std::to_string(made.count) +
                                           " edge nodes would be '" +
                                           made.sparkplug->edge_node.source() + "'; add {index}");
  }
}

}  // namespace gauntlet::sim
