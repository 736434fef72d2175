#include "sim/engine/edge_nodes.hpp"

#include <algorithm>

#include "harness/base/assert.hpp"
#include "sim/sparkplug/topic.hpp"

namespace gauntlet::sim {

edge_nodes::edge_nodes(const fleet_plan& plan) : plan_(plan) {
  const scenario& whole = plan.described();
  groups_.resize(whole.fleet.size());
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const auto& says = whole.fleet[i].sparkplug;
    if (!says) continue;
    groups_[i].plan.emplace(*says,
                            stream_key(whole.seed).with("sparkplug").with(whole.fleet[i].name));
    groups_[i].by_exception = says->reports == sparkplug_settings::report::by_exception;
  }
}

void edge_nodes::add_device(const device& who) {
  group_nodes& group = groups_[who.group];
  if (!group.plan) return;
  if (group.nodes.empty()) group.first_local = who.local;
  GAUNTLET_ASSERT(who.local == group.first_local + group.nodes.size());
  node_state& node = group.nodes.emplace_back();
  node.units.resize(group.plan->units());
  if (!group.by_exception) return;
  for (std::size_t unit = 0; unit < node.units.size(); ++unit) {
    node.units[unit].memory.reported.resize(group.plan->facts(unit).size());
  }
}

void edge_nodes::append_will(const device& who, duration at, const stamp& mark, byte_buffer& out) {
  node_state& node = node_of(who);
  const std::size_t before = out.size();
  writer_.append_node_death(node.numbers.connect(), edge_timestamp_ms(at), out);
  write_stamp(std::span(out).subspan(before), edge_node_stamp, mark);
}

void edge_nodes::on_connection_lost(const device& who) {
  if (!is_edge_node(who)) return;
  for (unit_state& unit : node_of(who).units) unit.is_born = false;
}

bool edge_nodes::is_held(const device& who, std::size_t publication) const {
  const sparkplug_stream stream = stream_of(who, publication);
  const node_state& node = node_of(who);
  switch (stream.is) {
    case sparkplug_stream::kind::data:
    case sparkplug_stream::kind::answer:
    case sparkplug_stream::kind::device_death:
      return !node.units[stream.unit].is_born;
    case sparkplug_stream::kind::birth:
      return !stream.is_node() && !node.units[0].is_born;
    case sparkplug_stream::kind::none:
      break;
  }
  return false;
}

bool edge_nodes::is_reborn(const device& who, std::size_t publication) const {
  const sparkplug_stream stream = stream_of(who, publication);
  return stream.is == sparkplug_stream::kind::birth && !node_of(who).units[stream.unit].is_dead;
}

void edge_nodes::append_payload(const device& who, std::size_t publication, duration due,
                                byte_buffer& out) {
  const sparkplug_stream stream = stream_of(who, publication);
  const edge_plan& plan = *groups_[who.group].plan;
  node_state& node = node_of(who);
  const bool is_birth = stream.is == sparkplug_stream::kind::birth;
  const bool is_node_birth = is_birth && stream.is_node();
  const sparkplug::unit_facts& facts = plan.facts(stream.unit);
  const sparkplug::edge_writer::moment when{.timestamp_ms = edge_timestamp_ms(due),
                                            .seq = node.numbers.seq(is_node_birth),
                                            .is_historical = due < node.units[stream.unit].born_at};
  edge_values values(plan, plan_.position_of(who.number).index, stream.unit, due,
                     node.units[stream.unit].memory);
  if (is_node_birth) {
    writer_.append_node_birth(facts, node.numbers.bd_seq(), when, values, out);
  } else if (is_birth) {
    writer_.append_device_birth(facts, when, values, out);
  } else if (stream.is == sparkplug_stream::kind::device_death) {
    writer_.append_device_death(when, out);
  } else {
    writer_.append_data(facts, when, values, out);
  }
}

std::optional<edge_nodes::follow_up> edge_nodes::on_sent(const device& who, std::size_t publication,
                                                         duration due) {
  const sparkplug_stream stream = stream_of(who, publication);
  if (stream.is == sparkplug_stream::kind::none) return std::nullopt;
  node_state& node = node_of(who);
  const bool is_birth = stream.is == sparkplug_stream::kind::birth;
  node.numbers.sent(is_birth && stream.is_node());
  if (stream.is == sparkplug_stream::kind::device_death) return on_device_death(who, stream.unit);
  if (!is_birth) return std::nullopt;
  if (stream.is_node()) {
    for (unit_state& unit : node.units) unit.is_born = false;  // until they are born again
  }
  node.units[stream.unit].is_born = true;
  node.units[stream.unit].born_at = due;
  return stream.is_node() ? std::nullopt : on_device_birth(who, stream.unit);
}

std::optional<edge_nodes::follow_up> edge_nodes::on_device_birth(const device& who,
                                                                 std::uint16_t unit) {
  unit_state& state = node_of(who).units[unit];
  state.is_dead = false;
  if (state.awaits_death) return std::nullopt;
  const edge_plan& plan = *groups_[who.group].plan;
  const duration after =
      plan.outage_of(plan_.position_of(who.number).index, unit, state.deaths).after;
  if (after == duration::zero()) return std::nullopt;
  state.awaits_death = true;
  return follow_up{publication_of(who, {.is = sparkplug_stream::kind::device_death, .unit = unit}),
                   after};
}

std::optional<edge_nodes::follow_up> edge_nodes::on_device_death(const device& who,
                                                                 std::uint16_t unit) {
  unit_state& state = node_of(who).units[unit];
  state.is_born = false;
  state.is_dead = true;
  state.awaits_death = false;
  const edge_plan& plan = *groups_[who.group].plan;
  const duration lasts =
      plan.outage_of(plan_.position_of(who.number).index, unit, state.deaths++).lasts;
  return follow_up{publication_of(who, {.is = sparkplug_stream::kind::birth, .unit = unit}), lasts};
}

std::size_t edge_nodes::publication_of(const device& who, const sparkplug_stream& stream) const {
  const std::vector<publication>& all = plan_.described().fleet[who.group].publish;
  const auto found = std::find_if(all.begin(), all.end(), [&stream](const publication& each) {
    return each.sparkplug.is == stream.is && each.sparkplug.unit == stream.unit;
  });
  GAUNTLET_ASSERT(found != all.end());
  return static_cast<std::size_t>(found - all.begin());
}

// The unit of a device behind the node; 0 is the node itself.
std::optional<std::uint16_t> edge_nodes::unit_of(const device& who,
                                                 std::string_view device_id) const {
  if (device_id.empty()) return std::uint16_t{0};
  const std::vector<publication>& all = plan_.described().fleet[who.group].publish;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].sparkplug.is != sparkplug_stream::kind::birth) continue;
    const std::string topic = plan_.topic_of(who.number, i);
    const auto parts = sparkplug::parse_topic(topic);
    if (parts && parts->device_id == device_id) return all[i].sparkplug.unit;
  }
  return std::nullopt;
}

// Sparkplug 3.0, "Command (NCMD)", "Command (DCMD)": the new value is told by data.
std::optional<edge_nodes::command> edge_nodes::obey(const device& who, std::string_view topic,
                                                    byte_view payload, duration at) {
  if (!is_edge_node(who)) return std::nullopt;
  const auto parts = sparkplug::parse_topic(topic);
  if (!parts || (parts->type != sparkplug::message_type::ncmd &&
                 parts->type != sparkplug::message_type::dcmd)) {
    return std::nullopt;
  }
  const auto read = sparkplug::read_payload(payload);
  const auto unit = unit_of(who, parts->device_id);
  if (!read || !unit) return std::nullopt;
  const edge_plan& plan = *groups_[who.group].plan;
  const sparkplug::unit_facts& facts = plan.facts(*unit);
  unit_state& state = node_of(who).units[*unit];
  command made;
  bool any_set = false;
  for (const sparkplug::metric& each : read->metrics) {
    if (each.name == stamp_name) {
      made.is_stamped = true;
    } else if (*unit == 0 && each.name == sparkplug::rebirth_name) {
      made.rebirth = each.value == sparkplug::value(true);
    } else {
      const auto found = std::find_if(facts.begin(), facts.end(), [&each](const auto& fact) {
        return each.name ? fact.name == *each.name : each.alias == fact.alias;
      });
      const bool good = found != facts.end() && !state.is_dead &&
                        plan.set(state.memory.sensors, *unit,
                                 static_cast<std::size_t>(found - facts.begin()), at, each.value);
      any_set = any_set || good;
      if (!good) made.refused.push_back(each.name.value_or("(an alias)"));
    }
  }
  if (any_set) {
    made.answers.push_back(
        publication_of(who, {.is = sparkplug_stream::kind::answer, .unit = *unit}));
  }
  return made;
}

}  // namespace gauntlet::sim
