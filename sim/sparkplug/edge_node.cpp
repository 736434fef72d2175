#include "sim/sparkplug/edge_node.hpp"

namespace gauntlet::sim::sparkplug {
namespace {

metric_view bd_seq_metric(std::uint8_t bd_seq, std::uint64_t timestamp_ms) {
  return {.name = bd_seq_name,
          .alias = std::nullopt,
          .timestamp_ms = timestamp_ms,
          .type = data_type::int64,
          .names_type = true,
          .value = std::int64_t{bd_seq}};
}

metric_view rebirth_metric(bool asked, std::uint64_t timestamp_ms) {
  return {.name = rebirth_name,
          .alias = std::nullopt,
          .timestamp_ms = timestamp_ms,
          .type = data_type::boolean,
          .names_type = true,
          .value = asked};
}

}  // namespace

void edge_writer::append_node_death(std::uint8_t bd_seq, std::uint64_t timestamp_ms,
                                    byte_buffer& out) {
  writer_.begin(timestamp_ms, std::nullopt);
  writer_.add(bd_seq_metric(bd_seq, timestamp_ms));
  writer_.finish_stamped(true, out);
}

void edge_writer::add_all(const unit_facts& unit, const moment& when, value_source& values) {
  for (std::size_t i = 0; i < unit.size(); ++i) {
    writer_.add({.name = unit[i].name,
                 .alias = unit[i].alias,
                 .timestamp_ms = when.timestamp_ms,
                 .type = unit[i].type,
                 .names_type = true,
                 .value = values.value_of(i)});
  }
}

void edge_writer::append_node_birth(const unit_facts& node, std::uint8_t bd_seq, const moment& when,
                                    value_source& values, byte_buffer& out) {
  writer_.begin(when.timestamp_ms, when.seq);
  writer_.add(bd_seq_metric(bd_seq, when.timestamp_ms));
  writer_.add(rebirth_metric(false, when.timestamp_ms));
  add_all(node, when, values);
  writer_.finish_stamped(true, out);
}

void edge_writer::append_device_birth(const unit_facts& device, const moment& when,
                                      value_source& values, byte_buffer& out) {
  writer_.begin(when.timestamp_ms, when.seq);
  add_all(device, when, values);
  writer_.finish_stamped(true, out);
}

void edge_writer::append_data(const unit_facts& unit, const moment& when, value_source& values,
                              byte_buffer& out) {
  writer_.begin(when.timestamp_ms, when.seq);
  for (std::size_t i = 0; i < unit.size(); ++i) {
    const value_view held = values.value_of(i);
    if (!values.is_reported(i)) continue;
    writer_.add({.name = {},
                 .alias = unit[i].alias,
                 .timestamp_ms = when.timestamp_ms,
                 .type = unit[i].type,
                 .is_historical = when.is_historical,
                 .value = held});
  }
  writer_.finish_stamped(false, out);
}

void edge_writer::append_device_death(const moment& when, byte_buffer& out) {
  writer_.begin(when.timestamp_ms, when.seq);
  writer_.finish_stamped(true, out);
}

void append_rebirth_command(std::uint64_t timestamp_ms, byte_buffer& out) {
  payload_writer writer;
  writer.begin(timestamp_ms, std::nullopt);
  writer.add(rebirth_metric(true, timestamp_ms));
  writer.finish(out);
}

bool asks_for_rebirth(byte_view payload) {
  const auto read = read_payload(payload);
  if (!read) return false;
  const metric* command = read->find(rebirth_name);
  return command != nullptr && command->value == value(true);
}

}  // namespace gauntlet::sim::sparkplug
