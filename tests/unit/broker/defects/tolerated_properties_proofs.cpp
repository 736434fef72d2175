// Proofs of the defects in harness/broker/defects/tolerated_properties.inc.

#include "tests/unit/broker/defects/proof.hpp"
#include "tests/unit/broker/defects/raw_input.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::reason_code;

void add_property_length_and_identifiers(defect_proofs& to) {
  refuses(to, defect::accept_property_length_beyond_packet, told_in::v5_only,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return raw({.first_byte = 0x30, .body = text("t").properties(raw_fields(), 9)});
          });
  refuses(to, defect::accept_property_beyond_length, told_in::v5_only,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return raw({.first_byte = 0x30,
                        .body = text("t").properties(
                            raw_fields().property(mqtt::content_type("text")), 4)});
          });
  refuses(to, defect::accept_undefined_property, told_in::v5_only, reason_code::malformed_packet,
          [](auto version) -> byte_buffer {
            return raw_publish(version, "t", raw_fields().property_identifier(0x7E).byte(1));
          });
}

void add_properties_of_another_packet(defect_proofs& to) {
  refuses_connect(to, defect::accept_strange_property_in_connect, told_in::v5_only,
                  reason_code::malformed_packet,
                  [](auto) { return raw_connect{.properties = {mqtt::server_keep_alive(1)}}; });
  refuses_connect(to, defect::accept_strange_property_in_will, told_in::v5_only,
                  reason_code::malformed_packet, [](auto) {
                    return raw_connect{.flags = 0x06,
                                       .payload = will_with({mqtt::server_keep_alive(1)})};
                  });
  refuses(to, defect::accept_strange_property_in_publish, told_in::v5_only,
          reason_code::malformed_packet,
          [](auto) -> byte_buffer { return publish_with({mqtt::server_keep_alive(1)}); });
  refuses(to, defect::accept_strange_property_in_puback, told_in::v5_only,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return raw_acknowledgement(0x40, {mqtt::server_keep_alive(1)});
          });
  refuses(to, defect::accept_strange_property_in_pubrec, told_in::v5_only,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return raw_acknowledgement(0x50, {mqtt::server_keep_alive(1)});
          });
  refuses(to, defect::accept_strange_property_in_pubrel, told_in::v5_only,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return raw_acknowledgement(0x62, {mqtt::server_keep_alive(1)});
          });
  refuses(to, defect::accept_strange_property_in_pubcomp, told_in::v5_only,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return raw_acknowledgement(0x70, {mqtt::server_keep_alive(1)});
          });
  refuses(to, defect::accept_strange_property_in_subscribe, told_in::v5_only,
          reason_code::malformed_packet,
          [](auto) -> byte_buffer { return subscribe_with({mqtt::server_keep_alive(1)}); });
  refuses(to, defect::accept_strange_property_in_unsubscribe, told_in::v5_only,
          reason_code::malformed_packet,
          [](auto) -> byte_buffer { return unsubscribe_with({mqtt::server_keep_alive(1)}); });
  refuses(to, defect::accept_strange_property_in_disconnect, told_in::v5_only,
          reason_code::malformed_packet,
          [](auto) -> byte_buffer { return raw_disconnect({mqtt::server_keep_alive(1)}); });
  refuses(to, defect::accept_strange_property_in_auth, told_in::v5_only,
          reason_code::malformed_packet, [](auto) -> byte_buffer {
            return raw_auth(0x19, {mqtt::authentication_method("m"), mqtt::server_keep_alive(1)});
          });
}

void add_connect_properties_given_twice(defect_proofs& to) {
  refuses_connect(to, defect::accept_session_expiry_interval_twice, told_in::v5_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{.properties = {mqtt::session_expiry_interval(1),
                                                      mqtt::session_expiry_interval(1)}};
                  });
  refuses_connect(
      to, defect::accept_receive_maximum_twice, told_in::v5_only, reason_code::protocol_error,
      [](auto) {
        return raw_connect{.properties = {mqtt::receive_maximum(1), mqtt::receive_maximum(1)}};
      });
  refuses_connect(to, defect::accept_maximum_packet_size_twice, told_in::v5_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{.properties = {mqtt::maximum_packet_size(100),
                                                      mqtt::maximum_packet_size(100)}};
                  });
  refuses_connect(to, defect::accept_topic_alias_maximum_twice, told_in::v5_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{
                        .properties = {mqtt::topic_alias_maximum(1), mqtt::topic_alias_maximum(1)}};
                  });
  refuses_connect(to, defect::accept_request_response_information_twice, told_in::v5_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{.properties = {mqtt::request_response_information(1),
                                                      mqtt::request_response_information(1)}};
                  });
  refuses_connect(to, defect::accept_request_problem_information_twice, told_in::v5_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{.properties = {mqtt::request_problem_information(1),
                                                      mqtt::request_problem_information(1)}};
                  });
  refuses_connect(to, defect::accept_authentication_method_twice, told_in::v5_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{.properties = {mqtt::authentication_method("m"),
                                                      mqtt::authentication_method("m")}};
                  });
  refuses_connect(to, defect::accept_authentication_data_twice, told_in::v5_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{.properties = {mqtt::authentication_method("m"),
                                                      mqtt::authentication_data({1}),
                                                      mqtt::authentication_data({1})}};
                  });
}

void add_will_properties_given_twice(defect_proofs& to) {
  refuses_connect(to, defect::accept_will_delay_interval_twice, told_in::v5_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{.flags = 0x06,
                                       .payload = will_with({mqtt::will_delay_interval(1),
                                                             mqtt::will_delay_interval(1)})};
                  });
  refuses_connect(to, defect::accept_will_payload_format_indicator_twice, told_in::v5_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{.flags = 0x06,
                                       .payload = will_with({mqtt::payload_format_indicator(1),
                                                             mqtt::payload_format_indicator(1)})};
                  });
  refuses_connect(to, defect::accept_will_message_expiry_interval_twice, told_in::v5_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{.flags = 0x06,
                                       .payload = will_with({mqtt::message_expiry_interval(1),
                                                             mqtt::message_expiry_interval(1)})};
                  });
  refuses_connect(to, defect::accept_will_content_type_twice, told_in::v5_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{
                        .flags = 0x06,
                        .payload = will_with({mqtt::content_type("c"), mqtt::content_type("c")})};
                  });
  refuses_connect(to, defect::accept_will_response_topic_twice, told_in::v5_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{.flags = 0x06,
                                       .payload = will_with(
                                           {mqtt::response_topic("r"), mqtt::response_topic("r")})};
                  });
  refuses_connect(to, defect::accept_will_correlation_data_twice, told_in::v5_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{.flags = 0x06,
                                       .payload = will_with({mqtt::correlation_data({1}),
                                                             mqtt::correlation_data({1})})};
                  });
}

void add_publish_properties_given_twice(defect_proofs& to) {
  refuses(
      to, defect::accept_payload_format_indicator_twice, told_in::v5_only,
      reason_code::protocol_error, [](auto) -> byte_buffer {
        return publish_with({mqtt::payload_format_indicator(1), mqtt::payload_format_indicator(1)});
      });
  refuses(
      to, defect::accept_message_expiry_interval_twice, told_in::v5_only,
      reason_code::protocol_error, [](auto) -> byte_buffer {
        return publish_with({mqtt::message_expiry_interval(1), mqtt::message_expiry_interval(1)});
      });
  refuses(to, defect::accept_topic_alias_twice, told_in::v5_only, reason_code::protocol_error,
          [](auto) -> byte_buffer {
            return publish_with({mqtt::topic_alias(1), mqtt::topic_alias(1)});
          });
  refuses(to, defect::accept_response_topic_twice, told_in::v5_only, reason_code::protocol_error,
          [](auto) -> byte_buffer {
            return publish_with({mqtt::response_topic("r"), mqtt::response_topic("r")});
          });
  refuses(to, defect::accept_correlation_data_twice, told_in::v5_only, reason_code::protocol_error,
          [](auto) -> byte_buffer {
            return publish_with({mqtt::correlation_data({1}), mqtt::correlation_data({1})});
          });
  refuses(to, defect::accept_content_type_twice, told_in::v5_only, reason_code::protocol_error,
          [](auto) -> byte_buffer {
            return publish_with({mqtt::content_type("c"), mqtt::content_type("c")});
          });
}

void add_other_properties_given_twice(defect_proofs& to) {
  refuses(to, defect::accept_reason_string_twice_in_puback, told_in::v5_only,
          reason_code::protocol_error, [](auto) -> byte_buffer {
            return raw_acknowledgement(0x40, {mqtt::reason_string("r"), mqtt::reason_string("r")});
          });
  refuses(to, defect::accept_reason_string_twice_in_pubrec, told_in::v5_only,
          reason_code::protocol_error, [](auto) -> byte_buffer {
            return raw_acknowledgement(0x50, {mqtt::reason_string("r"), mqtt::reason_string("r")});
          });
  refuses(to, defect::accept_reason_string_twice_in_pubrel, told_in::v5_only,
          reason_code::protocol_error, [](auto) -> byte_buffer {
            return raw_acknowledgement(0x62, {mqtt::reason_string("r"), mqtt::reason_string("r")});
          });
  refuses(to, defect::accept_reason_string_twice_in_pubcomp, told_in::v5_only,
          reason_code::protocol_error, [](auto) -> byte_buffer {
            return raw_acknowledgement(0x70, {mqtt::reason_string("r"), mqtt::reason_string("r")});
          });
  refuses(
      to, defect::accept_subscription_identifier_twice_in_subscribe, told_in::v5_only,
      reason_code::protocol_error, [](auto) -> byte_buffer {
        return subscribe_with({mqtt::subscription_identifier(1), mqtt::subscription_identifier(1)});
      });
  refuses(
      to, defect::accept_session_expiry_interval_twice_in_disconnect, told_in::v5_only,
      reason_code::protocol_error, [](auto) -> byte_buffer {
        return raw_disconnect({mqtt::session_expiry_interval(0), mqtt::session_expiry_interval(0)});
      });
  refuses(to, defect::accept_reason_string_twice_in_disconnect, told_in::v5_only,
          reason_code::protocol_error, [](auto) -> byte_buffer {
            return raw_disconnect({mqtt::reason_string("r"), mqtt::reason_string("r")});
          });
  refuses(
      to, defect::accept_authentication_method_twice_in_auth, told_in::v5_only,
      reason_code::protocol_error, [](auto) -> byte_buffer {
        return raw_auth(0x19, {mqtt::authentication_method("m"), mqtt::authentication_method("m")});
      });
  refuses(to, defect::accept_authentication_data_twice_in_auth, told_in::v5_only,
          reason_code::protocol_error, [](auto) -> byte_buffer {
            return raw_auth(0x19, {mqtt::authentication_method("m"), mqtt::authentication_data({1}),
                                   mqtt::authentication_data({1})});
          });
  refuses(to, defect::accept_reason_string_twice_in_auth, told_in::v5_only,
          reason_code::protocol_error, [](auto) -> byte_buffer {
            return raw_auth(0x19, {mqtt::authentication_method("m"), mqtt::reason_string("r"),
                                   mqtt::reason_string("r")});
          });
}

void add_values_that_the_standard_rules_out(defect_proofs& to) {
  refuses_connect(to, defect::accept_receive_maximum_0, told_in::v5_only,
                  reason_code::protocol_error,
                  [](auto) { return raw_connect{.properties = {mqtt::receive_maximum(0)}}; });
  refuses_connect(to, defect::accept_maximum_packet_size_0, told_in::v5_only,
                  reason_code::protocol_error,
                  [](auto) { return raw_connect{.properties = {mqtt::maximum_packet_size(0)}}; });
  refuses(to, defect::accept_subscription_identifier_0, told_in::v5_only,
          reason_code::protocol_error,
          [](auto) -> byte_buffer { return subscribe_with({mqtt::subscription_identifier(0)}); });
  refuses(to, defect::accept_topic_alias_0, told_in::v5_only, reason_code::topic_alias_invalid,
          [](auto) -> byte_buffer { return publish_with({mqtt::topic_alias(0)}); });
  refuses_connect(to, defect::accept_request_response_information_2, told_in::v5_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{.properties = {mqtt::request_response_information(2)}};
                  });
  refuses_connect(to, defect::accept_request_problem_information_2, told_in::v5_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{.properties = {mqtt::request_problem_information(2)}};
                  });
  refuses(to, defect::accept_payload_format_indicator_2, told_in::v5_only,
          reason_code::protocol_error,
          [](auto) -> byte_buffer { return publish_with({mqtt::payload_format_indicator(2)}); });
  refuses_connect(to, defect::accept_will_payload_format_indicator_2, told_in::v5_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{.flags = 0x06,
                                       .payload = will_with({mqtt::payload_format_indicator(2)})};
                  });
  refuses(to, defect::accept_wildcard_in_response_topic, told_in::v5_only,
          reason_code::protocol_error,
          [](auto) -> byte_buffer { return publish_with({mqtt::response_topic("r/#")}); });
  refuses_connect(to, defect::accept_wildcard_in_will_response_topic, told_in::v5_only,
                  reason_code::protocol_error, [](auto) {
                    return raw_connect{.flags = 0x06,
                                       .payload = will_with({mqtt::response_topic("r/#")})};
                  });
}

void add_properties_where_they_make_no_sense(defect_proofs& to) {
  refuses(to, defect::accept_subscription_identifier_from_client, told_in::v5_only,
          reason_code::protocol_error,
          [](auto) -> byte_buffer { return publish_with({mqtt::subscription_identifier(1)}); });
  refuses_connect(to, defect::accept_authentication_data_without_method, told_in::v5_only,
                  reason_code::protocol_error,
                  [](auto) { return raw_connect{.properties = {mqtt::authentication_data({1})}}; });
  refuses(to, defect::accept_auth_without_method, told_in::v5_only, reason_code::protocol_error,
          [](auto) -> byte_buffer { return raw_auth(0x19, {}); });
}

}  // namespace

void add_tolerated_properties_proofs(defect_proofs& to) {
  add_property_length_and_identifiers(to);
  add_properties_of_another_packet(to);
  add_connect_properties_given_twice(to);
  add_will_properties_given_twice(to);
  add_publish_properties_given_twice(to);
  add_other_properties_given_twice(to);
  add_values_that_the_standard_rules_out(to);
  add_properties_where_they_make_no_sense(to);
}

}  // namespace gauntlet::broker
