#pragma once

// A broker under fuzzing: started, played on, watched by all oracles, started anew with nothing
// left of what was.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "fuzz/execution/executor.hpp"
#include "fuzz/oracles/suspicion.hpp"
#include "fuzz/oracles/witness.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/target/target.hpp"

namespace gauntlet::fuzz {

/// Which broker.
struct subject_options {
  target::target_options target;
  std::uint64_t seed = 1;
  /// Whether a target that is not on this machine may be fuzzed.
  bool may_leave_machine = false;
};

/// Belongs to one thread, which it blocks.
class subject {
 public:
  /// Starts or reaches the broker, if check_ownership() allows it.
  static outcome<std::unique_ptr<subject>> open(const subject_options& options);
  ~subject();
  /// Refuses a target that is not loopback unless told otherwise. Sends nothing.
  static outcome<void> check_ownership(const subject_options& options);

  /// Plays the input in a name space of its own.
  const observation& play(const input& of);
  /// The same, with so much time at its end for the broker to end what it means to end: for
  /// accusations.
  const observation& play_patiently(const input& of, std::chrono::milliseconds patience);

  /// From now on silence is believed sooner: what was silent for long once is only looked at again.
  void set_hurried(bool is_hurried);

  /// What the last play did to the broker, as far as that can be seen at once: an end, a refusal, a
  /// hang, a jump of its memory.
  std::optional<suspicion> check_quickly();
  /// The witness's stream.
  std::optional<suspicion> check_witness();
  /// All that takes longer: the witness's state, the processor.
  std::optional<suspicion> check_thoroughly();
  /// Whether memory grows each time the input is played.
  std::optional<suspicion> check_leak(const input& of);

  /// A fresh broker where it is ours, a fresh control connection and witness anyway.
  outcome<void> restart();
  /// The same without stopping the broker.
  outcome<void> reconnect();

  /// Whether the broker lets a witness settle; if not, harm done to others is not seen.
  bool has_witness() const { return witness_ && witness_->is_settled(); }
  /// The language of the broker if its memory says nothing of leaks, because garbage is collected.
  const std::optional<std::string>& collector() const { return collector_; }

  std::string product() const { return target_->product(); }
  /// How often the broker had to be started anew.
  std::uint64_t restarts() const { return restarts_; }
  /// Complaints that a second look cleared.
  std::uint64_t false_alarms() const { return false_alarms_; }
  void count_false_alarm() { false_alarms_ += 1; }
  std::uint64_t resident() const;
  /// What executions have waited for, on all brokers so far.
  wait_account waits() const;
  /// What the broker has written since its last start, at most its end.
  std::string log_since_start() const;

 private:
  explicit subject(const subject_options& options);
  pid_t pid() const;
  pid_t server() const { return server_; }
  bool keeps_busy() const;
  std::optional<suspicion> explain_end();
  std::optional<suspicion> explain_silence();
  std::optional<suspicion> explain_jump();
  bool lets_newcomers_in();
  std::chrono::milliseconds answer_wait() const;
  std::chrono::milliseconds silence_wait() const;

  subject_options options_;
  net::asio_loop loop_;
  net::asio_network network_;
  seeded_stream draws_;
  std::unique_ptr<target::target_handle> target_;
  address where_;
  std::uint16_t port_ = 0;
  pid_t server_ = -1;  ///< the broker itself, which may be a child of what we started; -1: not ours
  wait_account waits_before_;
  std::optional<executor> executor_;
  std::optional<witness> witness_;
  broker_life life_ = broker_life::serves;
  std::string last_step_;  ///< packet and state, for signatures
  std::uint32_t name_space_ = 0;
  std::uint64_t restarts_ = 0;
  std::uint64_t false_alarms_ = 0;
  std::uint64_t resident_before_ = 0;
  std::optional<std::string> collector_;
  bool is_hurried_ = false;
  std::uintmax_t log_begin_ = 0;
};

}  // namespace gauntlet::fuzz
