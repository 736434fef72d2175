#include "sim/scenario/expectation.hpp"

#include <array>

#include "harness/base/units.hpp"

namespace gauntlet::sim {
namespace {

/// What there is to know of a figure.
struct figure_facts {
  std::string_view name;
  figure_scope scope;
  bool is_lower_bound = false;
  bool has_percentile = false;
  std::string_view none;  ///< sentence for a bound of zero
  std::string_view most;  ///< what follows "At most N" or "At least N"
};

const figure_facts& facts_of(figure what) {
  using enum figure_scope;
  // In the order of the enumeration.
  static constexpr std::array<figure_facts, 23> all{{
      {"sent", messages, true, false, "", "of the planned messages are sent"},
      {"lost", messages, false, false, "No message is lost", "of the deliveries are lost"},
      {"duplicated", messages, false, false, "No message is delivered twice",
       "of the deliveries are duplicates"},
      {"reordered", messages, false, false, "No message overtakes another of its stream",
       "of the deliveries are out of order"},
      {"dropped_offline", messages, false, false, "No device drops a message while it is offline",
       "messages are dropped by devices that are offline"},
      {"latency", messages, false, true, "", ""},
      {"service_time", messages, false, true, "", ""},
      {"throughput", messages, true, false, "", "messages are delivered each second"},
      {"connected", connections, true, false, "", "of the devices connect"},
      {"connect_time", connections, false, true, "", ""},
      {"unexpected_disconnects", connections, false, false, "No connection ends unasked",
       "connections end unasked"},
      {"sessions_lost", connections, false, false, "No session is forgotten",
       "sessions are forgotten"},
      {"offline_time", connections, false, true, "", ""},
      {"answered", requests, true, false, "", "of the requests are answered in time"},
      {"response_time", requests, false, true, "", ""},
      {"wills_missing", run, false, false, "No will stays away", "wills stay away"},
      {"wills_unexpected", run, false, false, "No will comes without reason",
       "wills come without reason"},
      {"retained_missing", run, false, false, "No retained message is missing at the end",
       "retained messages are missing at the end"},
      {"retained_stale", run, false, false, "No retained message is out of date at the end",
       "retained messages are out of date at the end"},
      {"sparkplug_faults", run, false, false,
       "No message of an edge node breaks a rule of Sparkplug",
       "messages of edge nodes break a rule of Sparkplug"},
      {"recovery", run, false, true, "", ""},
      {"broker_memory", run, false, false, "", "of memory are used by the broker"},
      {"broker_cpu", run, false, false, "", "of a core are used by the broker"},
  }};
  return all[static_cast<std::size_t>(what)];
}

/// "p50", "p99", "p999", "max".
std::string percentile_name(double percentile) {
  if (percentile >= 100) return "max";
  std::string digits;
  for (const char c : format_number(percentile)) {
    if (c != '.') digits += c;
  }
  return "p" + digits;
}

std::string limit_text(const expectation& what) {
  switch (what.unit) {
    case limit_unit::count:
      return format_number(what.limit);
    case limit_unit::percent:
      return format_number(what.limit) + "%";
    case limit_unit::nanoseconds:
      return format_duration(duration(static_cast<duration::rep>(what.limit)));
    case limit_unit::per_second:
      return format_number(what.limit) + "/s";
    case limit_unit::bytes:
      return format_size(static_cast<std::uint64_t>(what.limit));
  }
  return {};
}

/// " (group doors, QoS 1 and 2)", or nothing.
std::string narrowed(const expectation& what) {
  std::string text;
  if (!what.group.empty()) text = "group " + what.group;
  std::string levels;
  for (std::size_t i = 0; i < what.qos.size(); ++i) {
    if (i > 0) levels += i + 1 == what.qos.size() ? " and " : ", ";
    levels += std::to_string(static_cast<unsigned>(what.qos[i]));
  }
  if (!levels.empty()) text += (text.empty() ? "QoS " : ", QoS ") + levels;
  if (!what.stage.empty()) text += (text.empty() ? "stage " : ", stage ") + what.stage;
  return text.empty() ? text : " (" + text + ")";
}

std::string percentile_phrase(double percentile) {
  if (percentile >= 100) return "The longest";
  return format_number(percentile) + "% of the";
}

std::string timed(const expectation& what, const std::string& one, const std::string& many) {
  const bool longest = what.percentile >= 100;
  return percentile_phrase(what.percentile) + " " + (longest ? one + " takes " : many + " take ") +
         describe_limit(what);
}

std::string sentence(const expectation& what) {
  switch (what.what) {
    case figure::latency:
      return timed(what, "delivery", "deliveries") + " from the scheduled time";
    case figure::service_time:
      return timed(what, "delivery", "deliveries") + " from the actual send";
    case figure::connect_time:
      return timed(what, "connect", "connects");
    case figure::offline_time:
      return timed(what, "absence", "absences");
    case figure::response_time:
      return timed(what, "answer", "answers");
    case figure::recovery:
      return (what.percentile >= 100 ? "All" : format_number(what.percentile) + "%") +
             " of the devices that a disturbance concerns are back within " + limit_text(what);
    default:
      break;
  }
  const figure_facts& facts = facts_of(what.what);
  if (!facts.is_lower_bound && what.limit == 0) return std::string(facts.none);
  const std::string limit =
      what.what == figure::throughput ? format_number(what.limit) : limit_text(what);
  return (facts.is_lower_bound ? "At least " : "At most ") + limit + " " + std::string(facts.most);
}

}  // namespace

std::string_view figure_name(figure what) { return facts_of(what).name; }

bool is_lower_bound(figure what) { return facts_of(what).is_lower_bound; }

figure_scope scope_of(figure what) { return facts_of(what).scope; }

bool is_live(const expectation& what) {
  switch (what.what) {
    case figure::lost:
    case figure::duplicated:
      return what.unit == limit_unit::count;
    case figure::latency:
      return what.percentile == 99;
    case figure::connected:
    case figure::broker_memory:
      return true;
    default:
      return false;
  }
}

std::string expectation_id(const expectation& what) {
  std::string id(figure_name(what.what));
  if (facts_of(what.what).has_percentile) id += "." + percentile_name(what.percentile);
  if (!what.group.empty()) id += ".group." + what.group;
  if (!what.qos.empty()) {
    id += ".qos";
    for (const mqtt::qos level : what.qos) id += std::to_string(static_cast<unsigned>(level));
  }
  if (!what.stage.empty()) id += ".stage." + what.stage;
  return id;
}

std::string describe(const expectation& what) { return sentence(what) + narrowed(what); }

std::string describe_limit(const expectation& what) {
  const std::string limit = limit_text(what);
  if (!is_lower_bound(what.what) && what.limit == 0) return limit;
  return (is_lower_bound(what.what) ? "at least " : "at most ") + limit;
}

}  // namespace gauntlet::sim
