// SUBACK: that it comes, for which packet, with which codes. MQTT 5.0 §3.8.4, §3.9

#include <fmt/format.h>

#include "conformance/cases/subscribe/subscribe_cases.hpp"
#include "conformance/cases/support/deliveries.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

constexpr std::uint16_t far_apart[] = {1, 256, 65'535};
constexpr std::uint16_t in_a_row[] = {7, 8, 9};
constexpr auto v5_only = caught_defect::in::v5_only;

bool is_granted(reason_code code) { return !mqtt::is_error(code); }

void answered(context& test) {
  client& c = test.connected("subscriber");
  const auto answer = expect_suback(c, {{test.topic("t"), {qos::at_least_once}}});
  demand(test, c, test.over() || is_granted(answer.reason_codes[0]), "a granted subscription",
         "a refusal");
  prove_delivery(test, c, qos::at_most_once);
}

void identifiers_are_returned(context& test) {
  client& c = test.connected("subscriber");
  for (const std::uint16_t identifier : far_apart) {
    c.send(
        mqtt::subscribe{.packet_identifier = identifier, .subscriptions = {{test.topic("t"), {}}}});
    c.expect<mqtt::suback>(
        fmt::format("SUBACK for packet {}", identifier), {},
        [identifier](const mqtt::suback& came) { return came.packet_identifier == identifier; });
  }
  prove_delivery(test, c, qos::at_most_once);
}

void several_in_one_segment(context& test) {
  client& c = test.connected("subscriber");
  byte_buffer segment;
  for (const std::uint16_t identifier : in_a_row) {
    const mqtt::subscribe packet{.packet_identifier = identifier,
                                 .subscriptions = {{test.topic(std::to_string(identifier)), {}}}};
    const byte_buffer bytes = mqtt::raw_packet::of(packet, test.version()).bytes();
    segment.insert(segment.end(), bytes.begin(), bytes.end());
  }
  c.send_bytes(segment);
  for (const std::uint16_t identifier : in_a_row) {
    c.expect<mqtt::suback>(
        fmt::format("SUBACK for packet {}", identifier),
        [identifier](const mqtt::suback& came) { return came.packet_identifier == identifier; });
  }
  prove_delivery(test, c, qos::at_most_once);
}

std::vector<mqtt::subscription> filters(const context& test, int count, qos maximum) {
  std::vector<mqtt::subscription> all;
  for (int i = 0; i < count; ++i) all.push_back({test.topic(fmt::format("f{}", i)), {maximum}});
  return all;
}

// The answer to several filters is one packet, also if some are refused for the broker's limits.
void one_code_for_each(context& test, int count) {
  client& c = test.connected("subscriber");
  expect_suback(c, filters(test, count, qos::at_most_once));
  c.ping();
  demand(test, c, test.over() || !c.has_arrivals(), "one SUBACK", "a further packet");
  prove_delivery(test, c, qos::at_most_once);
}

void codes_are_in_order(context& test) {
  client& c = test.connected("subscriber");
  const std::vector<qos> asked = {qos::at_most_once, qos::at_least_once, qos::exactly_once,
                                  qos::at_most_once, qos::at_least_once};
  std::vector<mqtt::subscription> wanted;
  for (const qos each : asked) {
    wanted.push_back({test.topic(fmt::format("f{}", wanted.size())), {each}});
  }
  const auto answer = expect_suback(c, wanted);
  for (std::size_t i = 0; !test.over() && i < asked.size(); ++i) {
    const auto code = static_cast<int>(answer.reason_codes[i]);
    demand(test, c, code >= 0x80 || code <= static_cast<int>(asked[i]),
           fmt::format("a code of at most {} for filter {}", static_cast<int>(asked[i]), i + 1),
           fmt::format("0x{:02X}", code));
  }
}

void not_above(context& test, qos asked) {
  client& c = test.connected("subscriber");
  const auto answer = expect_suback(c, {{test.topic("t"), {asked}}});
  if (test.over()) return;
  const auto code = static_cast<int>(answer.reason_codes[0]);
  demand(test, c, code <= static_cast<int>(asked),
         fmt::format("a granted QoS of at most {}", static_cast<int>(asked)),
         fmt::format("0x{:02X}", code));
  prove_delivery(test, c, qos::at_most_once);
}

// With a failure no message may come, with success it has to.
void codes_tell_the_truth(context& test) {
  client& c = test.connected("subscriber");
  const auto answer = expect_suback(
      c, {{test.topic("one"), {qos::at_least_once}}, {test.topic("two"), {qos::at_least_once}}});
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("one"), "1");
  publisher.publish(test.topic("two"), "2");
  const char* const payloads[] = {"1", "2"};
  for (std::size_t i = 0; !test.over() && i < 2; ++i) {
    if (is_granted(answer.reason_codes[i])) c.acknowledge(c.expect_publish(payloads[i]));
  }
  c.expect_quiet();
}

void refused_one_by_one(context& test) {
  client& control = test.connected("control");
  control.subscribe(test.topic("t"), qos::at_most_once);
  control.ping();
  client& c = test.connected("subscriber");
  c.send(mqtt::subscribe{.packet_identifier = 7,
                         .subscriptions = {{test.topic("t"), {}}, {test.topic("a#b"), {}}}});
  const script::arrival what = c.next(test.answer_limit());
  if (test.over()) return;
  const auto* const answer = script::packet_of<mqtt::suback>(what);
  if (answer == nullptr) {
    return test.leave_undecided("an invalid filter is answered otherwise than with SUBACK: " +
                                script::to_text(what, test.version()));
  }
  demand(test, c,
         answer->reason_codes.size() == 2 && is_granted(answer->reason_codes[0]) &&
             !is_granted(answer->reason_codes[1]),
         "SUBACK that grants the valid filter and refuses the other",
         script::to_text(what, test.version()));
}

void repeated_in_one_packet(context& test) {
  client& c = test.connected("subscriber");
  const std::string filter = test.topic("t");
  expect_suback(c, {{filter, {qos::at_most_once}},
                    {test.topic("u"), {qos::at_most_once}},
                    {filter, {qos::at_least_once}}});
  test.connected("publisher").publish(filter, "x");
  c.acknowledge(c.expect_publish(
      "x", [](const mqtt::publish& came) { return came.qos == qos::at_least_once; },
      "the QoS of the later of two equal filters"));
  c.expect_quiet();
}

void all_filters_work(context& test) {
  client& c = test.connected("subscriber");
  expect_suback(c, {{test.topic("one"), {qos::at_least_once}},
                    {test.topic("two"), {qos::at_least_once}},
                    {test.topic("three"), {qos::at_least_once}}});
  client& publisher = test.connected("publisher");
  for (const char* tail : {"one", "two", "three"}) publisher.publish(test.topic(tail), tail);
  expect_only(c, {"one", "two", "three"});
}

void add_answers(suite& to) {
  to.add({.id = "MQTT-3.8.4-1/answered",
          .title = "A SUBSCRIBE is answered with a SUBACK that grants it",
          .covers = {v5("MQTT-3.8.4-1"), v3("MQTT-3.8.4-1")},
          .defects = {"omit-suback", "answer-subscribe-with-failure"},
          .body = answered});
  to.add({.id = "MQTT-3.9.3-2/form",
          .title = "A SUBACK has the form and the codes that the standard gives it",
          .covers = {v5("MQTT-3.9.3-2"), v5("MQTT-2.1.3-1"), v5("MQTT-2.2.2-1"), v3("MQTT-3.9.3-2"),
                     v3("MQTT-2.2.2-1")},
          .defects = {"send-undefined-suback-code",
                      "send-reserved-flags-in-suback",
                      {"omit-property-length-of-suback", v5_only},
                      {"send-long-property-length", v5_only},
                      {"send-strange-property-in-suback", v5_only}},
          .body = answered});
  to.add(
      {.id = "MQTT-3.8.4-2/identifiers",
       .title = "SUBACK has the Packet Identifier of its SUBSCRIBE, from 1 to 65535",
       .covers = {v5("MQTT-3.8.4-2"), v5("MQTT-2.2.1-6"), v3("MQTT-3.8.4-2"), v3("MQTT-2.3.1-7")},
       .defects = {"send-suback-with-wrong-identifier"},
       .body = identifiers_are_returned});
  to.add(
      {.id = "MQTT-3.8.4-2/one-segment",
       .title = "Each SUBSCRIBE of several that arrive together is answered",
       .covers = {v5("MQTT-3.8.4-2"), v5("MQTT-3.8.4-1"), v3("MQTT-3.8.4-2"), v3("MQTT-3.8.4-1")},
       .defects = {"drop-further-packets-of-segment", "send-suback-with-wrong-identifier"},
       .body = several_in_one_segment});
}

void add_codes(suite& to) {
  for (const int count : {1, 2, 50}) {
    std::vector<caught_defect> defects = {"send-too-few-suback-codes",
                                          "send-too-many-suback-codes"};
    if (count > 1) defects.push_back("send-suback-for-each-filter");
    to.add(
        {.id = fmt::format("MQTT-3.8.4-6/{}-filters", count),
         .title = fmt::format("SUBACK to {} filters is one packet with {} codes", count, count),
         .covers = {v5("MQTT-3.8.4-6"), v5("MQTT-3.8.4-5"), v3("MQTT-3.8.4-5"), v3("MQTT-3.8.4-4")},
         .defects = defects,
         .body = [count](context& test) { one_code_for_each(test, count); }});
  }
  to.add({.id = "MQTT-3.9.3-1/order",
          .title = "The codes in SUBACK are in the order of the filters",
          .covers = {v5("MQTT-3.9.3-1"), v3("MQTT-3.9.3-1")},
          .needs = {need::qos2},
          .defects = {"reverse-suback-codes"},
          .body = codes_are_in_order});
  for (const qos asked : {qos::at_most_once, qos::at_least_once}) {
    to.add({.id = fmt::format("MQTT-3.8.4-7/not-above-{}", static_cast<int>(asked)),
            .title = fmt::format("To who asks for QoS {} no higher one is granted",
                                 static_cast<int>(asked)),
            .covers = {v5("MQTT-3.8.4-7"), v3("MQTT-3.8.4-5")},
            .defects = {"grant-higher-qos-than-requested"},
            .body = [asked](context& test) { not_above(test, asked); }});
  }
  to.add({.id = "MQTT-3.8.4-7/truth",
          .title = "Messages come for the filters that SUBACK grants and for no others",
          .covers = {v5("MQTT-3.8.4-7"), v3("MQTT-3.8.4-5")},
          .needs = {need::qos1},
          .defects = {"forget-subscription", "answer-subscribe-with-failure",
                      "subscribe-first-filter-only"},
          .body = codes_tell_the_truth});
  to.add({.id = "MQTT-3.8.4-5/one-invalid",
          .title = "An invalid filter does not take the others of its SUBSCRIBE with it",
          .covers = {v5("MQTT-3.8.4-5"), v5("MQTT-3.8.4-7")},
          .defects = {"refuse-all-filters-for-one"},
          .body = refused_one_by_one});
  to.add({.id = "MQTT-3.8.4-5/equal-filters",
          .title = "Of two equal filters in a SUBSCRIBE the later one decides",
          .covers = {v5("MQTT-3.8.4-5"), v3("MQTT-3.8.4-4")},
          .needs = {need::qos1},
          .defects = {"keep-older-subscription", "deliver-twice-after-repeated-subscribe"},
          .body = repeated_in_one_packet});
  to.add({.id = "MQTT-3.8.4-5/all-filters",
          .title = "All filters of a SUBSCRIBE bring their messages",
          .covers = {v5("MQTT-3.8.4-5"), v3("MQTT-3.8.4-4")},
          .needs = {need::qos1},
          .defects = {"subscribe-first-filter-only"},
          .body = all_filters_work});
}

}  // namespace

void add_suback_cases(suite& to) {
  add_answers(to);
  add_codes(to);
}

}  // namespace gauntlet::conformance
