#pragma once

// Inside harness/net only: a descriptor that is closed when its owner goes.

#include <unistd.h>
#include <utility>

namespace gauntlet::net {

/// Owns a descriptor, or none (-1).
class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int value) : value_(value) {}
  descriptor(descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~descriptor() { reset(); }

  int get() const { return value_; }
  explicit operator bool() const { return value_ >= 0; }
  void reset() {
    if (value_ >= 0) ::close(std::exchange(value_, -1));
  }

 private:
  int value_ = -1;
};

}  // namespace gauntlet::net
