#include "harness/fault/flow.hpp"

#include <algorithm>

#include "harness/fault/link.hpp"
#include "harness/fault/rule_state.hpp"

namespace gauntlet::fault {
namespace {

// Beyond so much under way the sender has to wait.
constexpr std::size_t waiting_bytes_max = 256 * 1024;

}  // namespace

flow::flow(link& owner, history::direction towards)
    : link_(owner),
      towards_(towards),
      timer_(owner.faults_.loop().make_timer([this] { pump(); })) {}

time_point flow::now() const { return link_.faults_.loop().now(); }

bool flow::is_idle() const { return queue_.empty() && aside_.empty() && !window_; }

void flow::close(history::fault_index sender_left_in_silence) {
  if (closed_) return;
  closed_ = true;
  dead_ = sender_left_in_silence;
  timer_->cancel();
  for (const item& each : queue_) tell_lost(each);
  for (const item& each : aside_) tell_lost(each);
  if (window_) {
    for (const item& each : window_->items) tell_lost(each);
  }
  queue_.clear();
  aside_.clear();
  window_.reset();
  waiting_ = 0;
}

void flow::let_go(history::fault_index rule) {
  if (closed_) return;
  const time_point at = now();
  if (window_ && window_->fault == rule) close_window();
  if (stalled_by_ == rule) stalled_until_ = std::min(stalled_until_, at);
  if (dead_ == rule) dead_ = 0;
  for (item& each : aside_) {
    if (each.held && each.fault == rule) each.due = std::min(each.due, at);
  }
  wake_at(at);
}

void flow::release() {
  if (closed_) return;
  if (window_) close_window();
  const time_point at = now();
  stalled_until_ = std::min(stalled_until_, at);
  dead_ = 0;
  for (item& each : aside_) each.due = std::min(each.due, at);
  for (item& each : queue_) each.due = std::min(each.due, at);
  last_due_ = std::min(last_due_, at);
  wake_at(at);
}

void flow::packet_passed(mqtt::packet_type type, history::direction where) {
  for (item& each : aside_) {
    if (!each.held || each.held->until != type || each.held->towards != where) continue;
    each.due = now();
    wake_at(each.due);
  }
}

void flow::pause(bool paused) {
  paused_ = paused;
  if (!paused) wake_at(now());
}

void flow::apply_back_pressure() {
  const std::size_t under_way = waiting_ + link_.end_of(receiver_of(towards_)).backlog_bytes();
  std::size_t limit = waiting_bytes_max;
  for (const shape& each : shapes_) limit = std::min(limit, each.effect->waiting_bytes_max());
  const bool too_much = under_way > limit;
  if (too_much == sender_paused_) return;
  if (!too_much && under_way > limit / 2) return;
  sender_paused_ = too_much;
  link_end& sender = link_.end_of(sender_of(towards_));
  if (too_much) {
    sender.pause_reading();
  } else {
    sender.resume_reading();
  }
}

history::fault_index flow::held_by() const {
  if (dead_ != 0) return dead_;
  if (waiting_ == 0) return 0;
  if (window_) return window_->fault;
  for (const item& each : aside_) {
    if (each.fault != 0) return each.fault;
  }
  for (const item& each : queue_) {
    if (each.fault != 0) return each.fault;
  }
  if (stalled_until_ > now()) return stalled_by_;
  return shapes_.empty() ? 0 : shapes_.front().rule->number;
}

void flow::wake_at(time_point when) {
  if (closed_ || when >= wake_) return;
  wake_ = when;
  timer_->arm(when);
}

}  // namespace gauntlet::fault
