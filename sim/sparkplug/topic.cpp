#include "sim/sparkplug/topic.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "harness/base/assert.hpp"

namespace gauntlet::sim::sparkplug {
namespace {

constexpr std::array<std::string_view, 8> type_names{"NBIRTH", "DBIRTH", "NDATA", "DDATA",
                                                     "NDEATH", "DDEATH", "NCMD",  "DCMD"};

}  // namespace

std::string_view to_string(message_type type) { return type_names[static_cast<std::size_t>(type)]; }

bool is_of_device(message_type type) {
  return type == message_type::dbirth || type == message_type::ddata ||
         type == message_type::ddeath || type == message_type::dcmd;
}

std::optional<topic_parts> parse_topic(std::string_view topic) {
  std::array<std::string_view, 5> levels;
  std::size_t count = 0;
  for (std::size_t begin = 0;; ++count) {
    if (count == levels.size()) return std::nullopt;
    const std::size_t end = topic.find('/', begin);
    levels[count] = topic.substr(begin, end - begin);
    if (end == topic.npos) break;
    begin = end + 1;
  }
  ++count;
  const auto type = std::find(type_names.begin(), type_names.end(), levels[2]);
  if (count < 4 || levels[0] != topic_root || type == type_names.end()) return std::nullopt;
  const topic_parts parts{.group_id = levels[1],
                          .type = static_cast<message_type>(type - type_names.begin()),
                          .edge_node_id = levels[3],
                          .device_id = levels[4]};
  if (parts.group_id.empty() || parts.edge_node_id.empty()) return std::nullopt;
  const bool names_device = count == 5 && !parts.device_id.empty();
  if (is_of_device(parts.type) ? !names_device : count != 4) return std::nullopt;
  return parts;
}

std::string make_topic(const topic_parts& parts) {
  GAUNTLET_ASSERT(is_of_device(parts.type) == !parts.device_id.empty());
  std::string topic(topic_root);
  topic.append("/").append(parts.group_id);
  topic.append("/").append(to_string(parts.type));
  topic.append("/").append(parts.edge_node_id);
  if (!parts.device_id.empty()) topic.append("/").append(parts.device_id);
  return topic;
}

}  // namespace gauntlet::sim::sparkplug
