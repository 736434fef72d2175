#include "sim/scenario/expectation_reader.hpp"

#include <algorithm>
#include <array>
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
  if (made.qos.empty()) return;
  for (const expectation& each : made.figures) {
    if (is_of_messages(each.what)) continue;
    wrong.add(*from.find("qos"), "'" + std::string(figure_name(each.what)) +
                                     "' is about connections, which have no QoS; put it into an "
                                     "entry of its own");
  }
}

std::vector<expectation> flatten(std::vector<item> items) {
  std::vector<expectation> all;
  for (item& each : items) {
    for (expectation& figure : each.figures) {
      figure.group = each.group;
      figure.qos = each.qos;
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
                "Only messages published at this QoS; one or a list");
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
  table.placed(&item::where).check(check_item);
  return config::converted<std::vector<expectation>, std::vector<item>>(
      config::list_of(table.build()), flatten);
}

}  // namespace gauntlet::sim
