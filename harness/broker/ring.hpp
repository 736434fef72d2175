#pragma once

// A queue in one array that grows on demand and holds nothing while empty: std::deque costs half a
// kilobyte before its first element, and a broker has two queues for each session.

#include <cstddef>
#include <memory>
#include <utility>

#include "harness/base/assert.hpp"

namespace gauntlet::broker {

/// First in, first out; also reached by index, 0 being the oldest. Elements move when it grows.
template <class T>
class ring {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  T& operator[](std::size_t index) { return slots_[(first_ + index) & (capacity_ - 1)]; }
  const T& operator[](std::size_t index) const {
    return slots_[(first_ + index) & (capacity_ - 1)];
  }
  T& front() { return (*this)[0]; }

  void push_back(T value) {
    if (size_ == capacity_) grow();
    (*this)[size_++] = std::move(value);
  }

  T pop_front() {
    GAUNTLET_ASSERT(size_ > 0);
    T value = std::exchange(slots_[first_], T{});
    first_ = (first_ + 1) & (capacity_ - 1);
    if (--size_ == 0 && capacity_ > kept_capacity) clear();
    return value;
  }

  /// Takes out one element, keeping the order; cheapest near the front.
  void erase(std::size_t index) {
    for (; index > 0; --index) (*this)[index] = std::move((*this)[index - 1]);
    pop_front();
  }

  /// Gives the memory back, too.
  void clear() {
    slots_.reset();
    capacity_ = first_ = size_ = 0;
  }

 private:
  static constexpr std::size_t kept_capacity = 64;

  void grow() {
    const std::size_t wider = capacity_ == 0 ? 4 : capacity_ * 2;
    auto slots = std::make_unique<T[]>(wider);
    for (std::size_t i = 0; i < size_; ++i) slots[i] = std::move((*this)[i]);
    slots_ = std::move(slots);
    capacity_ = wider;
    first_ = 0;
  }

  std::unique_ptr<T[]> slots_;
  std::size_t capacity_ = 0;  // a power of two
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace gauntlet::broker
