#include "sim/scenario/expectation_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "harness/config/object.hpp"
#include "sim/scenario/field_readers.hpp"

namespace gauntlet::sim {
namespace {

/// One element of the list: several figures, narrowed in the same way.
struct item {
  std::string group;
  std::vector<mqtt::qos> qos;
  std::string stage;
  bool abort_on = false;
  duration abort_after = std::chrono::seconds(5);
  std::vector<expectation> figures;
  config::place where;
};

/// A limit with the unit that its notation implies.
struct limit {
  double value = 0;
  limit_unit unit = limit_unit::count;
};

/// "0", "25" or "0.1%".
config::reader<limit> count_or_share() {
  config::reader<limit> made;
  made.schema = R"({"anyOf":[{"type":"integer","minimum":0},)" + config::percentage().schema + "]}";
  made.read = [](const config::node& from, limit& to, config::diagnostics& wrong) {
    if (const auto part = parse_share(from.scalar)) {
      to = {part->percent, limit_unit::percent};
      return true;
    }
    config::diagnostics ignored({});
    std::int64_t count = 0;
    if (config::whole_number(0, std::int64_t{1} << 53U).read(from, count, ignored)) {
      to = {static_cast<double>(count), limit_unit::count};
      return true;
    }
    wrong.add(from, "expected a number of messages or a percentage, like 0, 25 or 0.1%, not " +
                        from.describe());
    return false;
  };
  return made;
}

config::reader<limit> time_limit() {
  return config::converted<limit, duration>(
      config::time_span(std::chrono::nanoseconds(1), std::chrono::hours(24)), [](duration value) {
        return limit{static_cast<double>(value.count()), limit_unit::nanoseconds};
      });
}

config::reader<limit> share_limit() {
  return config::converted<limit, share>(config::percentage(), [](share part) {
    return limit{part.percent, limit_unit::percent};
  });
}

config::reader<limit> rate_limit() {
  return config::converted<limit, rate>(config::frequency(), [](rate value) {
    return limit{value.per_second(), limit_unit::per_second};
  });
}

config::reader<limit> count_limit() {
  return config::converted<limit, std::int64_t>(
      config::whole_number(0, std::int64_t{1} << 53U), [](std::int64_t value) {
        return limit{static_cast<double>(value), limit_unit::count};
      });
}

config::reader<limit> size_limit() {
  return config::converted<limit, std::uint64_t>(
      config::size_in_bytes(1, std::uint64_t{1} << 50U), [](std::uint64_t size) {
        return limit{static_cast<double>(size), limit_unit::bytes};
      });
}

/// A share of one core; several cores make more than 100%.
config::reader<limit> core_limit() {
  config::reader<limit> made;
  made.schema = R"({"type":"string","pattern":"^[0-9]+(\\.[0-9]+)?%$"})";
  made.read = [](const config::node& from, limit& to, config::diagnostics& wrong) {
    double value = 0;
    const std::string_view text = from.scalar;
    const char* const end = text.data() + text.size() - (text.ends_with('%') ? 1 : 0);
    const auto read = std::from_chars(text.data(), end, value);
    if (!text.ends_with('%') || read.ec != std::errc{} || read.ptr != end || value <= 0) {
      wrong.add(from,
                "expected a percentage of one core, like 80% or 250%, not " + from.describe());
      return false;
    }
    to = {value, limit_unit::percent};
    return true;
  };
  return made;
}

void add_figure(config::object<item>& table, std::string name, figure what, double percentile,
                config::reader<limit> as, std::string doc) {
  table.derived<limit>(
      std::move(name), std::move(as),
      [what, percentile](item& to, limit bound) {
        to.figures.push_back(
            {.what = what, .percentile = percentile, .limit = bound.value, .unit = bound.unit});
      },
      std::move(doc));
}

void add_percentiles(config::object<item>& table, figure what, const std::string& doc) {
  constexpr std::array<std::pair<std::string_view, double>, 6> percentiles{
      {{"p50", 50}, {"p90", 90}, {"p95", 95}, {"p99", 99}, {"p999", 99.9}, {"max", 100}}};
  for (const auto& [suffix, percentile] : percentiles) {
    const std::string portion =
        percentile >= 100 ? "the longest" : format_number(percentile) + "% of them are below it";
    add_figure(table, std::string(figure_name(what)) + "_" + std::string(suffix), what, percentile,
               time_limit(), "At most: " + doc + " (" + portion + ")");
  }
}

void check_item(const item& made, const config::node& from, config::diagnostics& wrong) {
  if (made.figures.empty()) {
    wrong.add(from, "nothing is expected here; add a figure such as 'lost: 0'");
  }
  for (std::size_t i = 1; i < made.qos.size(); ++i) {
    const auto before = made.qos.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(made.qos.begin(), before, made.qos[i]) == before) continue;
    wrong.add(*from.find("qos"), "the same QoS stands twice");
    break;
  }
  for (const expectation& each : made.figures) {
    const auto refuse = [&](std::string_view key, const std::string& why) {
      const config::node* place = from.find(key);
      if (place == nullptr) return;
      wrong.add(*place, "'" + std::string(figure_name(each.what)) + "' " + why +
                            "; put it into an entry of its own");
    };
    if (!is_of_messages(each.what)) {
      refuse("qos", "is not about messages, so no QoS narrows it");
      refuse("stage", "is not about messages, so no stage narrows it");
    }
    if (scope_of(each.what) == figure_scope::run) {
      refuse("group", "is about the whole run, so no group narrows it");
    }
    if (made.abort_on && !is_live(each)) {
      refuse("abort_on",
             "cannot be judged while the run goes on: that is possible for lost and duplicated as "
             "numbers, latency_p99, connected and broker_memory");
    }
  }
  if (!made.abort_on && from.find("for") != nullptr) {
    wrong.add(*from.find("for"), "only has a meaning with 'abort_on: true'");
  }
}

std::vector<expectation> flatten(std::vector<item> items) {
  std::vector<expectation> all;
  for (item& each : items) {
    for (expectation& figure : each.figures) {
      figure.group = each.group;
      figure.qos = each.qos;
      figure.stage = each.stage;
      if (each.abort_on) figure.abort_after = each.abort_after;
      figure.where = each.where;
      all.push_back(std::move(figure));
    }
  }
  return all;
}

}  // namespace

config::reader<std::vector<expectation>> expectations_reader() {
  config::object<item> table("Figures with their bounds");
  table
      .optional("group", &item::group, identifier(),
                "Only messages that this group publishes, only connections of this group")
      .optional("qos", &item::qos, config::one_or_list_of(qos_level()),
                "Only messages published at this QoS; one or a list")
      .optional("stage", &item::stage, identifier(), "Only messages that are due in this stage")
      .optional("abort_on", &item::abort_on, config::boolean(),
                "Whether the run ends early once the expectation is not met")
      .optional("for", &item::abort_after,
                config::time_span(std::chrono::seconds(1), std::chrono::hours(1)),
                "How long it must not be met until 'abort_on' ends the run");
  add_figure(table, "sent", figure::sent, 0, share_limit(),
             "At least: share of the planned messages that was sent");
  add_figure(table, "lost", figure::lost, 0, count_or_share(),
             "At most: deliveries that were due and never came");
  add_figure(table, "duplicated", figure::duplicated, 0, count_or_share(),
             "At most: deliveries of a message beyond its first");
  add_figure(table, "reordered", figure::reordered, 0, count_or_share(),
             "At most: deliveries after a later message of the same stream");
  add_percentiles(table, figure::latency, "time from the scheduled time to the delivery");
  add_percentiles(table, figure::service_time, "time from the actual send to the delivery");
  add_figure(table, "throughput", figure::throughput, 0, rate_limit(), "At least: deliveries");
  add_figure(table, "connected", figure::connected, 0, share_limit(),
             "At least: share of the devices that connect");
  add_percentiles(table, figure::connect_time, "time from the connect attempt to CONNACK");
  add_figure(table, "unexpected_disconnects", figure::unexpected_disconnects, 0, count_limit(),
             "At most: connections that end though nobody asked for it");
  add_figure(table, "dropped_offline", figure::dropped_offline, 0, count_limit(),
             "At most: messages for which a device without connection had no room");
  add_figure(table, "sessions_lost", figure::sessions_lost, 0, count_limit(),
             "At most: sessions that the broker had to keep and did not");
  add_percentiles(table, figure::offline_time, "time from the loss of a connection to the next");
  add_figure(table, "answered", figure::answered, 0, share_limit(),
             "At least: share of the requests that are answered in time");
  add_percentiles(table, figure::response_time, "time from a request to its answer");
  add_figure(table, "wills_missing", figure::wills_missing, 0, count_limit(),
             "At most: wills that had to be published and were not seen");
  add_figure(table, "wills_unexpected", figure::wills_unexpected, 0, count_limit(),
             "At most: wills seen that had to stay away");
  add_figure(table, "retained_missing", figure::retained_missing, 0, count_limit(),
             "At most: retained messages that a new subscriber does not get at the end");
  add_figure(table, "retained_stale", figure::retained_stale, 0, count_limit(),
             "At most: retained messages whose value is not the last one published");
  add_figure(table, "sparkplug_faults", figure::sparkplug_faults, 0, count_limit(),
             "At most: faults that host applications find in messages of edge nodes");
  add_percentiles(table, figure::recovery,
                  "time from a disturbance until the devices concerned are back");
  add_figure(table, "broker_memory", figure::broker_memory, 0, size_limit(),
             "At most: resident memory of the broker, if Gauntlet started it");
  add_figure(
      table, "broker_cpu", figure::broker_cpu, 0, core_limit(),
      "At most: processor time of the broker as a share of one core, if Gauntlet started it");
  table.placed(&item::where).check(check_item);
  return config::converted<std::vector<expectation>, std::vector<item>>(
      config::list_of(table.build()), flatten);
}

}  // namespace gauntlet::sim
