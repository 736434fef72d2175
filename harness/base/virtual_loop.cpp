#include "harness/base/virtual_loop.hpp"

#include <algorithm>
#include <utility>

#include "harness/base/assert.hpp"

namespace gauntlet {
namespace {

/// Marks the loop as running and takes the mark off on every way out.
class running_mark {
 public:
  explicit running_mark(bool& running) : running_(running) {
    GAUNTLET_ASSERT(!running_);
    running_ = true;
  }
  ~running_mark() { running_ = false; }
  running_mark(const running_mark&) = delete;
  running_mark& operator=(const running_mark&) = delete;

 private:
  bool& running_;
};

}  // namespace

class virtual_loop::slot_timer final : public timer {
 public:
  slot_timer(virtual_loop& loop, task on_due)
      : loop_(loop), slot_(loop.take_slot(std::move(on_due), false)) {
    ++loop_.timer_count_;
  }
  ~slot_timer() override {
    loop_.check_thread();
    loop_.disarm(slot_);
    loop_.free_slot(slot_);
    --loop_.timer_count_;
  }
  slot_timer(const slot_timer&) = delete;
  slot_timer& operator=(const slot_timer&) = delete;

  void arm(time_point due) override {
    loop_.check_thread();
    loop_.disarm(slot_);
    loop_.arm(slot_, due);
  }
  void cancel() override {
    loop_.check_thread();
    loop_.disarm(slot_);
  }

 private:
  virtual_loop& loop_;
  std::uint32_t slot_;
};

virtual_loop::virtual_loop() : thread_(std::this_thread::get_id()) {}

virtual_loop::~virtual_loop() {
  check_thread();
  GAUNTLET_ASSERT(!running_);
  // Posted calls may own timers, and by them other posts; the index outlives what they add.
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].once) task(std::move(slots_[i].call));
  }
  GAUNTLET_ASSERT(timer_count_ == 0);
}

std::chrono::system_clock::time_point virtual_loop::wall_now() const {
  return epoch +
         std::chrono::duration_cast<std::chrono::system_clock::duration>(now_.time_since_epoch());
}

std::unique_ptr<timer> virtual_loop::make_timer(task on_due) {
  check_thread();
  GAUNTLET_ASSERT(on_due != nullptr);
  return std::make_unique<slot_timer>(*this, std::move(on_due));
}

void virtual_loop::post(task call) {
  check_thread();
  GAUNTLET_ASSERT(call != nullptr);
  arm(take_slot(std::move(call), true), now_);
}

void virtual_loop::run() {
  check_thread();
  const running_mark mark(running_);
  while (!stopping_ && has_next()) run_next();
  stopping_ = false;
}

bool virtual_loop::run_until(const std::function<bool()>& done, time_point deadline) {
  check_thread();
  const running_mark mark(running_);
  bool met = done();
  while (!met && !stopping_) {
    if (!has_next() || heap_.front().due > deadline) {
      now_ = std::max(now_, deadline);
      break;
    }
    run_next();
    met = done();
  }
  stopping_ = false;
  return met;
}

void virtual_loop::stop() {
  check_thread();
  stopping_ = true;
}

bool virtual_loop::later(const event& a, const event& b) {
  return a.due != b.due ? a.due > b.due : a.sequence > b.sequence;
}

std::uint32_t virtual_loop::take_slot(task call, bool once) {
  if (free_slots_.empty()) {
    GAUNTLET_ASSERT(slots_.size() < UINT32_MAX);
    free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t index = free_slots_.back();
  free_slots_.pop_back();
  slots_[index] = slot{.call = std::move(call), .owner = ++sequence_, .once = once};
  return index;
}

void virtual_loop::free_slot(std::uint32_t index) {
  slots_[index].owner = 0;
  slots_[index].once = false;
  free_slots_.push_back(index);
  // Last, and away from the vector: what the call owns may use the loop when it goes.
  const task call = std::move(slots_[index].call);
}

void virtual_loop::arm(std::uint32_t index, time_point due) {
  slots_[index].armed = ++sequence_;
  heap_.push_back({std::max(due, now_), sequence_, index});
  std::push_heap(heap_.begin(), heap_.end(), later);
}

void virtual_loop::disarm(std::uint32_t index) {
  if (std::exchange(slots_[index].armed, 0) == 0) return;
  ++stale_count_;
  if (stale_count_ < 64 || stale_count_ < heap_.size() / 2) return;
  std::erase_if(heap_, [this](const event& candidate) { return stale(candidate); });
  std::make_heap(heap_.begin(), heap_.end(), later);
  stale_count_ = 0;
}

bool virtual_loop::stale(const event& candidate) const {
  return slots_[candidate.slot].armed != candidate.sequence;
}

bool virtual_loop::has_next() {
  while (!heap_.empty() && stale(heap_.front())) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    heap_.pop_back();
    --stale_count_;
  }
  return !heap_.empty();
}

void virtual_loop::run_next() {
  std::pop_heap(heap_.begin(), heap_.end(), later);
  const event next = heap_.back();
  heap_.pop_back();
  now_ = next.due;
  ++turns_;

  // The call may make and destroy timers, also its own: it runs outside of its slot.
  slots_[next.slot].armed = 0;
  task call = std::move(slots_[next.slot].call);
  if (slots_[next.slot].once) {
    free_slot(next.slot);
    call();
    return;
  }
  const std::uint64_t owner = slots_[next.slot].owner;
  call();
  if (slots_[next.slot].owner == owner) slots_[next.slot].call = std::move(call);
}

void virtual_loop::check_thread() const { GAUNTLET_ASSERT(std::this_thread::get_id() == thread_); }

}  // namespace gauntlet
