// What comes in: bytes become packets, and rules decide what becomes of each.

#include <algorithm>
#include <functional>
#include <utility>

#include "harness/fault/flow.hpp"
#include "harness/fault/link.hpp"
#include "harness/fault/rule_state.hpp"

namespace gauntlet::fault {
namespace {

byte_buffer copy_of(byte_view bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

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
  if (plan.reordered || plan.may_be_overtaken || plan.held) link_.blame(plan.fault);
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

}  // namespace gauntlet::fault
