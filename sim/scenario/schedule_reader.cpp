#include "sim/scenario/schedule_reader.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "harness/base/units.hpp"
#include "harness/config/object.hpp"
#include "sim/scenario/field_readers.hpp"
#include "sim/scenario/limits.hpp"
#include "sim/scenario/stage_reader.hpp"

namespace gauntlet::sim {
namespace {

constexpr duration day = std::chrono::hours(24);
constexpr std::size_t curve_points_max = 96;

/// Reports those of the keys that stand.
void refuse(const config::node& from, std::initializer_list<std::string_view> keys,
            const std::string& why, config::diagnostics& wrong) {
  for (const std::string_view key : keys) {
    if (const config::node* found = from.find(key)) wrong.add(*found, why);
  }
}

void check_burst(const publication& made, const config::node& from, config::diagnostics& wrong) {
  const duration length = made.burst->spacing * (made.burst->count - 1);
  const auto late = std::chrono::duration_cast<duration>(made.every * made.jitter);
  if (length + late < made.every) return;
  wrong.add(*from.find("burst"),
            "a burst takes " + format_duration(length) +
                (late > duration::zero() ? " and is late by up to " + format_duration(late)
                                         : std::string()) +
                ", which does not fit into 'every' (" + format_duration(made.every) + ")");
}

}  // namespace

config::reader<burst_settings> burst_reader() {
  return config::object<burst_settings>("Several messages at a time")
      .required("count", &burst_settings::count, count_from(2, 1'000'000), "How many")
      .optional("spacing", &burst_settings::spacing,
                config::time_span(duration::zero(), scenario_time_max), "Time from one to the next")
      .build();
}

config::reader<std::vector<load_point>> load_curve_reader() {
  const config::reader<double> load = load_percentage();
  config::reader<std::vector<load_point>> made;
  made.schema = R"({"type":"object","additionalProperties":)" + load.schema +
                R"(,"minProperties":1,"maxProperties":)" + std::to_string(curve_points_max) + "}";
  made.read = [read = load.read](const config::node& from, std::vector<load_point>& to,
                                 config::diagnostics& wrong) {
    if (from.is != config::node::type::mapping) {
      wrong.add(from, "expected times of day with their load, like {0h: 20%, 8h30m: 100%}, not " +
                          from.describe());
      return false;
    }
    if (from.members.empty() || from.members.size() > curve_points_max) {
      wrong.add(from, "expected " + config::describe_count(1, curve_points_max) +
                          " times of day, not " + std::to_string(from.members.size()));
      return false;
    }
    const std::size_t before = wrong.count();
    to.clear();
    for (const config::member& each : from.members) {
      load_point point;
      const auto at = parse_duration(each.key);
      if (!at || *at < duration::zero() || *at >= day) {
        wrong.add(each.value, "'" + each.key +
                                  "' is not a time of day; write the time since "
                                  "midnight, like 8h or 17h30m");
      } else if (!to.empty() && *at <= to.back().at) {
        wrong.add(each.value, "the times of day must ascend, and " + each.key +
                                  " does not come after " + format_duration(to.back().at));
      } else {
        point.at = *at;
      }
      if (read(each.value, point.load, wrong)) to.push_back(point);
    }
    if (wrong.count() != before) return false;
    if (std::none_of(to.begin(), to.end(), [](const load_point& each) { return each.load > 0; })) {
      wrong.add(from, "the load is 0% at all times, so nothing would ever be published");
      return false;
    }
    return true;
  };
  return made;
}

config::reader<change_trigger> change_reader() {
  constexpr duration check_min = std::chrono::milliseconds(1);
  return config::object<change_trigger>("Messages that are due when a sensor has changed")
      .required("sensor", &change_trigger::sensor, config::text({.length_min = 1}),
                "Name of a sensor of the group, or of a member as in position.lat")
      .optional("threshold", &change_trigger::threshold, config::real(0, 1e15),
                "By how much at least, since the last message; 0 means any change")
      .optional("check_every", &change_trigger::check_every,
                config::time_span(check_min, scenario_time_max), "How often the device looks")
      .optional("at_most_every", &change_trigger::at_most_every,
                config::time_span(duration::zero(), scenario_time_max),
                "Time between two messages at least")
      .optional("heartbeat", &change_trigger::heartbeat,
                config::time_span(check_min, scenario_time_max),
                "A message is due after so long without one, whatever the sensor says")
      .check([](const change_trigger& made, const config::node& from, config::diagnostics& wrong) {
        if (!made.heartbeat || *made.heartbeat >= made.at_most_every) return;
        wrong.add(*from.find("heartbeat"), "a heartbeat each " + format_duration(*made.heartbeat) +
                                               " contradicts 'at_most_every' (" +
                                               format_duration(made.at_most_every) + ")");
      })
      .build();
}

void check_watched_sensor(const change_trigger& made, const std::vector<sensor>& sensors,
                          const config::node& from, config::diagnostics& wrong) {
  const config::node& place = *from.find("on_change")->find("sensor");
  if (sensors.empty()) {
    wrong.add(place, "the group has no sensors");
    return;
  }
  std::vector<std::string> known;
  for (const sensor& each : sensors) {
    const std::vector<std::string> members = members_of(each.signal);
    if (members.empty()) known.push_back(each.name);
    for (const std::string& member : members) known.push_back(each.name + "." + member);
  }
  if (std::find(known.begin(), known.end(), made.sensor) != known.end()) return;
  wrong.add(place,
            "there is no sensor '" + made.sensor + "'" + config::suggest(made.sensor, known));
}

void check_schedule(const publication& made, const config::node& from, config::diagnostics& wrong) {
  if (made.on_change) {
    refuse(from, {"every", "jitter", "poisson", "first", "burst", "aligned", "load_curve"},
           "'on_change' decides when messages are due; leave this out", wrong);
    return;
  }
  if (from.find("every") == nullptr) {
    const bool single = made.count == 1U && made.first.has_value();
    if (!single) {
      wrong.add(from,
                "the key 'every' is missing (only 'count: 1' with 'first', or 'on_change', "
                "does without)");
    }
    refuse(from, {"jitter", "poisson", "burst", "aligned", "load_curve"},
           "this needs an interval ('every')", wrong);
    return;
  }
  if (made.poisson) {
    refuse(from, {"jitter"}, "exponential intervals ('poisson: true') have no jitter", wrong);
  }
  if (made.aligned) {
    refuse(from, {"poisson", "first", "load_curve"},
           "messages that are 'aligned' stand on the clock; leave this out", wrong);
  }
  if (made.burst) check_burst(made, from, wrong);
}

}  // namespace gauntlet::sim
