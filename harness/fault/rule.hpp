#pragma once

// A fault as it is asked for: who and when, and what. Plain data; fault::injector keeps the rules
// of a run and applies them.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/fault/actions.hpp"
#include "harness/history/packet_observer.hpp"
#include "harness/mqtt/property_table.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::fault {

/// Which connections and which of their packets. An empty field selects all.
struct selection {
  /// Glob over Client Identifiers: '*' for any text, '?' for one character.
  std::string clients;
  /// The Client Identifiers themselves, of a part of a fleet; null: all.
  std::shared_ptr<const std::unordered_set<std::string>> client_ids;
  std::uint32_t connect = 0;  ///< the k-th connection of the client, from 1; 0: each

  std::vector<mqtt::packet_type> packets;
  std::optional<history::direction> towards;
  std::string topic_filter;  ///< of PUBLISH only
  std::optional<mqtt::qos> qos;
  std::optional<std::uint16_t> packet_identifier;
  std::optional<std::uint8_t> reason_code;
  std::optional<mqtt::property_id> property;  ///< the packet has it

  // Of the packets that are all that, counted over:
  enum class scope : std::uint8_t { connection, client, all };
  scope counted = scope::client;
  std::uint32_t nth = 0;    ///< only this one, from 1; 0: each
  std::uint32_t every = 0;  ///< each k-th; 0 and 1: each
  double probability = 1;
  std::uint32_t times = 0;  ///< no more than so often; 0: no limit
};

/// When a fault is active, since the injector was started.
struct active_time {
  duration at{};
  std::optional<duration> lasting;  ///< none: until faults are healed
  std::optional<duration> every;    ///< the same again, counted from `at`
};

/// One fault.
struct rule {
  std::string name;  ///< unique within a run; in traces and reports
  selection who;
  active_time when;
  action what;
  bool enabled = true;
};

/// Whether `text` matches the glob; the empty glob matches all.
bool matches_glob(std::string_view glob, std::string_view text);

/// The fault in words, as in "cut after PUBACK to client, reset".
std::string describe(const rule& what);

}  // namespace gauntlet::fault
