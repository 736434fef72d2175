// What goes out: when it is due, and as fast as the faults of the stream permit.

#include <algorithm>
#include <utility>

#include "harness/fault/flow.hpp"
#include "harness/fault/link.hpp"
#include "harness/fault/rule_state.hpp"

namespace gauntlet::fault {

void flow::pump() {
  if (closed_ || pumping_) return;
  pumping_ = true;
  wake_ = time_point::max();
  if (window_ && window_->until <= now()) close_window();
  if (window_) wake_at(window_->until);
  bool goes_on = true;
  while (goes_on && !closed_) {
    goes_on = pump_aside();
    if (!closed_ && !queue_.empty()) goes_on = pump_head() || goes_on;
  }
  if (!closed_) send_joined();
  pumping_ = false;
  if (closed_) return;
  if (ends_by_fault()) return;
  apply_back_pressure();
  if (is_idle()) link_.end_of(sender_of(towards_)).all_passed();
  if (!end_ || !is_idle() || holds_ends()) return;
  if (last_due_ > now()) return wake_at(last_due_);
  closed_ = true;
  link_.end_in_order(receiver_of(towards_), *end_);
}

bool flow::ends_by_fault() {
  for (const shape& each : shapes_) {
    const auto end = each.effect->end();
    if (!end) continue;
    if (end->at <= now()) {
      link_.cut(end->how, each.rule->number);
      return true;
    }
    wake_at(end->at);
  }
  return false;
}

bool flow::holds_ends() const {
  return std::any_of(shapes_.begin(), shapes_.end(),
                     [](const shape& each) { return each.effect->blocks_ends(); });
}

// Answers whether something has passed.
bool flow::pump_aside() {
  if (stalled_until_ > now()) return wake_at(stalled_until_), false;
  if (paused_) return false;
  for (std::size_t i = 0; i < aside_.size(); ++i) {
    if (aside_[i].due > now()) {
      wake_at(aside_[i].due);
      continue;
    }
    // Not between two pieces of another packet.
    if (!queue_.empty() && queue_.front().passed > 0) return false;
    item next = std::move(aside_[i]);
    aside_.erase(aside_.begin() + static_cast<std::ptrdiff_t>(i));
    queue_.push_front(std::move(next));
    return true;
  }
  return false;
}

bool flow::pump_head() {
  item& head = queue_.front();
  const time_point at = now();
  if (head.due > at) return wake_at(head.due), false;
  if (head.limit == 0) return finish(head);
  if (paused_) return false;
  if (stalled_until_ > at) return wake_at(stalled_until_), false;
  const std::size_t bytes = may_pass(head);
  if (bytes == 0) return false;
  const byte_view piece = byte_view(head.bytes).subspan(head.passed, bytes);
  if (head.joins_next || !joined_.empty()) {
    joined_.insert(joined_.end(), piece.begin(), piece.end());
  } else {
    send(piece);
  }
  if (closed_) return false;
  head.passed += bytes;
  if (head.passed == head.limit && !head.joins_next) send_joined();
  if (closed_) return false;
  for (const shape& each : shapes_) each.effect->passed(bytes, at);
  if (head.passed == head.limit) return finish(head);
  if (head.piece_bytes != 0) head.due = at + head.piece_gap;
  return true;
}

std::size_t flow::may_pass(const item& head) {
  std::size_t bytes = head.limit - head.passed;
  if (head.piece_bytes != 0) bytes = std::min(bytes, head.piece_bytes);
  const time_point at = now();
  for (const shape& each : shapes_) {
    const std::size_t permitted = each.effect->allowance(bytes, at);
    if (permitted == 0) {
      wake_at(each.effect->next_chance());
      return 0;
    }
    bytes = std::min(bytes, permitted);
  }
  return bytes;
}

void flow::send_joined() {
  if (!joined_.empty()) send(std::exchange(joined_, {}));
}

void flow::send(byte_view bytes) { link_.end_of(receiver_of(towards_)).send(bytes); }

// The head has passed as far as it may; answers whether the flow goes on.
bool flow::finish(item& done) {
  item gone = std::move(done);
  queue_.pop_front();
  waiting_ -= std::min(waiting_, gone.bytes.size());
  if (gone.limit < gone.bytes.size() && gone.limit > 0) {
    tell(gone, time_point::max(), history::packet_fate::truncated);
  } else if (gone.limit == 0) {
    tell(gone, time_point::max(), history::packet_fate::swallowed);
  } else {
    tell(gone, now(), gone.fate);
  }
  if (gone.is_packet && gone.limit == gone.bytes.size() && !gone.bytes.empty()) {
    link_.passed(mqtt::packet_type_of(gone.bytes[0]), towards_);
  }
  if (gone.then_end) link_.cut(*gone.then_end, gone.fault);
  return !closed_;
}

void flow::tell(const item& what, time_point passed_at, history::packet_fate fate) {
  if (fate != history::packet_fate::passed) link_.blame(what.fault);
  history::packet_observer* observer = link_.faults_.observer();
  if (observer == nullptr || !what.is_packet) return;
  const byte_view all(what.bytes);
  const bool made_here = fate == history::packet_fate::forged;
  const byte_view sent = what.sent ? byte_view(*what.sent) : all;
  observer->on_packet({.connection = link_.number_,
                       .direction = towards_,
                       .fate = fate,
                       .sent = made_here ? byte_view() : sent,
                       .passed = all.first(std::min(what.limit, all.size())),
                       .sent_at = what.sent_at,
                       .passed_at = passed_at,
                       .fault = what.fault});
}

// The connection is over before it has passed.
void flow::tell_lost(const item& what) {
  if (what.fate == history::packet_fate::forged || what.fate == history::packet_fate::copied) {
    return;  // nobody sent it, and nobody got it
  }
  item cut_short;
  cut_short.bytes = what.bytes;
  cut_short.sent = what.sent;
  cut_short.limit = what.passed;
  cut_short.sent_at = what.sent_at;
  cut_short.fault = what.fault;
  cut_short.is_packet = what.is_packet;
  tell(cut_short, time_point::max(),
       what.passed > 0 ? history::packet_fate::truncated : history::packet_fate::swallowed);
}

}  // namespace gauntlet::fault
