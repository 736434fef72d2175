#pragma once

// Private to the websocket_*.cpp files: a channel whose bytes travel as the payload of binary
// WebSocket frames over another channel. MQTT is a stream here too: a packet may span frames and a
// frame may hold several packets (MQTT 5.0 §6, [MQTT-6.0.0-2]).

#include <memory>
#include <optional>
#include <string>

#include "harness/base/seeded_stream.hpp"
#include "harness/net/channel.hpp"
#include "harness/ws/frame_decoder.hpp"

namespace gauntlet::net {

/// An open WebSocket connection. How it ends: the peer's close frame is `finished`, with its code
/// and reason in the detail; a FIN without a close frame is `finished` too and the detail says so;
/// broken framing is `framing_failed`; the ends of the carrier pass unchanged.
class websocket_channel : public channel, protected channel_handler {
 public:
  /// Takes over `carrier`. `masks` is for the frames of a client and unused by a server.
  websocket_channel(ws::role us, std::unique_ptr<channel> carrier, seeded_stream masks);
  websocket_channel(const websocket_channel&) = delete;
  websocket_channel& operator=(const websocket_channel&) = delete;

  /// One binary frame; what is kept counts with its header.
  std::size_t send(byte_view bytes) override;
  std::size_t backlog_bytes() const override { return carrier_->backlog_bytes(); }
  void close() override;
  void abort() override;
  /// Bytes of the carrier that were already read when reading is paused still come.
  void pause_reading() override { carrier_->pause_reading(); }
  void resume_reading() override { carrier_->resume_reading(); }
  void set_handler(channel_handler& handler) override { handler_ = &handler; }
  std::string peer_name() const override { return carrier_->peer_name(); }
  std::string peer_certificate_name() const override { return carrier_->peer_certificate_name(); }

  /// Reads frames; for bytes that came together with the upgrade.
  void receive(byte_view bytes);

  /// Expires when this channel is destroyed, for callers that hand control to its user.
  std::weak_ptr<const void> life() const { return life_; }

 protected:
  enum class stage : std::uint8_t { opening, open, over };

  channel& carrier() { return *carrier_; }
  seeded_stream& draws() { return draws_; }
  stage where() const { return stage_; }
  channel_handler* handler() { return handler_; }
  void open() { stage_ = stage::open; }
  /// Reports the end; nothing may follow it.
  void end(end_kind kind, std::string detail);

  void on_bytes(channel&, byte_view bytes) override { receive(bytes); }
  void on_drained(channel&) override;
  void on_end(channel&, const channel_end& end) override;

 private:
  struct found;  // what one piece of the stream held

  found read_piece(std::span<std::uint8_t> piece);
  std::size_t send_frame(ws::opcode op, byte_view payload);
  void send_close(ws::close_code code);

  std::unique_ptr<channel> carrier_;
  channel_handler* handler_ = nullptr;
  std::shared_ptr<const void> life_ = std::make_shared<char>();
  ws::frame_decoder decoder_;
  seeded_stream draws_;
  ws::role us_;
  stage stage_ = stage::opening;
};

}  // namespace gauntlet::net
