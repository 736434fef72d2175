#include "sim/scenario/payload_checks.hpp"

#include <algorithm>
#include <variant>

#include "harness/base/units.hpp"
#include "sim/scenario/sensor_checks.hpp"

namespace gauntlet::sim {
namespace {

bool is_binary(const payload_description& what) {
  return !std::holds_alternative<text_payload>(what) &&
         !std::holds_alternative<document_payload>(what);
}

bool concerns(const expectation& what, const device_group& group, const publication& publish) {
  const bool qos = what.qos.empty() ||
                   std::find(what.qos.begin(), what.qos.end(), publish.qos) != what.qos.end();
  return qos && (what.group.empty() || what.group == group.name);
}

/// Visits all values and texts of a payload.
class sensor_names {
 public:
  sensor_names(std::span<const sensor> sensors, const config::node& at, config::diagnostics& wrong)
      : sensors_(sensors), at_(at), wrong_(wrong) {}

  void operator()(const text_payload& what) const { check(what.text); }
  void operator()(const document_payload& what) const { check(what.root); }
  void operator()(const layout_payload& what) const {
    for (const layout_field& each : what.fields) {
      check(each.value);
      check(each.text);
    }
  }
  void operator()(const random_payload&) const {}
  void operator()(const file_payload&) const {}

 private:
  void check(const document_node& node) const {
    check(node.value);
    for (const document_node& each : node.children) check(each);
  }
  void check(const value_generator& value) const {
    if (const auto* constant = std::get_if<constant_value>(&value)) return check(constant->text);
    tell(names_error(std::get<signal_description>(value), sensors_));
  }
  void check(const payload_text& text) const {
    for (const payload_text::piece& each : text.pieces()) {
      if (each.what == payload_text::insert::sensor) {
        tell(names_error(signal_description(reference_to(each.sensor)), sensors_));
      }
    }
  }
  void tell(const std::string& what) const {
    if (!what.empty()) wrong_.add(at_, what);
  }

  std::span<const sensor> sensors_;
  const config::node& at_;
  config::diagnostics& wrong_;
};

}  // namespace

reference_signal reference_to(std::string_view path) {
  const std::size_t point = path.find('.');
  return {.sensor = std::string(path.substr(0, point)),
          .member = point == path.npos ? std::string() : std::string(path.substr(point + 1))};
}

void check_payload_sensors(const publication& made, std::span<const sensor> sensors,
                           const config::node& from, config::diagnostics& wrong) {
  const config::node* payload = from.find("payload");
  std::visit(sensor_names(sensors, payload != nullptr ? *payload : from, wrong), made.payload);
}

void check_stamp(const publication& made, const config::node& from, config::diagnostics& wrong) {
  if (made.stamp == stamp_place::compact && !is_binary(made.payload)) {
    wrong.add(*from.find("stamp"), "a compact stamp is for layout, random and file payloads");
  }
  const auto* random = std::get_if<random_payload>(&made.payload);
  const bool in_payload = made.stamp == stamp_place::payload || made.stamp == stamp_place::compact;
  if (random == nullptr || !in_payload) return;
  if (random->size.min_bytes >= compact_stamp_size_bytes) return;
  wrong.add(*from.find("payload")->find("random"),
            format_size(random->size.min_bytes) + " have no room for the stamp of " +
                format_size(compact_stamp_size_bytes) +
                "; without it ('stamp: none') deliveries are counted and not judged");
}

void check_unstamped(const scenario& made, const config::node& from, config::diagnostics& wrong) {
  config::place reported;
  for (const expectation& each : made.expect) {
    const bool of_deliveries = is_of_messages(each.what) && each.what != figure::sent;
    if (!of_deliveries || reported == each.where) continue;
    bool some = false;
    bool stamped = false;
    for (const device_group& group : made.fleet) {
      for (const publication& publish : group.publish) {
        if (!concerns(each, group, publish)) continue;
        some = true;
        stamped = stamped || publish.stamp != stamp_place::none;
      }
    }
    if (!some || stamped) continue;
    reported = each.where;
    const auto& items = from.find("expect")->items;
    const auto place = std::find_if(items.begin(), items.end(), [&](const config::node& item) {
      return item.at == each.where;
    });
    wrong.add(place != items.end() ? *place : from,
              "all messages that '" + std::string(figure_name(each.what)) +
                  "' is about have 'stamp: none', so their deliveries cannot be judged");
  }
}

std::vector<std::string> describe_unstamped(const scenario& made) {
  std::vector<std::string> notes;
  for (const device_group& group : made.fleet) {
    for (const publication& publish : group.publish) {
      if (publish.stamp != stamp_place::none) continue;
      notes.push_back("group " + group.name + ", '" + publish.topic.source() +
                      "': no stamp, so deliveries are counted, and loss, duplicates, order and "
                      "latency are not judged");
    }
  }
  return notes;
}

}  // namespace gauntlet::sim
