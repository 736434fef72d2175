#include "harness/net/timer_wheel.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "harness/base/assert.hpp"

namespace gauntlet::net {
namespace {

std::uint64_t whole_ticks(time_point at, duration tick) {
  return static_cast<std::uint64_t>(std::max(at.time_since_epoch(), duration::zero()) / tick);
}

}  // namespace

timer_wheel::timer_wheel(event_loop& loop, due_function on_due, timer_wheel_options options)
    : loop_(loop), on_due_(std::move(on_due)), options_(options) {
  GAUNTLET_ASSERT(options_.tick > duration::zero() && options_.kinds > 0);
  nodes_.resize(heads);
  for (std::uint32_t head = 0; head < heads; ++head) {
    nodes_[head].next = nodes_[head].previous = head;
  }
  present_ = whole_ticks(loop_.now(), options_.tick);
  timer_ = loop_.make_timer([this] { on_timer(); });
}

timer_wheel::~timer_wheel() { GAUNTLET_ASSERT(!advancing_); }

void timer_wheel::arm(std::uint32_t index, std::uint8_t kind, time_point due) {
  const std::uint32_t at = node_of(index, kind);
  if (at >= nodes_.size()) nodes_.resize(at + 1);
  if (nodes_[at].next != unlinked) unlink(at);
  const bool between_ticks = due.time_since_epoch() % options_.tick > duration::zero();
  const std::uint64_t tick = whole_ticks(due, options_.tick) + (between_ticks ? 1 : 0);
  nodes_[at].tick = std::clamp(tick, present_ + 1, tick_max);
  link(at);
  if (!advancing_) sleep();
}

void timer_wheel::cancel(std::uint32_t index, std::uint8_t kind) {
  if (!armed(index, kind)) return;
  unlink(node_of(index, kind));
  if (size_ == 0 && !advancing_) sleep();
}

bool timer_wheel::armed(std::uint32_t index, std::uint8_t kind) const {
  const std::uint32_t at = node_of(index, kind);
  return at < nodes_.size() && nodes_[at].next != unlinked;
}

void timer_wheel::reserve(std::uint32_t indexes) {
  nodes_.reserve(heads + std::size_t{indexes} * options_.kinds);
}

std::uint32_t timer_wheel::node_of(std::uint32_t index, std::uint8_t kind) const {
  GAUNTLET_ASSERT(kind < options_.kinds);
  const std::uint64_t at = heads + std::uint64_t{index} * options_.kinds + kind;
  GAUNTLET_ASSERT(at < unlinked);
  return static_cast<std::uint32_t>(at);
}

void timer_wheel::link(std::uint32_t at) {
  const std::uint64_t tick = nodes_[at].tick;
  const std::uint64_t differing = (tick ^ present_) | 1;
  const auto level = (static_cast<unsigned>(std::bit_width(differing)) - 1) / slot_bits;
  const auto slot = static_cast<std::uint32_t>(tick >> (level * slot_bits)) % slots;
  const std::uint32_t head = level * slots + slot;
  occupied_[level] |= std::uint64_t{1} << slot;

  const std::uint32_t last = nodes_[head].previous;
  nodes_[at].previous = last;
  nodes_[at].next = head;
  nodes_[last].next = at;
  nodes_[head].previous = at;
  ++size_;
}

void timer_wheel::unlink(std::uint32_t at) {
  node& out = nodes_[at];
  nodes_[out.previous].next = out.next;
  nodes_[out.next].previous = out.previous;
  if (out.next == out.previous && out.next < heads) {
    occupied_[out.next / slots] &= ~(std::uint64_t{1} << (out.next % slots));
  }
  out.next = out.previous = unlinked;
  --size_;
}

std::optional<timer_wheel::slot_time> timer_wheel::next_slot() const {
  // Everything on a level is due before anything on the level above.
  for (unsigned level = 0; level < levels; ++level) {
    if (occupied_[level] == 0) continue;
    const auto slot = static_cast<std::uint32_t>(std::countr_zero(occupied_[level]));
    const unsigned shift = level * slot_bits;
    const std::uint64_t above = present_ >> shift >> slot_bits << slot_bits;
    return slot_time{level * slots + slot, (above | slot) << shift};
  }
  return std::nullopt;
}

void timer_wheel::on_timer() {
  wake_ = UINT64_MAX;
  advancing_ = true;
  const std::uint64_t now = whole_ticks(loop_.now(), options_.tick);
  for (auto next = next_slot(); next && next->tick <= now; next = next_slot()) {
    present_ = next->tick;
    if (next->head < slots) {
      fire(next->head);
    } else {
      cascade(next->head);
    }
  }
  present_ = std::max(present_, now);
  advancing_ = false;
  sleep();
}

void timer_wheel::fire(std::uint32_t head) {
  // What on_due arms lies at a later tick, hence in another slot.
  while (!empty(head)) {
    const std::uint32_t at = nodes_[head].next;
    unlink(at);
    const std::uint32_t entry = at - heads;
    on_due_(entry / options_.kinds, static_cast<std::uint8_t>(entry % options_.kinds));
  }
}

void timer_wheel::cascade(std::uint32_t head) {
  while (!empty(head)) {
    const std::uint32_t at = nodes_[head].next;
    unlink(at);
    link(at);
  }
}

void timer_wheel::sleep() {
  const auto next = next_slot();
  if (!next) {
    wake_ = UINT64_MAX;
    timer_->cancel();
  } else if (next->tick < wake_) {
    wake_ = next->tick;
    timer_->arm(time_point{} + options_.tick * static_cast<duration::rep>(wake_));
  }
}

}  // namespace gauntlet::net
