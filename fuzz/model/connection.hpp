#pragma once

// One connection of a client of a sequence: packets in and out, nothing understood.

#include <functional>
#include <memory>
#include <string>

#include "harness/mqtt/frame_reader.hpp"
#include "harness/mqtt/packets.hpp"
#include "harness/net/network.hpp"

namespace gauntlet::fuzz::model {

/// Destroying it breaks the connection.
class connection final : public net::channel_handler {
 public:
  struct listener {
    std::function<void(const mqtt::packet&)> on_packet;
    /// The broker sent what cannot be read; nothing comes after it.
    std::function<void(const std::string& why)> on_malformed;
    std::function<void(const net::channel_end&)> on_end;
  };

  connection(mqtt::protocol_version version, listener hears)
      : version_(version), hears_(std::move(hears)) {}

  void open(net::network& network, const net::endpoint& where, const net::dial_options& how);
  void send(const mqtt::packet& packet);
  /// Ends our direction; the end of the other is not heard.
  void close();
  /// Breaks the connection.
  void abort();
  /// From now on nothing is heard; has_ended() still tells.
  void hush() { hushed_ = true; }

  bool is_open() const { return open_; }
  bool has_ended() const { return ended_; }
  const net::channel_end& end() const { return end_; }

 private:
  void on_open(net::channel&) override { open_ = true; }
  void on_bytes(net::channel&, byte_view bytes) override;
  void on_end(net::channel&, const net::channel_end& end) override;

  mqtt::protocol_version version_;
  listener hears_;
  std::unique_ptr<net::channel> channel_;
  mqtt::frame_reader reader_;
  byte_buffer out_;
  bool open_ = false;
  bool ended_ = false;
  bool hushed_ = false;
  net::channel_end end_;
};

}  // namespace gauntlet::fuzz::model
