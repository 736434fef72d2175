#pragma once

// A host application without I/O: follows edge nodes and their devices through births, data and
// deaths, and writes down each rule of Sparkplug 3.0 that a message breaks. After a fault that
// leaves it without a picture of the node it asks for a rebirth, and passes by what comes until the
// next NBIRTH, so that one fault counts once.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/bytes.hpp"
#include "sim/sparkplug/payload.hpp"
#include "sim/sparkplug/topic.hpp"

namespace gauntlet::sim::sparkplug {

/// What may be wrong with a message, or with what should have come before it.
enum class fault : std::uint8_t {
  unreadable,         ///< no Sparkplug payload
  retained,           ///< births, data and deaths must not be retained
  seq_missing,        ///< no sequence number, or none of 0 to 255
  seq_gap,            ///< not the number after the last one
  birth_seq,          ///< an NBIRTH whose sequence number is not 0
  bd_seq_missing,     ///< NBIRTH or NDEATH without bdSeq
  bd_seq_repeated,    ///< an NBIRTH with the bdSeq of an NDEATH that came before it
  death_missing,      ///< an NBIRTH with a new bdSeq while the node was taken for alive
  data_before_birth,  ///< data, or anything of a device, of a node or device not born
  birth_incomplete,   ///< a metric of a birth without name or type, or with an alias used twice
  alias_unknown,      ///< an alias that no birth has told
  name_unknown,       ///< a name that no birth has told
  type_changed,       ///< a value of another type than in the birth
};
inline constexpr std::size_t fault_count = 13;

/// "a gap in seq", ...
std::string_view to_string(fault what);

/// One fault, in words.
struct fault_finding {
  fault what = fault::unreadable;
  std::string topic;
  std::string detail;  ///< "expected 7, not 9"
};

/// Follows all edge nodes whose messages it is shown.
class host_application {
 public:
  /// Findings kept in words; all are counted.
  static constexpr std::size_t findings_max = 100;

  /// `joined_late`: nodes may have been born before it listened, so that data of a node never heard
  /// of are no fault; it asks for a rebirth.
  explicit host_application(bool joined_late = false) : joined_late_(joined_late) {}

  /// Takes a message. Answers the topic to which a rebirth command is to be sent
  /// (append_rebirth_command), if one is needed. Commands and foreign topics are passed by.
  std::optional<std::string> on_message(std::string_view topic, byte_view payload, bool retain);

  std::uint64_t count(fault what) const { return counts_[static_cast<std::size_t>(what)]; }
  /// Faults of all kinds.
  std::uint64_t faults() const;
  /// The first ones.
  const std::vector<fault_finding>& findings() const { return findings_; }

  std::size_t nodes() const { return nodes_.size(); }
  std::size_t nodes_alive() const;
  std::size_t devices_alive() const;
  /// Messages taken, by type.
  std::uint64_t messages(message_type type) const {
    return messages_[static_cast<std::size_t>(type)];
  }
  std::uint64_t rebirths_requested() const { return rebirths_requested_; }
  /// The last value of a metric; nullptr if it is not known.
  const value* find(std::string_view group_id, std::string_view edge_node_id,
                    std::string_view device_id, std::string_view metric) const;

 private:
  struct known_metric {
    std::string name;
    data_type type = data_type::unknown;
    sparkplug::value last;
  };
  struct unit {
    bool alive = false;
    std::vector<known_metric> metrics;
    std::map<std::string, std::size_t, std::less<>> by_name;
    std::map<std::uint64_t, std::size_t> by_alias;
  };
  struct node {
    unit own;
    std::map<std::string, unit, std::less<>> devices;
    std::set<std::uint64_t> aliases;  ///< of the node and all its devices
    std::optional<std::uint64_t> bd_seq;
    std::uint8_t next_seq = 0;
    bool awaits_birth = false;
  };
  struct message;  // one message with what is known about it

  void on_node_birth(const message& what);
  void on_node_death(const message& what);
  bool follow_sequence(const message& what);
  void on_device_birth(const message& what);
  void on_device_death(const message& what);
  void on_data(const message& what);
  void learn(const message& what, unit& of);
  void update(const message& what, unit& of);
  void found(fault what, const message& where, std::string detail);
  void ask_for_rebirth(const message& what);

  bool joined_late_;
  std::map<std::string, node, std::less<>> nodes_;  // by "group/edge node"
  std::array<std::uint64_t, fault_count> counts_{};
  std::array<std::uint64_t, 8> messages_{};
  std::vector<fault_finding> findings_;
  std::uint64_t rebirths_requested_ = 0;
  bool wants_rebirth_ = false;
};

}  // namespace gauntlet::sim::sparkplug
