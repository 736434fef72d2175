#pragma once

// Plays inputs on a broker. After each step a barrier takes the place of a time-out: a PINGREQ on a
// connection of our own, whose PINGRESP says that the broker has turned to us after the step.

#include <array>
#include <chrono>
#include <functional>
#include <memory>

#include "fuzz/execution/observation.hpp"
#include "fuzz/execution/steady_client.hpp"
#include "fuzz/execution/wait_account.hpp"
#include "harness/mqtt/frame_reader.hpp"

namespace gauntlet::fuzz {

/// How to play.
struct execution_options {
  address where;
  /// How long the broker may leave the barrier unanswered before it counts as silent.
  std::chrono::milliseconds barrier_wait{2000};
  /// For brokers that serve connections side by side, whose connections are asked themselves: how
  /// long to wait for something on one that cannot be asked. Zero for brokers of a single thread,
  /// where the barrier is exact.
  std::chrono::milliseconds answer_wait{0};
};

/// One broker's executor. Belongs to one thread.
class executor {
 public:
  explicit executor(const execution_options& how) : how_(how) {}

  /// Connects the control connection; false when the broker does not take it.
  bool connect_control(seeded_stream& draws);
  /// Plays the input in that name space. What it answers is valid until the next call.
  const observation& play(const input& of, std::uint32_t name_space);
  /// How long to wait, after the last step, for a broker to end the connections that are open: zero
  /// but where it would be accused of not doing so. A quarter of it for those that answer a
  /// PINGREQ then.
  void set_patience(std::chrono::milliseconds patience) { patience_ = patience; }
  void set_barrier_wait(std::chrono::milliseconds wait) { how_.barrier_wait = wait; }
  /// Of all plays so far.
  const wait_account& waits() const { return waits_; }

 private:
  struct line {
    plain_socket socket;
    mqtt::frame_reader reader;
    mqtt::frame_reader sent;      ///< cuts what was sent as the broker will
    std::uint32_t turns_due = 0;  ///< that the broker may need for what was done since the barrier
    bool has_connect = false;     ///< the version is settled
    bool is_connected = false;    ///< the broker has answered CONNACK with success
    bool is_open_ended =
        false;  ///< bytes of ours may be the beginning of a packet, or our half ended
    bool is_half_closed = false;
    bool has_acted = false;       ///< a step has been played on it since the last barrier
    bool is_asked = false;        ///< a PINGREQ of the executor's own is unanswered
    std::uint32_t pings_due = 0;  ///< PINGREQ of the input that have no PINGRESP yet
    mqtt::protocol_version version = mqtt::protocol_version::v5;
    byte_buffer received;
    std::uint32_t opening = 0;
    bool is_patient = false;  ///< it has all the time to end, not a quarter of it
    bool is_lost = false;     ///< what arrives is no packet any more
  };

  void play_step(const step& each);
  bool open_line(std::uint8_t connection);
  void send(const step& each);
  std::uint32_t barrier_rounds();
  bool pass_barrier();
  bool settle_all();
  bool settle(std::uint8_t connection);
  bool can_ask(std::uint8_t connection) const;
  bool send_ping(std::uint8_t connection);
  bool wait_ping(std::uint8_t connection);
  bool wait_until(std::uint8_t connection, wait_kind kind, const std::function<bool()>& condition);
  bool wait_readable(std::uint8_t connection, wait_kind kind, std::chrono::milliseconds wait);
  void collect(std::uint8_t connection);
  void take_packets(std::uint8_t connection);
  void linger();
  void finish();

  execution_options how_;
  steady_client control_;
  std::array<line, connections_max> lines_;
  observation seen_;
  byte_buffer scratch_;
  std::uint32_t name_space_ = 0;
  bool has_opened_ = false;      ///< a connection since the last barrier
  bool reaches_others_ = false;  ///< what was done since the last barrier may show on others
  wait_account waits_;
  std::chrono::milliseconds patience_{0};
};

}  // namespace gauntlet::fuzz
