// UNSUBACK: that it comes, for which packet, with which codes. MQTT 5.0 §3.10.4, §3.11

#include <algorithm>

#include <fmt/format.h>

#include "conformance/cases/support/deliveries.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/cases/unsubscribe/unsubscribe_cases.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

constexpr std::uint16_t far_apart[] = {1, 256, 65'535};
constexpr std::uint16_t in_a_row[] = {7, 8, 9};
constexpr auto v5_only = caught_defect::in::v5_only;

// A client with these subscriptions below the test's prefix; messages come for each of them, so
// that a broker which only acknowledges is found out.
client& with_subscriptions(context& test, std::initializer_list<const char*> tails) {
  client& c = test.connected("subscriber");
  for (const char* const tail : tails) {
    c.subscribe(test.topic(tail), qos::at_most_once);
    c.publish(test.topic(tail), "control", qos::at_most_once);
    c.receive("control");
  }
  return c;
}

void answered(context& test) {
  client& c = with_subscriptions(test, {"t"});
  const auto answer = expect_unsuback(c, {test.topic("t")});
  if (!test.is_v5() || test.over()) return;
  demand(test, c, answer.reason_codes[0] == reason_code::success, "code 0x00",
         fmt::format("0x{:02X}", static_cast<int>(answer.reason_codes[0])));
}

void identifiers_are_returned(context& test) {
  client& c = with_subscriptions(test, {"t"});
  for (const std::uint16_t identifier : far_apart) {
    c.send(mqtt::unsubscribe{.packet_identifier = identifier, .topic_filters = {test.topic("t")}});
    c.expect<mqtt::unsuback>(
        fmt::format("UNSUBACK for packet {}", identifier), {},
        [identifier](const mqtt::unsuback& came) { return came.packet_identifier == identifier; });
  }
}

void nothing_deleted(context& test) {
  client& c = with_subscriptions(test, {"t"});
  expect_unsuback(c, {test.topic("unknown")});
}

void code_of_nothing_deleted(context& test) {
  client& c = with_subscriptions(test, {"t"});
  const auto answer = expect_unsuback(c, {test.topic("unknown"), test.topic("t")});
  if (test.over()) return;
  if (answer.reason_codes[0] == reason_code::success &&
      answer.reason_codes[1] == reason_code::success) {
    return test.leave_undecided("the broker answers 0x00 for a filter that was not held");
  }
  demand(test, c,
         answer.reason_codes[0] == reason_code::no_subscription_existed &&
             answer.reason_codes[1] == reason_code::success,
         "codes 0x11 and 0x00",
         fmt::format("0x{:02X} and 0x{:02X}", static_cast<int>(answer.reason_codes[0]),
                     static_cast<int>(answer.reason_codes[1])));
}

void one_unsuback(context& test) {
  client& c = with_subscriptions(test, {"one", "two", "three"});
  expect_unsuback(c, {test.topic("one"), test.topic("unknown"), test.topic("two")});
  c.ping();
  demand(test, c, test.over() || !c.has_arrivals(), "one UNSUBACK", "a further packet");
}

void codes_are_in_order(context& test) {
  client& c = with_subscriptions(test, {"one", "two"});
  const auto answer =
      expect_unsuback(c, {test.topic("unknown"), test.topic("one"), test.topic("unknown too"),
                          test.topic("two"), test.topic("one")});
  if (test.over()) return;
  std::string codes;
  for (const reason_code code : answer.reason_codes) {
    codes += fmt::format("{:02X} ", static_cast<int>(code));
  }
  if (codes == "00 00 00 00 00 ") {
    return test.leave_undecided("the broker answers 0x00 for filters that were not held");
  }
  demand(test, c, codes == "11 00 11 00 11 ", "codes 11 00 11 00 11", codes);
}

void several_in_one_segment(context& test) {
  client& c = with_subscriptions(test, {"t"});
  byte_buffer segment;
  for (const std::uint16_t identifier : in_a_row) {
    const mqtt::unsubscribe packet{.packet_identifier = identifier,
                                   .topic_filters = {test.topic("t")}};
    const byte_buffer bytes = mqtt::raw_packet::of(packet, test.version()).bytes();
    segment.insert(segment.end(), bytes.begin(), bytes.end());
  }
  c.send_bytes(segment);
  for (const std::uint16_t identifier : in_a_row) {
    c.expect<mqtt::unsuback>(
        fmt::format("UNSUBACK for packet {}", identifier),
        [identifier](const mqtt::unsuback& came) { return came.packet_identifier == identifier; });
  }
}

void user_properties_are_taken(context& test) {
  client& c = with_subscriptions(test, {"t"});
  c.send(mqtt::unsubscribe{
      .packet_identifier = 77,
      .topic_filters = {test.topic("t")},
      .properties = {mqtt::user_property("a", "1"), mqtt::user_property("a", "2")}});
  c.expect<mqtt::unsuback>("UNSUBACK for packet 77", {}, [](const mqtt::unsuback& came) {
    return came.packet_identifier == 77 && came.reason_codes.size() == 1;
  });
}

// Room for the CONNACK of an ordinary connection, and a filter that is longer than that.
void fits_the_client(context& test) {
  client& first = test.open("first");
  const mqtt::connack welcome = first.connect({.client_id = test.client_id("first")});
  byte_buffer bytes;
  const bool measured =
      mqtt::encode(welcome, mqtt::protocol_version::v5, bytes).has_value() && !test.over();
  const std::size_t size = std::max<std::size_t>(measured ? bytes.size() : 0, 24);
  client& small = test.connected(
      "small", {.properties = {mqtt::maximum_packet_size(static_cast<std::uint32_t>(size))}});
  small.subscribe(test.topic("t"), qos::at_most_once);
  expect_unsuback(small, {test.topic("t")});
  small.send(
      mqtt::unsubscribe{.packet_identifier = 9,
                        .topic_filters = {test.topic("t") + "/" + std::string(200, 'x') + "#"}});
  const script::arrival what = small.next(test.answer_limit());
  if (test.over()) return;
  const auto* const came = std::get_if<script::arrived_packet>(&what);
  if (came == nullptr) {
    return test.leave_undecided("the broker does not answer with UNSUBACK: " +
                                script::to_text(what, test.version()));
  }
  demand(test, small, came->bytes.size() <= size,
         fmt::format("no packet of more than {} bytes", size),
         fmt::format("one of {} bytes", came->bytes.size()));
  prove_delivery(test, small, qos::at_most_once);
}

void add_answers(suite& to) {
  to.add({.id = "MQTT-3.10.4-4/answered",
          .title = "An UNSUBSCRIBE is answered with an UNSUBACK",
          .covers = {v5("MQTT-3.10.4-4"), v3("MQTT-3.10.4-4")},
          .defects = {"omit-unsuback"},
          .body = answered});
  to.add({.id = "MQTT-3.11.3-2/form",
          .title = "An UNSUBACK has the form and the codes that the standard gives it",
          .covers = {v5("MQTT-3.11.3-2"), v5("MQTT-2.1.3-1"), v5("MQTT-2.2.2-1"),
                     v3("MQTT-3.10.4-4"), v3("MQTT-2.2.2-1"), v3("PR3-7.1.1-a")},
          .defects = {"send-reserved-flags-in-unsuback",
                      {"send-undefined-unsuback-code", v5_only},
                      {"send-too-few-unsuback-codes", v5_only},
                      {"omit-property-length-of-unsuback", v5_only},
                      {"send-strange-property-in-unsuback", v5_only},
                      {"send-codes-in-unsuback-of-3-1-1", caught_defect::in::v3_1_1_only}},
          .body = answered});
  to.add({.id = "PE-3.11.2.1.2-a/one-reason-string",
          .title = "An UNSUBACK has at most one Reason String",
          .covers = {v5("PE-3.11.2.1.2-a")},
          .defects = {"send-reason-string-twice-in-unsuback"},
          .body = answered});
  to.add(
      {.id = "MQTT-3.10.4-5/identifiers",
       .title = "UNSUBACK has the Packet Identifier of its UNSUBSCRIBE, from 1 to 65535",
       .covers = {v5("MQTT-3.10.4-5"), v5("MQTT-2.2.1-6"), v3("MQTT-3.10.4-4"), v3("MQTT-2.3.1-7")},
       .defects = {"send-unsuback-with-wrong-identifier"},
       .body = identifiers_are_returned});
  to.add({.id = "MQTT-3.10.4-5/nothing-deleted",
          .title = "An UNSUBSCRIBE that deletes nothing is answered, too",
          .covers = {v5("MQTT-3.10.4-5"), v3("MQTT-3.10.4-5")},
          .defects = {"omit-unsuback-without-subscription"},
          .body = nothing_deleted});
  to.add({.id = "MQTT-3.10.4-4/one-segment",
          .title = "Each UNSUBSCRIBE of several that arrive together is answered",
          .covers = {v5("MQTT-3.10.4-4"), v5("MQTT-3.10.4-5"), v3("MQTT-3.10.4-4")},
          .defects = {"drop-further-packets-of-segment", "send-unsuback-with-wrong-identifier",
                      "omit-unsuback-without-subscription"},
          .body = several_in_one_segment});
  to.add({.id = "MQTT-3.10.4-4/user-properties",
          .title = "An UNSUBSCRIBE with User Properties is answered",
          .covers = {v5("MQTT-3.10.4-4")},
          .defects = {"omit-unsuback"},
          .body = user_properties_are_taken});
}

void add_codes(suite& to) {
  to.add({.id = "MQTT-3.10.4-6/one-unsuback",
          .title = "An UNSUBSCRIBE with several filters is answered with one UNSUBACK",
          .covers = {v5("MQTT-3.10.4-6"), v3("MQTT-3.10.4-6")},
          .defects = {"send-unsuback-for-each-filter"},
          .body = one_unsuback});
  to.add({.id = "MQTT-3.11.3-1/order",
          .title = "The codes in UNSUBACK are in the order of the filters",
          .covers = {v5("MQTT-3.11.3-1"), v5("MQTT-3.10.4-6")},
          .defects = {"unsubscribe-first-filter-only"},
          .body = codes_are_in_order});
  to.add({.id = "MQTT-3.11.3-1/held-and-unknown",
          .title = "UNSUBACK tells a filter that was held from one that was not",
          .covers = {v5("MQTT-3.11.3-1")},
          .defects = {"reverse-unsuback-codes"},
          .body = code_of_nothing_deleted});
  to.add({.id = "MQTT-3.11.2-1/fits",
          .title = "UNSUBACK with a Reason String fits the client's Maximum Packet Size",
          .covers = {v5("MQTT-3.11.2-1"), v5("MQTT-3.1.2-24")},
          .defects = {"exceed-maximum-packet-size-with-reason-string"},
          .body = fits_the_client});
  to.add({.id = "MQTT-3.11.2-2/fits",
          .title = "UNSUBACK with User Properties fits the client's Maximum Packet Size",
          .covers = {v5("MQTT-3.11.2-2"), v5("MQTT-3.1.2-24")},
          .defects = {"exceed-maximum-packet-size-with-user-properties"},
          .body = fits_the_client});
}

}  // namespace

void add_unsuback_cases(suite& to) {
  add_answers(to);
  add_codes(to);
}

}  // namespace gauntlet::conformance
