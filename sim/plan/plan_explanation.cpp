#include "sim/plan/plan_explanation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/plan/plan_summary.hpp"
#include "sim/plan/plan_text.hpp"

namespace gauntlet::sim {
namespace {

using figures = std::vector<std::vector<publication_figures>>;

double seconds_of(duration time) { return std::chrono::duration<double>(time).count(); }

std::string bytes_text(double per_second) {
  constexpr std::array<std::string_view, 4> units{"B/s", "KB/s", "MB/s", "GB/s"};
  std::size_t unit = 0;
  while (per_second >= 1000 && unit + 1 < units.size()) {
    per_second /= 1000;
    ++unit;
  }
  return format_number(std::round(per_second * 10) / 10) + " " + std::string(units[unit]);
}

std::string counted(std::uint64_t count, const std::string& one) {
  return format_count(count) + " " + one + (count == 1 ? "" : "s");
}

/// The figures of one publication alone.
publication_figures measure(const fleet_plan& plan, std::size_t group, std::size_t publication) {
  scenario alone = plan.described();
  for (std::size_t i = 0; i < alone.fleet.size(); ++i) {
    std::vector<sim::publication>& publish = alone.fleet[i].publish;
    if (i == group) {
      publish = {publish[publication]};
    } else {
      publish.clear();
    }
  }
  const plan_summary sum = summarize(fleet_plan(std::move(alone)));
  publication_figures made{.messages = sum.messages_total(), .deliveries = sum.deliveries_total()};
  const device_number device = plan.first_of_group(group);
  for (std::uint32_t i = 0; i < plan.described().fleet[group].count && !made.is_due; ++i) {
    const auto first = plan.first_message(device + i, publication);
    if (!first) continue;
    byte_buffer payload;
    plan.append_payload(device + i, publication, *first, payload);
    made.payload_bytes = payload.size();
    made.is_due = true;
  }
  return made;
}

std::string protocol_text(const device_group& group) {
  if (group.protocol.v5_percent <= 0) return "MQTT 3.1.1";
  if (group.protocol.v5_percent >= 100) return "MQTT 5.0";
  return "MQTT 3.1.1 and 5.0";
}

std::string timing_text(const publication& what) {
  if (what.triggered) return "when something happens";
  if (what.on_change) return "when " + what.on_change->sensor + " changes";
  std::string text;
  if (what.every > duration::zero() && what.count != 1U) {
    text = (what.poisson ? "about every " : "every ") + format_duration(what.every);
  }
  if (what.first) {
    text += (text.empty() ? "" : ", ") +
            std::string(text.empty() ? "once after " : "first after ") +
            format_duration(*what.first);
  }
  if (text.empty()) text = "once";
  if (what.count && *what.count > 1) text += ", " + format_count(*what.count) + " times";
  if (what.burst) text += ", " + format_count(what.burst->count) + " at a time";
  if (what.aligned) text += ", by the clock";
  if (!what.load_curve.empty()) text += ", more or less by time of day";
  return text;
}

std::string publication_text(const fleet_plan& plan, const device_group& group, std::size_t index,
                             const publication_figures& sum) {
  const publication& what = group.publish[index];
  const double time = seconds_of(plan.described().publish_for);
  std::string text = "    sends \"" + what.topic.source() + "\", QoS " +
                     std::to_string(static_cast<int>(what.qos)) +
                     (what.retain ? ", retained, " : ", ") + timing_text(what);
  if (what.triggered) return text + "\n";
  if (!sum.is_due) return text + ": never within this time\n";
  text +=
      ": " + rate_text(sum.messages / time) + " of " + std::to_string(sum.payload_bytes) + " bytes";
  if (sum.deliveries == 0) return text + "; nobody subscribes, so its deliveries are not judged\n";
  return text + ", delivered " + rate_text(sum.deliveries / time) + "\n";
}

std::string_view name_of(departure how) {
  switch (how) {
    case departure::clean:
      return "with DISCONNECT";
    case departure::abrupt:
      return "abruptly";
    case departure::reset:
      return "with a reset";
    case departure::half_open:
      break;
  }
  return "silently (half-open)";
}

std::string life_text(const life_cycle& life) {
  const std::string about = life.spread == spread::fixed ? "" : "about ";
  const std::string there = about + format_duration(life.present);
  const std::string away = about + format_duration(life.away);
  const std::string leaves = ", leaves " + std::string(name_of(life.leaves));
  switch (life.as) {
    case life_cycle::kind::always_on:
      return {};
    case life_cycle::kind::sleep:
      return "    is awake " + there + ", asleep " + away + leaves + "\n";
    case life_cycle::kind::visit:
      return "    comes every " + format_duration(life.every) +
             (life.linger > duration::zero() ? ", stays " + format_duration(life.linger) + " longer"
                                             : "") +
             leaves + "\n";
    case life_cycle::kind::flapping:
      return "    is connected " + there + ", gone " + away + leaves + "\n";
    case life_cycle::kind::roaming:
      return "    takes another address every " + there + "\n";
  }
  return {};
}

std::string consumption_text(const std::optional<consumption>& pace) {
  if (!pace) return {};
  const bool messages = pace->messages_per_second > 0;
  return "    takes at most " +
         (messages ? rate_text(pace->messages_per_second) + " messages"
                   : bytes_text(pace->bytes_per_second)) +
         "\n";
}

std::string disturbances_text(const scenario& whole) {
  std::string text;
  for (const disturbance& each : whole.disturbances) {
    const storm_settings& storm = each.storm;
    std::string groups;
    for (const std::string& group : storm.groups) groups += (groups.empty() ? "" : ", ") + group;
    text +=
        "  at " + format_duration(each.at) + " " + format_number(storm.share * 100) + "% of " +
        (groups.empty() ? "all devices" : groups) + " leave " + std::string(name_of(storm.leaves)) +
        (storm.within > duration::zero() ? " within " + format_duration(storm.within) : "") +
        (storm.back_within ? ", back within " + format_duration(*storm.back_within) : "") + "\n";
  }
  return text.empty() ? text : "Disturbances:\n" + text;
}

std::string group_text(const fleet_plan& plan, const device_group& group,
                       const std::vector<publication_figures>& sums) {
  std::string text =
      "  " + group.name + ": " + counted(group.count, "device") + ", " + protocol_text(group);
  if (group.will) text += ", with a will";
  if (group.session_expiry) text += ", session kept " + format_duration(*group.session_expiry);
  text += "\n" + life_text(group.life) + consumption_text(group.consume);
  for (const subscription& each : group.subscribe) {
    text += "    hears \"" + each.filter.source() + "\", QoS " +
            std::to_string(static_cast<int>(each.qos)) +
            (each.is_shared ? ", shared as \"" + each.share.source() + "\"" : "") + "\n";
  }
  for (std::size_t i = 0; i < group.publish.size(); ++i) {
    text += publication_text(plan, group, i, sums[i]);
  }
  if (group.publish.empty() && group.subscribe.empty()) text += "    only connects\n";
  return text;
}

std::string load_text(const fleet_plan& plan, const figures& sums) {
  publication_figures all;
  double bytes_out = 0;
  double bytes_in = 0;
  for (const auto& group : sums) {
    for (const publication_figures& each : group) {
      all.messages += each.messages;
      all.deliveries += each.deliveries;
      bytes_out += each.messages * static_cast<double>(each.payload_bytes);
      bytes_in += each.deliveries * static_cast<double>(each.payload_bytes);
    }
  }
  const double time = seconds_of(plan.described().publish_for);
  return "Load: " + rate_text(all.messages / time) + " messages with " +
         bytes_text(bytes_out / time) + " of payload to the broker, " +
         rate_text(all.deliveries / time) + " deliveries with " + bytes_text(bytes_in / time) +
         " from it\n";
}

std::string expectations_text(const scenario& whole) {
  if (whole.expect.empty()) {
    return "Expected: nothing, so that a run that completes passes. Add 'expect'.\n";
  }
  std::string text = "Expected:\n";
  for (const expectation& each : whole.expect) text += "  " + describe(each) + "\n";
  struct subject {
    figure what;
    std::string_view name;
  };
  constexpr std::array<subject, 6> subjects{{{figure::connected, "whether all devices connect"},
                                             {figure::sent, "whether everything is sent"},
                                             {figure::lost, "losses"},
                                             {figure::duplicated, "duplicates"},
                                             {figure::reordered, "order"},
                                             {figure::latency, "latency"}}};
  std::string left;
  for (const subject& each : subjects) {
    const bool asked = std::any_of(whole.expect.begin(), whole.expect.end(),
                                   [&](const expectation& e) { return e.what == each.what; });
    if (!asked) left += (left.empty() ? "" : ", ") + std::string(each.name);
  }
  return left.empty() ? text : text + "Measured, but not judged: " + left + "\n";
}

}  // namespace

std::vector<std::vector<publication_figures>> figures_of(const fleet_plan& plan) {
  figures all;
  const std::vector<device_group>& fleet = plan.described().fleet;
  for (std::size_t group = 0; group < fleet.size(); ++group) {
    all.emplace_back();
    for (std::size_t p = 0; p < fleet[group].publish.size(); ++p) {
      all.back().push_back(fleet[group].publish[p].triggered ? publication_figures{}
                                                             : measure(plan, group, p));
    }
  }
  return all;
}

std::string explain(const fleet_plan& plan) {
  const figures sums = figures_of(plan);
  const std::vector<device_group>& fleet = plan.described().fleet;
  std::string text = "Groups:\n";
  for (std::size_t group = 0; group < fleet.size(); ++group) {
    text += group_text(plan, fleet[group], sums[group]);
  }
  return text + disturbances_text(plan.described()) + load_text(plan, sums) +
         expectations_text(plan.described());
}

}  // namespace gauntlet::sim
