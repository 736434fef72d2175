#pragma once

// The observer of one test: watches all of its connections and asks every invariant about every
// packet that comes.

#include <memory>
#include <string>
#include <vector>

#include "conformance/invariants/invariant.hpp"
#include "harness/script/peer.hpp"

namespace gauntlet::conformance {

/// Watches the connections of one test. Belongs to the thread of their loop.
class packet_watch {
 public:
  packet_watch();
  ~packet_watch();
  packet_watch(const packet_watch&) = delete;
  packet_watch& operator=(const packet_watch&) = delete;

  /// An observer for one more connection, which speaks `version`. It lives as long as this.
  script::wire_observer& watch(std::string client, mqtt::protocol_version version);

  /// What was found so far.
  const std::vector<invariant_breach>& breaches() const;
  const invariant_counts& checked() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace gauntlet::conformance
