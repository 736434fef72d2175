#include "fuzz/campaign/subject.hpp"

#include <filesystem>
#include <fstream>

#include "fuzz/oracles/process_watch.hpp"
#include "harness/base/units.hpp"
#include "harness/net/url.hpp"
#include "harness/target/managed_broker.hpp"
#include "harness/target/serving_process.hpp"

namespace gauntlet::fuzz {
namespace {

using record::finding_kind;
using namespace std::chrono_literals;

constexpr auto silence_at_first = 2000ms;
constexpr auto silence_again = 500ms;
constexpr auto end_wait = 400ms;  // between a connection's end and the end of its process
constexpr std::uint64_t jump_bytes = 256U << 10U;
constexpr int leak_rounds = 20;
constexpr std::uintmax_t log_bytes_max = 64U << 10U;
constexpr std::uint64_t disk_bytes = 1U << 30U;
constexpr double busy_share = 0.8;
constexpr int busy_looks = 5;

unsigned thread_count(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("Threads:")) return static_cast<unsigned>(std::stoul(line.substr(8)));
  }
  return 1;
}

std::string describe(const played_step& last) {
  const unsigned type = last.first_byte >> 4U;
  const std::string packet =
      type == 0 ? "no packet"
                : std::string(mqtt::packet_type_name(static_cast<mqtt::packet_type>(type)));
  return packet + " when " + std::string(name_of(last.row));
}

}  // namespace

subject::subject(const subject_options& options)
    : options_(options), network_(loop_), draws_(options.seed, "fuzz", "subject", 0) {}

subject::~subject() {
  executor_.reset();
  witness_.reset();
  if (target_) target_->stop();
}

outcome<void> subject::check_ownership(const subject_options& options) {
  // A profile's broker is started here, on loopback.
  if (options.may_leave_machine || options.target.target.find("://") == std::string::npos) {
    return outcome<void>();
  }
  const auto url = net::parse_url(options.target.target);
  if (!url) return url.error();
  const auto resolved = resolve(url->where);
  if (!resolved) return resolved.error();
  if (is_loopback(*resolved)) return outcome<void>();
  return bad_input(net::to_string(url->where) +
                   " is not on this machine; fuzzing may break it and all who use it: give "
                   "--i-own-this-target if it is yours to break");
}

outcome<std::unique_ptr<subject>> subject::open(const subject_options& options) {
  if (auto allowed = check_ownership(options); !allowed) return allowed.error();
  std::unique_ptr<subject> made(new subject(options));
  // Brokers that store what they are sent would spend their time waiting for the disk.
  target::target_options wanted = options.target;
  wanted.disk_bytes = disk_bytes;
  auto opened = target::open_target(wanted, made->network_);
  if (!opened) return opened.error();
  made->target_ = std::move(*opened);
  const auto where =
      made->target_->endpoint_for(mqtt::protocol_version::v3_1_1, net::transport::tcp);
  if (!where) return where.error();
  const auto resolved = resolve(*where);
  if (!resolved) return resolved.error();
  made->where_ = *resolved;
  made->port_ = where->port;
  if (const auto connected = made->reconnect(); !connected) return connected.error();
  if (made->server() > 0) made->collector_ = collector_of(made->server());
  return made;
}

pid_t subject::pid() const {
  const auto* managed = target_->managed();
  return managed != nullptr ? managed->pid() : -1;
}

std::chrono::milliseconds subject::silence_wait() const {
  return is_hurried_ ? silence_again : silence_at_first;
}

void subject::set_hurried(bool is_hurried) {
  is_hurried_ = is_hurried;
  if (executor_) executor_->set_barrier_wait(silence_wait());
}

std::chrono::milliseconds subject::answer_wait() const {
  // One thread serves all: then a barrier is exact.
  return server() > 0 && thread_count(server()) == 1 ? 0ms : 2ms;
}

wait_account subject::waits() const {
  wait_account all = waits_before_;
  if (executor_) all += executor_->waits();
  return all;
}

outcome<void> subject::reconnect() {
  waits_before_ = waits();
  server_ = pid() > 0 ? target::serving_process(pid(), port_) : -1;
  executor_.emplace(execution_options{
      .where = where_, .barrier_wait = silence_wait(), .answer_wait = answer_wait()});
  if (!executor_->connect_control(draws_)) {
    return environment_failed(target_->description() + " does not take a client any more");
  }
  witness_.emplace(where_, draws_);
  draws_.next_u64();
  witness_->settle();
  life_ = broker_life::serves;
  resident_before_ = resident();
  return outcome<void>();
}

outcome<void> subject::restart() {
  auto* managed = target_->managed();
  if (managed == nullptr) return reconnect();
  waits_before_ = waits();
  executor_.reset();
  witness_.reset();
  managed->kill();
  for (const auto& file : managed->state_files()) {
    std::error_code ignored;
    std::filesystem::remove_all(file, ignored);
  }
  std::error_code none;
  const auto size = std::filesystem::file_size(managed->log_file(), none);
  log_begin_ = none ? 0 : size;
  restarts_ += 1;
  const auto started = managed->start(options_.target.probe_version, options_.target.ready_within);
  if (!started) return started.error();
  return reconnect();
}

const observation& subject::play(const input& of) {
  const observation& seen = executor_->play(of, ++name_space_);
  life_ = seen.life;
  if (!seen.steps.empty()) last_step_ = describe(seen.steps.back());
  return seen;
}

const observation& subject::play_patiently(const input& of, std::chrono::milliseconds patience) {
  // Where the barrier is exact there is nothing to wait for.
  const bool is_exact = answer_wait() == 0ms;
  executor_->set_patience(is_exact ? 0ms : patience);
  const observation& seen = play(of);
  executor_->set_patience(0ms);
  return seen;
}

std::uint64_t subject::resident() const { return server() > 0 ? resident_bytes(server()) : 0; }

std::string subject::log_since_start() const {
  const auto* managed = target_->managed();
  if (managed == nullptr) return {};
  std::ifstream file(managed->log_file(), std::ios::binary | std::ios::ate);
  if (!file) return {};
  const auto end = static_cast<std::uintmax_t>(file.tellg());
  const auto from = std::max(log_begin_, end - std::min(end, log_bytes_max));
  file.seekg(static_cast<std::streamoff>(from));
  return {std::istreambuf_iterator<char>(file), {}};
}

bool subject::lets_newcomers_in() {
  steady_client newcomer;
  return newcomer.connect(where_, unguessable_name(draws_), true, silence_wait());
}

std::optional<suspicion> subject::explain_end() {
  if (pid() <= 0) return std::nullopt;
  const auto how = wait_end_of_process(pid(), end_wait);
  if (!how) return std::nullopt;
  const std::string log = log_since_start();
  const std::string reason = reason_in_log(log);
  const auto kind = is_of_sanitizer(log) ? finding_kind::sanitizer : finding_kind::crash;
  return suspicion{kind,
                   "the broker's process " + *how + " after " + last_step_ +
                       (reason.empty() ? "" : "; its log says: " + reason),
                   reason.empty() ? *how + " after " + last_step_ : *how + ": " + reason, "", ""};
}

std::optional<suspicion> subject::explain_silence() {
  steady_client newcomer;
  const bool is_let_in = newcomer.connect(where_, unguessable_name(draws_), true, silence_wait());
  if (is_let_in) {
    if (life_ == broker_life::refuses) return std::nullopt;
    const bool has_ended = life_ == broker_life::control_ended;
    return suspicion{
        finding_kind::disturbance,
        std::string("a client that took no part ") +
            (has_ended ? "was disconnected" : "got no answer to its PINGREQ") + " after " +
            last_step_,
        std::string(has_ended ? "control ended" : "control silent") + " after " + last_step_, "",
        ""};
  }
  if (newcomer.state() == socket_state::refused) {
    return suspicion{finding_kind::refusal,
                     "the broker takes no connection any more after " + last_step_,
                     "refuses after " + last_step_, "", ""};
  }
  const bool is_busy = server() > 0 && busiest_thread_share(server(), 300ms) > busy_share;
  return suspicion{finding_kind::hang,
                   "the broker answers nobody any more after " + last_step_ +
                       (is_busy ? "; it keeps a processor busy" : "; it does nothing"),
                   std::string(is_busy ? "busy" : "idle") + " hang after " + last_step_, "", ""};
}

std::optional<suspicion> subject::explain_jump() {
  const std::uint64_t now = resident();
  const std::uint64_t before = std::exchange(resident_before_, now);
  if (collector_ || now <= before + jump_bytes) return std::nullopt;
  return suspicion{finding_kind::leak, "memory jumps", "leak after " + last_step_, "", ""};
}

std::optional<suspicion> subject::check_quickly() {
  if (life_ == broker_life::serves) return explain_jump();
  if (auto found = explain_end()) return found;
  auto found = explain_silence();
  if (!found) {
    false_alarms_ += 1;
    life_ = broker_life::serves;
  }
  return found;
}

std::optional<suspicion> subject::check_witness() {
  auto found = witness_->check_stream();
  if (!found) return std::nullopt;
  if (auto worse = explain_end()) return worse;
  if (lets_newcomers_in()) return found;
  return explain_silence();
}

/// Whether a thread of the broker does not come to rest: compilers and collectors of a runtime do,
/// after a while.
bool subject::keeps_busy() const {
  if (busiest_thread_share(server(), 60ms) <= busy_share) return false;
  for (int i = 0; i < busy_looks; ++i) {
    if (busiest_thread_share(server(), 300ms) <= busy_share) return false;
  }
  return true;
}

std::optional<suspicion> subject::check_thoroughly() {
  if (auto found = check_witness()) return found;
  if (auto found = witness_->check_state()) return found;
  if (pid() <= 0) return std::nullopt;
  if (auto end = end_of_process(pid())) return explain_end();
  if (!keeps_busy()) return std::nullopt;
  return suspicion{finding_kind::spin,
                   "the broker keeps a processor busy with nothing to do after " + last_step_,
                   "spin after " + last_step_, "", ""};
}

std::optional<suspicion> subject::check_leak(const input& of) {
  if (pid() <= 0 || collector_) return std::nullopt;
  play(of);  // what is set up once is no leak
  const std::uint64_t begin = resident();
  std::uint64_t half = begin;
  for (int i = 0; i < leak_rounds; ++i) {
    play(of);
    if (life_ != broker_life::serves) return std::nullopt;
    if (i == leak_rounds / 2) half = resident();
  }
  const std::uint64_t end = resident();
  resident_before_ = end;
  const bool grows =
      half > begin + leak_rounds / 4 * jump_bytes && end > half + leak_rounds / 4 * jump_bytes;
  if (!grows) return std::nullopt;
  return suspicion{finding_kind::leak,
                   "the broker's memory grows by about " +
                       format_size((end - begin) / leak_rounds) + " each time, after " + last_step_,
                   "leak after " + last_step_, "", ""};
}

}  // namespace gauntlet::fuzz
