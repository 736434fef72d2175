#include "sim/engine/reactions.hpp"

#include <utility>
#include <variant>

#include <fmt/format.h>

#include "harness/base/json_pointer.hpp"
#include "harness/base/seeded_stream.hpp"
#include "harness/mqtt/topic.hpp"
#include "sim/plan/request_stamp.hpp"

namespace gauntlet::sim {
namespace {

/// A number out of a message keeps as many decimals as it is likely to have been written with.
constexpr std::uint8_t decimals_of_messages = 3;

struct to_literal {
  literal_value operator()(std::monostate) const { return std::monostate(); }
  literal_value operator()(bool value) const { return value; }
  literal_value operator()(std::int64_t value) const { return value; }
  literal_value operator()(double value) const {
    return decimal_number{.value = value, .decimals = decimals_of_messages};
  }
  literal_value operator()(std::string value) const { return value; }
};

}  // namespace

void reactions::on_message(const device& who, const mqtt::publish_view& message,
                           const std::optional<stamp>& mark, time_point now) {
  if (mark) {
    const fleet_plan::stream_source source = plan_.source_of(mark->stream);
    if (source.device == who.number &&
        plan_.described().fleet[who.group].publish[source.publication].triggered) {
      return;
    }
  }
  const incoming from{.message = message, .mark = mark, .now = now};
  for (const reaction& each : plan_.described().fleet[who.group].on_message) {
    filter_ = plan_.expand(who.number, each.filter);
    if (mqtt::matches(filter_, message.topic_name)) apply(who, each, from);
  }
}

// In this order: what is published tells of what was set.
void reactions::apply(const device& who, const reaction& what, const incoming& from) {
  for (const sensor_change& each : what.set) set_sensor(who, each, from);
  for (const interval_change& each : what.interval) change_interval(who, each, from);
  for (const reaction_publication& each : what.publish) publish(who, each, from, nullptr);
  if (what.answer) answer(who, *what.answer, from);
}

std::optional<literal_value> reactions::look_up(const device& who, const json_pointer& where,
                                                const incoming& from) {
  if (auto found = find_json(as_text(from.message.payload), where.text)) {
    return std::visit(to_literal{}, std::move(*found));
  }
  books_.note(
      record::event_level::warning,
      fmt::format("{}: a message on '{}' has no value at {}",
                  plan_.described().fleet[who.group].name, from.message.topic_name, where.text),
      from.now);
  return std::nullopt;
}

void reactions::set_sensor(const device& who, const sensor_change& what, const incoming& from) {
  if (const auto* constant = std::get_if<literal_value>(&what.value)) {
    sender_.set_sensor(who, what.sensor, from.now, *constant);
  } else if (auto found = look_up(who, std::get<json_pointer>(what.value), from)) {
    sender_.set_sensor(who, what.sensor, from.now, std::move(*found));
  }
}

void reactions::change_interval(const device& who, const interval_change& what,
                                const incoming& from) {
  std::optional<duration> every;
  if (const auto* constant = std::get_if<duration>(&what.every)) {
    every = *constant;
  } else if (const auto found = look_up(who, std::get<json_pointer>(what.every), from)) {
    every = interval_of(*found);
  }
  if (every) sender_.change_interval(who, what.index, from.now, *every, what.lasting);
}

void reactions::publish(const device& who, const reaction_publication& what, const incoming& from,
                        const answer_context* answering) {
  duration after = what.after;
  if (what.jitter > 0) {
    seeded_stream draws(stream_key(plan_.described().seed)
                            .with("reaction")
                            .with(who.number)
                            .with(what.index)
                            .with(static_cast<std::uint64_t>(from.now.time_since_epoch().count())));
    const double late_max = static_cast<double>(after.count()) * what.jitter;
    after += duration(static_cast<duration::rep>(draws.uniform() * late_max));
  }
  for (std::uint32_t n = 0; n < what.count; ++n) {
    sender_.trigger(who, what.index, from.now, after + n * what.every, answering);
  }
}

// Whether a request came as it was sent, as far as that can be told: its stamp says whose it is.
bool reactions::is_intact(const device& who, const incoming& from) {
  if (!from.mark || who.session.version() != mqtt::protocol_version::v5) return true;
  const fleet_plan::stream_source source = plan_.source_of(from.mark->stream);
  const device_position asker = plan_.position_of(source.device);
  const publication& asked = plan_.described().fleet[asker.group].publish[source.publication];
  if (!asked.request || plan_.version_of(source.device) != mqtt::protocol_version::v5) return true;
  const auto topic =
      mqtt::find_property<mqtt::property_id::response_topic>(from.message.properties);
  const auto data =
      mqtt::find_property<mqtt::property_id::correlation_data>(from.message.properties);
  const auto named = data ? read_correlation(*data) : std::nullopt;
  const bool intact = topic && named && named->stream == from.mark->stream &&
                      named->sequence == from.mark->sequence &&
                      *topic == plan_.expand(source.device, asked.request->response_topic);
  if (!intact) ++books_.requests(asker.group).wrong_correlation;
  return intact;
}

void reactions::answer(const device& who, const reaction_publication& what, const incoming& from) {
  if (from.mark) {
    const fleet_plan::stream_source source = plan_.source_of(from.mark->stream);
    if (plan_.group_of(source.device).publish[source.publication].answers) return;
  }
  const bool intact = is_intact(who, from);
  answering_.topic.clear();
  answering_.correlation.clear();
  answering_.has_correlation = false;
  answering_.request.reset();
  const auto topic =
      mqtt::find_property<mqtt::property_id::response_topic>(from.message.properties);
  if (topic) {
    if (!mqtt::validate_topic_name(*topic)) return;
    answering_.topic = *topic;
    if (const auto data =
            mqtt::find_property<mqtt::property_id::correlation_data>(from.message.properties)) {
      answering_.correlation.assign(data->begin(), data->end());
      answering_.has_correlation = true;
    }
  } else {
    // A request that has lost its Response Topic gets no answer; one that never had one does.
    if (!what.topic || !intact) return;
    answering_.request = from.mark;
  }
  publish(who, what, from, &answering_);
}

}  // namespace gauntlet::sim
