#pragma once

// A WebSocket client that writes each frame itself, legal or not, and says in which kind of frame
// an answer came. For tests of the framing; all others use a client over the WebSocket endpoint.

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "conformance/suite/context.hpp"
#include "harness/ws/http_head.hpp"

namespace gauntlet::conformance {

/// One connection to the arena's WebSocket listener. Calls block as those of a client do.
class raw_websocket final : private net::channel_handler {
 public:
  /// Connects and asks for an upgrade; blocks the test if there is none.
  raw_websocket(context& test, std::string_view subprotocols);

  /// What the server has selected; empty if it has named none.
  const std::string& subprotocol() const { return subprotocol_; }

  /// `opcode` as on the wire: 0 continuation, 1 text, 2 binary. `last` is the FIN bit.
  void send_frame(std::uint8_t opcode, byte_view payload, bool last = true);

  /// Demands the next packet, of that type and in binary frames.
  mqtt::packet expect_packet(mqtt::packet_type type);
  /// Demands the end of the connection, and no packet before it.
  void expect_close();

 private:
  void on_open(net::channel& opened) override;
  void on_bytes(net::channel& from, byte_view bytes) override;
  void on_end(net::channel& from, const net::channel_end& end) override;
  void take_frames();
  bool wait_until(const std::function<bool()>& condition);
  void fail(std::string expected, std::string observed);

  context& test_;
  std::unique_ptr<net::channel> channel_;
  ws::head_collector answer_;
  bool open_ = false;
  bool upgraded_ = false;
  bool ended_ = false;
  bool closing_ = false;  ///< a close frame has come
  std::string trouble_;   ///< a data frame that is not binary, or bytes that are no packet
  std::string subprotocol_;
  byte_buffer frames_;  ///< not taken apart yet
  byte_buffer stream_;  ///< payload of data frames, not yet packets
  std::deque<mqtt::packet> packets_;
};

}  // namespace gauntlet::conformance
