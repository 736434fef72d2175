#pragma once

// Inside harness/net only: one connection of a memory_network, seen from both ends.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/base/seeded_stream.hpp"
#include "harness/net/channel.hpp"
#include "harness/net/deadlines.hpp"
#include "harness/net/memory_network.hpp"

namespace gauntlet::net {

class memory_channel;
class memory_link;

/// The two ends; also used as array indexes.
enum class link_end : std::uint8_t { dialer, acceptor };
inline link_end other(link_end end) {
  return end == link_end::dialer ? link_end::acceptor : link_end::dialer;
}

/// What can arrive at an end.
enum class arrival_kind : std::uint8_t {
  dial,     ///< at the acceptor: somebody wants to connect
  refusal,  ///< at the dialer: nobody listens
  opening,  ///< at the dialer: the connection is there
  data,     ///< bytes
  fin,      ///< the other end's direction is over
  reset,    ///< the connection is broken
  window,   ///< the other end has read; what was kept may go on
  wake_up,  ///< from the end itself: reading has been resumed
  give_up,  ///< from the end itself: it has written to a broken connection
};

/// Something on its way to one end of a link.
struct arrival {
  time_point due;
  std::uint64_t sequence;
  std::shared_ptr<memory_link> link;
  arrival_kind kind;
  link_end to;
  byte_buffer bytes;
};

/// What all links of a network share: its settings, its clock, and what is on the way.
class memory_core {
 public:
  using accept_dial = std::function<void(memory_link&)>;

  /// `on_dial` hears of each dial that has arrived.
  memory_core(event_loop& loop, const memory_network_options& options, accept_dial on_dial);

  event_loop& loop() const { return loop_; }
  const memory_network_options& options() const { return options_; }
  deadlines& limits() { return limits_; }

  /// Lets something arrive; ties go by the order of the calls.
  void schedule(time_point due, memory_link& link, arrival_kind kind, link_end to,
                byte_view bytes = {});
  void dial_arrived(memory_link& link) { on_dial_(link); }

  /// Counts a dial, send or arrival; true if it is the one that has to fail.
  bool operation_fails() { return ++operations_ == options_.fail_at; }
  std::uint64_t operations() const { return operations_; }

 private:
  static bool later(const arrival& a, const arrival& b);
  void on_due();

  event_loop& loop_;
  memory_network_options options_;
  accept_dial on_dial_;
  deadlines limits_;
  std::unique_ptr<timer> timer_;
  std::vector<arrival> on_the_way_;  // a heap, the next one first
  std::uint64_t sequence_ = 0;
  std::uint64_t operations_ = 0;
};

/// The state of both directions. Kept alive by its two channels and by what is on the way.
class memory_link : public std::enable_shared_from_this<memory_link> {
 public:
  /// `names` are what dialer and acceptor are called by the other.
  memory_link(memory_core& core, stream_key key, std::array<std::string, 2> names);

  void dial();
  void refuse();
  /// Both channels are there: tells the dialer.
  void accept(memory_channel& acceptor);
  void join(link_end end, memory_channel& channel) { at(end).channel = &channel; }

  std::size_t send(link_end from, byte_view bytes);
  std::size_t backlog_bytes(link_end from) const;
  void close(link_end from);
  void abort(link_end from);
  void pause(link_end end) { at(end).paused = true; }
  void resume(link_end end);
  /// Ends the dialer's channel that never opened.
  void fail_dial(end_kind kind, std::string detail);

  void arrive(arrival& what);

  const std::string& name(link_end end) const { return names_[static_cast<std::size_t>(end)]; }

 private:
  struct end_state {
    memory_channel* channel = nullptr;  // null once it is over, then everything is read and dropped
    bool paused = false;
    // Sending.
    byte_buffer kept;
    std::size_t kept_begin = 0;
    std::size_t unread_by_peer = 0;  // sent, and not read there yet
    time_point line_free;            // when the last byte has left
    time_point last_due;             // when what was sent last arrives
    bool window_update_due = false;
    bool fin_wanted = false;
    // Receiving.
    byte_buffer unread;
    bool fin_arrived = false;
    bool reset_arrived = false;
  };

  end_state& at(link_end end) { return ends_[static_cast<std::size_t>(end)]; }
  const end_state& at(link_end end) const { return ends_[static_cast<std::size_t>(end)]; }

  time_point travel(link_end from, std::size_t size_bytes);
  void transmit(link_end from, byte_view bytes);
  void send_kept(link_end from);
  void send_fin(link_end from);
  void break_now();
  void receive(link_end to, byte_view bytes);
  void deliver(link_end to);
  void has_read(link_end reader, std::size_t size_bytes);
  void finish(link_end end, end_kind kind, std::string detail);

  memory_core& core_;
  seeded_stream draws_;
  std::array<std::string, 2> names_;
  std::array<end_state, 2> ends_;
  bool broken_ = false;
};

/// One end as its owner sees it.
class memory_channel final : public channel {
 public:
  memory_channel(std::shared_ptr<memory_link> link, link_end end, channel_handler* handler);
  ~memory_channel() override;
  memory_channel(const memory_channel&) = delete;
  memory_channel& operator=(const memory_channel&) = delete;

  /// Limits the time until on_open.
  void limit_dial(memory_core& core, duration timeout);

  std::size_t send(byte_view bytes) override;
  std::size_t backlog_bytes() const override { return link_->backlog_bytes(end_); }
  void close() override;
  void abort() override;
  void pause_reading() override { link_->pause(end_); }
  void resume_reading() override { link_->resume(end_); }
  void set_handler(channel_handler& handler) override { handler_ = &handler; }
  std::string peer_name() const override { return link_->name(other(end_)); }

  // The link's calls.
  channel_handler& handler();
  void opened();
  void ended();

 private:
  class dial_limit;
  enum class phase : std::uint8_t { dialing, open, over };

  std::shared_ptr<memory_link> link_;
  channel_handler* handler_;
  std::unique_ptr<dial_limit> limit_;
  link_end end_;
  phase phase_;
};

}  // namespace gauntlet::net
