#include "sim/plan/edge_story.hpp"

namespace gauntlet::sim {

edge_story::edge_story(const fleet_plan& plan, device_number device)
    : plan_(*plan.group_of(device).sparkplug,
            stream_key(plan.described().seed).with("sparkplug").with(plan.group_of(device).name)),
      index_(plan.position_of(device).index),
      units_(plan_.units()) {
  numbers_.connect();
  if (plan.group_of(device).sparkplug->reports == sparkplug_settings::report::all) return;
  for (std::size_t unit = 0; unit < units_.size(); ++unit) {
    units_[unit].memory.reported.resize(plan_.facts(unit).size());
  }
}

void edge_story::append(const sparkplug_stream& stream, duration due, byte_buffer& out) {
  unit_state& unit = units_[stream.unit];
  const bool is_birth = stream.is == sparkplug_stream::kind::birth;
  const bool is_node_birth = is_birth && stream.is_node();
  const sparkplug::unit_facts& facts = plan_.facts(stream.unit);
  const sparkplug::edge_writer::moment when{.timestamp_ms = edge_timestamp_ms(due),
                                            .seq = numbers_.seq(is_node_birth),
                                            .is_historical = due < unit.born_at};
  edge_values values(plan_, index_, stream.unit, due, unit.memory);
  if (is_node_birth) {
    writer_.append_node_birth(facts, numbers_.bd_seq(), when, values, out);
  } else if (is_birth) {
    writer_.append_device_birth(facts, when, values, out);
  } else if (stream.is == sparkplug_stream::kind::device_death) {
    writer_.append_device_death(when, out);
  } else {
    writer_.append_data(facts, when, values, out);
  }
  numbers_.sent(is_node_birth);
}

std::optional<edge_story::follow_up> edge_story::after(const sparkplug_stream& stream,
                                                       duration due) {
  using kind = sparkplug_stream::kind;
  if (stream.is_node() || (stream.is != kind::birth && stream.is != kind::device_death)) {
    return std::nullopt;
  }
  unit_state& unit = units_[stream.unit];
  const edge_plan::outage outage = plan_.outage_of(index_, stream.unit, unit.deaths);
  if (stream.is == kind::device_death) {
    ++unit.deaths;
    return follow_up{{.is = kind::birth, .unit = stream.unit}, due + outage.lasts};
  }
  unit.born_at = due;
  if (outage.after == duration::zero()) return std::nullopt;
  return follow_up{{.is = kind::device_death, .unit = stream.unit}, due + outage.after};
}

}  // namespace gauntlet::sim
