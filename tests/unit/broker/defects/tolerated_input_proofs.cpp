// Proofs of the defects in harness/broker/defects/tolerated_input.inc.

#include "tests/unit/broker/defects/proof.hpp"
#include "tests/unit/broker/defects/raw_input.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::reason_code;

void add_ill_formed_text(defect_proofs& to) {
  refuses_connect(to, defect::accept_ill_formed_client_identifier, told_in::both_versions,
                  reason_code::malformed_packet,
                  [](auto) { return raw_connect{.payload = text(ill_formed)}; });
  refuses_connect(to, defect::accept_ill_formed_will_topic, told_in::both_versions,
                  reason_code::malformed_packet, [](auto version) {
                    return raw_connect{.flags = 0x06, .payload = will_fields(version, ill_formed)};
                  });
  refuses_connect(to, defect::accept_ill_formed_user_name, told_in::both_versions,
                  reason_code::malformed_packet, [](auto) {
                    return raw_connect{.flags = 0x82, .payload = text("a").utf8_string(ill_formed)};
                  });
  refuses(to, defect::accept_ill_formed_topic_name, told_in::both_versions,
          reason_code::malformed_packet,
          [](auto version) -> byte_buffer { return raw_publish(version, ill_formed); });
  refuses(to, defect::accept_ill_formed_topic_filter, told_in::both_versions,
          reason_code::malformed_packet, [](auto version) -> byte_buffer {
            return raw_subscribe(version, text(ill_formed).byte(0));
          });
  refuses(to, defect::accept_ill_formed_unsubscribe_filter, told_in::both_versions,
          reason_code::malformed_packet,
          [](auto version) -> byte_buffer { return raw_unsubscribe(version, text(ill_formed)); });
  refuses(to, defect::accept_ill_formed_user_property, told_in::v5_only,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return publish_with({mqtt::user_property("a", std::string(ill_formed))});
          });
  refuses(to, defect::accept_ill_formed_content_type, told_in::v5_only,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return publish_with({mqtt::content_type(std::string(ill_formed))});
          });
  refuses(to, defect::accept_ill_formed_response_topic, told_in::v5_only,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return publish_with({mqtt::response_topic(std::string(ill_formed))});
          });
  refuses(to, defect::accept_ill_formed_reason_string, told_in::v5_only,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return raw_disconnect({mqtt::reason_string(std::string(ill_formed))});
          });
}

void add_text_with_null(defect_proofs& to) {
  refuses_connect(to, defect::accept_null_in_client_identifier, told_in::both_versions,
                  reason_code::malformed_packet,
                  [](auto) { return raw_connect{.payload = text(with_null)}; });
  refuses_connect(to, defect::accept_null_in_will_topic, told_in::both_versions,
                  reason_code::malformed_packet, [](auto version) {
                    return raw_connect{.flags = 0x06, .payload = will_fields(version, with_null)};
                  });
  refuses_connect(
      to, defect::accept_null_in_user_name, told_in::both_versions, reason_code::malformed_packet,
      [](auto) { return raw_connect{.flags = 0x82, .payload = text("a").utf8_string(with_null)}; });
  refuses(to, defect::accept_null_in_topic_name, told_in::both_versions,
          reason_code::malformed_packet,
          [](auto version) -> byte_buffer { return raw_publish(version, with_null); });
  refuses(to, defect::accept_null_in_topic_filter, told_in::both_versions,
          reason_code::malformed_packet, [](auto version) -> byte_buffer {
            return raw_subscribe(version, text(with_null).byte(0));
          });
  refuses(to, defect::accept_null_in_unsubscribe_filter, told_in::both_versions,
          reason_code::malformed_packet,
          [](auto version) -> byte_buffer { return raw_unsubscribe(version, text(with_null)); });
  refuses(to, defect::accept_null_in_user_property, told_in::v5_only, reason_code::malformed_packet,
          [](auto) -> byte_buffer {
            return publish_with({mqtt::user_property("a", std::string(with_null))});
          });
  refuses(to, defect::accept_null_in_content_type, told_in::v5_only, reason_code::malformed_packet,
          [](auto) -> byte_buffer {
            return publish_with({mqtt::content_type(std::string(with_null))});
          });
  refuses(to, defect::accept_null_in_response_topic, told_in::v5_only,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return publish_with({mqtt::response_topic(std::string(with_null))});
          });
  refuses(to, defect::accept_null_in_reason_string, told_in::v5_only, reason_code::malformed_packet,
          [](auto) -> byte_buffer {
            return raw_disconnect({mqtt::reason_string(std::string(with_null))});
          });
}

void add_fixed_header(defect_proofs& to) {
  refuses(to, defect::accept_long_remaining_length, told_in::v5_only, reason_code::malformed_packet,
          [](auto) -> byte_buffer {
            return {0xC0, 0x80, 0x00};
          });
  refuses(to, defect::accept_long_property_length, told_in::v5_only, reason_code::malformed_packet,
          [](auto) -> byte_buffer {
            return raw({.first_byte = 0x30, .body = text("t").variable_byte_integer(0, 2)});
          });
  refuses(to, defect::accept_long_subscription_identifier, told_in::v5_only,
          reason_code::malformed_packet, [](auto version) -> byte_buffer {
            return raw_subscribe(
                version, text("t").byte(0),
                raw_fields().property_identifier(0x0B).variable_byte_integer(7, 2));
          });
}

void add_packet_types(defect_proofs& to) {
  refuses(to, defect::accept_packet_type_0, told_in::both_versions, reason_code::malformed_packet,
          [](auto) -> byte_buffer {
            return {0x00, 0x00};
          });
  refuses(to, defect::accept_packet_type_15, told_in::v3_1_1_only, reason_code::malformed_packet,
          [](auto) -> byte_buffer {
            return {0xF0, 0x00};
          });
  refuses(to, defect::accept_connack_from_client, told_in::both_versions,
          reason_code::protocol_error, [](auto) -> byte_buffer {
            return {0x20, 0x02, 0x00, 0x00};
          });
  refuses(to, defect::accept_suback_from_client, told_in::both_versions,
          reason_code::protocol_error, [](auto) -> byte_buffer {
            return {0x90, 0x03, 0x00, 0x01, 0x00};
          });
  refuses(to, defect::accept_unsuback_from_client, told_in::both_versions,
          reason_code::protocol_error, [](auto) -> byte_buffer {
            return {0xB0, 0x02, 0x00, 0x01};
          });
  refuses(to, defect::accept_pingresp_from_client, told_in::both_versions,
          reason_code::protocol_error, [](auto) -> byte_buffer {
            return {0xD0, 0x00};
          });
}

void add_reserved_flags(defect_proofs& to) {
  refuses_connect(to, defect::accept_reserved_flags_of_connect, told_in::both_versions,
                  reason_code::malformed_packet,
                  [](auto) { return raw_connect{.first_byte = 0x11}; });
  refuses(to, defect::accept_reserved_flags_of_puback, told_in::both_versions,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return {0x41, 0x02, 0x00, 0x01};
          });
  refuses(to, defect::accept_reserved_flags_of_pubrec, told_in::both_versions,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return {0x51, 0x02, 0x00, 0x01};
          });
  refuses(to, defect::accept_reserved_flags_of_pubrel, told_in::both_versions,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return {0x60, 0x02, 0x00, 0x01};
          });
  refuses(to, defect::accept_reserved_flags_of_pubcomp, told_in::both_versions,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return {0x71, 0x02, 0x00, 0x01};
          });
  refuses(to, defect::accept_reserved_flags_of_subscribe, told_in::both_versions,
          reason_code::malformed_packet, [](auto version) -> byte_buffer {
            return with_first_byte(0x80, raw_subscribe(version, text("t").byte(0)));
          });
  refuses(to, defect::accept_reserved_flags_of_unsubscribe, told_in::both_versions,
          reason_code::malformed_packet, [](auto version) -> byte_buffer {
            return with_first_byte(0xA0, raw_unsubscribe(version, text("t")));
          });
  refuses(to, defect::accept_reserved_flags_of_pingreq, told_in::both_versions,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return {0xC1, 0x00};
          });
  refuses(to, defect::accept_reserved_flags_of_disconnect, told_in::both_versions,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return {0xE1, 0x00};
          });
  refuses(to, defect::accept_reserved_flags_of_auth, told_in::v5_only,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return with_first_byte(0xF1, raw_auth(0x19, {mqtt::authentication_method("m")}));
          });
  refuses(to, defect::accept_five_byte_remaining_length, told_in::both_versions,
          reason_code::malformed_packet,
          [](auto) -> byte_buffer { return {0x30, 0x80, 0x80, 0x80, 0x80, 0x00}; });
}

void add_fields_and_remaining_length(defect_proofs& to) {
  refuses_connect(to, defect::accept_missing_user_name, told_in::both_versions,
                  reason_code::malformed_packet, [](auto) { return raw_connect{.flags = 0x82}; });
  refuses_connect(
      to, defect::accept_missing_password, told_in::both_versions, reason_code::malformed_packet,
      [](auto) { return raw_connect{.flags = 0xC2, .payload = text("a").utf8_string("user")}; });
  refuses_connect(
      to, defect::accept_missing_will, told_in::both_versions, reason_code::malformed_packet,
      [](auto version) { return raw_connect{.flags = 0x06, .payload = no_will_fields(version)}; });
  refuses_connect(to, defect::accept_missing_client_identifier, told_in::both_versions,
                  reason_code::malformed_packet, [](auto) { return raw_connect{.payload = {}}; });
  refuses_first(
      to, defect::accept_truncated_connect, told_in::both_versions, reason_code::malformed_packet,
      [](auto version) -> byte_buffer {
        return raw({.first_byte = 0x10,
                    .body = text("MQTT").byte(static_cast<std::uint8_t>(version)).byte(2)});
      });
  refuses(to, defect::accept_truncated_publish, told_in::both_versions,
          reason_code::malformed_packet,
          [](auto) -> byte_buffer { return raw({.first_byte = 0x32, .body = text("t")}); });
  refuses(to, defect::accept_truncated_acknowledgement, told_in::both_versions,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return {0x40, 0x01, 0x00};
          });
  refuses(to, defect::accept_truncated_subscribe, told_in::both_versions,
          reason_code::malformed_packet, [](auto version) -> byte_buffer {
            return raw_subscribe(version, raw_fields().utf8_string("t", 9));
          });
  refuses(to, defect::accept_truncated_unsubscribe, told_in::both_versions,
          reason_code::malformed_packet, [](auto version) -> byte_buffer {
            return raw_unsubscribe(version, raw_fields().utf8_string("t", 9));
          });
  refuses_connect(to, defect::accept_surplus_in_connect, told_in::both_versions,
                  reason_code::malformed_packet,
                  [](auto) { return raw_connect{.payload = text("a").utf8_string("user")}; });
  refuses(to, defect::accept_surplus_in_acknowledgement, told_in::both_versions,
          reason_code::malformed_packet,
          [](auto) -> byte_buffer { return {0x40, 0x05, 0x00, 0x01, 0x00, 0x00, 0x00}; });
  refuses(to, defect::accept_surplus_in_pingreq, told_in::both_versions,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return {0xC0, 0x01, 0x00};
          });
  refuses(to, defect::accept_surplus_in_disconnect, told_in::both_versions,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return {0xE0, 0x03, 0x00, 0x00, 0x00};
          });
  refuses(to, defect::accept_packet_identifier_0_in_publish, told_in::both_versions,
          reason_code::protocol_error, [](auto version) -> byte_buffer {
            return raw({.first_byte = 0x32,
                        .body = text("t").two_byte_integer(0).append(no_properties(version))});
          });
  refuses(to, defect::accept_packet_identifier_0_in_subscribe, told_in::both_versions,
          reason_code::protocol_error, [](auto version) -> byte_buffer {
            return raw_subscribe(version, text("t").byte(0), {}, 0);
          });
  refuses(to, defect::accept_packet_identifier_0_in_unsubscribe, told_in::both_versions,
          reason_code::protocol_error,
          [](auto version) -> byte_buffer { return raw_unsubscribe(version, text("t"), {}, 0); });
  refuses(to, defect::accept_packet_identifier_0_in_acknowledgement, told_in::both_versions,
          reason_code::protocol_error, [](auto) -> byte_buffer {
            return {0x40, 0x02, 0x00, 0x00};
          });
}

void add_connect(defect_proofs& to) {
  refuses_connect(to, defect::accept_protocol_name, told_in::both_versions,
                  reason_code::unsupported_protocol_version,
                  [](auto) { return raw_connect{.name = "MQTX"}; });
  refuses_connect(to, defect::accept_protocol_version, told_in::both_versions,
                  reason_code::unsupported_protocol_version,
                  [](auto version) { return raw_connect{.version = version == v5 ? 6 : 3}; });
  refuses_connect(to, defect::accept_reserved_connect_flag, told_in::both_versions,
                  reason_code::malformed_packet, [](auto) { return raw_connect{.flags = 0x03}; });
  refuses_connect(to, defect::accept_will_qos_3, told_in::both_versions,
                  reason_code::malformed_packet, [](auto version) {
                    return raw_connect{.flags = 0x1E, .payload = will_fields(version, "w")};
                  });
  refuses_connect(to, defect::accept_will_qos_without_will, told_in::both_versions,
                  reason_code::protocol_error, [](auto) { return raw_connect{.flags = 0x0A}; });
  refuses_connect(to, defect::accept_will_retain_without_will, told_in::both_versions,
                  reason_code::protocol_error, [](auto) { return raw_connect{.flags = 0x22}; });
  refuses_connect(to, defect::accept_password_without_user_name, told_in::v3_1_1_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{.flags = 0x42, .payload = text("a").utf8_string("secret")};
                  });
  refuses_connect(
      to, defect::accept_empty_will_topic, told_in::both_versions, reason_code::protocol_error,
      [](auto version) { return raw_connect{.flags = 0x06, .payload = will_fields(version, "")}; });
  refuses_connect(to, defect::accept_wildcard_in_will_topic, told_in::both_versions,
                  reason_code::protocol_error, [](auto version) {
                    return raw_connect{.flags = 0x06, .payload = will_fields(version, "w/#")};
                  });
}

void add_publish(defect_proofs& to) {
  refuses(to, defect::accept_qos_3, told_in::both_versions, reason_code::malformed_packet,
          [](auto version) -> byte_buffer {
            return raw({.first_byte = 0x36,
                        .body = text("t").two_byte_integer(1).append(no_properties(version))});
          });
  refuses(
      to, defect::accept_dup_at_qos0, told_in::both_versions, reason_code::protocol_error,
      [](auto version) -> byte_buffer { return with_first_byte(0x38, raw_publish(version, "t")); });
  refuses(to, defect::accept_empty_topic_name, told_in::both_versions, reason_code::protocol_error,
          [](auto version) -> byte_buffer { return raw_publish(version, ""); });
  refuses(to, defect::accept_wildcard_in_topic_name, told_in::both_versions,
          reason_code::protocol_error,
          [](auto version) -> byte_buffer { return raw_publish(version, "t/+"); });
}

void add_subscribe_and_unsubscribe(defect_proofs& to) {
  refuses(to, defect::accept_subscribe_without_filter, told_in::both_versions,
          reason_code::protocol_error,
          [](auto version) -> byte_buffer { return raw_subscribe(version, {}); });
  refuses(to, defect::accept_unsubscribe_without_filter, told_in::both_versions,
          reason_code::protocol_error,
          [](auto version) -> byte_buffer { return raw_unsubscribe(version, {}); });
  refuses(to, defect::accept_reserved_subscription_options, told_in::both_versions,
          reason_code::malformed_packet,
          [](auto version) -> byte_buffer { return raw_subscribe(version, text("t").byte(0x81)); });
  refuses(to, defect::accept_subscription_qos_3, told_in::both_versions,
          reason_code::protocol_error,
          [](auto version) -> byte_buffer { return raw_subscribe(version, text("t").byte(3)); });
  refuses(to, defect::accept_retain_handling_3, told_in::v5_only, reason_code::protocol_error,
          [](auto version) -> byte_buffer { return raw_subscribe(version, text("t").byte(0x30)); });
  refuses(to, defect::accept_no_local_of_shared_subscription, told_in::v5_only,
          reason_code::protocol_error, [](auto version) -> byte_buffer {
            return raw_subscribe(version, text("$share/g/t").byte(0x04));
          });
}

void add_reason_codes(defect_proofs& to) {
  refuses(to, defect::accept_reason_code_of_puback, told_in::v5_only, reason_code::protocol_error,
          [](auto) -> byte_buffer {
            return {0x40, 0x03, 0x00, 0x01, 0x7F};
          });
  refuses(to, defect::accept_reason_code_of_pubrec, told_in::v5_only, reason_code::protocol_error,
          [](auto) -> byte_buffer {
            return {0x50, 0x03, 0x00, 0x01, 0x7F};
          });
  refuses(to, defect::accept_reason_code_of_pubrel, told_in::v5_only, reason_code::protocol_error,
          [](auto) -> byte_buffer {
            return {0x62, 0x03, 0x00, 0x01, 0x7F};
          });
  refuses(to, defect::accept_reason_code_of_pubcomp, told_in::v5_only, reason_code::protocol_error,
          [](auto) -> byte_buffer {
            return {0x70, 0x03, 0x00, 0x01, 0x7F};
          });
  refuses(to, defect::accept_reason_code_of_disconnect, told_in::v5_only,
          reason_code::protocol_error, [](auto) -> byte_buffer {
            return {0xE0, 0x01, 0x7F};
          });
  refuses(to, defect::accept_reason_code_of_auth, told_in::v5_only, reason_code::protocol_error,
          [](auto) -> byte_buffer { return raw_auth(0x7F, {mqtt::authentication_method("m")}); });
}

}  // namespace

void add_tolerated_input_proofs(defect_proofs& to) {
  add_ill_formed_text(to);
  add_text_with_null(to);
  add_fixed_header(to);
  add_packet_types(to);
  add_reserved_flags(to);
  add_fields_and_remaining_length(to);
  add_connect(to);
  add_publish(to);
  add_subscribe_and_unsubscribe(to);
  add_reason_codes(to);
  to.push_back({defect::refuse_remaining_length_of_three_bytes, told_in::v3_1_1_only,
                [](bench& broker, mqtt::protocol_version version) {
                  peer& a = broker.connected("a", version);
                  a.publish("t", std::string(20'000, 'x'), qos1);
                }});
  to.push_back({defect::accept_packet_above_maximum_packet_size,
                told_in::v5_only,
                [](bench& broker, mqtt::protocol_version version) {
                  peer& a = broker.connected("a", version);
                  a.send(mqtt::publish{.topic_name = "t", .payload = byte_buffer(200)});
                  a.expect_refusal(reason_code::packet_too_large);
                },
                {.capabilities = {.maximum_packet_size = 128}}});
}

}  // namespace gauntlet::broker
