#pragma once

// The plainest sockets there are, on 127.0.0.1: blocking, with deadlines. What a peer sees of a
// proxy is asked through these, so that nothing of ours but the proxy is in between.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gauntlet::fault {

using test_clock = std::chrono::steady_clock;

/// How what can be read of a socket ended.
enum class read_end { open, fin, reset };

/// What a peer has read: all of it, when it began and ended, and the largest piece.
struct what_was_read {
  std::string bytes;
  std::size_t largest_piece = 0;
  std::chrono::milliseconds first_after{};  ///< since reading began
  std::chrono::milliseconds ended_after{};  ///< likewise: its last byte, or its end
  read_end end = read_end::open;
};

class blocking_socket {
 public:
  /// Listens on the port.
  static blocking_socket listen(std::uint16_t port);
  /// Connects; empty if the port refuses.
  static std::optional<blocking_socket> connect(std::uint16_t port);

  blocking_socket(blocking_socket&& other) noexcept;
  blocking_socket& operator=(blocking_socket&& other) noexcept;
  ~blocking_socket();

  /// The next client of a listener; empty if none comes in time.
  std::optional<blocking_socket> accept(std::chrono::milliseconds limit) const;
  void send(std::string_view bytes) const;
  /// Sends FIN; reading goes on.
  void end_sending() const;
  /// Reads until `count` bytes are there, the stream ends, or the time is over.
  what_was_read read(std::size_t count, std::chrono::milliseconds limit) const;

 private:
  explicit blocking_socket(int descriptor) : descriptor_(descriptor) {}
  bool wait_readable(test_clock::time_point deadline) const;

  int descriptor_ = -1;
};

}  // namespace gauntlet::fault
