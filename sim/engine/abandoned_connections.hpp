#pragma once

// Connections that devices have left without a word: half-open ones, on which our side neither
// reads nor writes any more, and those that roaming devices have left behind. The broker has to
// find out and close them; here they wait for that, for a bounded time, and are closed at last.

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "harness/net/channel.hpp"
#include "harness/net/timer_wheel.hpp"

namespace gauntlet::sim {

/// The connections that the devices of one worker have left behind.
class abandoned_connections {
 public:
  /// `on_left_open` hears the group of each connection that the broker did not close in time.
  abandoned_connections(event_loop& loop, std::function<void(std::uint16_t group)> on_left_open);

  /// Takes a connection over until the broker closes it, at the latest `until`. A silent one is
  /// not read before.
  void keep(std::unique_ptr<net::channel> from, std::uint16_t group, time_point until, bool silent);
  /// How many are left.
  std::size_t size() const { return entries_.size() - free_.size(); }
  /// Closes them all.
  void clear();

 private:
  struct entry final : net::channel_handler {
    void on_bytes(net::channel&, byte_view) override {}
    void on_end(net::channel&, const net::channel_end&) override { owner->drop(index); }

    abandoned_connections* owner = nullptr;
    std::unique_ptr<net::channel> channel;
    std::uint32_t index = 0;
    std::uint16_t group = 0;
    bool silent = false;
  };

  void drop(std::uint32_t index);
  void on_due(std::uint32_t index);

  event_loop& loop_;
  std::function<void(std::uint16_t)> on_left_open_;
  std::deque<entry> entries_;  // with stable addresses
  std::vector<std::uint32_t> free_;
  net::timer_wheel wheel_;
};

}  // namespace gauntlet::sim
