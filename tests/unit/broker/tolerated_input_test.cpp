// Goal: what a defect lets pass is taken as if it were right, not merely left unanswered.

#include <gtest/gtest.h>

#include "tests/unit/broker/defects/raw_input.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::reason_code;

bench tolerating(defect which) { return bench({.defects = {{which, 1}}}); }

reason_code answer_to(defect which, mqtt::protocol_version version, const raw_connect& packet) {
  bench broker = tolerating(which);
  peer& a = broker.open(version);
  a.send_raw(packet.bytes(version));
  return a.expect<mqtt::connack>().reason_code;
}

class ToleratedConnect : public both_versions {};

TEST_P(ToleratedConnect, IsAccepted) {
  const auto accepts = [&](defect which, const raw_connect& packet) {
    EXPECT_EQ(answer_to(which, version(), packet), reason_code::success)
        << all_defects()[static_cast<std::size_t>(which)].name;
  };
  const auto will = [&](std::string_view topic) { return will_fields(version(), topic); };
  accepts(defect::accept_ill_formed_client_identifier, {.payload = text("\xFF\xFE\xC3(")});
  accepts(defect::accept_null_in_will_topic, {.flags = 0x06, .payload = will(with_null)});
  accepts(defect::accept_reserved_flags_of_connect, {.first_byte = 0x1F});
  accepts(defect::accept_missing_user_name, {.flags = 0x82});
  accepts(defect::accept_missing_password,
          {.flags = 0xC2, .payload = text("a").utf8_string("user")});
  accepts(defect::accept_missing_will, {.flags = 0x2E, .payload = no_will_fields(version())});
  accepts(defect::accept_surplus_in_connect, {.payload = text("a").utf8_string("user")});
  accepts(defect::accept_protocol_name, {.name = "another"});
  accepts(defect::accept_reserved_connect_flag, {.flags = 0x03});
  accepts(defect::accept_will_qos_3, {.flags = 0x1E, .payload = will("w")});
  accepts(defect::accept_will_qos_without_will, {.flags = 0x1A});
  accepts(defect::accept_will_retain_without_will, {.flags = 0x22});
  accepts(defect::accept_wildcard_in_will_topic, {.flags = 0x06, .payload = will("+/#")});
}

INSTANTIATE_TEST_SUITE_P(All, ToleratedConnect, testing::Values(v3, v5), version_suffix);

TEST(ToleratedConnect, IsAcceptedWithWrongProperties) {
  const auto accepts = [](defect which, const raw_connect& packet) {
    EXPECT_EQ(answer_to(which, v5, packet), reason_code::success)
        << all_defects()[static_cast<std::size_t>(which)].name;
  };
  accepts(defect::accept_strange_property_in_connect,
          {.properties = {mqtt::receive_maximum(3), mqtt::content_type("text"),
                          mqtt::user_property("a", "1")}});
  accepts(defect::accept_strange_property_in_will,
          {.flags = 0x06, .payload = will_with({mqtt::receive_maximum(3)})});
  accepts(defect::accept_receive_maximum_twice,
          {.properties = {mqtt::receive_maximum(1), mqtt::receive_maximum(2)}});
  accepts(defect::accept_will_content_type_twice,
          {.flags = 0x06,
           .properties = {mqtt::user_property("a", "1")},
           .payload = will_with({mqtt::content_type("1"), mqtt::content_type("2")})});
  accepts(defect::accept_receive_maximum_0, {.properties = {mqtt::receive_maximum(0)}});
  accepts(defect::accept_authentication_data_without_method,
          {.properties = {mqtt::authentication_data({1})}});
}

// What subscriber "a" of "t" gets when it publishes this itself.
mqtt::publish delivered(defect which, const byte_buffer& packet) {
  bench broker = tolerating(which);
  peer& a = broker.connected("a", v5);
  a.subscribe("t", qos2);
  a.send_raw(packet);
  return a.expect<mqtt::publish>();
}

TEST(ToleratedPublish, IsDelivered) {
  EXPECT_EQ(delivered(defect::accept_dup_at_qos0, with_first_byte(0x38, raw_publish(v5, "t"))).qos,
            qos0);
  EXPECT_EQ(delivered(defect::accept_qos_3,
                      raw({.first_byte = 0x36,
                           .body = text("t").two_byte_integer(1).append(no_properties(v5))}))
                .qos,
            qos2);
  EXPECT_EQ(delivered(defect::accept_long_property_length,
                      raw({.first_byte = 0x30, .body = text("t").variable_byte_integer(0, 3)}))
                .topic_name,
            "t");
  const mqtt::property_list kept = {mqtt::content_type("c")};
  EXPECT_EQ(delivered(defect::accept_topic_alias_0,
                      publish_with({mqtt::topic_alias(0), mqtt::content_type("c")}))
                .properties,
            kept);
  EXPECT_EQ(delivered(defect::accept_content_type_twice,
                      publish_with({mqtt::content_type("c"), mqtt::content_type("d")}))
                .properties,
            kept);
}

TEST(ToleratedSubscribe, IsGranted) {
  const auto granted = [](defect which, const byte_buffer& packet) {
    bench broker = tolerating(which);
    peer& a = broker.connected("a", v5);
    a.send_raw(packet);
    return a.expect<mqtt::suback>().reason_codes;
  };
  const std::vector qos_0 = {reason_code::granted_qos_0};
  const std::vector qos_2 = {reason_code::granted_qos_2};
  EXPECT_EQ(granted(defect::accept_subscription_qos_3, raw_subscribe(v5, text("t").byte(3))),
            qos_2);
  EXPECT_EQ(granted(defect::accept_reserved_subscription_options,
                    raw_subscribe(v5, text("t").byte(0xC0))),
            qos_0);
  EXPECT_EQ(
      granted(defect::accept_long_subscription_identifier,
              raw_subscribe(v5, text("t").byte(0),
                            raw_fields().property_identifier(0x0B).variable_byte_integer(7, 2))),
      qos_0);
  EXPECT_EQ(granted(defect::accept_no_local_of_shared_subscription,
                    raw_subscribe(v5, text("$share/g/t").byte(0x04))),
            qos_0);
}

TEST(ToleratedInput, OfOneDefectDoesNotLetPassAnother) {
  bench broker = tolerating(defect::accept_receive_maximum_twice);
  peer& a = broker.open(v5);
  a.send_raw(
      raw_connect{.properties = {mqtt::maximum_packet_size(9), mqtt::maximum_packet_size(9)}}.bytes(
          v5));
  a.expect(mqtt::connack{.reason_code = reason_code::protocol_error});
  a.expect_closed();
}

}  // namespace
}  // namespace gauntlet::broker
