#include "harness/mqtt/reason_code.hpp"

#include <algorithm>
#include <array>

namespace gauntlet::mqtt {

namespace {

constexpr std::uint16_t in(packet_type type) {
  return static_cast<std::uint16_t>(1U << static_cast<unsigned>(type));
}

template <class... More>
constexpr std::uint16_t in(packet_type type, More... more) {
  return static_cast<std::uint16_t>(in(type) | in(more...));
}

using enum packet_type;

/// PUBACK to PUBCOMP travel both ways; CONNACK, SUBACK and UNSUBACK come from the server alone.
constexpr std::uint16_t server_only = in(connack, suback, unsuback);

/// A code that both ends may put into these packets, as far as they may send the packet at all.
constexpr reason_code_info row(reason_code code, std::string_view name, std::uint16_t packets) {
  return {code, name, static_cast<std::uint16_t>(packets & ~server_only), packets};
}

/// The same, but only a server may put it into the packets of `by_server`.
constexpr reason_code_info row(reason_code code, std::string_view name, std::uint16_t by_both,
                               std::uint16_t by_server) {
  return {code, name, static_cast<std::uint16_t>(by_both & ~server_only),
          static_cast<std::uint16_t>(by_both | by_server)};
}

using code = reason_code;

// Bad authentication method in DISCONNECT: Table 2-6 has it, the table of DISCONNECT has not. It is
// let through from a server, which may end a re-authentication with it.
constexpr std::array table = {
    row(code::success, "Success",
        in(connack, puback, pubrec, pubrel, pubcomp, suback, unsuback, disconnect), in(auth)),
    row(code::granted_qos_1, "Granted QoS 1", in(suback)),
    row(code::granted_qos_2, "Granted QoS 2", in(suback)),
    reason_code_info{code::disconnect_with_will_message, "Disconnect with Will Message",
                     in(disconnect), 0},
    row(code::no_matching_subscribers, "No matching subscribers", in(puback, pubrec)),
    row(code::no_subscription_existed, "No subscription existed", in(unsuback)),
    row(code::continue_authentication, "Continue authentication", in(auth)),
    reason_code_info{code::re_authenticate, "Re-authenticate", in(auth), 0},
    row(code::unspecified_error, "Unspecified error",
        in(connack, puback, pubrec, suback, unsuback, disconnect)),
    row(code::malformed_packet, "Malformed Packet", in(connack, disconnect)),
    row(code::protocol_error, "Protocol Error", in(connack, disconnect)),
    row(code::implementation_specific_error, "Implementation specific error",
        in(connack, puback, pubrec, suback, unsuback, disconnect)),
    row(code::unsupported_protocol_version, "Unsupported Protocol Version", in(connack)),
    row(code::client_identifier_not_valid, "Client Identifier not valid", in(connack)),
    row(code::bad_user_name_or_password, "Bad User Name or Password", in(connack)),
    row(code::not_authorized, "Not authorized", in(connack, puback, pubrec, suback, unsuback),
        in(disconnect)),
    row(code::server_unavailable, "Server unavailable", in(connack)),
    row(code::server_busy, "Server busy", in(connack), in(disconnect)),
    row(code::banned, "Banned", in(connack)),
    row(code::server_shutting_down, "Server shutting down", 0, in(disconnect)),
    row(code::bad_authentication_method, "Bad authentication method", in(connack), in(disconnect)),
    row(code::keep_alive_timeout, "Keep Alive timeout", 0, in(disconnect)),
    row(code::session_taken_over, "Session taken over", 0, in(disconnect)),
    row(code::topic_filter_invalid, "Topic Filter invalid", in(suback, unsuback), in(disconnect)),
    row(code::topic_name_invalid, "Topic Name invalid", in(connack, puback, pubrec, disconnect)),
    row(code::packet_identifier_in_use, "Packet Identifier in use",
        in(puback, pubrec, suback, unsuback)),
    row(code::packet_identifier_not_found, "Packet Identifier not found", in(pubrel, pubcomp)),
    row(code::receive_maximum_exceeded, "Receive Maximum exceeded", in(disconnect)),
    row(code::topic_alias_invalid, "Topic Alias invalid", in(disconnect)),
    row(code::packet_too_large, "Packet too large", in(connack, disconnect)),
    row(code::message_rate_too_high, "Message rate too high", in(disconnect)),
    row(code::quota_exceeded, "Quota exceeded", in(connack, puback, pubrec, suback, disconnect)),
    row(code::administrative_action, "Administrative action", in(disconnect)),
    row(code::payload_format_invalid, "Payload format invalid",
        in(connack, puback, pubrec, disconnect)),
    row(code::retain_not_supported, "Retain not supported", in(connack), in(disconnect)),
    row(code::qos_not_supported, "QoS not supported", in(connack), in(disconnect)),
    row(code::use_another_server, "Use another server", in(connack), in(disconnect)),
    row(code::server_moved, "Server moved", in(connack), in(disconnect)),
    row(code::shared_subscriptions_not_supported, "Shared Subscriptions not supported", in(suback),
        in(disconnect)),
    row(code::connection_rate_exceeded, "Connection rate exceeded", in(connack), in(disconnect)),
    row(code::maximum_connect_time, "Maximum connect time", 0, in(disconnect)),
    row(code::subscription_identifiers_not_supported, "Subscription Identifiers not supported",
        in(suback), in(disconnect)),
    row(code::wildcard_subscriptions_not_supported, "Wildcard Subscriptions not supported",
        in(suback), in(disconnect)),
};

/// Code -> row number + 1; 0 where there is none.
constexpr auto rows = [] {
  std::array<std::uint8_t, 256> numbers{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    numbers[static_cast<std::size_t>(table[i].code)] = static_cast<std::uint8_t>(i + 1);
  }
  return numbers;
}();

struct correspondence {
  connect_return_code v3_1_1;
  reason_code v5;
};

constexpr std::array<correspondence, 6> correspondences = {{
    {connect_return_code::accepted, code::success},
    {connect_return_code::unacceptable_protocol_version, code::unsupported_protocol_version},
    {connect_return_code::identifier_rejected, code::client_identifier_not_valid},
    {connect_return_code::server_unavailable, code::server_unavailable},
    {connect_return_code::bad_user_name_or_password, code::bad_user_name_or_password},
    {connect_return_code::not_authorized, code::not_authorized},
}};

}  // namespace

std::span<const reason_code_info> reason_codes() noexcept { return table; }

const reason_code_info* find_reason_code(std::uint8_t value) noexcept {
  return rows[value] == 0 ? nullptr : &table[rows[value] - 1U];
}

bool may_stand_in(reason_code value, packet_type type, sender from) noexcept {
  const reason_code_info* info = find_reason_code(static_cast<std::uint8_t>(value));
  if (info == nullptr) return false;
  const auto packets = from == sender::client ? info->by_client : info->by_server;
  return (packets & in(type)) != 0;
}

std::string_view reason_code_name(reason_code value) noexcept {
  const reason_code_info* info = find_reason_code(static_cast<std::uint8_t>(value));
  return info == nullptr ? "undefined" : info->name;
}

std::string_view reason_code_name(reason_code value, packet_type type) noexcept {
  if (value == reason_code::success && type == disconnect) return "Normal disconnection";
  if (value == reason_code::success && type == suback) return "Granted QoS 0";
  return reason_code_name(value);
}

reason_code reason_code_of(connect_return_code value) noexcept {
  const auto index = static_cast<std::size_t>(value);
  return index < correspondences.size() ? correspondences[index].v5
                                        : reason_code::unspecified_error;
}

std::optional<connect_return_code> connect_return_code_of(reason_code value) noexcept {
  const auto* found = std::find_if(correspondences.begin(), correspondences.end(),
                                   [&](const correspondence& c) { return c.v5 == value; });
  if (found == correspondences.end()) return std::nullopt;
  return found->v3_1_1;
}

}  // namespace gauntlet::mqtt
