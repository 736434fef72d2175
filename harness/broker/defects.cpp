#include "harness/broker/defects.hpp"

#include <algorithm>
#include <charconv>

#include "harness/base/seeded_stream.hpp"

namespace gauntlet::broker {
namespace {

using enum defect;

constexpr std::array<defect_info, defect_count> table = {{
    {accept_second_connect, "accept-second-connect",
     "Ignores a second CONNECT on a connection instead of closing it.",
     "MQTT-3.1.0-2 3.1.1:MQTT-3.1.0-2"},
    {keep_session_at_clean_start, "keep-session-at-clean-start",
     "Resumes the stored session although Clean Start is 1.",
     "MQTT-3.1.2-4 MQTT-3.2.2-2 3.1.1:MQTT-3.1.2-6 3.1.1:MQTT-3.2.2-1"},
    {forget_session_at_disconnect, "forget-session-at-disconnect",
     "Discards the session when the connection closes although it has not expired.",
     "MQTT-3.1.2-5 MQTT-3.1.2-23 3.1.1:MQTT-3.1.2-4"},
    {lose_will, "lose-will", "Does not publish the will of a connection that broke.",
     "MQTT-3.1.2-8 3.1.1:MQTT-3.1.2-8"},
    {publish_will_without_retain, "publish-will-without-retain",
     "Publishes a will with Will Retain 1 as a message that is not retained.",
     "MQTT-3.1.2-15 3.1.1:MQTT-3.1.2-17"},
    {ignore_keep_alive, "ignore-keep-alive",
     "Keeps a connection open that has been silent for more than one and a half Keep Alive "
     "periods.",
     "MQTT-3.1.2-22 3.1.1:MQTT-3.1.2-24"},
    {exceed_maximum_packet_size, "exceed-maximum-packet-size",
     "Sends the client packets larger than its Maximum Packet Size.", "MQTT-3.1.2-24"},
    {omit_assigned_client_identifier, "omit-assigned-client-identifier",
     "Does not tell the client the Client Identifier that it was given.",
     "MQTT-3.1.3-7 MQTT-3.2.2-16"},
    {accept_any_password, "accept-any-password",
     "Accepts a user name with whatever password comes with it.", "MQTT-3.1.4-2"},
    {leave_existing_client_connected, "leave-existing-client-connected",
     "Does not close the existing connection of a Client Identifier that connects again.",
     "MQTT-3.1.4-3 3.1.1:MQTT-3.1.4-2"},
    {deny_session_present, "deny-session-present",
     "Answers Session Present 0 although it resumes a session.", "MQTT-3.2.2-3 3.1.1:MQTT-3.2.2-2"},
    {redeliver_without_dup, "redeliver-without-dup", "Sends a PUBLISH again with the DUP flag 0.",
     "MQTT-3.3.1-1 3.1.1:MQTT-3.3.1-1"},
    {forget_retained_message, "forget-retained-message",
     "Does not store a message that was published with RETAIN 1.",
     "MQTT-3.3.1-5 3.1.1:MQTT-3.3.1-5"},
    {keep_retained_on_empty_payload, "keep-retained-on-empty-payload",
     "Keeps the retained message although one with an empty payload was published to its topic.",
     "MQTT-3.3.1-6 3.1.1:MQTT-3.3.1-10"},
    {ignore_retain_handling, "ignore-retain-handling",
     "Sends the retained messages at every subscribe, whatever Retain Handling says.",
     "MQTT-3.3.1-10 MQTT-3.3.1-11"},
    {forward_retain_flag, "forward-retain-flag",
     "Forwards the RETAIN flag to established subscriptions without Retain As Published.",
     "MQTT-3.3.1-12 3.1.1:MQTT-3.3.1-9"},
    {keep_expired_message, "keep-expired-message",
     "Delivers a message whose Message Expiry Interval has passed.", "MQTT-3.3.2-5"},
    {forward_full_message_expiry, "forward-full-message-expiry",
     "Forwards the Message Expiry Interval without taking off the time that the message waited.",
     "MQTT-3.3.2-6"},
    {drop_user_properties, "drop-user-properties",
     "Forwards a message without the properties that belong to it.",
     "MQTT-3.3.2-4 MQTT-3.3.2-15 MQTT-3.3.2-16 MQTT-3.3.2-17 MQTT-3.3.2-20"},
    {exceed_receive_maximum, "exceed-receive-maximum",
     "Sends more unacknowledged QoS 1 and 2 messages than the client's Receive Maximum.",
     "MQTT-3.3.4-9 MQTT-4.9.0-1 MQTT-4.9.0-2"},
    {omit_puback, "omit-puback", "Does not acknowledge a QoS 1 message.",
     "MQTT-3.3.4-1 MQTT-4.3.2-4 3.1.1:MQTT-4.3.2-2"},
    {omit_pubrec, "omit-pubrec", "Does not answer a QoS 2 message with PUBREC.",
     "MQTT-3.3.4-1 MQTT-4.3.3-8 3.1.1:MQTT-4.3.3-2"},
    {omit_pubcomp, "omit-pubcomp", "Does not answer PUBREL with PUBCOMP.",
     "MQTT-4.3.3-11 3.1.1:MQTT-4.3.3-2"},
    {ignore_no_local, "ignore-no-local",
     "Sends a message back to its publisher although the subscription has No Local 1.",
     "MQTT-3.8.3-3"},
    {omit_suback, "omit-suback", "Does not answer SUBSCRIBE.", "MQTT-3.8.4-1 3.1.1:MQTT-3.8.4-1"},
    {exceed_granted_qos, "exceed-granted-qos",
     "Delivers with the QoS of the publication although a lower one was granted.",
     "MQTT-3.8.4-8 3.1.1:MQTT-3.8.4-6"},
    {reverse_suback_codes, "reverse-suback-codes",
     "Puts the codes of SUBACK in the reverse order of the filters.",
     "MQTT-3.9.3-1 3.1.1:MQTT-3.9.3-1"},
    {ignore_unsubscribe, "ignore-unsubscribe", "Answers UNSUBSCRIBE but keeps the subscription.",
     "MQTT-3.10.4-1 MQTT-3.10.4-2 3.1.1:MQTT-3.10.4-1 3.1.1:MQTT-3.10.4-2"},
    {omit_unsuback, "omit-unsuback", "Does not answer UNSUBSCRIBE.",
     "MQTT-3.10.4-4 3.1.1:MQTT-3.10.4-4"},
    {omit_pingresp, "omit-pingresp", "Does not answer PINGREQ.",
     "MQTT-3.12.4-1 3.1.1:MQTT-3.12.4-1"},
    {publish_will_after_disconnect, "publish-will-after-disconnect",
     "Publishes the will although the client sent DISCONNECT with Reason Code 0x00.",
     "MQTT-3.1.2-10 MQTT-3.14.4-3 3.1.1:MQTT-3.14.4-3"},
    {keep_session_after_expiry, "keep-session-after-expiry",
     "Resumes a session whose Session Expiry Interval has passed.", "MQTT-4.1.0-2"},
    {lose_qos1_delivery, "lose-qos1-delivery",
     "Drops the delivery of a QoS 1 message to a subscriber after it was acknowledged to its "
     "publisher.",
     "MQTT-4.5.0-1 3.1.1:MQTT-4.5.0-1"},
    {deliver_qos2_twice, "deliver-qos2-twice",
     "Delivers a QoS 2 message twice to a subscriber, under two Packet Identifiers.",
     "MQTT-4.3.3-10 3.1.1:MQTT-4.3.3-2"},
    {omit_redelivery, "omit-redelivery",
     "Does not send unacknowledged messages again when a session is resumed.",
     "MQTT-4.4.0-1 3.1.1:MQTT-4.4.0-1"},
    {reorder_deliveries, "reorder-deliveries",
     "Sends two successive messages to a subscriber in exchanged order.",
     "MQTT-4.6.0-5 MQTT-4.6.0-6 3.1.1:MQTT-4.6.0-6"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].id) != i) return false;
  }
  return true;
}
static_assert(in_order(), "the table stands in the order of the enum");

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

failure unknown_defect(std::string_view name) {
  const auto nearest = std::ranges::min_element(
      table, {}, [name](const defect_info& info) { return edit_distance(info.name, name); });
  return bad_input("no defect is named '" + std::string(name) + "'; did you mean '" +
                   std::string(nearest->name) + "'?");
}

}  // namespace

std::span<const defect_info, defect_count> all_defects() { return table; }

outcome<defect_switch> parse_defect(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const auto* const found = std::ranges::find(table, name, &defect_info::name);
  if (found == table.end()) return unknown_defect(name);
  defect_switch parsed{found->id, 1};
  if (colon == std::string_view::npos) return parsed;

  const std::string_view ratio = text.substr(colon + 1);
  const std::string_view digits = ratio.substr(0, 2) == "1/" ? ratio.substr(2) : std::string_view{};
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), parsed.one_in);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() ||
      parsed.one_in == 0) {
    return bad_input("'" + std::string(text) + "': how often a defect strikes is written as " +
                     std::string(name) + ":1/100");
  }
  return parsed;
}

defect_set::defect_set(std::span<const defect_switch> switches, std::uint64_t seed)
    : occasions_(defect_count), seed_(seed) {
  for (const defect_switch& wanted : switches) {
    const auto index = static_cast<std::size_t>(wanted.which);
    on_.set(index);
    occasions_[index].one_in = wanted.one_in;
    start_run(index);
  }
}

void defect_set::start_run(std::size_t index) {
  occasions& of = occasions_[index];
  const stream_key key = stream_key(seed_).with("defect").with(table[index].name).with(of.run++);
  of.position = 0;
  of.strikes_at = static_cast<std::uint32_t>(key.bits() % of.one_in);
}

bool defect_set::draw(std::size_t index) {
  occasions& of = occasions_[index];
  const bool now = of.position == of.strikes_at;
  if (++of.position == of.one_in) start_run(index);
  return now;
}

}  // namespace gauntlet::broker
