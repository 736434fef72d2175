#pragma once

// The model of a scenario file: what the fleet is, what it does and what is expected of the broker.
// Plain data, checked as a whole by load_scenario(); what a device derives from it is in sim/plan.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/units.hpp"
#include "harness/config/diagnostic.hpp"
#include "harness/config/parameter_value.hpp"
#include "sim/scenario/device_group.hpp"
#include "sim/scenario/disturbance.hpp"
#include "sim/scenario/expectation.hpp"
#include "sim/scenario/fault_schedule.hpp"
#include "sim/scenario/limits.hpp"
#include "sim/scenario/stage.hpp"
#include "sim/scenario/target_settings.hpp"

namespace gauntlet::sim {

/// How the devices come. Their order is that of the file: group by group, index by index.
struct arrival_settings {
  enum class shape : std::uint8_t {
    all_at_once,  ///< each as soon as the generator's connect window lets it
    rate,         ///< evenly, `per_second` devices each second
    ramp,         ///< ever faster: the rate rises from zero so that all have come after `over`
  };
  shape as = shape::all_at_once;
  double per_second = 0;
  duration over{};
};

/// When devices begin to publish.
enum class publishing_start : std::uint8_t {
  /// Together, once every device has connected and subscribed (or failed to). Planned times count
  /// from that moment.
  after_arrival,
  /// Each when it is planned to arrive. Planned times count from the start of the run.
  on_arrival,
};

/// How a scenario came from its files and from the command line.
struct scenario_origin {
  std::vector<std::string> files;                   ///< by their number in places
  std::vector<config::parameter_value> parameters;  ///< all, with their values
  double scale = 1;                                 ///< --scale
  std::vector<std::string> scaled;  ///< what that changed: "meters: 100 devices of 1,000"
};

/// A whole scenario.
struct scenario {
  std::string name;
  std::string description;
  std::uint64_t seed = 1;
  target_settings target;
  duration publish_for{};  ///< the file's `duration`, or of all stages: how long messages are due
  duration time_of_day{};  ///< when publishing starts, for load curves and aligned messages
  std::vector<stage> stages;  ///< in order, one behind the other; empty with `duration`
  duration drain = std::chrono::seconds(10);  ///< how long the last deliveries are waited for
  arrival_settings arrival;
  publishing_start publishing = publishing_start::after_arrival;
  std::vector<device_group> fleet;
  std::vector<disturbance> disturbances;
  std::vector<scheduled_fault> faults;
  std::optional<chaos_settings> chaos;
  std::optional<guarantee_settings> guarantees;
  std::vector<expectation> expect;
  scenario_origin origin;

  /// Devices of all groups.
  std::uint64_t device_count() const;
};

/// Loads and checks a scenario file with what it includes; or everything that is wrong with it. Of
/// a matrix the first combination; load_scenarios.hpp has the others.
config::loaded<scenario> load_scenario(const std::filesystem::path& file);

/// The same from text; `file` is for messages, and where included files are looked for.
config::loaded<scenario> parse_scenario(std::string_view text, std::string file);

/// The JSON Schema of scenario files, for editors.
std::string scenario_json_schema();

}  // namespace gauntlet::sim
