#include "harness/target/managed_control.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <sys/resource.h>
#include <system_error>
#include <utility>

#include "harness/base/units.hpp"
#include "harness/target/damage_files.hpp"

namespace gauntlet::target {
namespace {

using namespace std::chrono_literals;

constexpr duration start_look_interval = 20ms;
constexpr duration probe_timeout = 2s;

failure no_broker() { return environment_failed("the broker is not running"); }

}  // namespace

managed_control::managed_control(managed_broker& broker, net::network& network,
                                 mqtt::protocol_version version, duration ready_within)
    : broker_(broker),
      network_(network),
      version_(version),
      ready_within_(std::max(ready_within, broker.broker().ready_within)),
      patience_(network.loop().make_timer([this] { broker_.kill(); })),
      start_look_(network.loop().make_timer([this] { look_at_start(); })) {}

managed_control::~managed_control() = default;

bool managed_control::is_running() const { return broker_.is_running(); }

outcome<void> managed_control::kill() {
  patience_->cancel();
  broker_.kill();
  return {};
}

outcome<void> managed_control::terminate() {
  broker_.terminate();
  patience_->arm(network_.loop().now() + broker_.broker().stop_within);
  return {};
}

void managed_control::start(started_function on_started) {
  patience_->cancel();
  on_started_ = std::move(on_started);
  start_deadline_ = network_.loop().now() + ready_within_;
  if (const auto launched = broker_.launch(); !launched) return finish_start(launched);
  unanswered_ = broker_.questions(version_);
  std::reverse(unanswered_.begin(), unanswered_.end());
  look_at_start();
}

// One probe after the other until each listener has answered, or the process or the time is over.
void managed_control::look_at_start() {
  const time_point now = network_.loop().now();
  if (!broker_.is_running()) {
    return finish_start(environment_failed(broker_.broker().name +
                                           " ended before it was ready: " + broker_.log_tail()));
  }
  if (asked_ && asked_->is_done()) {
    if (asked_->result().answer == probe_answer::accepted) unanswered_.pop_back();
    asked_.reset();
  }
  if (unanswered_.empty()) return finish_start({});
  if (now >= start_deadline_) {
    return finish_start(environment_failed(broker_.broker().name + " was not ready within " +
                                           format_duration(ready_within_)));
  }
  if (!asked_) {
    const managed_broker::question& next = unanswered_.back();
    asked_ = std::make_unique<pending_probe>(network_, next.where,
                                             probe_options{.version = next.version,
                                                           .login = next.login,
                                                           .tls = nullptr,
                                                           .timeout = probe_timeout});
  }
  start_look_->arm(now + start_look_interval);
}

void managed_control::finish_start(const outcome<void>& how) {
  asked_.reset();
  unanswered_.clear();
  const started_function told = std::exchange(on_started_, nullptr);
  if (told) told(how);
}

outcome<void> managed_control::pause() {
  if (!broker_.is_running()) return no_broker();
  broker_.pause();
  return {};
}

outcome<void> managed_control::resume() {
  broker_.resume();
  return {};
}

outcome<void> managed_control::reload() {
  if (!broker_.is_running()) return no_broker();
  broker_.signal(SIGHUP);
  return {};
}

outcome<void> managed_control::limit(scarce_resource what, std::uint64_t at_most) {
  if (!broker_.is_running()) return no_broker();
  const auto kind = what == scarce_resource::descriptors ? RLIMIT_NOFILE : RLIMIT_AS;
  rlimit limits{};
  if (::prlimit(broker_.pid(), kind, nullptr, &limits) != 0) {
    return environment_failed("the limits of the broker cannot be read: " +
                              std::generic_category().message(errno));
  }
  limits.rlim_cur = at_most == 0 ? limits.rlim_max : std::min<rlim_t>(at_most, limits.rlim_max);
  if (::prlimit(broker_.pid(), kind, &limits, nullptr) != 0) {
    return environment_failed("the limits of the broker cannot be changed: " +
                              std::generic_category().message(errno));
  }
  return {};
}

outcome<void> managed_control::damage_store(store_damage how) {
  return damage_files(broker_.state_files(), how);
}

outcome<void> managed_control::fill_disk() {
  const auto& disk = broker_.disk();
  return disk ? disk->fill() : disk.error();
}

outcome<void> managed_control::free_disk() {
  const auto& disk = broker_.disk();
  return disk ? disk->free() : disk.error();
}

}  // namespace gauntlet::target
