#include "harness/broker/deadline_queue.hpp"

#include <utility>

namespace gauntlet::broker {

deadline::~deadline() {
  if (armed()) queue_->cancel(*this);
}

void deadline_queue::arm(deadline& what, deadline_kind kind, time_point due) {
  if (what.armed()) cancel(what);
  what.queue_ = this;
  what.kind_ = kind;
  what.due_ = due;
  heap_.push_back(&what);
  const auto last = static_cast<std::uint32_t>(heap_.size() - 1);
  what.position_ = last;
  sift_up(last);
}

void deadline_queue::cancel(deadline& what) {
  if (!what.armed()) return;
  const std::uint32_t hole = std::exchange(what.position_, deadline::none);
  deadline* const last = heap_.back();
  heap_.pop_back();
  if (last == &what) return;
  place(hole, last);
  sift_up(hole);
  sift_down(last->position_);
}

std::optional<time_point> deadline_queue::next_due() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front()->due_;
}

deadline* deadline_queue::take_due(time_point now) {
  if (heap_.empty() || heap_.front()->due_ > now) return nullptr;
  deadline* const first = heap_.front();
  cancel(*first);
  return first;
}

void deadline_queue::place(std::uint32_t position, deadline* what) {
  heap_[position] = what;
  what->position_ = position;
}

void deadline_queue::sift_up(std::uint32_t position) {
  deadline* const moving = heap_[position];
  while (position > 0) {
    const std::uint32_t parent = (position - 1) / 2;
    if (heap_[parent]->due_ <= moving->due_) break;
    place(position, heap_[parent]);
    position = parent;
  }
  place(position, moving);
}

void deadline_queue::sift_down(std::uint32_t position) {
  deadline* const moving = heap_[position];
  const auto size = static_cast<std::uint32_t>(heap_.size());
  for (;;) {
    std::uint32_t child = 2 * position + 1;
    if (child >= size) break;
    if (child + 1 < size && heap_[child + 1]->due_ < heap_[child]->due_) ++child;
    if (moving->due_ <= heap_[child]->due_) break;
    place(position, heap_[child]);
    position = child;
  }
  place(position, moving);
}

}  // namespace gauntlet::broker
