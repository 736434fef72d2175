#pragma once

// A client and a broker that only write and read packets, with a faulty network between them, in
// memory and under virtual time. Each remembers what it saw, and when.

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/virtual_loop.hpp"
#include "harness/fault/faulty_network.hpp"
#include "harness/fault/injector.hpp"
#include "harness/history/packet_observer.hpp"
#include "harness/mqtt/frame_reader.hpp"
#include "harness/mqtt/packets.hpp"
#include "harness/net/memory_network.hpp"

namespace gauntlet::fault {

/// What was seen, a line each: "<milliseconds> <what>".
using sightings = std::vector<std::string>;

/// One end of a connection.
class bench_peer final : public net::channel_handler {
 public:
  bench_peer(virtual_loop& loop, history::direction hears) : loop_(loop), hears_(hears) {}

  void send(const mqtt::packet& packet);
  void send_bytes(byte_view bytes) { channel->send(bytes); }
  /// Packets and ends since the last call, as in `100 PUBLISH 1 qos 1 "t"` and `120 reset`.
  sightings saw() { return std::exchange(lines_, {}); }
  /// The bytes that came, a line for each piece, as in "10 5".
  sightings pieces() { return std::exchange(pieces_, {}); }
  std::size_t bytes_received() const { return received_.size(); }
  const byte_buffer& received() const { return received_; }
  bool is_open() const { return open_; }
  int times_drained() const { return drained_; }

  std::unique_ptr<net::channel> channel;
  mqtt::protocol_version version = mqtt::protocol_version::v5;

 private:
  void on_open(net::channel&) override { open_ = true; }
  void on_bytes(net::channel&, byte_view bytes) override;
  void on_drained(net::channel&) override { ++drained_; }
  void on_end(net::channel&, const net::channel_end& end) override;
  void note(std::string_view what);

  virtual_loop& loop_;
  history::direction hears_;
  mqtt::frame_reader reader_;
  sightings lines_;
  sightings pieces_;
  byte_buffer received_;
  bool open_ = false;
  int drained_ = 0;
};

/// What the links tell, a line each.
class bench_observer final : public history::packet_observer {
 public:
  explicit bench_observer(virtual_loop& loop) : loop_(loop) {}
  sightings saw() { return std::exchange(lines_, {}); }

 private:
  void on_open(history::connection_index connection, time_point at) override;
  void on_packet(const history::packet_seen& packet) override;
  void on_end(const history::end_seen& end) override;
  void on_fault(const history::fault_seen&) override {}

  virtual_loop& loop_;
  sightings lines_;
};

struct bench_options {
  std::uint64_t seed = 1;
  net::memory_network_options network;
};

class fault_bench {
 public:
  explicit fault_bench(bench_options options = {});

  /// Adds a fault and starts the injector, if that is still to be done.
  void add(rule what);
  void add(action what, selection who = {});

  struct pair {
    bench_peer* client = nullptr;
    bench_peer* broker = nullptr;
  };
  /// A connection that has exchanged CONNECT and CONNACK; both have forgotten them.
  pair connected(const std::string& client_id = "c");
  /// A connection without a packet; `broker` is null if none came up.
  pair dialed();

  /// The broker's end of the connection that came last; null before the first.
  bench_peer* last_broker() { return brokers_.empty() ? nullptr : &brokers_.back(); }
  void stop_listening() { listener_.reset(); }

  /// Lets so much time pass.
  void pass(duration time);

  virtual_loop loop;
  net::memory_network memory;
  bench_observer observer;
  std::string trace;
  injector faults;
  faulty_network network;

 private:
  std::deque<bench_peer> clients_;
  std::deque<bench_peer> brokers_;
  std::unique_ptr<net::listener> listener_;
};

/// Packets as tests send them.
mqtt::publish message(std::uint16_t identifier, const std::string& topic = "t");
mqtt::puback acknowledgement(std::uint16_t identifier);

}  // namespace gauntlet::fault
