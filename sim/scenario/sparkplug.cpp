#include "sim/scenario/sparkplug.hpp"

#include <utility>

#include "harness/base/assert.hpp"
#include "sim/scenario/device_group.hpp"

namespace gauntlet::sim {
namespace {

text_template topic(const sparkplug_settings& of, const std::string& type,
                    const std::string& device_id = {}) {
  std::string text = "spBv1.0/" + of.group_id + "/" + type + "/" + of.edge_node.source();
  if (!device_id.empty()) text += "/" + device_id;
  auto parsed = text_template::parse(text);
  GAUNTLET_ASSERT(parsed.has_value());  // its parts were checked
  return std::move(*parsed);
}

std::string_view type_of(sparkplug_stream::kind kind) {
  if (kind == sparkplug_stream::kind::birth) return "BIRTH";
  return kind == sparkplug_stream::kind::device_death ? "DEATH" : "DATA";
}

void add_stream(device_group& group, sparkplug_stream::kind kind, std::uint32_t unit,
                const std::string& device_id) {
  const sparkplug_settings& of = *group.sparkplug;
  publication& made = group.publish.emplace_back();
  made.topic = topic(of, (device_id.empty() ? "N" : "D") + std::string(type_of(kind)), device_id);
  made.every = of.every;
  made.triggered = kind != sparkplug_stream::kind::data;
  made.sparkplug = {.is = kind, .unit = static_cast<std::uint16_t>(unit)};
  made.where = group.where;
}

/// The streams of one kind of message: of the node first, so that it is born before its devices.
void add_streams(device_group& group, sparkplug_stream::kind kind) {
  const bool is_death = kind == sparkplug_stream::kind::device_death;  // that of the node is a will
  std::uint32_t unit = 0;
  if (!is_death) add_stream(group, kind, unit, {});
  const std::vector<sparkplug_devices> devices = group.sparkplug->devices;
  for (const sparkplug_devices& each : devices) {
    for (std::uint32_t n = 1; n <= each.count; ++n) {
      ++unit;
      if (!is_death || each.outages) add_stream(group, kind, unit, sparkplug_device_id(each, n));
    }
  }
}

}  // namespace

sparkplug_settings::sparkplug_settings() : edge_node(*text_template::parse("{client_id}")) {}

std::uint32_t sparkplug_settings::units() const {
  std::uint32_t count = 1;
  for (const sparkplug_devices& each : devices) count += each.count;
  return count;
}

std::string sparkplug_device_id(const sparkplug_devices& kind, std::uint32_t number) {
  constexpr std::string_view mark = "{n}";
  std::string id = kind.id;
  for (std::size_t at = id.find(mark); at != id.npos; at = id.find(mark, at)) {
    id.replace(at, mark.size(), std::to_string(number));
  }
  return id;
}

void add_sparkplug_host(device_group& group) {
  if (!group.sparkplug_host) return;
  // Not commands: its own would come back to it.
  for (const char* what :
       {"NBIRTH/+", "NDEATH/+", "NDATA/+", "DBIRTH/+/+", "DDEATH/+/+", "DDATA/+/+"}) {
    subscription& made = group.subscribe.emplace_back();
    auto filter = text_template::parse("spBv1.0/" + group.sparkplug_host->group_id + "/" + what);
    GAUNTLET_ASSERT(filter.has_value());  // a group id has no braces
    made.filter = std::move(*filter);
    made.qos = mqtt::qos::at_least_once;
    made.where = group.where;
  }
}

void add_sparkplug(device_group& group) {
  if (!group.sparkplug) return;
  add_streams(group, sparkplug_stream::kind::data);
  add_streams(group, sparkplug_stream::kind::birth);
  add_streams(group, sparkplug_stream::kind::device_death);
  add_streams(group, sparkplug_stream::kind::answer);
  const sparkplug_settings& of = *group.sparkplug;
  const auto subscribe = [&group](text_template filter) {
    subscription& made = group.subscribe.emplace_back();
    made.filter = std::move(filter);
    made.qos = mqtt::qos::at_least_once;
    made.where = group.where;
  };
  subscribe(topic(of, "NCMD"));
  if (!of.devices.empty()) subscribe(topic(of, "DCMD", "+"));
  will_settings& death = group.will.emplace();
  death.topic = topic(of, "NDEATH");
  death.qos = mqtt::qos::at_least_once;
}

}  // namespace gauntlet::sim
