#pragma once

// A channel's events written down, for tests.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "harness/net/channel.hpp"

namespace gauntlet::net {

/// Keeps what a channel told; hooks let a test act inside an event. Owns the channel if it is given
/// one.
class recorder : public channel_handler {
 public:
  recorder() = default;
  explicit recorder(std::unique_ptr<channel> accepted) : own(std::move(accepted)) {
    own->set_handler(*this);
  }

  std::unique_ptr<channel> own;
  bool opened = false;
  std::string received;
  int drained = 0;
  std::optional<channel_end> end;

  std::function<void()> when_open;
  std::function<void()> when_bytes;
  std::function<void()> when_drained;
  std::function<void()> when_ended;

  void on_open(channel&) override {
    opened = true;
    if (when_open) when_open();
  }
  void on_bytes(channel&, byte_view bytes) override {
    received += as_text(bytes);
    if (when_bytes) when_bytes();
  }
  void on_drained(channel&) override {
    ++drained;
    if (when_drained) when_drained();
  }
  void on_end(channel&, const channel_end& how) override {
    end = how;
    if (when_ended) when_ended();
  }
};

}  // namespace gauntlet::net
