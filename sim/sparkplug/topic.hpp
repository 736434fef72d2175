#pragma once

// Topic names of Sparkplug B: spBv1.0/group_id/message_type/edge_node_id[/device_id].
// Sparkplug 3.0, "Topics and Messages"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gauntlet::sim::sparkplug {

/// The namespace that all topics begin with.
inline constexpr std::string_view topic_root = "spBv1.0";

/// What a message says, by its topic.
enum class message_type : std::uint8_t {
  nbirth,  ///< an edge node is there: all of its metrics
  dbirth,  ///< a device of an edge node is there
  ndata,   ///< values of the edge node
  ddata,   ///< values of a device
  ndeath,  ///< the edge node is gone, and its devices with it: its will
  ddeath,  ///< a device is gone
  ncmd,    ///< a command to an edge node
  dcmd,    ///< a command to a device
};

/// "NBIRTH", ...
std::string_view to_string(message_type type);
/// Whether messages of this type name a device.
bool is_of_device(message_type type);

/// A topic name taken apart. Views into the topic name.
struct topic_parts {
  std::string_view group_id;
  message_type type = message_type::nbirth;
  std::string_view edge_node_id;
  std::string_view device_id;  ///< empty in messages of the edge node
};

/// Takes a topic name apart; nothing if it is none of an edge node.
std::optional<topic_parts> parse_topic(std::string_view topic);

/// The topic name of these parts, which must fit together.
std::string make_topic(const topic_parts& parts);

}  // namespace gauntlet::sim::sparkplug
