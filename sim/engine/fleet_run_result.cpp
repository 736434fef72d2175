// The part of the coordinator that assembles the result out of what workers and target leave
// behind.

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "harness/history/judge.hpp"
#include "harness/target/managed_broker.hpp"
#include "sim/engine/fleet_run.hpp"
#include "sim/engine/guarantee_report.hpp"
#include "sim/engine/retained_check.hpp"
#include "sim/plan/fault_plan.hpp"

namespace gauntlet::sim {
namespace {

std::string most_frequent(const std::vector<record::connection_account>& groups) {
  record::counted_reasons all;
  for (const record::connection_account& group : groups) all.merge(group.failures);
  const auto& counts = all.counts();
  const auto most = std::max_element(counts.begin(), counts.end(),
                                     [](auto& a, auto& b) { return a.second < b.second; });
  return most == counts.end() ? "no answer" : most->first;
}

}  // namespace

// --------------------------------------------------------------------------------------

// Needs the broker, and what the workers know of the messages acknowledged.
void fleet_run::look_at_retained() {
  const auto& expectations = plan_.described().expect;
  const bool asked =
      std::any_of(expectations.begin(), expectations.end(), [](const expectation& each) {
        return each.what == figure::retained_missing || each.what == figure::retained_stale;
      });
  if (!asked || cut()) return;
  std::vector<const history::ledger*> books;
  for (const auto& worker : ground_.workers) {
    if (!worker->report()) return;
    books.push_back(&worker->report()->ledger);
  }
  late_joiner who{.login = plan_.identity_of(0), .run_id = orders_->run_id};
  who.version = who.login.version;
  who.where =
      who.version == mqtt::protocol_version::v5 ? orders_->target_v5 : orders_->target_v3_1_1;
  who.tls = target_->tls();
  if (!who.login.user_name) {
    who.login.user_name = orders_->user_name;
    who.login.password = orders_->password;
  }
  if (auto files = plan_.certificate_of(0)) {
    who.certificate = net::identity_files{.certificate_file = std::move(files->certificate_file),
                                          .key_file = std::move(files->key_file)};
  }
  std::vector<retained_value> expected = expected_retained(plan_, books);
  if (expected.size() > retained_topics_max) {
    note(record::event_level::warning,
         fmt::format("of {} retained messages only the first {} are looked at",
                     format_count(expected.size()), format_count(retained_topics_max)));
    expected.resize(retained_topics_max);
  }
  const auto seen = check_retained(ground_.network, who, expected);
  if (!seen) {
    note(record::event_level::warning,
         "retained messages could not be looked at: " + seen.error().message);
    return;
  }
  result_.measured.retained = *seen;
}

void fleet_run::collect() {
  std::uint32_t id = 0;
  std::vector<fault_activity> activities;
  for (const auto& worker : ground_.workers) {
    const worker_progress& last = worker->progress();
    record::worker_account account{.id = ++id,
                                   .pid = worker->pid(),
                                   .devices = last.devices,
                                   .cpu = duration(last.cpu_ns),
                                   .rss_bytes_max = last.resident_bytes,
                                   .finished = worker->report().has_value()};
    if (auto& report = worker->report()) {
      record::merge(result_.measured, report->measured);
      history::merge(books_, std::move(report->ledger));
      enter_broken(report->broken);
      merge(activities, report->faults);
    }
    result_.measured.generator.workers.push_back(account);
  }
  enter_faults(activities);
  for (const auto& worker : ground_.workers) {
    if (worker->report()) judge_history(*worker->report());
  }
  name_active_faults(result_.guarantees, result_.faults);
  if (host_faults_.have_struck()) leave_open_what_the_network_hid(result_.guarantees);
}

// A worker sees a connection end; which fault of broker or host was under way, if any, shows here.
void fleet_run::enter_broken(const broken_connections& broken) {
  for (const broken_connection& each : broken.all()) {
    record::connection_account& account =
        result_.measured.connection(plan_.described().fleet[each.group].name);
    std::string_view fault = cause_of(each, broker_.breaking_times());
    if (fault.empty()) fault = cause_of(each, host_faults_.breaking_times());
    const std::string& reason = broken.reason_of(each);
    if (fault.empty()) {
      account.unexpected_disconnects.add(reason);
    } else {
      account.disconnected_by_faults.add(fmt::format("{}: {}", fault, reason));
    }
  }
}

void fleet_run::enter_faults(const std::vector<fault_activity>& activities) {
  const time_point end = run_start_ + result_.duration;
  if (!activities.empty()) {
    result_.faults = report_faults(plan_, activities, run_start_, end);
    result_.measured.events.merge(events_of(plan_, activities, run_start_));
  }
  for (record::fault_record& each : broker_.report(run_start_, end)) {
    result_.faults.push_back(std::move(each));
  }
  for (record::fault_record& each : host_faults_.report(run_start_, end)) {
    result_.faults.push_back(std::move(each));
  }
}

// Faults that no link plays; their numbers come behind those of links, and of the rules that wait
// for packets.
void fleet_run::tell_of_other_faults(history::evidence_builder& history) const {
  const std::size_t of_links = fault_rules_of(plan_).size();
  const std::size_t before = of_links + broker_triggers_of(plan_).size();
  for (history::broker_event each : broker_.events()) {
    each.fault = static_cast<history::fault_index>(each.fault + before);
    history.on_broker_event(each);
  }
  for (std::size_t i = of_links; i < result_.faults.size(); ++i) {
    const auto number = static_cast<history::fault_index>(before + 1 + i - of_links);
    const record::fault_record& fault = result_.faults[i];
    for (const record::fault_span& span : fault.active) {
      history::fault_seen seen{.fault = number,
                               .what = history::fault_seen::moment::begins,
                               .at = run_start_ + span.from,
                               .connection = history::fault_seen::no_connection,
                               .text = fault.name};
      history.on_fault(seen);
      seen.what = history::fault_seen::moment::ends;
      seen.at = run_start_ + span.until;
      history.on_fault(seen);
    }
  }
}

void fleet_run::judge_history(const worker_report& report) {
  if (report.history == nullptr) return;
  tell_of_other_faults(*report.history);
  // Nothing was under way any more and nothing came for a while: what has not come will not. A run
  // that was cut before that leaves it open.
  const history::evidence seen = report.history->finish(
      run_start_ + result_.duration, drained_ ? history::never : publishing_end_,
      promises_of(plan_.described().guarantees.value_or(guarantee_settings{})));
  result_.guarantees = history::report_guarantees(seen, history::judge(seen), run_start_);
}

void fleet_run::enter_broker() {
  const std::vector<target::usage_sample>& samples = target_->usage();
  duration cpu_before{};
  for (const target::usage_sample& sample : samples) {
    duration used = sample.usage.cpu_time - std::exchange(cpu_before, sample.usage.cpu_time);
    if (used < duration::zero()) used = sample.usage.cpu_time;  // another process: it was restarted
    if (sample.at < run_start_) continue;
    record::series_point& point = result_.measured.series.at(sample.at - run_start_);
    point.broker_rss_bytes = std::max(point.broker_rss_bytes, sample.usage.resident_bytes);
    point.broker_cpu += used;
  }
  target::managed_broker* broker = target_->managed();
  if (broker == nullptr || samples.empty()) return;
  record::broker_process_record process{.pid = broker->pid(),
                                        .command = broker->broker().command,
                                        .output_file = broker->log_file().filename().string(),
                                        .started_at = samples.front().at - run_start_,
                                        .rss_bytes_start = samples.front().usage.resident_bytes,
                                        .rss_bytes_end = samples.back().usage.resident_bytes,
                                        .cpu = samples.back().usage.cpu_time};
  for (const target::usage_sample& sample : samples) {
    process.rss_bytes_max = std::max(process.rss_bytes_max, sample.usage.resident_bytes);
  }
  process.exit_unexpected = result_.ending == record::ending::target_died;
  process.exit = process.exit_unexpected ? result_.ending_sentence : "stopped by Gauntlet";
  result_.target.profile = broker->broker().name;
  result_.broker_processes.push_back(std::move(process));
}

run_books fleet_run::take_books() {
  const duration publishing = publishing_start_ == time_point::max()
                                  ? duration::zero()
                                  : std::max(duration::zero(), publishing_end_ - publishing_start_);
  if (result_.ending == record::ending::target_unreachable) {
    result_.ending_sentence += ": " + most_frequent(result_.measured.connections) + ".";
  }
  return {.result = std::move(result_),
          .ledger = std::move(books_),
          .run_start = run_start_,
          .publishing_start = publishing_start_,
          .publishing = publishing,
          .drained = drained_,
          .ended_early = std::move(ended_early_)};
}

}  // namespace gauntlet::sim
