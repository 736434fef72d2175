#include "sim/engine/fleet_run.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "harness/base/seeded_stream.hpp"
#include "harness/base/units.hpp"
#include "harness/net/url.hpp"
#include "harness/record/environment.hpp"
#include "sim/plan/fault_plan.hpp"
#include "sim/plan/plan_summary.hpp"
#include "sim/scenario/payload_checks.hpp"

namespace gauntlet::sim {
namespace {

// Orders need a moment to reach worker processes before the time they speak of.
constexpr duration order_lead = std::chrono::milliseconds(50);
// Nothing received for so long after the last message was acknowledged: nothing more will come.
constexpr duration quiet_time = std::chrono::seconds(1);
// A fleet that has lost every connection for so long has lost its broker.
constexpr duration all_lost_limit = std::chrono::seconds(10);
constexpr duration report_limit = std::chrono::seconds(60);
constexpr duration flush_limit = std::chrono::seconds(6);
// A start on several hosts further away than this is a slip of the pen.
// Where a broker's disk is to be filled.
constexpr std::uint64_t broker_disk_bytes = 256U << 20U;
constexpr duration part_ahead_max = std::chrono::hours(24);

// "mosquitto was killed by signal 9 (Killed); its last output: a | b."
std::string death_sentence(const target::exit_report& report) {
  std::string sentence = report.how;
  if (!report.log_tail.empty()) {
    sentence += "; its last output: ";
    for (const char c : report.log_tail) {
      if (c == '\n') {
        sentence += " | ";
      } else {
        sentence += c;
      }
    }
  }
  while (sentence.ends_with(" | ")) sentence.resize(sentence.size() - 3);
  return sentence.ends_with('.') ? sentence : sentence + ".";
}

bool is_exactly_planned(const scenario& described) {
  for (const device_group& group : described.fleet) {
    for (const publication& what : group.publish) {
      if (what.poisson || what.on_change || what.triggered || what.recorded ||
          what.stamp == stamp_place::none) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

fleet_run::fleet_run(const fleet_plan& plan, const run_options& options,
                     const run_observer& observer, run_ground ground)
    : plan_(plan),
      options_(options),
      observer_(observer),
      ground_(std::move(ground)),
      host_faults_(
          plan, ground_.network.loop(),
          [this](record::event_level level, std::string text) { note(level, std::move(text)); }),
      broker_(
          plan, ground_.network.loop(),
          [this](record::event_level level, std::string text) { note(level, std::move(text)); }),
      live_(plan, options.part ? options.part->part : fleet_part{}),
      device_count_(devices_of(plan, options.part ? options.part->part : fleet_part{})) {}

fleet_run::~fleet_run() = default;

outcome<record::run_result> fleet_run::run() {
  if (const auto played = play(); !played) return played.error();
  return judge_run(plan_, options_.scenario_path, take_books());
}

outcome<run_books> fleet_run::run_part() {
  if (const auto played = play(); !played) return played.error();
  run_books books = take_books();
  const duration to_publishing = time_point{} - books.publishing_start;
  history::move_times(books.ledger, to_publishing);
  books.run_start += to_publishing;
  books.publishing_start = time_point{};
  return books;
}

outcome<void> fleet_run::play() {
  if (const auto opened = open_target(); !opened) return opened.error();
  describe_run();
  result_.ending = record::ending::complete;
  result_.ending_sentence = "The scenario ran to its end.";
  target_->on_exit([this](const target::exit_report& report) {
    if (report.expected) return;
    cut_by(record::ending::target_died, death_sentence(report));
  });
  if (const auto started = start_workers(); !started) return started.error();

  arrive();
  publish();
  drain();
  finish();
  collect();
  return {};
}

outcome<void> fleet_run::open_target() {
  // A broker may take no other clients than the scenario's.
  target::target_options asked = options_.target;
  const bool is_ours = !options_.simulate && asked.target != "embedded" &&
                       asked.target.find("://") == std::string::npos;
  asked.place = host_faults_.lay_link(is_ours);
  asked.keep_state = asked.keep_state || breaks_broker(plan_.described());
  if (fills_disk(plan_.described())) asked.disk_bytes = broker_disk_bytes;
  const device_identity first = plan_.identity_of(0);
  asked.probe_version = first.version;
  if (first.user_name) {
    asked.probe_login =
        target::credentials{.user_name = *first.user_name, .password = first.password.value_or("")};
  }
  if (const auto files = plan_.certificate_of(0)) {
    asked.tls.certificate_file = files->certificate_file;
    asked.tls.key_file = files->key_file;
  }
  auto opened = options_.simulate ? target::open_in_memory(asked, ground_.network)
                                  : target::open_target(asked, ground_.network);
  if (!opened) return opened.error();
  target_ = std::move(*opened);
  broker_.play_on(target_->control());
  return {};
}

void fleet_run::describe_run() {
  const scenario& described = plan_.described();
  result_.tool_version = options_.tool_version;
  result_.command_line = options_.command_line;
  result_.scenario = {.name = described.name,
                      .description = described.description,
                      .path = options_.scenario_path,
                      .source = options_.scenario_source,
                      .seed = described.seed,
                      .simulated = options_.simulate,
                      .scaled = described.origin.scaled};
  for (const config::parameter_value& each : described.origin.parameters) {
    result_.scenario.parameters.push_back(each.name + "=" + each.value);
  }
  result_.target.given = net::without_password(options_.target.target);
  result_.target.product = target_->product();
  result_.environment = record::describe_environment();
  for (std::string& each : describe_unstamped(described)) {
    note(record::event_level::warning, std::move(each));
  }
  result_.started =
      std::chrono::time_point_cast<std::chrono::milliseconds>(ground_.network.loop().wall_now());
}

outcome<worker_orders> fleet_run::make_orders() {
  const scenario& described = plan_.described();
  // A run must not mistake retained leftovers of an earlier one for its own.
  const std::int64_t wall = options_.part
                                ? options_.part->start_at.time_since_epoch().count()
                                : ground_.network.loop().wall_now().time_since_epoch().count();
  worker_orders orders{
      .run_id = static_cast<std::uint32_t>(
          stream_key(described.seed).with("run id").with(static_cast<std::uint64_t>(wall)).bits()),
      .connect_timeout = described.target.connect_timeout,
      .source_addresses = ground_.machine.source_addresses};
  for (const auto version : {mqtt::protocol_version::v3_1_1, mqtt::protocol_version::v5}) {
    const bool used =
        std::any_of(described.fleet.begin(), described.fleet.end(),
                    [&](const device_group& group) { return group.protocol.has(version); });
    if (!used) continue;
    auto where = target_->endpoint_for(version);
    if (!where) return where.error();
    result_.target.url = net::to_string(*where);
    (version == mqtt::protocol_version::v5 ? orders.target_v5 : orders.target_v3_1_1) = *where;
    if (where->transport == net::transport::tls || where->transport == net::transport::wss) {
      orders.tls = options_.target.tls;
    }
  }
  if (const auto& login = target_->login()) {
    orders.user_name = login->user_name;
    orders.password = login->password;
  }
  return orders;
}

// When devices begin to come; in one part of several, when publishing begins, too.
outcome<void> fleet_run::plan_times() {
  run_start_ = now() + order_lead;
  if (!options_.part) return {};
  const record::wall_time start_at = options_.part->start_at;
  const auto ahead = start_at - ground_.network.loop().wall_now();
  const duration lead = part_lead(plan_);
  if (ahead > part_ahead_max) {
    return bad_input(
        fmt::format("--start-at is more than {} ahead", format_duration(part_ahead_max)));
  }
  publishing_start_ = now() + std::chrono::duration_cast<duration>(ahead);
  const duration late = run_start_ - (publishing_start_ - lead);
  if (late > duration::zero()) {
    return bad_input(fmt::format(
        "--start-at is too early: the devices begin to come {} before it, so choose a time at "
        "least {} later",
        format_duration(lead), format_duration(std::chrono::ceil<std::chrono::seconds>(late))));
  }
  run_start_ = publishing_start_ - lead;
  result_.started = start_at - std::chrono::duration_cast<std::chrono::milliseconds>(lead);
  return {};
}

outcome<void> fleet_run::start_workers() {
  auto orders = make_orders();
  if (!orders) return orders.error();
  if (const auto planned = plan_times(); !planned) return planned;
  orders->run_start = run_start_;
  last_settled_change_ = run_start_;
  for (const auto& worker : ground_.workers) {
    if (const auto started = worker->start(*orders); !started) return started.error();
  }
  orders_ = std::move(*orders);
  tick_ = ground_.network.loop().make_timer([this] { on_tick(); });
  tick_->arm(now() + ground_.tick_interval);
  return {};
}

// --- phases
// ------------------------------------------------------------------------------------------

void fleet_run::arrive() {
  phase_ = run_phase::arriving;
  const bool at_once = plan_.described().publishing == publishing_start::on_arrival;
  if (at_once) {
    publishing_start_ = run_start_;
    for (const auto& worker : ground_.workers) worker->publish(publishing_start_);
    start_faults();
    return;
  }
  const time_point arrivals_end = run_start_ + plan_.arrival_end();
  const duration patience = 2 * plan_.described().target.connect_timeout + quiet_time;
  wait(
      [&] {
        // Several hosts begin together; one of them cannot know whether the others are ready.
        if (options_.part) return now() >= publishing_start_ - order_lead;
        return last_settled_ == device_count_ ||
               now() > std::max(last_settled_change_, arrivals_end) + patience;
      },
      time_point::max());
  if (cut()) return;
  const worker_progress all = total();
  if (all.settled < device_count_) {
    note(
        record::event_level::warning,
        fmt::format("{} of {} devices neither connected nor failed; publishing starts without them",
                    device_count_ - all.settled, device_count_));
  }
  note(record::event_level::info,
       fmt::format("{} of {} devices are connected and subscribed", all.connected, device_count_));
  if (all.connected == 0) {
    cut_by(record::ending::target_unreachable, "No device could connect");
    return;
  }
  if (!options_.part) publishing_start_ = now() + order_lead;
  for (const auto& worker : ground_.workers) worker->publish(publishing_start_);
  start_faults();
}

void fleet_run::start_faults() {
  host_faults_.start(publishing_start_);
  broker_.start(publishing_start_);
  for (const auto& worker : ground_.workers) {
    worker->on_trigger([this](std::size_t number) { broker_.on_packet(number); });
  }
}

void fleet_run::publish() {
  if (cut()) return;
  phase_ = run_phase::publishing;
  const time_point end = publishing_start_ + plan_.described().publish_for;
  wait(
      [&] {
        if (now() < end) return false;
        broker_
            .heal();  // what is due at the last moment can be sent only to a broker that is there
        return total().publishing_over == ground_.workers.size();
      },
      end + plan_.described().drain);
  publishing_end_ = std::min(now(), end);
  host_faults_.heal();
  broker_.heal();
  if (cut()) return;
  if (total().publishing_over < ground_.workers.size()) {
    note(record::event_level::warning,
         "some messages could not be sent in time; they are counted as not sent");
  }
  for (const auto& worker : ground_.workers) worker->stop_publishing();
}

// Ends as soon as everything planned has come; else when nothing has come for a while.
void fleet_run::drain() {
  if (cut()) return;
  phase_ = run_phase::draining;
  const time_point drain_end = now() + plan_.described().drain;
  const std::uint64_t all_deliveries =
      is_exactly_planned(plan_.described())
          ? static_cast<std::uint64_t>(std::llround(summarize(plan_).deliveries_total()))
          : UINT64_MAX;
  time_point busy_until = now();
  // Other hosts may send to this one for as long as the drain is.
  const time_point leave_from =
      options_.part ? publishing_start_ + plan_.described().publish_for + plan_.described().drain
                    : time_point::min();
  wait(
      [&] {
        drained_ = false;
        const worker_progress all = total();
        busy_until = std::max(busy_until, time_point(duration(all.last_receipt_ns)));
        // Who is offline may still have messages to send, and gets those that wait for it on coming
        // back.
        const bool answers_due =
            all.open_requests > 0 && now() <= time_point(duration(all.answers_until_ns));
        if (answers_due || all.in_flight > 0 || all.waiting > 0 || all.offline > 0 ||
            all.away > 0) {
          busy_until = now();
          return false;
        }
        drained_ = all.first_copies >= all_deliveries || now() - busy_until >= quiet_time;
        return drained_ && now() >= leave_from;
      },
      std::max(leave_from + ground_.tick_interval, now() + plan_.described().drain));
  if (!drained_ && !cut()) {
    note(record::event_level::warning,
         "messages were still under way when the drain time was over; what did not arrive is "
         "uncertain");
  }
  await_wills(drain_end);
}

// Wills of connections that ended late: the broker has to notice, to wait for their delay, and to
// publish. Only if somebody asks for them.
void fleet_run::await_wills(time_point deadline) {
  const auto& expectations = plan_.described().expect;
  const bool asked = std::any_of(expectations.begin(), expectations.end(), [](const auto& each) {
    return each.what == figure::wills_missing || each.what == figure::wills_unexpected;
  });
  if (!asked || cut()) return;
  // Figures of worker processes are this old at most.
  const time_point told = now() + 3 * ground_.tick_interval;
  const auto until = [this] { return time_point(duration(total().wills_until_ns)); };
  wait([&] { return now() >= told && now() >= until(); }, std::max(deadline, told));
  if (cut() || now() >= until()) return;
  note(record::event_level::warning,
       fmt::format("the last wills are due {} after the drain time was over; those are not judged, "
                   "unless `drain` is longer",
                   format_duration(std::chrono::ceil<std::chrono::seconds>(until() - now()))));
}

void fleet_run::finish() {
  phase_ = run_phase::finishing;
  host_faults_.heal();
  broker_.heal();
  if (publishing_end_ == time_point::max()) publishing_end_ = now();
  result_.duration = now() - run_start_;
  // Under virtual time the real duration stays out: two equal runs must give equal results.
  if (!options_.simulate) result_.real_duration = result_.duration;
  for (const auto& worker : ground_.workers) {
    if (worker->death().empty()) worker->finish();
  }
  ground_.network.loop().run_until(
      [&] {
        return std::all_of(ground_.workers.begin(), ground_.workers.end(), [](const auto& worker) {
          return worker->report().has_value() || !worker->death().empty();
        });
      },
      now() + report_limit);
  ground_.network.loop().run_until([&] { return ground_.flushed(); }, now() + flush_limit);
  tick_.reset();
  watch_workers();
  look_at_retained();
  enter_broker();
  target_->stop();
}

// --- watching
// ----------------------------------------------------------------------------------------

void fleet_run::wait(const std::function<bool()>& done, time_point deadline) {
  ground_.network.loop().run_until([&] { return cut() || done(); }, deadline);
}

void fleet_run::on_tick() {
  tick_->arm(now() + ground_.tick_interval);
  watch_workers();
  watch_target();
  announce_stages();
  watch_expectations();
  report_progress();
  if (observer_.stop_requested && observer_.stop_requested()) {
    cut_by(record::ending::interrupted,
           "Stopped by the user; the figures are those of the part that ran.");
  }
}

void fleet_run::watch_workers() {
  for (const auto& worker : ground_.workers) {
    if (!worker->death().empty()) cut_by(record::ending::worker_died, worker->death());
  }
}

// A broker that is not our process can only be seen to die by its connections.
void fleet_run::watch_target() {
  const worker_progress all = total();
  if (all.settled != last_settled_) {
    last_settled_ = all.settled;
    last_settled_change_ = now();
  }
  // Who is away as planned tells nothing of the broker.
  if (broker_.is_lost()) {
    return cut_by(record::ending::target_died,
                  result_.target.given + " did not start again after a fault of the scenario.");
  }
  if (all.connected > 0 || all.away > 0 || !broker_.is_whole()) {
    ever_connected_ = true;
    all_lost_since_ = time_point::max();
    return;
  }
  // Faults of the scenario may take every connection away; they end with publishing.
  const bool broken_on_purpose = phase_ == run_phase::publishing && breaks_links(plan_.described());
  if (!ever_connected_ || phase_ == run_phase::finishing || broken_on_purpose) return;
  all_lost_since_ = std::min(all_lost_since_, now());
  if (now() - all_lost_since_ >= all_lost_limit) {
    cut_by(record::ending::target_died,
           fmt::format("All connections to {} were lost and none came back within {}.",
                       result_.target.url, format_duration(all_lost_limit)));
  }
}

void fleet_run::watch_expectations() {
  if (live_.empty() || (phase_ != run_phase::publishing && phase_ != run_phase::draining)) return;
  const std::vector<target::usage_sample>& usage = target_->usage();
  const live_figures seen{.all = total(),
                          .devices = device_count_,
                          .broker_memory = usage.empty() ? 0 : usage.back().usage.resident_bytes};
  if (cut()) return;
  if (auto end = live_.look(seen, now())) {
    cut_by(record::ending::aborted, end->sentence);
    ended_early_ = std::move(*end);
  }
}

worker_progress fleet_run::total() {
  worker_progress sum;
  for (const auto& worker : ground_.workers) {
    const worker_progress& one = worker->progress();
    sum.settled += one.settled;
    sum.connected += one.connected;
    sum.offline += one.offline;
    sum.away += one.away;
    sum.failures += one.failures;
    sum.sent += one.sent;
    sum.received += one.received;
    sum.first_copies += one.first_copies;
    sum.missing += one.missing;
    sum.owed += one.owed;
    for (std::size_t i = 0; i < sum.slots.size(); ++i) {
      live_slot& slot = sum.slots[i];
      slot.missing += one.slots[i].missing;
      slot.duplicated += one.slots[i].duplicated;
      slot.first_copies += one.slots[i].first_copies;
      slot.owed += one.slots[i].owed;
      slot.connected += one.slots[i].connected;
      slot.latency_p99_ns = std::max(slot.latency_p99_ns, one.slots[i].latency_p99_ns);
    }
    sum.duplicated += one.duplicated;
    sum.in_flight += one.in_flight;
    sum.waiting += one.waiting;
    sum.open_requests += one.open_requests;
    sum.wills_until_ns = std::max(sum.wills_until_ns, one.wills_until_ns);
    sum.answers_until_ns = std::max(sum.answers_until_ns, one.answers_until_ns);
    sum.publishing_over += one.publishing_over;
    sum.last_receipt_ns = std::max(sum.last_receipt_ns, one.last_receipt_ns);
    sum.latency_p99_ns = std::max(sum.latency_p99_ns, one.latency_p99_ns);
  }
  return sum;
}

// Entered at the moment at which they begin, however late the tick comes that sees it.
void fleet_run::announce_stages() {
  if (plan_.described().stages.empty() || publishing_start_ == time_point::max()) return;
  for (; stages_begun_ < plan_.stages().count(); ++stages_begun_) {
    const stage& each = plan_.described().stages[stages_begun_];
    const time_point begin = publishing_start_ + plan_.stages().begin(stages_begun_);
    if (now() < begin) return;
    result_.measured.events.add(
        {.at = begin - run_start_,
         .level = record::event_level::info,
         .source = "coordinator",
         .text = fmt::format("stage {} begins ({}, {})", each.name, format_duration(each.length),
                             describe_load(each.load))});
  }
}

void fleet_run::report_progress() {
  if (!observer_.on_progress) return;
  const worker_progress all = total();
  run_progress progress{.phase = phase_,
                        .elapsed = now() - run_start_,
                        .devices = device_count_,
                        .connected = all.connected,
                        .failures = all.failures,
                        .sent = all.sent,
                        .received = all.received,
                        .missing = all.missing,
                        .latency_p99 = duration(all.latency_p99_ns)};
  if (publishing_start_ != time_point::max()) {
    progress.publishing_left =
        std::max(duration::zero(), publishing_start_ + plan_.described().publish_for - now());
    const duration passed = std::max(duration::zero(), now() - publishing_start_);
    progress.stage = plan_.stages().name(plan_.stage_of(passed));
    progress.load = plan_.stages().load_at(passed);
  }
  observer_.on_progress(progress);
}

void fleet_run::cut_by(record::ending why, std::string sentence) {
  if (cut()) return;
  result_.ending = why;
  result_.ending_sentence = std::move(sentence);
  note(record::event_level::error, result_.ending_sentence);
}

void fleet_run::note(record::event_level level, std::string text) {
  result_.measured.events.add(
      {.at = now() - run_start_, .level = level, .source = "coordinator", .text = std::move(text)});
}

}  // namespace gauntlet::sim
