// Goal: defects can be asked for by name, strike as often as asked, and each is visible on the
// wire.

#include "harness/broker/defects.hpp"

#include <set>

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property_id;
using mqtt::reason_code;

bench broker_with(defect which, std::uint32_t one_in = 1) {
  return bench({.defects = {{which, one_in}}});
}

TEST(DefectNames, AreUnlikeEachOther) {
  std::set<std::string_view> names;
  for (const defect_info& info : all_defects()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_FALSE(info.sentence.empty());
    EXPECT_FALSE(info.violates.empty());
  }
}

TEST(DefectNames, AreReadWithTheirFrequency) {
  const auto plain = parse_defect("lose-qos1-delivery");
  EXPECT_EQ(plain->which, defect::lose_qos1_delivery);
  EXPECT_EQ(plain->one_in, 1U);
  EXPECT_EQ(parse_defect("omit-puback:1/100")->one_in, 100U);
}

TEST(DefectNames, ThatAreWrongAreExplained) {
  EXPECT_EQ(parse_defect("lose-qos1-delivry").error().message,
            "no defect is named 'lose-qos1-delivry'; did you mean 'lose-qos1-delivery'?");
  for (const char* text : {"omit-puback:", "omit-puback:2", "omit-puback:1/0", "omit-puback:1/x"}) {
    const auto parsed = parse_defect(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().code, exit_code::bad_input);
  }
}

TEST(DefectSet, StrikesOnceInEachRun) {
  const defect_switch wanted[] = {{defect::omit_puback, 10}};
  defect_set defects(wanted, 7);
  defect_set same(wanted, 7);
  std::set<int> positions;
  for (int run = 0; run < 50; ++run) {
    int strikes = 0;
    for (int i = 0; i < 10; ++i) {
      const bool now = defects.strikes(defect::omit_puback);
      EXPECT_EQ(now, same.strikes(defect::omit_puback));
      strikes += now ? 1 : 0;
      if (now) positions.insert(i);
    }
    EXPECT_EQ(strikes, 1);
  }
  EXPECT_GT(positions.size(), 5U);
  EXPECT_FALSE(defects.strikes(defect::omit_pubrec));
}

// Payloads of the next deliveries, in their order; acknowledges them.
std::string deliveries(peer& to) {
  std::string payloads;
  to.send(mqtt::pingreq{});
  for (;;) {
    const mqtt::packet next = to.expect();
    const auto* const came = std::get_if<mqtt::publish>(&next);
    if (came == nullptr) return payloads;
    payloads += as_text(came->payload);
  }
}

std::string deliveries_with(defect which, mqtt::qos qos, std::uint32_t one_in = 1) {
  bench broker = broker_with(which, one_in);
  peer& to = broker.connected("to", v5);
  to.subscribe("t", qos2);
  peer& from = broker.connected("from", v5);
  for (const char* payload : {"1", "2", "3", "4"}) from.publish("t", payload, qos);
  return deliveries(to);
}

TEST(Defect, LoseQos1Delivery) {
  EXPECT_EQ(deliveries_with(defect::lose_qos1_delivery, qos1), "");
  EXPECT_EQ(deliveries_with(defect::lose_qos1_delivery, qos1, 4).size(), 3U);
  EXPECT_EQ(deliveries_with(defect::lose_qos1_delivery, qos2), "1234");
}

TEST(Defect, DeliverQos2Twice) {
  EXPECT_EQ(deliveries_with(defect::deliver_qos2_twice, qos2), "11223344");
  EXPECT_EQ(deliveries_with(defect::deliver_qos2_twice, qos1), "1234");
}

TEST(Defect, ReorderDeliveries) {
  for (const auto qos : {qos0, qos1, qos2}) {
    EXPECT_EQ(deliveries_with(defect::reorder_deliveries, qos), "2143");
  }
}

TEST(Defect, ReorderDeliveriesLosesNothing) {
  bench broker = broker_with(defect::reorder_deliveries);
  peer& to = broker.connected("to", v5);
  to.subscribe("t", qos1);
  broker.connected("from", v5).publish("t", "only", qos1);
  to.expect_nothing();
  broker.advance(std::chrono::seconds(2));
  to.expect_publish("only");
}

mqtt::connect lasting(std::uint32_t expiry = 10) {
  return {.clean_start = false, .properties = {mqtt::session_expiry_interval(expiry)}};
}

TEST(Defect, KeepSessionAfterExpiry) {
  bench broker = broker_with(defect::keep_session_after_expiry);
  broker.connected("a", v5, lasting()).drop();
  broker.advance(std::chrono::seconds(11));
  mqtt::connect again = lasting();
  again.client_id = "a";
  EXPECT_TRUE(broker.open(v5).connect(again).session_present);
}

TEST(Defect, ExceedReceiveMaximum) {
  bench broker = broker_with(defect::exceed_receive_maximum);
  peer& to = broker.connected("to", v5, {.properties = {mqtt::receive_maximum(1)}});
  to.subscribe("t", qos1);
  peer& from = broker.connected("from", v5);
  for (const char* payload : {"1", "2"}) from.publish("t", payload, qos1);
  EXPECT_EQ(deliveries(to), "12");
}

TEST(Defect, LeaveExistingClientConnectedBringsNothingDown) {
  bench broker = broker_with(defect::leave_existing_client_connected);
  peer& first = broker.connected("a", v5);
  broker.connected("a", v5);
  first.send(mqtt::pingreq{});  // it is no client any more
  EXPECT_FALSE(first.closed());
}

TEST(Defect, OfRedelivery) {
  for (const auto which : {defect::redeliver_without_dup, defect::omit_redelivery}) {
    bench broker = broker_with(which);
    peer& first = broker.connected("to", v5, lasting());
    first.subscribe("t", qos1);
    broker.connected("from", v5).publish("t", "x", qos1);
    first.expect_publish("x");
    first.drop();
    peer& second = broker.connected("to", v5, lasting());
    if (which == defect::omit_redelivery) {
      second.expect_nothing();
    } else {
      EXPECT_FALSE(second.expect_publish("x").dup);
    }
  }
}

TEST(Defect, OfForwarding) {
  const auto forwarded = [](defect which) {
    bench broker = broker_with(which);
    peer& a = broker.connected("a", v5);
    a.subscribe("t", qos0, {.no_local = true});
    peer& b = broker.connected("b", v5);
    b.subscribe("t", qos0);
    mqtt::publish packet{.qos = qos1,
                         .retain = true,
                         .topic_name = "t",
                         .properties = {mqtt::user_property("a", "1")},
                         .payload = {'x'}};
    a.publish_with(packet);
    return b.expect_publish("x");
  };
  EXPECT_FALSE(forwarded(defect::omit_pingresp).retain);
  EXPECT_EQ(forwarded(defect::exceed_granted_qos).qos, qos1);
}

TEST(Defect, IgnoreNoLocal) {
  bench broker = broker_with(defect::ignore_no_local);
  peer& a = broker.connected("a", v5);
  a.subscribe("t", qos0, {.no_local = true});
  a.publish("t", "own");
  a.expect_publish("own");
}

TEST(Defect, OfMissingAnswers) {
  const auto answers = [](defect which, const mqtt::packet& question) {
    bench broker = broker_with(which);
    peer& a = broker.connected("a", v5);
    a.send(question);
    a.expect_nothing();
  };
  answers(defect::omit_suback,
          mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{"t", {}}}});
  answers(defect::omit_unsuback, mqtt::unsubscribe{.packet_identifier = 1, .topic_filters = {"t"}});
  answers(defect::omit_pingresp, mqtt::pingreq{});
}

TEST(Defect, OfSubscriptions) {
  bench reversing = broker_with(defect::reverse_suback_codes);
  peer& a = reversing.connected("a", v5);
  a.send(mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{"t", {qos0}}, {"u", {qos1}}}});
  EXPECT_EQ(a.expect<mqtt::suback>().reason_codes,
            (std::vector{reason_code::granted_qos_1, reason_code::granted_qos_0}));

  bench keeping = broker_with(defect::ignore_unsubscribe);
  peer& b = keeping.connected("b", v5);
  b.subscribe("t", qos0);
  b.send(mqtt::unsubscribe{.packet_identifier = 1, .topic_filters = {"t"}});
  b.expect<mqtt::unsuback>();
  b.publish("t", "x");
  b.expect_publish("x");
}

}  // namespace
}  // namespace gauntlet::broker
