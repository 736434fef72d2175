#pragma once

// A client written out step by step, with raw control of every byte: it sends what it is told,
// legal or not, and answers nothing by itself. Calls block: they run the network's loop until what
// they wait for has come or the time is over. All peers of one loop live at the same time, so a
// story of several clients reads from top to bottom.

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "harness/mqtt/frame_reader.hpp"
#include "harness/net/network.hpp"
#include "harness/script/arrival.hpp"
#include "harness/script/transcript.hpp"

namespace gauntlet::script {

/// Hears everything that goes over a peer's connection, before the script does: for rules that hold
/// of every packet. Calls come from the loop and from send().
class wire_observer {
 public:
  virtual ~wire_observer() = default;
  virtual void on_sent(byte_view) {}
  virtual void on_arrival(const arrival&) {}
};

/// How a peer connects and speaks.
struct peer_options {
  std::string name = "client";  ///< in transcripts
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  net::dial_options dial;
  wire_observer* observer = nullptr;  ///< outlives the peer
  /// Packets larger than this end the stream as malformed.
  std::uint32_t packet_size_max = mqtt::packet_size_limit;
};

/// One connection to a broker. Belongs to the thread of the network's loop.
class peer final : private net::channel_handler {
 public:
  /// Connects and waits until the connection stands or does not.
  peer(net::network& network, const net::endpoint& where, peer_options options);
  ~peer() override;
  peer(const peer&) = delete;
  peer& operator=(const peer&) = delete;

  const std::string& name() const { return log_.name(); }
  mqtt::protocol_version version() const { return options_.version; }
  /// Whether the connection stood at all.
  bool opened() const { return opened_; }
  /// Whether it stands as far as we have heard; what arrived before an end may still be unread.
  bool stands() const { return channel_ != nullptr && !end_; }

  /// Sends a packet, legal or not in its place. The packet must be one that mqtt::encode can write.
  void send(const mqtt::packet& packet);
  /// Sends bytes as they are.
  void send_bytes(byte_view bytes);
  /// Waits until the system has taken all bytes sent, or for `within`; answers whether it has.
  bool drain(duration within);

  /// Takes the next arrival; waits for it up to `within`. After the end it answers the end again.
  arrival next(duration within);
  /// The next arrival without taking it.
  const arrival& peek(duration within);
  /// How many have arrived and were not taken; the end counts.
  std::size_t waiting() const { return arrived_.size() + (end_ ? 1 : 0); }

  /// Ends our direction after all that was sent.
  void close();
  /// Ends with a reset, as a device that loses its power or network does.
  void abort();
  /// Stops and restarts taking bytes from the network, so that the broker feels it.
  void pause_reading();
  void resume_reading();

  /// The next unused Packet Identifier of this peer, from 1.
  std::uint16_t next_packet_identifier();

  /// Writes what the tester is doing into the transcript.
  void remark(std::string text);
  const transcript& log() const { return log_; }
  transcript take_log() { return std::move(log_); }

  event_loop& loop() { return loop_; }

 private:
  void on_open(net::channel& channel) override;
  void on_bytes(net::channel& channel, byte_view bytes) override;
  void on_end(net::channel& channel, const net::channel_end& end) override;

  void arrive(arrival what);
  void arrive_packet(byte_view frame);
  bool wait_for_arrival(duration within);

  event_loop& loop_;
  peer_options options_;
  transcript log_;
  mqtt::frame_reader reader_;
  std::unique_ptr<net::channel> channel_;
  std::deque<arrival> arrived_;
  std::optional<arrival> end_;
  arrival nothing_ = arrived_nothing{};
  std::uint16_t last_identifier_ = 0;
  bool opened_ = false;
  bool stream_lost_ = false;
};

}  // namespace gauntlet::script
