// Goal: what CONNACK says to be unavailable is refused when asked for, with the code of its own in
// 5.0 and in the way that 3.1.1 has.

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property_id;
using mqtt::reason_code;

mqtt::subscribe subscribe_to(std::string filter, mqtt::property_list properties = {}) {
  return {.packet_identifier = 1,
          .subscriptions = {{std::move(filter), {.maximum_qos = qos2}}},
          .properties = std::move(properties)};
}

mqtt::publish publish_at(mqtt::qos qos, bool retain = false) {
  return {.qos = qos,
          .retain = retain,
          .topic_name = "t",
          .packet_identifier = static_cast<std::uint16_t>(qos == qos0 ? 0 : 1)};
}

class Availability : public both_versions {
 protected:
  void refuses(options settings, const mqtt::packet& packet, reason_code reason) {
    bench broker(std::move(settings));
    peer& a = broker.connected("a", version());
    a.send(packet);
    a.expect_refusal(reason);
  }
};
INSTANTIATE_TEST_SUITE_P(Versions, Availability, testing::Values(v3, v5), version_suffix);

TEST_P(Availability, OfQosIsForPublishAndWill) {
  for (const std::uint8_t highest : {std::uint8_t{0}, std::uint8_t{1}}) {
    const options settings{.capabilities = {.maximum_qos = highest}};
    const auto above = static_cast<mqtt::qos>(highest + 1);
    refuses(settings, publish_at(above), reason_code::qos_not_supported);
    bench broker(settings);
    peer& a = broker.open(version());
    a.send(mqtt::connect{.protocol_version = version(),
                         .client_id = "a",
                         .will = mqtt::will{.topic_name = "w", .qos = above}});
    // 3.1.1 has no return code for it [MQTT-3.2.2-6 of 3.1.1].
    if (is_v5()) a.expect(mqtt::connack{.reason_code = reason_code::qos_not_supported});
    a.expect_closed();
  }
}

// A SUBSCRIBE may ask for any QoS and is granted what there is [MQTT-3.2.2-10].
TEST_P(Availability, OfQosLowersWhatIsGranted) {
  for (const std::uint8_t highest : {std::uint8_t{0}, std::uint8_t{1}}) {
    bench broker({.capabilities = {.maximum_qos = highest}});
    peer& a = broker.connected("a", version());
    a.send(subscribe_to("t"));
    EXPECT_EQ(a.expect<mqtt::suback>().reason_codes,
              std::vector{static_cast<reason_code>(highest)});
    broker.connected("b", version()).publish("t", "x", static_cast<mqtt::qos>(highest));
    EXPECT_EQ(a.expect_publish("x").qos, static_cast<mqtt::qos>(highest));
  }
}

TEST_P(Availability, OfRetainedMessagesIsForPublishAndWill) {
  const options settings{.capabilities = {.retain_available = false}};
  refuses(settings, publish_at(qos1, true), reason_code::retain_not_supported);
  bench broker(settings);
  peer& a = broker.open(version());
  a.send(mqtt::connect{.protocol_version = version(),
                       .client_id = "a",
                       .will = mqtt::will{.topic_name = "w", .retain = true}});
  if (is_v5()) a.expect(mqtt::connack{.reason_code = reason_code::retain_not_supported});
  a.expect_closed();
}

TEST(AvailabilityV5, OfSubscriptionsIsRefusedInADisconnect) {
  const auto refuses = [](capabilities can, const mqtt::subscribe& packet, reason_code reason) {
    bench broker({.capabilities = std::move(can)});
    peer& a = broker.connected("a", v5);
    a.send(packet);
    a.expect_refusal(reason);
  };
  refuses({.wildcard_subscription_available = false}, subscribe_to("a/#"),
          reason_code::wildcard_subscriptions_not_supported);
  refuses({.shared_subscription_available = false}, subscribe_to("$share/g/t"),
          reason_code::shared_subscriptions_not_supported);
  refuses({.subscription_identifier_available = false},
          subscribe_to("t", {mqtt::subscription_identifier(1)}),
          reason_code::subscription_identifiers_not_supported);
}

TEST(AvailabilityV5, IsTold) {
  bench broker({.capabilities = {.wildcard_subscription_available = false,
                                 .subscription_identifier_available = false,
                                 .shared_subscription_available = false}});
  const auto told = broker.open(v5).connect({.client_id = "a"}).properties;
  EXPECT_EQ(told.find<property_id::wildcard_subscription_available>(), 0);
  EXPECT_EQ(told.find<property_id::subscription_identifier_available>(), 0);
  EXPECT_EQ(told.find<property_id::shared_subscription_available>(), 0);
}

// [MQTT-3.8.3-2 of 3.1.1]
TEST(AvailabilityV3, OfWildcardsRejectsTheOneRequest) {
  bench broker({.capabilities = {.wildcard_subscription_available = false}});
  peer& a = broker.connected("a", v3);
  a.send(mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{"a/+", {}}, {"b", {}}}});
  EXPECT_EQ(a.expect<mqtt::suback>().reason_codes,
            (std::vector{reason_code::unspecified_error, reason_code::granted_qos_0}));
}

}  // namespace
}  // namespace gauntlet::broker
