#include "tests/unit/conformance/null_brokers.hpp"

#include <utility>

#include <gtest/gtest.h>

#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/frame_reader.hpp"

namespace gauntlet::conformance {
namespace {

void send(net::channel& to, const mqtt::packet& packet, mqtt::protocol_version version) {
  byte_buffer bytes;
  if (mqtt::encode(packet, version, bytes).has_value()) to.send(bytes);
}

// The version of a CONNECT, wherever it stands in the packet.
mqtt::protocol_version version_in(byte_view connect) {
  const bool v5 = connect.size() > 8 && connect[8] == 5;
  return v5 ? mqtt::protocol_version::v5 : mqtt::protocol_version::v3_1_1;
}

// Calls `answer` for each packet in bytes that came in one piece.
void for_each_packet(byte_view bytes, const std::function<void(byte_view)>& answer) {
  mqtt::frame_reader reader;
  for (;;) {
    const auto frame = reader.next(bytes);
    if (!frame.has_value() || frame->empty()) return;
    answer(*frame);
  }
}

void accept_connect(net::channel& to, byte_view packet) {
  send(to, mqtt::connack{}, version_in(packet));
}

// The answer that a packet asks for, without doing what it says. Short forms fit both versions.
void acknowledge(net::channel& to, byte_view packet) {
  const auto identifier_at = [packet](std::size_t at) {
    return packet.size() >= at + 2 ? byte_buffer{packet[at], packet[at + 1]} : byte_buffer{0, 1};
  };
  const auto answer = [&](std::uint8_t first, const byte_buffer& identifier) {
    to.send(byte_buffer{first, 2, identifier[0], identifier[1]});
  };
  switch (mqtt::packet_type_of(packet[0])) {
    case mqtt::packet_type::connect:
      return accept_connect(to, packet);
    case mqtt::packet_type::publish: {
      if ((packet[0] & 0x06U) == 0 || packet.size() < 4) return;
      const std::size_t topic_size = static_cast<std::size_t>(packet[2] << 8U | packet[3]);
      return answer((packet[0] & 0x02U) != 0 ? 0x40 : 0x50, identifier_at(4 + topic_size));
    }
    case mqtt::packet_type::pubrel:
      return answer(0x70, identifier_at(2));
    case mqtt::packet_type::subscribe: {
      const byte_buffer id = identifier_at(2);
      to.send(byte_buffer{0x90, 4, id[0], id[1], 0, 1});
      return;
    }
    case mqtt::packet_type::unsubscribe: {
      const byte_buffer id = identifier_at(2);
      to.send(byte_buffer{0xB0, 4, id[0], id[1], 0, 0});
      return;
    }
    case mqtt::packet_type::pingreq:
      to.send(byte_buffer{0xD0, 0});
      return;
    case mqtt::packet_type::disconnect:
      to.close();
      return;
    default:
      return;
  }
}

void talk_http(net::channel& to, byte_view) {
  to.send(as_bytes("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
  to.close();
}

}  // namespace

null_broker::null_broker(net::network& network, const net::endpoint& where,
                         null_broker_behaviour how)
    : how_(std::move(how)) {
  auto listener = network.listen(where, {}, [this](std::unique_ptr<net::channel> accepted) {
    accepted->set_handler(*this);
    if (how_.closes_at_once) accepted->close();
    accepted_.push_back(std::move(accepted));
  });
  EXPECT_TRUE(listener.has_value());
  if (listener) listener_ = std::move(*listener);
}

void null_broker::on_bytes(net::channel& from, byte_view bytes) {
  if (how_.on_bytes) how_.on_bytes(from, bytes);
}

std::vector<null_broker_behaviour> null_brokers() {
  const auto each_packet = [](void (*answer)(net::channel&, byte_view)) {
    return [answer](net::channel& from, byte_view bytes) {
      for_each_packet(bytes, [&](byte_view packet) { answer(from, packet); });
    };
  };
  const auto hang_up = [](net::channel& from, byte_view bytes) {
    accept_connect(from, bytes);
    from.close();
  };
  const auto ignore_the_rest = [](net::channel& from, byte_view bytes) {
    if (mqtt::packet_type_of(bytes[0]) == mqtt::packet_type::connect) accept_connect(from, bytes);
  };
  return {
      {.name = "closes at once", .closes_at_once = true, .on_bytes = {}},
      {.name = "never answers", .on_bytes = {}},
      {.name = "closes at the first bytes",
       .on_bytes = [](net::channel& from, byte_view) { from.close(); }},
      {.name = "accepts CONNECT and hangs up", .on_bytes = hang_up},
      {.name = "accepts CONNECT and ignores the rest", .on_bytes = ignore_the_rest},
      {.name = "acknowledges everything and delivers nothing",
       .on_bytes = each_packet(acknowledge)},
      {.name = "echoes", .on_bytes = [](net::channel& from, byte_view bytes) { from.send(bytes); }},
      {.name = "talks HTTP", .on_bytes = talk_http},
  };
}

}  // namespace gauntlet::conformance
