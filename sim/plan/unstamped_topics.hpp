#pragma once

// Which publication a message without stamp is one of, as far as its topic tells.

#include <optional>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {

/// The topics of all publications that have `stamp: none`. Asking costs time in their number and
/// the topic's length, whatever the number of devices; nothing where there is none.
class unstamped_topics {
 public:
  explicit unstamped_topics(const scenario& whole);

  /// Where such a message comes from.
  struct source {
    std::uint32_t group = 0;
    mqtt::qos qos = mqtt::qos::at_most_once;
  };
  /// The first publication in the file whose topics look like this one: any digits where the
  /// device's number stands.
  std::optional<source> find(std::string_view topic) const;

 private:
  struct entry {
    std::string pattern;  ///< with `any_number` where digits stand
    source from;
  };
  std::vector<entry> all_;
};

}  // namespace gauntlet::sim
