#pragma once

// One client of the soak: does something each time it is asked to.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/seeded_stream.hpp"
#include "harness/mqtt/client_session.hpp"
#include "harness/net/network.hpp"
#include "tests/integration/broker/load/soak.hpp"

namespace gauntlet::test {

/// A device with a Client Identifier of its own. Half speak MQTT 5.0, half keep their session.
class soak_client final : public net::channel_handler, public mqtt::session_handler {
 public:
  soak_client(net::network& network, net::endpoint where, std::size_t number,
              const soak_options& options, soak_result& result);

  /// Connects, or does one thing that a client does.
  void act();
  /// Asks for a PINGRESP if it is connected; answers whether it is.
  bool ask();
  bool was_answered() const { return answered_; }
  bool is_dialed() const { return channel_ != nullptr; }

  void on_open(net::channel& opened) override;
  void on_bytes(net::channel& from, byte_view bytes) override;
  void on_end(net::channel& ended, const net::channel_end& end) override;

  void on_connack(const mqtt::connack& answer) override;
  void on_publish(const mqtt::publish_view& message, bool duplicate) override;
  void on_acknowledged(std::uint64_t tag, mqtt::qos qos, mqtt::reason_code code) override;
  void on_pingresp() override { answered_ = true; }
  void on_disconnect(const mqtt::disconnect& packet) override;
  mqtt::publish_view on_resend(std::uint64_t tag, std::uint16_t identifier) override;
  void on_discarded(std::uint64_t, mqtt::qos, bool) override {}

 private:
  void dial();
  void publish();
  void subscribe();
  void unsubscribe();
  void leave();
  void break_off();
  void flush();
  std::string topic();
  std::uint64_t draw(std::uint64_t bound) { return draws_.below(bound); }

  net::network& network_;
  const net::endpoint where_;
  const std::size_t number_;
  soak_result& result_;
  seeded_stream draws_;
  mqtt::client_session session_;
  std::unique_ptr<net::channel> channel_;
  byte_buffer out_;
  byte_buffer payload_;
  std::string resend_topic_;
  std::vector<std::string> filters_;  // subscribed, as far as this client knows
  bool answered_ = false;
};

}  // namespace gauntlet::test
