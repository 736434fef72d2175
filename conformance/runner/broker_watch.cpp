#include "conformance/runner/broker_watch.hpp"

#include <utility>

#include "harness/target/managed_broker.hpp"

namespace gauntlet::conformance {
namespace {

constexpr duration end_of_process = std::chrono::seconds(2);

}  // namespace

broker_watch::broker_watch(target::target_handle& target, net::network& network,
                           net::endpoint where, target::probe_options how)
    : target_(target), network_(network), where_(std::move(where)), probe_(std::move(how)) {
  target_.on_exit([this](const target::exit_report& report) {
    if (report.expected) return;
    death_ = report.how;
    log_tail_ = report.log_tail;
  });
}

broker_watch::~broker_watch() {
  target_.on_exit([](const target::exit_report&) {});
}

std::optional<std::string> broker_watch::death() {
  if (death_ || !is_suspected_) return death_;
  is_suspected_ = false;
  const target::probe_result answer = target::probe(network_, where_, probe_);
  if (death_ || answer.answer != target::probe_answer::unreachable) return death_;
  if (is_ours()) {
    // Its process may end a little after its listener.
    event_loop& loop = network_.loop();
    loop.run_until([this] { return death_.has_value(); }, loop.now() + end_of_process);
    if (!death_) target_.managed()->kill();
  }
  if (!death_) death_ = "the broker " + answer.detail;
  return death_;
}

outcome<void> broker_watch::revive() {
  if (!is_ours()) return environment_failed("the broker is not ours to start again");
  death_.reset();
  log_tail_.clear();
  is_suspected_ = false;
  return target_.managed()->start(probe_.version, probe_.timeout);
}

outcome<void> broker_watch::restart() {
  if (!is_ours()) return environment_failed("the broker is not ours to start again");
  target_.managed()->stop();
  return target_.managed()->start(probe_.version, probe_.timeout);
}

}  // namespace gauntlet::conformance
