#pragma once

// What happened, in words and with its time: a broker exit, a connect storm, a fault. Bounded: the
// first and the last events are kept, for the cause is at one end and the outcome at the other.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/event_loop.hpp"

namespace gauntlet::record {

enum class event_level : std::uint8_t { info, warning, error };

/// "info", "warning", "error".
std::string_view name(event_level level);
std::optional<event_level> event_level_of(std::string_view name);

struct event {
  /// Since the start of the run.
  duration at{};
  event_level level = event_level::info;
  /// Who saw it: "coordinator", "worker 2", "broker".
  std::string source;
  /// One sentence.
  std::string text;

  bool operator==(const event&) const = default;
};

/// Events in order of time.
class event_log {
 public:
  /// At most this many are kept: as many from the beginning as from the end.
  static constexpr std::size_t events_max = 1000;

  void add(event what);
  /// Adds another worker's events. Associative.
  void merge(const event_log& other);

  const std::vector<event>& events() const { return events_; }
  /// Events left out of the middle.
  std::uint64_t dropped() const { return dropped_; }
  /// For reading a record back: `count` more were dropped.
  void restore_dropped(std::uint64_t count) { dropped_ += count; }

  bool operator==(const event_log&) const = default;

 private:
  void drop_middle();

  std::vector<event> events_;
  std::uint64_t dropped_ = 0;
};

}  // namespace gauntlet::record
