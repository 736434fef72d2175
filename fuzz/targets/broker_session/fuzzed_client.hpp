#pragma once

// A client of the fuzzed broker, in memory: sends what it is told, and judges everything that
// comes back.

#include <memory>
#include <vector>

#include "harness/broker/broker_core.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/frame_reader.hpp"
#include "harness/script/peer.hpp"

namespace gauntlet::fuzz {

/// One connection. What breaks a rule ends the process.
class fuzzed_client final : public broker::carrier {
 public:
  /// `observer` asks the invariants of every packet; it outlives this.
  fuzzed_client(broker::broker_core& core, mqtt::protocol_version version,
                script::wire_observer& observer, time_point now);

  /// False: the broker has closed the connection, or does not want to read from it.
  bool may_send() const { return link_ != nullptr && !closed_ && !paused_; }
  bool is_open() const { return link_ != nullptr && !closed_; }
  mqtt::protocol_version version() const { return version_; }

  void send(const mqtt::packet& packet, time_point now);
  /// Legal or not.
  void send_raw(byte_view bytes, time_point now);
  /// Acknowledges what has come and is not acknowledged yet.
  void answer(time_point now);
  void drop(time_point now);
  /// From now on the network takes nothing; or everything again.
  void block(bool blocked, time_point now);

  /// Looks at what has come; once after each flush().
  void judge_arrivals(time_point now);
  /// Packets that came since the last call.
  std::vector<mqtt::packet> take_arrived();

  // carrier
  std::size_t send(byte_view bytes) override;
  void close() override;
  void pause_reading() override { paused_ = true; }
  void resume_reading() override { paused_ = false; }
  std::string peer_name() const override { return "fuzzer"; }

 private:
  void note_sent(byte_view bytes);
  void judge(byte_view frame, time_point now);
  void prepare_answer(const mqtt::packet& packet);

  broker::broker_core& core_;
  const mqtt::protocol_version version_;
  script::wire_observer& observer_;
  std::unique_ptr<broker::connection> link_;
  mqtt::frame_reader reader_;
  byte_buffer came_;
  byte_buffer unsent_;  ///< by the broker, while the network is blocked
  std::vector<mqtt::packet> arrived_;
  std::vector<mqtt::packet> answers_;
  bool first_sent_ = false;
  bool speaks_plainly_ = false;  ///< its first packet was a legal CONNECT of its version
  bool blocked_ = false;
  bool closed_ = false;  ///< by the broker
  bool paused_ = false;
};

}  // namespace gauntlet::fuzz
