#pragma once

// A TCP connection without an event loop: an execution takes a few hundred microseconds, and what
// it waits for it knows.

#include <chrono>

#include "fuzz/execution/address.hpp"
#include "harness/base/bytes.hpp"

namespace gauntlet::fuzz {

/// How a connection stands.
enum class socket_state : std::uint8_t {
  closed,   ///< not opened, or ended by us
  open,     ///< both directions, or only theirs after half_close()
  ended,    ///< the broker has closed it
  aborted,  ///< the broker, or its system, has reset it
  refused,  ///< nobody listens, or nobody takes it
};

/// One connection; closing it by destruction is abrupt, so that no port is kept waiting.
class plain_socket {
 public:
  plain_socket() = default;
  ~plain_socket() { reset(); }
  plain_socket(plain_socket&& other) noexcept;
  plain_socket& operator=(plain_socket&& other) noexcept;

  /// Connects; the state says how that went.
  void open(const address& where, std::chrono::milliseconds wait);
  /// Writes all, reading meanwhile into `received` what comes, lest both sides wait for each other.
  /// Gives up after `wait` without progress.
  void send(byte_view bytes, byte_buffer& received, std::chrono::milliseconds wait);
  /// Appends what has come, without waiting; notices the end of the connection.
  void receive(byte_buffer& received);
  /// Waits until there is something to receive, an end included.
  bool wait_readable(std::chrono::milliseconds wait) const;
  void half_close();
  void close();
  void reset();

  socket_state state() const { return state_; }
  bool is_open() const { return state_ == socket_state::open; }

 private:
  /// A broker that leaves Nagle's algorithm on keeps its second answer until our system has
  /// acknowledged the first, which it would put off for 40 ms. Holds for a while only: tcp(7).
  void acknowledge_at_once() const;
  void fail(int error);
  void release();

  int descriptor_ = -1;
  socket_state state_ = socket_state::closed;
};

}  // namespace gauntlet::fuzz
