#include "sim/engine/expectation_judge.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "harness/base/units.hpp"

namespace gauntlet::sim {
namespace {

// What was seen, in the unit of the limit, and how it reads. `uncertain` may come on top.
struct observation {
  double value = 0;
  double uncertain = 0;
  std::string text;
};

std::string of(std::uint64_t part, std::uint64_t whole) {
  return format_count(part) + " of " + format_count(whole);
}

class judge {
 public:
  judge(const expectation& what, const record::measurements& measured, duration publishing)
      : what_(what), measured_(measured), publishing_(publishing) {}

  record::expectation_record run(std::string_view file) const {
    record::expectation_record record{.id = expectation_id(what_),
                                      .where = fmt::format("{}:{}", file, what_.where.line),
                                      .sentence = describe(what_),
                                      .expected = describe_limit(what_)};
    const std::optional<observation> seen = observe();
    if (!seen) {
      record.observed = nothing_seen();
      record.verdict = record::verdict::inconclusive;
      return record;
    }
    record.observed = seen->text;
    record.verdict = verdict_of(*seen);
    return record;
  }

 private:
  record::verdict verdict_of(const observation& seen) const {
    if (is_lower_bound(what_.what)) {
      return seen.value >= what_.limit ? record::verdict::pass : record::verdict::fail;
    }
    if (seen.value > what_.limit) return record::verdict::fail;
    if (seen.value + seen.uncertain > what_.limit) return record::verdict::inconclusive;
    return record::verdict::pass;
  }

  std::optional<observation> observe() const {
    switch (what_.what) {
      case figure::sent:
        return observe_sent();
      case figure::lost:
        return observe_deliveries(&record::delivery_account::lost);
      case figure::duplicated:
        return observe_deliveries(&record::delivery_account::duplicated);
      case figure::reordered:
        return observe_deliveries(&record::delivery_account::reordered);
      case figure::latency:
        return observe_percentile(flows_merged(&record::message_flow::latency_from_schedule));
      case figure::service_time:
        return observe_percentile(flows_merged(&record::message_flow::latency_from_send));
      case figure::connect_time:
        return observe_percentile(connect_times());
      case figure::throughput:
        return observe_throughput();
      case figure::connected:
        return observe_connected();
      case figure::unexpected_disconnects:
        return observe_disconnects();
    }
    return std::nullopt;
  }

  std::string nothing_seen() const {
    switch (what_.what) {
      case figure::connected:
      case figure::connect_time:
      case figure::unexpected_disconnects:
        return "no device was to connect";
      case figure::sent:
        return "no message was planned";
      default:
        return "no delivery was due";
    }
  }

  bool concerns(const record::message_flow& flow) const {
    if (!what_.group.empty() && flow.group != what_.group) return false;
    return what_.qos.empty() || std::any_of(what_.qos.begin(), what_.qos.end(), [&](mqtt::qos qos) {
             return static_cast<std::uint8_t>(qos) == flow.qos;
           });
  }

  record::delivery_account account() const {
    record::delivery_account sum;
    for (const record::message_flow& flow : measured_.flows) {
      if (concerns(flow)) record::merge(sum, flow.account);
    }
    return sum;
  }

  record::connection_account connections() const {
    record::connection_account sum;
    for (const record::connection_account& group : measured_.connections) {
      if (what_.group.empty() || group.group == what_.group) record::merge(sum, group);
    }
    return sum;
  }

  record::histogram flows_merged(record::histogram record::message_flow::*which) const {
    record::histogram sum;
    for (const record::message_flow& flow : measured_.flows) {
      if (concerns(flow)) sum.merge(flow.*which);
    }
    return sum;
  }

  record::histogram connect_times() const { return connections().connect_time; }

  std::optional<observation> observe_sent() const {
    const record::delivery_account sum = account();
    if (sum.planned == 0) return std::nullopt;
    const double percent = 100.0 * static_cast<double>(sum.sent) / static_cast<double>(sum.planned);
    return observation{.value = percent, .text = of(sum.sent, sum.planned)};
  }

  std::optional<observation> observe_deliveries(
      std::uint64_t record::delivery_account::*which) const {
    const record::delivery_account sum = account();
    if (sum.expected_deliveries == 0) return std::nullopt;
    const double scale = what_.unit == limit_unit::percent
                             ? 100.0 / static_cast<double>(sum.expected_deliveries)
                             : 1;
    // Only a loss can hide among what nobody can tell.
    const std::uint64_t unknown = what_.what == figure::lost ? sum.uncertain : 0;
    observation seen{.value = static_cast<double>(sum.*which) * scale,
                     .uncertain = static_cast<double>(unknown) * scale,
                     .text = of(sum.*which, sum.expected_deliveries)};
    if (unknown > 0) seen.text += fmt::format(", and {} uncertain", format_count(unknown));
    return seen;
  }

  std::optional<observation> observe_percentile(const record::histogram& times) const {
    if (times.empty()) return std::nullopt;
    const duration value =
        what_.percentile >= 100 ? times.max() : times.percentile(what_.percentile);
    return observation{
        .value = static_cast<double>(value.count()),
        .text = format_duration(std::chrono::round<std::chrono::microseconds>(value))};
  }

  std::optional<observation> observe_throughput() const {
    if (publishing_ <= duration::zero()) return std::nullopt;
    const record::delivery_account sum = account();
    if (sum.expected_deliveries == 0) return std::nullopt;
    const double rate =
        static_cast<double>(sum.delivered) / std::chrono::duration<double>(publishing_).count();
    return observation{.value = rate, .text = fmt::format("{:.0f}/s", rate)};
  }

  std::optional<observation> observe_connected() const {
    const record::connection_account sum = connections();
    if (sum.planned == 0) return std::nullopt;
    const std::uint64_t devices = sum.connected - sum.reconnected;
    return observation{
        .value = 100.0 * static_cast<double>(devices) / static_cast<double>(sum.planned),
        .text = of(devices, sum.planned)};
  }

  std::optional<observation> observe_disconnects() const {
    const record::connection_account sum = connections();
    if (sum.planned == 0) return std::nullopt;
    const std::uint64_t count = sum.unexpected_disconnects.total();
    observation seen{.value = static_cast<double>(count), .text = format_count(count)};
    if (count > 0) {
      const auto& counts = sum.unexpected_disconnects.counts();
      const auto most = std::max_element(counts.begin(), counts.end(),
                                         [](auto& a, auto& b) { return a.second < b.second; });
      seen.text += fmt::format(", most often: {}", most->first);
    }
    return seen;
  }

  const expectation& what_;
  const record::measurements& measured_;
  duration publishing_;
};

}  // namespace

std::vector<record::expectation_record> judge_expectations(const scenario& described,
                                                           std::string_view file,
                                                           const record::measurements& measured,
                                                           duration publishing) {
  std::vector<record::expectation_record> records;
  for (const expectation& what : described.expect) {
    const bool is_included = what.where.file != 0;
    records.push_back(judge(what, measured, publishing)
                          .run(is_included ? described.origin.files[what.where.file] : file));
  }
  return records;
}

}  // namespace gauntlet::sim
