#include "sim/scenario/expectation.hpp"

#include "harness/base/units.hpp"

namespace gauntlet::sim {
namespace {

bool has_percentile(figure what) {
  return what == figure::latency || what == figure::service_time || what == figure::connect_time;
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
  const std::string limit = limit_text(what);
  switch (what.what) {
    case figure::sent:
      return "At least " + limit + " of the planned messages are sent";
    case figure::lost:
      return what.limit == 0 ? "No message is lost"
                             : "At most " + limit + " of the deliveries are lost";
    case figure::duplicated:
      return what.limit == 0 ? "No message is delivered twice"
                             : "At most " + limit + " of the deliveries are duplicates";
    case figure::reordered:
      return what.limit == 0 ? "No message overtakes another of its stream"
                             : "At most " + limit + " of the deliveries are out of order";
    case figure::latency:
      return timed(what, "delivery", "deliveries") + " from the scheduled time";
    case figure::service_time:
      return timed(what, "delivery", "deliveries") + " from the actual send";
    case figure::throughput:
      return "At least " + format_number(what.limit) + " messages are delivered each second";
    case figure::connected:
      return "At least " + limit + " of the devices connect";
    case figure::connect_time:
      return timed(what, "connect", "connects");
    case figure::unexpected_disconnects:
      return what.limit == 0 ? "No connection ends unasked"
                             : "At most " + limit + " connections end unasked";
  }
  return {};
}

}  // namespace

std::string_view figure_name(figure what) {
  switch (what) {
    case figure::sent:
      return "sent";
    case figure::lost:
      return "lost";
    case figure::duplicated:
      return "duplicated";
    case figure::reordered:
      return "reordered";
    case figure::latency:
      return "latency";
    case figure::service_time:
      return "service_time";
    case figure::throughput:
      return "throughput";
    case figure::connected:
      return "connected";
    case figure::connect_time:
      return "connect_time";
    case figure::unexpected_disconnects:
      return "unexpected_disconnects";
  }
  return {};
}

bool is_lower_bound(figure what) {
  return what == figure::sent || what == figure::throughput || what == figure::connected;
}

bool is_of_messages(figure what) {
  return what != figure::connected && what != figure::connect_time &&
         what != figure::unexpected_disconnects;
}

std::string expectation_id(const expectation& what) {
  std::string id(figure_name(what.what));
  if (has_percentile(what.what)) id += "." + percentile_name(what.percentile);
  if (!what.group.empty()) id += ".group." + what.group;
  if (!what.qos.empty()) {
    id += ".qos";
    for (const mqtt::qos level : what.qos) id += std::to_string(static_cast<unsigned>(level));
  }
  return id;
}

std::string describe(const expectation& what) { return sentence(what) + narrowed(what); }

std::string describe_limit(const expectation& what) {
  const std::string limit = limit_text(what);
  if (!is_lower_bound(what.what) && what.limit == 0) return limit;
  return (is_lower_bound(what.what) ? "at least " : "at most ") + limit;
}

}  // namespace gauntlet::sim
