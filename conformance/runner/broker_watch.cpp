#include "conformance/runner/broker_watch.hpp"

#include <utility>

#include "harness/target/managed_broker.hpp"

namespace gauntlet::conformance {

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
  if (!death_ && answer.answer == target::probe_answer::unreachable) {
    death_ = "the broker " + answer.detail;
  }
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
