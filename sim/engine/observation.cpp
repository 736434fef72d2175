#include "sim/engine/observation.hpp"

#include "harness/base/units.hpp"

namespace gauntlet::sim {

std::optional<observation> observe(const expectation& what, const run_evidence& run) {
  switch (scope_of(what.what)) {
    case figure_scope::messages:
      return observe_messages(what, run);
    case figure_scope::connections:
      return observe_connections(what, run);
    case figure_scope::requests:
      return observe_requests(what, run);
    case figure_scope::run:
      return observe_run(what, run);
  }
  return std::nullopt;
}

std::string nothing_seen(const expectation& what) {
  switch (what.what) {
    case figure::sent:
    case figure::dropped_offline:
      return "no message was planned";
    case figure::sessions_lost:
      return "no device came back to a session that the broker had to keep";
    case figure::offline_time:
      return "no device came back";
    case figure::answered:
    case figure::response_time:
      return "nothing was asked";
    case figure::wills_missing:
      return "no will had to be published";
    case figure::wills_unexpected:
      return "no device with a will left";
    case figure::retained_missing:
    case figure::retained_stale:
      return "no retained message had to be there";
    case figure::sparkplug_faults:
      return "no message of an edge node came to a host application";
    case figure::recovery:
      return "no disturbance concerned a device";
    case figure::broker_memory:
    case figure::broker_cpu:
      return "the broker is not a process that Gauntlet started";
    default:
      break;
  }
  return scope_of(what.what) == figure_scope::connections ? "no device was to connect"
                                                          : "no delivery was due";
}

std::optional<observation> observe_percentile(const expectation& what,
                                              const record::histogram& times) {
  if (times.empty()) return std::nullopt;
  const duration value = what.percentile >= 100 ? times.max() : times.percentile(what.percentile);
  return observation{.value = static_cast<double>(value.count()),
                     .text = format_duration(std::chrono::round<std::chrono::microseconds>(value))};
}

std::string part_of(std::uint64_t part, std::uint64_t whole) {
  return format_count(part) + " of " + format_count(whole);
}

}  // namespace gauntlet::sim
