#include "tests/unit/mqtt/session_bench.hpp"

#include <cstdio>
#include <utility>

#include "harness/base/assert.hpp"

namespace gauntlet::mqtt {
namespace {

std::string hex(reason_code code) {
  char text[8];
  std::snprintf(text, sizeof text, "0x%02x", static_cast<unsigned>(code));
  return text;
}

/// ", 0x10" or nothing for success.
std::string unless_success(reason_code code) {
  return code == reason_code::success ? "" : ", " + hex(code);
}

std::string codes_of(const std::vector<reason_code>& codes) {
  std::string text;
  for (const auto code : codes) text += ", " + hex(code);
  return text;
}

std::string describe_sent(const packet& any) {
  std::string text(packet_type_name(type_of(any)));
  if (const auto* message = std::get_if<publish>(&any)) {
    text += "(";
    if (message->qos != qos::at_most_once)
      text += std::to_string(message->packet_identifier) + ", ";
    text += "qos " + std::to_string(static_cast<int>(message->qos));
    if (message->dup) text += ", dup";
    return text + ")";
  }
  return std::visit(
      [&text](const auto& one) {
        if constexpr (requires { one.packet_identifier; }) {
          text += "(" + std::to_string(one.packet_identifier);
          if constexpr (requires { one.reason_code; }) text += unless_success(one.reason_code);
          return text + ")";
        } else if constexpr (requires { one.reason_code; }) {
          return text + "(" + hex(one.reason_code) + ")";
        } else {
          return text;
        }
      },
      any);
}

std::string with_comma(std::string_view before, std::string_view added) {
  return std::string(before) + (before.empty() ? "" : ", ") + std::string(added);
}

}  // namespace

std::string packets_in(byte_view bytes, protocol_version version) {
  std::string text;
  frame_reader reader;
  while (true) {
    const auto frame = reader.next(bytes);
    GAUNTLET_ASSERT(frame);
    if (frame->empty()) break;
    const auto decoded = decode(*frame, version, sender::client);
    if (!decoded) return "undecodable: " + describe(decoded.error());
    text = with_comma(text, describe_sent(*decoded));
  }
  GAUNTLET_ASSERT(reader.pending() == 0);
  return text;
}

byte_buffer encoded(const packet& any, protocol_version version) {
  byte_buffer bytes;
  GAUNTLET_ASSERT(encode(any, version, bytes));
  return bytes;
}

void recording_handler::tell(std::string_view event, std::string_view rest) {
  text = with_comma(text, std::string(event) + std::string(rest));
  then();
}

void recording_handler::on_connack(const connack& answer) {
  tell("connack", "(" + hex(answer.reason_code) + (answer.session_present ? ", present)" : ")"));
}

void recording_handler::on_publish(const publish_view& message, bool duplicate_exactly_once) {
  tell("publish", "(" + std::string(message.topic_name) + ", " +
                      std::string(as_text(message.payload)) + ", qos " +
                      std::to_string(static_cast<int>(message.qos)) +
                      (duplicate_exactly_once ? ", duplicate)" : ")"));
}

void recording_handler::on_acknowledged(std::uint64_t tag, mqtt::qos, mqtt::reason_code code) {
  tell("acknowledged", "(" + std::to_string(tag) + unless_success(code) + ")");
}

void recording_handler::on_received(std::uint64_t tag, mqtt::reason_code code) {
  tell("received", "(" + std::to_string(tag) + unless_success(code) + ")");
}

void recording_handler::on_suback(std::uint64_t tag, const suback& answer) {
  tell("suback", "(" + std::to_string(tag) + codes_of(answer.reason_codes) + ")");
}

void recording_handler::on_unsuback(std::uint64_t tag, const unsuback& answer) {
  tell("unsuback", "(" + std::to_string(tag) + codes_of(answer.reason_codes) + ")");
}

void recording_handler::on_pingresp() { tell("pingresp"); }

void recording_handler::on_disconnect(const disconnect& farewell) {
  tell("disconnect", "(" + hex(farewell.reason_code) + ")");
}

void recording_handler::on_auth(const auth& exchange) {
  tell("auth", "(" + hex(exchange.reason_code) + ")");
}

publish_view recording_handler::on_resend(std::uint64_t tag, std::uint16_t packet_identifier) {
  tell("resend", "(" + std::to_string(tag) + ", " + std::to_string(packet_identifier) + ")");
  return {.topic_name = resend_topic};
}

void recording_handler::on_discarded(std::uint64_t tag, mqtt::qos qos, bool received) {
  tell("discarded", "(" + std::to_string(tag) + ", qos " + std::to_string(static_cast<int>(qos)) +
                        (received ? ", received)" : ")"));
}

std::string session_bench::connect(bool clean_start, property_list properties) {
  if (!clean_start && version_ == protocol_version::v5 &&
      !properties.contains(property_id::session_expiry_interval)) {
    properties.add(session_expiry_interval(300));
  }
  const mqtt::connect request{.protocol_version = version_,
                              .client_id = "device",
                              .clean_start = clean_start,
                              .keep_alive_s = 60,
                              .properties = std::move(properties)};
  GAUNTLET_ASSERT(session.connect(request, out));
  return sent();
}

void session_bench::open(property_list of_connack, property_list of_connect) {
  connect(false, std::move(of_connect));
  const std::string answer = server(connack{.properties = std::move(of_connack)});
  GAUNTLET_ASSERT(answer.empty() && session.phase() == session_phase::open);
  told();
}

void session_bench::reconnect() {
  session.connection_lost();
  out.clear();
  connect(false);
  told();
}

std::string session_bench::publish(std::uint64_t tag, qos at) {
  const auto identifier =
      session.publish({.qos = at, .topic_name = "t", .payload = as_bytes("x")}, tag, out);
  return identifier ? sent() : "refused: " + identifier.error().message();
}

std::string session_bench::server(const packet& any) {
  return server_bytes(encoded(any, version_));
}

std::string session_bench::server_bytes(byte_view bytes) {
  const auto taken = session.receive(bytes, handler, out);
  const std::string answer = sent();
  return taken ? answer : with_comma(answer, "error: " + std::string(taken.error().rule));
}

std::string session_bench::sent() {
  const std::string text = packets_in(out, version_);
  out.clear();
  return text;
}

std::string session_bench::told() { return std::exchange(handler.text, {}); }

}  // namespace gauntlet::mqtt
