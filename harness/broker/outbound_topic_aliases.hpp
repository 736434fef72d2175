#pragma once

// Topic Aliases that the broker gives towards one client on one connection (MQTT 5.0 §3.3.2.3.4):
// to each topic when it is first sent, until the client's Topic Alias Maximum or our own limit is
// reached. The first PUBLISH has topic and alias, later ones the alias alone.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gauntlet::broker {

/// The alias to send with a PUBLISH.
struct outbound_alias {
  std::uint16_t number = 0;  ///< 0 for none
  bool known = false;        ///< the client has the mapping; the Topic Name can be left out
};

/// The mappings of one connection; they go with it [MQTT-3.3.2-7].
class outbound_topic_aliases {
 public:
  /// Aliases from 1 to `maximum` [MQTT-3.1.2-26, MQTT-3.3.2-11].
  explicit outbound_topic_aliases(std::uint16_t maximum) : maximum_(maximum) {}

  /// The topic's alias, or one for it, or none if all are given away. Allocates nothing.
  outbound_alias choose(std::string_view topic) const;
  /// The PUBLISH with topic and new alias is on its way.
  void remember(std::string_view topic, std::uint16_t number);

 private:
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  std::unordered_map<std::string, std::uint16_t, hash, std::equal_to<>> given_;
  std::uint16_t maximum_;
};

}  // namespace gauntlet::broker
