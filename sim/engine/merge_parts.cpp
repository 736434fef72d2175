// Several hosts' parts of a run as one.

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "sim/engine/host_part.hpp"
#include "sim/plan/plan_digest.hpp"
#include "sim/plan/plan_summary.hpp"

namespace gauntlet::sim {
namespace {

std::string number_of(const host_part& what) {
  return fmt::format("{} of {}", what.part.index + 1, what.part.count);
}

outcome<void> check_same_run(const given_part& one, const given_part& other) {
  if (other.part.what.part.count != one.part.what.part.count) {
    return bad_input(fmt::format("{} is part {}, but {} is part {}: they are of different runs",
                                 one.name, number_of(one.part.what), other.name,
                                 number_of(other.part.what)));
  }
  if (other.part.what.start_at != one.part.what.start_at) {
    return bad_input(fmt::format("{} started at {}, but {} at {}: they are of different runs",
                                 one.name, record::to_iso8601(one.part.what.start_at), other.name,
                                 record::to_iso8601(other.part.what.start_at)));
  }
  const record::scenario_record& left = one.part.books.result.scenario;
  const record::scenario_record& right = other.part.books.result.scenario;
  if (left.seed != right.seed || left.plan_sha256 != right.plan_sha256) {
    return bad_input(fmt::format(
        "{} and {} follow different plans: scenario, --set, --scale and --seed must be the same "
        "on all hosts",
        one.name, other.name));
  }
  return {};
}

// The first part that was cut speaks for all.
void take_ending(record::run_result& into, const record::run_result& from, const std::string& who) {
  if (into.ending != record::ending::complete || from.ending == record::ending::complete) return;
  into.ending = from.ending;
  into.ending_sentence = who + ": " + from.ending_sentence;
}

// All hosts have the same faults; each struck its own devices.
void merge_faults(std::vector<record::fault_record>& into,
                  const std::vector<record::fault_record>& other) {
  for (const record::fault_record& each : other) {
    const auto same = std::find_if(into.begin(), into.end(),
                                   [&](const auto& one) { return one.name == each.name; });
    if (same == into.end()) {
      into.push_back(each);
      continue;
    }
    same->strikes += each.strikes;
    if (same->active.size() < each.active.size()) same->active = each.active;
  }
}

void note(record::run_result& to, record::event_level level, std::string text) {
  to.measured.events.add(
      {.at = duration::zero(), .level = level, .source = "merge", .text = std::move(text)});
}

}  // namespace

duration part_lead(const fleet_plan& plan) {
  if (plan.described().publishing == publishing_start::on_arrival) return duration::zero();
  return plan.arrival_end() + part_settle_time;
}

std::string plan_fingerprint(const fleet_plan& plan) {
  return digest_text(digest_plan(plan, digest_depth(summarize(plan))));
}

outcome<void> check_parts(const std::vector<given_part>& parts) {
  const std::uint32_t count = parts.front().part.what.part.count;
  std::vector<const given_part*> seen(count, nullptr);
  for (const given_part& each : parts) {
    if (const auto same = check_same_run(parts.front(), each); !same) return same;
    const given_part*& place = seen[each.part.what.part.index];
    if (place != nullptr) {
      return bad_input(fmt::format("{} and {} are both part {}", place->name, each.name,
                                   number_of(each.part.what)));
    }
    place = &each;
  }
  std::vector<std::string> missing;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (seen[i] == nullptr) missing.push_back(std::to_string(i + 1));
  }
  if (missing.empty()) return {};
  return bad_input(fmt::format("of {} parts {} {} missing: {}", count, missing.size(),
                               missing.size() == 1 ? "is" : "are", fmt::join(missing, ", ")));
}

run_books merge_parts(const fleet_plan& plan, std::vector<given_part> parts) {
  std::sort(parts.begin(), parts.end(), [](const given_part& left, const given_part& right) {
    return left.part.what.part.index < right.part.what.part.index;
  });
  const auto count = parts.size();
  run_books all = std::move(parts.front().part.books);
  record::run_result& result = all.result;
  const std::string first_host = result.environment.host;
  if (result.ending != record::ending::complete) {
    result.ending_sentence = "Part 1: " + result.ending_sentence;
  }
  std::vector<std::string> hosts{first_host};
  for (std::size_t i = 1; i < count; ++i) {
    run_books& more = parts[i].part.books;
    record::merge(result.measured, more.result.measured);
    merge_faults(result.faults, more.result.faults);
    history::merge(all.ledger, std::move(more.ledger));
    all.run_start = std::min(all.run_start, more.run_start);
    all.publishing = std::max(all.publishing, more.publishing);
    all.drained = all.drained && more.drained;
    result.duration = std::max(result.duration, more.result.duration);
    result.real_duration = std::max(result.real_duration, more.result.real_duration);
    if (!all.ended_early) all.ended_early = more.ended_early;
    take_ending(result, more.result, fmt::format("Part {}", i + 1));
    hosts.push_back(more.result.environment.host);
  }
  std::uint32_t id = 0;
  for (record::worker_account& each : result.measured.generator.workers) each.id = ++id;
  note(result, record::event_level::info,
       fmt::format("{} of {} devices ran in {} parts, on {}", format_count(plan.device_count()),
                   plan.described().name, count, fmt::join(hosts, ", ")));
  note(result, record::event_level::warning,
       "clocks of hosts differ, so latencies and service times are those of deliveries whose "
       "publisher and receiver ran in the same part; all deliveries are counted");
  return all;
}

}  // namespace gauntlet::sim
