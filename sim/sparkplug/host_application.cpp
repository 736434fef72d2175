#include "sim/sparkplug/host_application.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "sim/sparkplug/edge_node.hpp"

namespace gauntlet::sim::sparkplug {
namespace {

constexpr std::array<std::string_view, fault_count> names{
    "unreadable payload",
    "retained message",
    "no valid seq",
    "a gap in seq",
    "NBIRTH whose seq is not 0",
    "no bdSeq",
    "NBIRTH with the bdSeq of an earlier death",
    "no NDEATH before the next NBIRTH",
    "data before birth",
    "incomplete birth",
    "unknown alias",
    "unknown name",
    "value of another type than in the birth",
};

/// Whether a value is one that a metric of this type may have.
bool fits(const value& what, data_type type) {
  switch (type) {
    case data_type::boolean:
      return std::holds_alternative<bool>(what);
    case data_type::real32:
    case data_type::real64:
      return std::holds_alternative<double>(what);
    case data_type::string:
    case data_type::text:
    case data_type::bytes:
      return std::holds_alternative<std::string>(what);
    default:
      return type > data_type::date_time || std::holds_alternative<std::int64_t>(what);
  }
}

std::optional<std::uint64_t> bd_seq_of(const payload& content) {
  const metric* found = content.find(bd_seq_name);
  const auto* number = found == nullptr ? nullptr : std::get_if<std::int64_t>(&found->value);
  if (number == nullptr || *number < 0 || *number > 255) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::string label(const metric& what) {
  if (what.name) return "\"" + *what.name + "\"";
  return what.alias ? fmt::format("alias {}", *what.alias) : std::string("no name and no alias");
}

}  // namespace

struct host_application::message {
  std::string_view topic;
  topic_parts parts;
  const payload& content;
  node& from;
};

std::string_view to_string(fault what) { return names[static_cast<std::size_t>(what)]; }

std::uint64_t host_application::faults() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::size_t host_application::nodes_alive() const {
  return static_cast<std::size_t>(std::count_if(
      nodes_.begin(), nodes_.end(), [](const auto& each) { return each.second.own.alive; }));
}

std::size_t host_application::devices_alive() const {
  std::size_t count = 0;
  for (const auto& [name, of] : nodes_) {
    for (const auto& [id, device] : of.devices) count += device.alive ? 1 : 0;
  }
  return count;
}

const value* host_application::find(std::string_view group_id, std::string_view edge_node_id,
                                    std::string_view device_id, std::string_view metric) const {
  const auto of = nodes_.find(fmt::format("{}/{}", group_id, edge_node_id));
  if (of == nodes_.end()) return nullptr;
  const unit* where = &of->second.own;
  if (!device_id.empty()) {
    const auto device = of->second.devices.find(device_id);
    if (device == of->second.devices.end()) return nullptr;
    where = &device->second;
  }
  const auto at = where->by_name.find(metric);
  return at == where->by_name.end() ? nullptr : &where->metrics[at->second].last;
}

std::optional<std::string> host_application::on_message(std::string_view topic, byte_view bytes,
                                                        bool retain) {
  const auto parts = parse_topic(topic);
  if (!parts || parts->type == message_type::ncmd || parts->type == message_type::dcmd) {
    return std::nullopt;
  }
  ++messages_[static_cast<std::size_t>(parts->type)];
  const auto content = read_payload(bytes);
  static const payload nothing;
  const message what{.topic = topic,
                     .parts = *parts,
                     .content = content ? *content : nothing,
                     .from = nodes_[fmt::format("{}/{}", parts->group_id, parts->edge_node_id)]};
  wants_rebirth_ = false;
  if (retain) found(fault::retained, what, {});
  if (!content) {
    found(fault::unreadable, what, fmt::format("{} bytes", bytes.size()));
    ask_for_rebirth(what);
  } else if (parts->type == message_type::nbirth) {
    on_node_birth(what);
  } else if (parts->type == message_type::ndeath) {
    on_node_death(what);
  } else if (follow_sequence(what)) {
    if (parts->type == message_type::dbirth) {
      on_device_birth(what);
    } else if (parts->type == message_type::ddeath) {
      on_device_death(what);
    } else {
      on_data(what);
    }
  }
  if (!wants_rebirth_) return std::nullopt;
  ++rebirths_requested_;
  return make_topic({.group_id = parts->group_id,
                     .type = message_type::ncmd,
                     .edge_node_id = parts->edge_node_id,
                     .device_id = {}});
}

void host_application::on_node_birth(const message& what) {
  node& from = what.from;
  if (what.content.seq != 0U) {
    found(fault::birth_seq, what,
          what.content.seq ? fmt::format("it is {}", *what.content.seq) : "there is none");
  }
  const auto bd_seq = bd_seq_of(what.content);
  if (!bd_seq) {
    found(fault::bd_seq_missing, what, {});
  } else if (from.bd_seq) {
    // A rebirth within one connection repeats the number; a new connection has a new one, and the
    // broker has published the will of the old one before.
    if (!from.own.alive && !from.awaits_birth && *bd_seq == *from.bd_seq) {
      found(fault::bd_seq_repeated, what, fmt::format("it is {}", *bd_seq));
    }
    if (from.own.alive && *bd_seq != *from.bd_seq) {
      found(fault::death_missing, what, fmt::format("bdSeq {} after {}", *bd_seq, *from.bd_seq));
    }
  }
  from.bd_seq = bd_seq;
  from.awaits_birth = false;
  from.next_seq = static_cast<std::uint8_t>(what.content.seq.value_or(0) + 1);
  from.aliases.clear();
  from.devices.clear();  // they are born after their node
  from.own = {};
  learn(what, from.own);
}

void host_application::on_node_death(const message& what) {
  const auto bd_seq = bd_seq_of(what.content);
  if (!bd_seq) return found(fault::bd_seq_missing, what, {});
  node& from = what.from;
  // A death of another connection than the present one comes late, or the node was never born on
  // that connection: it says nothing about the present one.
  if (from.bd_seq && *bd_seq != *from.bd_seq && from.own.alive) return;
  from.bd_seq = bd_seq;
  from.own.alive = false;
  from.awaits_birth = false;
  for (auto& [id, device] : from.devices) device.alive = false;
}

// Answers whether the message may be looked into.
bool host_application::follow_sequence(const message& what) {
  node& from = what.from;
  if (from.awaits_birth) return false;
  if (!from.own.alive) {
    if (!joined_late_ || from.bd_seq) {
      found(fault::data_before_birth, what, "its edge node is not alive");
    }
    ask_for_rebirth(what);
    return false;
  }
  if (!what.content.seq || *what.content.seq > 255) {
    found(fault::seq_missing, what, {});
    ask_for_rebirth(what);
    return false;
  }
  if (*what.content.seq != from.next_seq) {
    found(fault::seq_gap, what,
          fmt::format("expected {}, not {}", from.next_seq, *what.content.seq));
    ask_for_rebirth(what);
    return false;
  }
  ++from.next_seq;
  return true;
}

void host_application::on_device_birth(const message& what) {
  unit& device = what.from.devices[std::string(what.parts.device_id)];
  for (const auto& [alias, at] : device.by_alias) what.from.aliases.erase(alias);
  device = {};
  learn(what, device);
}

void host_application::on_device_death(const message& what) {
  const auto device = what.from.devices.find(what.parts.device_id);
  if (device == what.from.devices.end() || !device->second.alive) {
    found(fault::data_before_birth, what, "the device is not alive");
    return;
  }
  device->second.alive = false;
}

void host_application::on_data(const message& what) {
  if (what.parts.type == message_type::ndata) return update(what, what.from.own);
  const auto device = what.from.devices.find(what.parts.device_id);
  if (device == what.from.devices.end() || !device->second.alive) {
    found(fault::data_before_birth, what, "the device is not alive");
    ask_for_rebirth(what);
    return;
  }
  update(what, device->second);
}

void host_application::learn(const message& what, unit& of) {
  of.alive = true;
  for (const metric& each : what.content.metrics) {
    if (!each.name || each.type == data_type::unknown) {
      found(fault::birth_incomplete, what, label(each) + " lacks name or type");
      continue;
    }
    const std::size_t at = of.metrics.size();
    if (!of.by_name.emplace(*each.name, at).second) {
      found(fault::birth_incomplete, what, label(each) + " stands twice");
    }
    if (each.alias) {
      if (!what.from.aliases.insert(*each.alias).second) {
        found(fault::birth_incomplete, what, fmt::format("alias {} stands twice", *each.alias));
      }
      of.by_alias.emplace(*each.alias, at);
    }
    if (!each.is_null && !fits(each.value, each.type)) {
      found(fault::type_changed, what, label(each));
    }
    of.metrics.push_back({.name = *each.name, .type = each.type, .last = each.value});
  }
}

void host_application::update(const message& what, unit& of) {
  for (const metric& each : what.content.metrics) {
    known_metric* known = nullptr;
    if (each.alias) {
      const auto at = of.by_alias.find(*each.alias);
      if (at != of.by_alias.end()) known = &of.metrics[at->second];
    } else if (each.name) {
      const auto at = of.by_name.find(*each.name);
      if (at != of.by_name.end()) known = &of.metrics[at->second];
    }
    if (known == nullptr) {
      found(each.alias ? fault::alias_unknown : fault::name_unknown, what, label(each));
      ask_for_rebirth(what);
      continue;
    }
    const bool other_type = each.type != data_type::unknown && each.type != known->type;
    if (other_type || (!each.is_null && !fits(each.value, known->type))) {
      found(fault::type_changed, what, "\"" + known->name + "\"");
    }
    if (!each.is_historical) known->last = each.value;
  }
}

void host_application::found(fault what, const message& where, std::string detail) {
  ++counts_[static_cast<std::size_t>(what)];
  if (findings_.size() >= findings_max) return;
  findings_.push_back(
      {.what = what, .topic = std::string(where.topic), .detail = std::move(detail)});
}

void host_application::ask_for_rebirth(const message& what) {
  what.from.awaits_birth = true;
  what.from.own.alive = false;
  wants_rebirth_ = true;
}

}  // namespace gauntlet::sim::sparkplug
