// AUTH after CONNACK: re-authentication, and packets that are wrong. MQTT 5.0 §3.15, §4.12.1

#include <fmt/format.h>

#include "conformance/cases/authentication/authentication_cases.hpp"
#include "conformance/cases/authentication/scram_story.hpp"
#include "conformance/cases/support/acknowledgements.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/cases/support/publish_errors.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::property_id;
using mqtt::qos;
using mqtt::raw_fields;
using mqtt::reason_code;

const refusal as_error{{reason_code::protocol_error, reason_code::malformed_packet,
                        reason_code::bad_authentication_method}};

// An authenticated client has sent AUTH 0x19 and has been challenged.
struct second_exchange {
  scram_story story;
  mqtt::auth challenge;
};

second_exchange begin_again(context& test, std::string_view password) {
  const guarded_listener& guard = *test.where().guarded;
  client& c = authenticated(test, "c");
  scram_story story{
      &c, auth::scram_client(guard.user.user_name, as_bytes(password), auth::draw_nonce())};
  c.send(mqtt::auth{.reason_code = reason_code::re_authenticate,
                    .properties = authentication(story.scram.first())});
  mqtt::auth challenge = take_challenge(test, c);
  return {std::move(story), std::move(challenge)};
}

void ends_with_success(context& test) {
  auto [story, challenge] = begin_again(test, test.where().guarded->user.password);
  story.c->send(answer_to(test, story, challenge));
  story.c->expect<mqtt::auth>("AUTH 0x00 with the method of CONNECT", {},
                              [](const mqtt::auth& came) {
                                return came.reason_code == reason_code::success &&
                                       method_of(came.properties) == auth::scram_mechanism;
                              });
  story.c->ping();
}

void traffic_goes_on(context& test) {
  auto [story, challenge] = begin_again(test, test.where().guarded->user.password);
  client& c = *story.c;
  c.send(publish_of(test.topic("t"), "meanwhile", qos::at_least_once, 9));
  c.send(answer_to(test, story, challenge));
  c.expect<mqtt::auth>("AUTH 0x00", {}, [](const mqtt::auth& came) {
    return came.reason_code == reason_code::success;
  });
  expect_puback(test, c, 9);
}

void wrong_proof_ends_the_connection(context& test) {
  auto [story, challenge] = begin_again(test, "not the password");
  story.c->send(answer_to(test, story, challenge));
  story.c->expect_close({{reason_code::not_authorized, reason_code::bad_user_name_or_password}});
}

// Wrong in one point after a right login; other clients are served before and after.
void refused(context& test, const byte_buffer& bytes) {
  authenticated(test, "control").ping();
  client& c = authenticated(test, "c");
  c.send_bytes(bytes);
  c.expect_close(as_error);
  authenticated(test, "afterwards").ping();
}

void refused_without_method_in_connect(context& test, reason_code code) {
  prove_delivery(test, test.connected("control"), qos::at_most_once);
  client& c = test.connected("c");
  c.send(mqtt::auth{.reason_code = code, .properties = authentication("x")});
  c.expect_close(as_error);
  test.expect_served();
}

byte_buffer raw_auth(std::uint8_t code, const raw_fields& properties,
                     std::uint8_t first_byte = 0xF0) {
  return mqtt::raw_packet{.first_byte = first_byte,
                          .body = raw_fields().byte(code).properties(properties)}
      .bytes();
}

// A re-authentication with more properties than it needs.
byte_buffer begin_with(std::initializer_list<mqtt::property> more) {
  mqtt::property_list properties = authentication("n,,n=device,r=0123456789abcdef");
  for (const mqtt::property& each : more) properties.add(each);
  return raw_auth(0x19, fields_of(properties));
}

test_case with_authentication(std::string id, std::string title, std::vector<statement_name> covers,
                              std::vector<caught_defect> defects,
                              std::function<void(context&)> body) {
  return {.id = std::move(id),
          .title = std::move(title),
          .covers = std::move(covers),
          .needs = {need::enhanced_authentication},
          .defects = std::move(defects),
          .body = std::move(body)};
}

void add_wrong_packets(suite& to) {
  struct wrong_auth {
    std::string id;
    std::string text;
    std::vector<statement_name> covers;
    const char* defect;
    byte_buffer bytes;
  };
  const raw_fields usual = fields_of(authentication("n,,n=device,r=0123456789abcdef"));
  const mqtt::property reason = mqtt::reason_string("r");
  const mqtt::property_list no_method{mqtt::authentication_data({'x'})};
  std::vector<wrong_auth> all = {
      {"PE-3.15.2.2.2-a/no-method",
       "no Authentication Method",
       {v5("PE-3.15.2.2.2-a")},
       "accept-auth-without-method",
       raw_auth(0x19, fields_of(no_method))},
      {"PE-3.15.2.2.2-b/twice",
       "Authentication Method twice",
       {v5("PE-3.15.2.2.2-b")},
       "accept-authentication-method-twice-in-auth",
       begin_with({mqtt::authentication_method("SCRAM-SHA-256")})},
      {"PE-3.15.2.2.3-a/twice",
       "Authentication Data twice",
       {v5("PE-3.15.2.2.3-a")},
       "accept-authentication-data-twice-in-auth",
       begin_with({mqtt::authentication_data({'x'})})},
      {"PE-3.15.2.2.4-a/twice",
       "Reason String twice",
       {v5("PE-3.15.2.2.4-a")},
       "accept-reason-string-twice-in-auth",
       begin_with({reason, reason})},
      {"PE-2.2.2.2-k/session-expiry-interval",
       "a Session Expiry Interval",
       {v5("PE-2.2.2.2-k")},
       "accept-strange-property-in-auth",
       begin_with({mqtt::session_expiry_interval(1)})},
      {"PE-2.2.2.2-k/receive-maximum",
       "a Receive Maximum",
       {v5("PE-2.2.2.2-k")},
       "accept-strange-property-in-auth",
       begin_with({mqtt::receive_maximum(1)})},
      {"PE-2.2.2.2-k/topic-alias",
       "a Topic Alias",
       {v5("PE-2.2.2.2-k")},
       "accept-strange-property-in-auth",
       begin_with({mqtt::topic_alias(1)})},
      {"MQTT-3.15.2-1/success",
       "code 0x00",
       {v5("MQTT-3.15.2-1"), v5("PE-3.15.2.1-a")},
       "accept-reason-code-of-auth",
       raw_auth(0x00, usual)},
      {"MQTT-3.15.2-1/undefined",
       "code 0x55",
       {v5("MQTT-3.15.2-1"), v5("PE-3.15.2.1-a")},
       "accept-reason-code-of-auth",
       raw_auth(0x55, usual)},
      {"MQTT-4.12.1-1/other-method",
       "another method than CONNECT",
       {v5("MQTT-4.12.1-1"), v5("PE-3.15-a")},
       "ignore-auth-of-other-method",
       raw_auth(0x19, fields_of(authentication("x", "OTHER")))},
      {"MQTT-4.12.1-1/continue",
       "code 0x18 and no authentication to continue",
       {v5("MQTT-4.12.1-1"), v5("MQTT-4.12.0-3")},
       "ignore-misplaced-auth",
       raw_auth(0x18, usual)},
  };
  for (const unsigned flags : {1U, 2U, 4U, 8U}) {
    all.push_back({fmt::format("MQTT-3.15.1-1/flags-{}", flags),
                   fmt::format("the flags {:04b}", flags),
                   {v5("MQTT-3.15.1-1"), v5("MQTT-2.1.3-1")},
                   "accept-reserved-flags-of-auth",
                   raw_auth(0x19, usual, static_cast<std::uint8_t>(0xF0U | flags))});
  }
  for (const wrong_auth& each : all) {
    to.add(with_authentication(
        each.id, fmt::format("An AUTH with {} ends the connection", each.text), each.covers,
        {each.defect}, [bytes = each.bytes](context& test) { refused(test, bytes); }));
  }
}

}  // namespace

void add_re_authentication_cases(suite& to) {
  to.add(with_authentication("PR5-4.12.1-a/success", "A re-authentication ends with AUTH 0x00",
                             {v5("PR5-4.12.1-a"), v5("MQTT-4.12.1-1"), v5("MQTT-4.12.0-5")},
                             {"omit-answer-to-re-authentication"}, ends_with_success));
  test_case traffic = with_authentication(
      "PR5-4.12.1-a/traffic", "Messages are taken while a client authenticates again",
      {v5("PR5-4.12.1-a")}, {"omit-answer-to-re-authentication"}, traffic_goes_on);
  traffic.needs.push_back(need::qos1);
  to.add(std::move(traffic));
  to.add(with_authentication(
      "MQTT-4.12.1-2/wrong-proof", "A re-authentication that fails ends the connection",
      {v5("MQTT-4.12.1-2")}, {"accept-wrong-proof", "keep-connection-after-wrong-proof"},
      wrong_proof_ends_the_connection));
  for (const reason_code code :
       {reason_code::re_authenticate, reason_code::continue_authentication}) {
    to.add(
        {.id = fmt::format("MQTT-4.12.0-7/code-{:02x}", static_cast<unsigned>(code)),
         .title = fmt::format("AUTH {:#04x} ends the connection of a client that named no method",
                              static_cast<unsigned>(code)),
         .covers = {v5("MQTT-4.12.0-7"), v5("PE-3.15-a")},
         .defects = {"ignore-unasked-auth"},
         .body = [code](context& test) { refused_without_method_in_connect(test, code); }});
  }
  add_wrong_packets(to);
}

}  // namespace gauntlet::conformance
