#include "sim/plan/fleet_plan.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/base/assert.hpp"

namespace gauntlet::sim {
namespace {

duration from_ns(double ns) { return duration(std::llround(ns)); }

double to_ns(duration value) { return static_cast<double>(value.count()); }

// As the first member of an object, else in front of the text.
std::string stamped(std::string text, const stamp& mark) {
  const bool object = text.starts_with('{');
  std::string made(object ? json_stamp_prefix : "");
  const auto offset = static_cast<std::uint32_t>(made.size());
  made.resize(offset + stamp_size_digits);
  write_stamp({reinterpret_cast<std::uint8_t*>(made.data()), made.size()},
              {.offset = offset, .as = stamp_layout::encoding::hexadecimal}, mark);
  if (!object) return text.empty() ? made : made + ' ' + text;
  const bool empty = text.find_first_not_of(" \t\r\n", 1) == text.find('}');
  return made + (empty ? "\"" : "\",") + text.substr(1);
}

}  // namespace

fleet_plan::fleet_plan(scenario what) : scenario_(std::move(what)), stages_(scenario_) {
  const stream_key seed(scenario_.seed);
  const auto load = std::make_shared<const time_warp>(stages_.load());
  for (const device_group& group : scenario_.fleet) {
    // Keyed by name, so that a group does the same whatever stands before it in the file.
    group_plan plan{.first_device = device_count_,
                    .first_stream = stream_count_,
                    .payloads = {},
                    .properties = {},
                    .schedules = {},
                    .sensors = {group.sensors, seed.with("sensor").with(group.name)},
                    .schedule = seed.with("schedule").with(group.name),
                    .content = seed.with("payload").with(group.name)};
    for (const publication& each : group.publish) {
      plan.properties.emplace_back(each.properties);
      plan.payloads.emplace_back(each.payload, each.stamp, group.client_id, group.sensors);
      plan.schedules.emplace_back(each, stages_.load(), load, scenario_.time_of_day);
    }
    groups_.push_back(std::move(plan));
    device_count_ += group.count;
    stream_count_ += group.count * static_cast<std::uint32_t>(group.publish.size());
  }
}

device_position fleet_plan::position_of(device_number device) const {
  GAUNTLET_ASSERT(device < device_count_);
  const auto after = std::upper_bound(
      groups_.begin(), groups_.end(), device,
      [](device_number number, const group_plan& group) { return number < group.first_device; });
  const auto group = static_cast<std::uint32_t>(after - groups_.begin() - 1);
  return {group, device - groups_[group].first_device};
}

template_values fleet_plan::values_of(device_number device, device_position at) const {
  return {.group = scenario_.fleet[at.group].name,
          .index = at.index,
          .device = device,
          .seed = scenario_.seed};
}

std::string fleet_plan::client_id_of(device_number device) const {
  const device_position at = position_of(device);
  return scenario_.fleet[at.group].client_id.expand(values_of(device, at));
}

std::string fleet_plan::expand(device_number device, const text_template& text) const {
  std::string out;
  append_expanded(device, position_of(device), text, out);
  return out;
}

void fleet_plan::append_expanded(device_number device, device_position at,
                                 const text_template& text, std::string& out) const {
  template_values values = values_of(device, at);
  std::string client_id;
  if (text.uses(placeholder::client_id)) {
    client_id = scenario_.fleet[at.group].client_id.expand(values);
    values.client_id = client_id;
  }
  text.append_to(out, values);
}

device_identity fleet_plan::identity_of(device_number device) const {
  const device_group& group = group_of(device);
  device_identity identity{.client_id = client_id_of(device), .version = version_of(device)};
  if (group.credentials) {
    const listed_credentials& row = (*group.credentials->rows)[position_of(device).index];
    identity.user_name = row.user_name;
    identity.password = row.password;
  }
  if (group.user_name) identity.user_name = expand(device, *group.user_name);
  if (group.password) identity.password = expand(device, *group.password);
  return identity;
}

mqtt::protocol_version fleet_plan::version_of(device_number device) const {
  // Spreads the share evenly over the indices, with exact counts: a device speaks 5.0 where the
  // running total reaches the next whole device.
  constexpr std::uint64_t whole = 100'000'000;
  const device_position at = position_of(device);
  const auto part = static_cast<std::uint64_t>(
      std::llround(scenario_.fleet[at.group].protocol.v5_percent * (whole / 100)));
  const std::uint64_t before = at.index * part / whole;
  const std::uint64_t after = (std::uint64_t{at.index} + 1) * part / whole;
  return after > before ? mqtt::protocol_version::v5 : mqtt::protocol_version::v3_1_1;
}

std::optional<device_certificate> fleet_plan::certificate_of(device_number device) const {
  const auto& certificate = group_of(device).certificate;
  if (!certificate) return std::nullopt;
  return device_certificate{.certificate_file = expand(device, certificate->certificate_file),
                            .key_file = expand(device, certificate->key_file)};
}

std::optional<device_will> fleet_plan::will_of(device_number device, std::uint32_t run_id,
                                               std::uint32_t connection) const {
  const auto& will = group_of(device).will;
  if (!will) return std::nullopt;
  device_will made{
      .topic = expand(device, will->topic), .payload = expand(device, will->payload), .stamp = {}};
  // Numbers beyond those of the streams stand for the wills of the devices.
  const stamp mark{.run_id = run_id, .stream = stream_count_ + device, .sequence = connection};
  if (will->stamp == stamp_place::payload) made.payload = stamped(std::move(made.payload), mark);
  if (will->stamp == stamp_place::user_property) {
    byte_buffer property;
    append_stamp_property(mark, property);
    made.stamp.assign(property.end() - stamp_size_digits, property.end());
  }
  return made;
}

std::string fleet_plan::filter_of(device_number device, std::size_t subscription) const {
  const sim::subscription& what = group_of(device).subscribe[subscription];
  const std::string filter = expand(device, what.filter);
  return what.is_shared ? "$share/" + expand(device, what.share) + "/" + filter : filter;
}

std::string fleet_plan::topic_of(device_number device, std::size_t publication) const {
  std::string topic;
  append_topic(device, publication, topic);
  return topic;
}

void fleet_plan::append_topic(device_number device, std::size_t publication,
                              std::string& out) const {
  const device_position at = position_of(device);
  append_expanded(device, at, scenario_.fleet[at.group].publish[publication].topic, out);
}

void fleet_plan::append_properties(device_number device, std::size_t publication,
                                   byte_buffer& out) const {
  const device_position at = position_of(device);
  const property_plan& plan = groups_[at.group].properties[publication];
  template_values values = values_of(device, at);
  std::string client_id;
  if (plan.uses_client_id()) {
    client_id = scenario_.fleet[at.group].client_id.expand(values);
    values.client_id = client_id;
  }
  plan.append(values, out);
}

duration fleet_plan::arrival_of(device_number device) const {
  const arrival_settings& how = scenario_.arrival;
  switch (how.as) {
    case arrival_settings::shape::all_at_once:
      break;
    case arrival_settings::shape::rate:
      return from_ns(static_cast<double>(device) * 1e9 / how.per_second);
    case arrival_settings::shape::ramp:
      // The rate grows linearly, so the number of devices with the square of the time.
      return from_ns(to_ns(how.over) * std::sqrt(static_cast<double>(device) / device_count_));
  }
  return duration::zero();
}

duration fleet_plan::arrival_end() const {
  return device_count_ == 0 ? duration::zero() : arrival_of(device_count_ - 1);
}

std::uint32_t fleet_plan::stream_of(device_number device, std::size_t publication) const {
  const device_position at = position_of(device);
  const group_plan& group = groups_[at.group];
  return group.first_stream + at.index * static_cast<std::uint32_t>(group.payloads.size()) +
         static_cast<std::uint32_t>(publication);
}

fleet_plan::stream_source fleet_plan::source_of(std::uint32_t stream) const {
  GAUNTLET_ASSERT(stream < stream_count_);
  // The last group that begins at or before the stream; groups without publications begin where the
  // next one does and so are never the last.
  const auto after = std::upper_bound(
      groups_.begin(), groups_.end(), stream,
      [](std::uint32_t number, const group_plan& group) { return number < group.first_stream; });
  const group_plan& group = *(after - 1);
  const auto count = static_cast<std::uint32_t>(group.payloads.size());
  const std::uint32_t within = stream - group.first_stream;
  return {group.first_device + within / count, within % count};
}

schedule_plan::stream fleet_plan::schedule_of(device_number device, device_position at,
                                              std::size_t publication) const {
  const bool own_start = scenario_.publishing == publishing_start::on_arrival;
  const group_plan& group = groups_[at.group];
  return {.key = group.schedule.with(at.index).with(publication),
          .start = own_start ? arrival_of(device) : duration::zero(),
          .sensors = &group.sensors,
          .index = at.index};
}

std::optional<due_message> fleet_plan::first_message(device_number device,
                                                     std::size_t publication) const {
  const device_position at = position_of(device);
  if (scenario_.fleet[at.group].publish[publication].triggered) return std::nullopt;
  return groups_[at.group].schedules[publication].first(schedule_of(device, at, publication));
}

std::optional<due_message> fleet_plan::next_message(device_number device, std::size_t publication,
                                                    const due_message& last) const {
  const device_position at = position_of(device);
  return groups_[at.group].schedules[publication].next(schedule_of(device, at, publication), last);
}

std::uint32_t fleet_plan::first_due_from(device_number device, std::size_t publication,
                                         duration from) const {
  const device_position at = position_of(device);
  if (scenario_.fleet[at.group].publish[publication].triggered) return UINT32_MAX;
  return groups_[at.group].schedules[publication].first_from(schedule_of(device, at, publication),
                                                             from);
}

double fleet_plan::count_before(device_number device, std::size_t publication, duration end) const {
  const device_position at = position_of(device);
  if (scenario_.fleet[at.group].publish[publication].triggered) return 0;
  return groups_[at.group].schedules[publication].count_before(schedule_of(device, at, publication),
                                                               end);
}

stamp_layout fleet_plan::layout_of(std::size_t group, std::size_t publication) const {
  return groups_[group].payloads[publication].layout();
}

void fleet_plan::append_payload(device_number device, std::size_t publication,
                                const due_message& message, byte_buffer& out,
                                sensor_memory* memory) const {
  const device_position at = position_of(device);
  const payload_plan& plan = groups_[at.group].payloads[publication];
  const template_values values = values_of(device, at);
  const stamp carries{.stream = stream_of(device, publication),
                      .sequence = message.sequence,
                      .scheduled = message.due};
  const stream_key key = groups_[at.group].content.with(at.index).with(publication);
  plan.append(
      {.key = key,
       .values = values,
       .carries = carries,
       .device = {.sensors = &groups_[at.group].sensors, .index = at.index, .memory = memory}},
      out);
}

}  // namespace gauntlet::sim
