// Goal: defects can be asked for by name and strike as often as asked. That each shows on the wire
// is proven in defects/.

#include "harness/broker/defects.hpp"

#include <set>

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

bench broker_with(defect which, std::uint32_t one_in = 1) {
  return bench({.defects = {{which, one_in}}});
}

TEST(DefectNames, AreUnlikeEachOther) {
  std::set<std::string_view> names;
  for (const defect_info& info : all_defects()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_FALSE(info.sentence.empty());
    EXPECT_EQ(info.violates.empty(), is_of_robustness(info.id)) << info.name;
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

TEST(Defect, StrikesAsOftenAsAsked) {
  EXPECT_EQ(deliveries_with(defect::lose_qos1_delivery, qos1, 4).size(), 3U);
  EXPECT_EQ(deliveries_with(defect::reorder_deliveries, qos1, 1), "2143");
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

TEST(Defect, LeaveExistingClientConnectedBringsNothingDown) {
  bench broker = broker_with(defect::leave_existing_client_connected);
  peer& first = broker.connected("a", v5);
  broker.connected("a", v5);
  first.send(mqtt::pingreq{});  // it is no client any more
  EXPECT_FALSE(first.closed());
}

}  // namespace
}  // namespace gauntlet::broker
