#pragma once

// A client session on the workbench: the test plays the server, and reads what the session sends
// and tells as short text, so that a test is a diagram of packets:
//
//   EXPECT_EQ(publish(7, qos::at_least_once), "PUBLISH(1, qos 1)");
//   EXPECT_EQ(server(puback{.packet_identifier = 1}), "");       // what the client answers
//   EXPECT_EQ(told(), "acknowledged(7)");                        // what the handler heard

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "harness/mqtt/client_session.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::mqtt {

/// All packets in `bytes`, which a client sent, as "PUBLISH(1, qos 1), PUBREL(2)".
std::string packets_in(byte_view bytes, protocol_version version);

/// The packet in bytes; aborts if it cannot be encoded.
byte_buffer encoded(const packet& any, protocol_version version);

/// Writes down what a session tells, as "received(7), acknowledged(7, 0x10)".
class recording_handler : public session_handler {
 public:
  void on_connack(const connack& answer) override;
  void on_publish(const publish_view& message, bool duplicate_exactly_once) override;
  void on_acknowledged(std::uint64_t tag, mqtt::qos qos, mqtt::reason_code code) override;
  void on_received(std::uint64_t tag, mqtt::reason_code code) override;
  void on_suback(std::uint64_t tag, const suback& answer) override;
  void on_unsuback(std::uint64_t tag, const unsuback& answer) override;
  void on_pingresp() override;
  void on_disconnect(const disconnect& farewell) override;
  void on_auth(const auth& exchange) override;
  publish_view on_resend(std::uint64_t tag, std::uint16_t packet_identifier) override;
  void on_discarded(std::uint64_t tag, mqtt::qos qos, bool received) override;

  std::string text;
  /// What on_resend answers; a test may make it empty.
  std::string resend_topic = "t";
  /// Called after each event has been written down, to act inside of it.
  std::function<void()> then = [] {};

 private:
  void tell(std::string_view event, std::string_view rest = {});
};

/// One session with its output and handler.
class session_bench {
 public:
  explicit session_bench(protocol_version version) : session(version), version_(version) {}

  protocol_version version() const { return version_; }

  /// CONNECT with Clean Start, or to a session that outlives connections. Answers what was sent.
  std::string connect(bool clean_start = true, property_list properties = {});
  /// CONNECT and an accepting CONNACK; forgets what was sent and told.
  void open(property_list of_connack = {}, property_list of_connect = {});
  /// A connection that ends and one that begins; forgets what was told until its CONNACK.
  void reconnect();

  std::string publish(std::uint64_t tag, qos at);
  /// Feeds a packet from the server and answers what the client sends; "error: ..." for a
  /// violation, by its rule.
  std::string server(const packet& any);
  std::string server_bytes(byte_view bytes);
  /// What has been sent and not been answered yet.
  std::string sent();
  /// What the handler has been told since the last call.
  std::string told();

  client_session session;
  recording_handler handler;
  byte_buffer out;

 private:
  protocol_version version_;
};

}  // namespace gauntlet::mqtt
