#pragma once

// The edge node's side of Sparkplug without I/O: the numbers that it keeps from message to message,
// and its messages. A node and each of its devices are one `unit`: a list of metrics with aliases.
// Values come from whoever knows them.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/bytes.hpp"
#include "sim/sparkplug/payload.hpp"

namespace gauntlet::sim::sparkplug {

inline constexpr std::string_view bd_seq_name = "bdSeq";
inline constexpr std::string_view rebirth_name = "Node Control/Rebirth";

/// The numbers of one edge node. 3 bytes.
class edge_numbers {
 public:
  /// The number of the next CONNECT, which stands in its will and in the births after it: 0, 1,
  /// ..., 255, 0, ...
  std::uint8_t connect() { return bd_seq_ = next_bd_seq_++; }
  std::uint8_t bd_seq() const { return bd_seq_; }

  /// The sequence number of the next message; an NBIRTH begins anew.
  std::uint8_t seq(bool is_node_birth) const { return is_node_birth ? 0 : next_seq_; }
  /// The message was sent.
  void sent(bool is_node_birth) { next_seq_ = static_cast<std::uint8_t>(seq(is_node_birth) + 1); }

 private:
  std::uint8_t next_bd_seq_ = 0;
  std::uint8_t bd_seq_ = 0;
  std::uint8_t next_seq_ = 0;
};

/// A metric of an edge node or device.
struct metric_facts {
  std::string name;
  std::uint64_t alias = 0;  ///< its own within the edge node with all its devices
  data_type type = data_type::real64;
};

/// The metrics of an edge node or of one of its devices.
using unit_facts = std::vector<metric_facts>;

/// Knows the values of one unit.
class value_source {
 public:
  virtual ~value_source() = default;
  /// The value of a metric. It need not live longer than until the next call.
  virtual value_view value_of(std::size_t metric) = 0;
  /// Whether the metric is worth reporting in data, after value_of().
  virtual bool is_reported(std::size_t) { return true; }
};

/// Writes the messages of edge nodes, all with room for a stamp; one writer serves many nodes.
class edge_writer {
 public:
  /// When the values are from, and which number the message has.
  struct moment {
    std::uint64_t timestamp_ms = 0;
    std::uint8_t seq = 0;
    bool is_historical = false;  ///< from before the last birth
  };

  /// NDEATH: to be the will of the CONNECT of this number.
  void append_node_death(std::uint8_t bd_seq, std::uint64_t timestamp_ms, byte_buffer& out);
  /// NBIRTH
  void append_node_birth(const unit_facts& node, std::uint8_t bd_seq, const moment& when,
                         value_source& values, byte_buffer& out);
  /// DBIRTH
  void append_device_birth(const unit_facts& device, const moment& when, value_source& values,
                           byte_buffer& out);
  /// NDATA or DDATA: the metrics that are reported, by alias.
  void append_data(const unit_facts& unit, const moment& when, value_source& values,
                   byte_buffer& out);
  /// DDEATH
  void append_device_death(const moment& when, byte_buffer& out);

 private:
  void add_all(const unit_facts& unit, const moment& when, value_source& values);

  payload_writer writer_;
};

/// The payload with which a host application asks an edge node to be born again (NCMD).
void append_rebirth_command(std::uint64_t timestamp_ms, byte_buffer& out);
/// Whether the payload of an NCMD asks for it.
bool asks_for_rebirth(byte_view payload);

}  // namespace gauntlet::sim::sparkplug
