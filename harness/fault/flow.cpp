#include "harness/fault/flow.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "harness/fault/link.hpp"
#include "harness/fault/rule_state.hpp"

namespace gauntlet::fault {
namespace {

// Beyond so much under way the sender has to wait.
constexpr std::size_t waiting_bytes_max = 256 * 1024;

history::side sender_of(history::direction towards) {
  return towards == history::direction::to_broker ? history::side::client : history::side::broker;
}
history::side receiver_of(history::direction towards) {
  return towards == history::direction::to_broker ? history::side::broker : history::side::client;
}

byte_buffer copy_of(byte_view bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

flow::flow(link& owner, history::direction towards)
    : link_(owner),
      towards_(towards),
      timer_(owner.faults_.loop().make_timer([this] { pump(); })) {}

time_point flow::now() const { return link_.faults_.loop().now(); }

bool flow::is_idle() const { return queue_.empty() && aside_.empty() && !window_; }

// --- in
// -----------------------------------------------------------------------------------------------

void flow::take(byte_view bytes) {
  if (closed_) return take_into_silence(bytes);
  byte_view input = bytes;
  while (!raw_) {
    const auto frame = reader_.next(input);
    if (!frame) {
      raw_ = true;  // what comes now cannot be told apart
      flush_run();
      take_rest(reader_.unanswered());
      break;
    }
    if (frame->empty()) break;
    take_frame(*frame, bytes);
    if (closed_) return;
  }
  flush_run();
  if (raw_) take_rest(input);
  pump();
}

// Bytes that are no packet.
void flow::take_rest(byte_view input) {
  if (input.empty()) return;
  item rest{.bytes = copy_of(input), .sent_at = now(), .is_packet = false};
  if (dead_ != 0) rest.fate = history::packet_fate::swallowed;
  put(std::move(rest), false);
}

// Who was told nothing of the end goes on sending.
void flow::take_into_silence(byte_view bytes) {
  history::packet_observer* observer = link_.faults_.observer();
  if (dead_ == 0 || raw_ || observer == nullptr) return;
  byte_view input = bytes;
  for (;;) {
    const auto frame = reader_.next(input);
    if (!frame || frame->empty()) return;
    observer->on_packet({.connection = link_.number_,
                         .direction = towards_,
                         .fate = history::packet_fate::swallowed,
                         .sent = *frame,
                         .sent_at = now(),
                         .passed_at = time_point::max(),
                         .fault = dead_});
  }
}

// Whether a packet that no rule touches may pass at once.
bool flow::is_clear() const {
  return shapes_.empty() && dead_ == 0 && !paused_ && !end_ && is_idle() && stalled_until_ <= now();
}

void flow::take_frame(byte_view frame, byte_view input) {
  const auto type = mqtt::packet_type_of(frame[0]);
  if (type == mqtt::packet_type::connect && towards_ == history::direction::to_broker) {
    flush_run();
    link_.take_connect(frame);
  } else if (type == mqtt::packet_type::connack && towards_ == history::direction::to_client) {
    link_.take_connack(frame);
  }
  if (closed_) return;
  if (link_.rules_.empty() && is_clear()) return pass_untouched(frame, input);
  const packet_facts facts = facts_of(frame, towards_, link_.version_);
  packet_plan plan = link_.plan_for(facts);
  if (plan.fault == 0 && is_clear()) return pass_untouched(frame, input);
  flush_run();
  if (!closed_) carry_out(std::move(plan), facts);
}

// Packets that no rule is about pass as they lie in what has been read, in one piece.
void flow::pass_untouched(byte_view frame, byte_view input) {
  const bool follows = !run_.empty() && run_.data() + run_.size() == frame.data();
  if (follows) {
    run_ = byte_view(run_.data(), run_.size() + frame.size());
  } else {
    flush_run();
    if (closed_) return;
    run_ = frame;
  }
  if (history::packet_observer* observer = link_.faults_.observer()) {
    const time_point at = now();
    observer->on_packet({.connection = link_.number_,
                         .direction = towards_,
                         .sent = frame,
                         .passed = frame,
                         .sent_at = at,
                         .passed_at = at});
  }
  link_.passed(mqtt::packet_type_of(frame[0]), towards_);
  // One that came in pieces lies in the reader, which needs the place for the next.
  if (!std::less_equal<>{}(input.data(), frame.data()) ||
      !std::less<>{}(frame.data(), input.data() + input.size())) {
    flush_run();
  }
}

void flow::flush_run() {
  if (run_.empty()) return;
  send(std::exchange(run_, {}));
  apply_back_pressure();
}

void flow::carry_out(packet_plan plan, const packet_facts& packet) {
  const time_point at = now();
  if (plan.direction_dies) dead_ = plan.fault;
  if (plan.stall && at + *plan.stall > stalled_until_) {
    stalled_until_ = at + *plan.stall;
    stalled_by_ = plan.fault;
  }
  for (packet_plan::forged_packet& each : plan.forged) {
    if (each.towards == towards_ && each.before) put_forged(std::move(each.bytes), plan.fault);
  }
  item main{.bytes = plan.instead ? std::move(*plan.instead) : copy_of(packet.bytes),
            .sent_at = at,
            .fate = plan.instead ? history::packet_fate::rewritten : history::packet_fate::passed,
            .fault = plan.fault,
            .piece_bytes = plan.piece_bytes,
            .piece_gap = plan.piece_gap,
            .then_end = plan.then_end,
            .held = plan.held};
  main.limit = std::min(plan.only_first.value_or(main.bytes.size()), main.bytes.size());
  if (plan.instead) main.sent = copy_of(packet.bytes);
  main.due = at + plan.late;
  if (plan.held) main.due = at + plan.held->at_most;
  if (plan.swallowed || dead_ != 0) {
    main.limit = 0;
    main.fate = history::packet_fate::swallowed;
    if (main.fault == 0) main.fault = dead_;
  }
  if (plan.reordered) {
    open_window(std::move(main), plan.reordered->window, plan.reordered->at_most, true);
  } else if (plan.coalesced) {
    open_window(std::move(main), plan.coalesced->packets, plan.coalesced->at_most, false);
  } else {
    put(std::move(main), plan.may_be_overtaken || plan.held.has_value());
  }
  duration behind{};
  for (packet_plan::copy& each : plan.copies) {
    behind += each.gap;
    item copy{.bytes = std::move(each.bytes),
              .sent_at = at,
              .fate = history::packet_fate::copied,
              .fault = plan.fault};
    copy.due = at + plan.late + behind;
    put(std::move(copy), each.gap > duration::zero());
  }
  for (packet_plan::forged_packet& each : plan.forged) {
    if (each.towards != towards_) {
      link_.towards(sender_of(towards_)).put_forged(std::move(each.bytes), plan.fault);
    } else if (!each.before) {
      put_forged(std::move(each.bytes), plan.fault);
    }
  }
}

void flow::put_forged(byte_buffer bytes, history::fault_index fault) {
  item made{.bytes = std::move(bytes),
            .sent_at = now(),
            .fate = history::packet_fate::forged,
            .fault = fault};
  put(std::move(made), false);
  wake_at(now());
}

void flow::put(item what, bool may_be_overtaken) {
  if (what.limit == 0 && what.fate != history::packet_fate::swallowed) {
    what.limit = what.bytes.size();
  }
  what.due = std::max(what.due, what.sent_at);
  for (const shape& each : shapes_) {
    if (!what.held) what.due += each.effect->extra_delay();
    if (each.effect->swallows() && what.fate != history::packet_fate::swallowed) {
      what.limit = 0;
      what.fate = history::packet_fate::swallowed;
      what.fault = each.rule->number;
    }
  }
  waiting_ += what.bytes.size();
  if (may_be_overtaken) {
    aside_.push_back(std::move(what));
  } else {
    put_behind(std::move(what));
  }
  apply_back_pressure();
}

void flow::put_behind(item what) {
  what.due = std::max(what.due, last_due_);
  last_due_ = what.due;
  queue_.push_back(std::move(what));
}

void flow::open_window(item what, std::size_t wanted, duration at_most, bool shuffle) {
  if (!window_) {
    const stream_key key = stream_key(link_.faults_.seed())
                               .with("window")
                               .with(link_.client_id_)
                               .with(link_.connect_)
                               .with(static_cast<std::uint64_t>(towards_))
                               .with(windows_++);
    window_ = window{.items = {},
                     .fault = what.fault,
                     .wanted = wanted,
                     .until = now() + at_most,
                     .shuffle = shuffle,
                     .draws = seeded_stream(key)};
  }
  waiting_ += what.bytes.size();
  window_->items.push_back(std::move(what));
  if (window_->items.size() >= window_->wanted) close_window();
}

// A window of two swaps; a larger one comes in any order but the one it came in.
void flow::close_window() {
  window gone = std::move(*window_);
  window_.reset();
  auto& items = gone.items;
  if (gone.shuffle && items.size() > 1) {
    const std::size_t count = items.size();
    const std::uint64_t turned = count == 2 ? 1 : 1 + gone.draws.below(count - 1);
    std::rotate(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(turned), items.end());
    for (std::size_t i = count - 1; i > 1; --i) {
      std::swap(items[i], items[1 + gone.draws.below(i)]);
    }
  }
  for (item& each : items) {
    if (each.limit == 0 && each.fate != history::packet_fate::swallowed) {
      each.limit = each.bytes.size();
    }
    each.due = std::max(each.due, now());
    each.joins_next = !gone.shuffle && &each != &items.back();
    put_behind(std::move(each));
  }
}

void flow::take_end(bool reset) {
  if (closed_) return;
  end_ = reset;
  if (!raw_) take_rest(reader_.unanswered());
  raw_ = true;
  duration late{};
  for (const shape& each : shapes_) late = std::max(late, each.effect->extra_delay_of_end());
  last_due_ = std::max(last_due_, now() + late);
  if (window_) close_window();
  pump();
}

// --- out
// ----------------------------------------------------------------------------------------------

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

// --- control
// ------------------------------------------------------------------------------------------

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

void flow::wake_at(time_point when) {
  if (closed_ || when >= wake_) return;
  wake_ = when;
  timer_->arm(when);
}

}  // namespace gauntlet::fault
