// The exchange of AUTH packets before CONNACK, and what may go wrong in it. MQTT 5.0 §4.12

#include <fmt/format.h>

#include "conformance/cases/authentication/authentication_cases.hpp"
#include "conformance/cases/authentication/scram_story.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::reason_code;

const refusal for_credentials{{reason_code::not_authorized, reason_code::bad_user_name_or_password,
                               reason_code::bad_authentication_method}};
const refusal as_error{{reason_code::protocol_error, reason_code::malformed_packet,
                        reason_code::bad_authentication_method, reason_code::not_authorized}};

void challenge_is_right(context& test) {
  const scram_story story = begin_authentication(test, "c");
  story.c->expect<mqtt::auth>("AUTH 0x18 with the method of CONNECT and data", {},
                              [](const mqtt::auth& came) {
                                return came.reason_code == reason_code::continue_authentication &&
                                       method_of(came.properties) == auth::scram_mechanism &&
                                       !data_of(came.properties).empty();
                              });
}

void right_proof_is_accepted(context& test) {
  scram_story story = begin_authentication(test, "c");
  story.c->send(answer_to(test, story, take_challenge(test, *story.c)));
  const auto answer = story.c->expect<mqtt::connack>(
      "CONNACK 0x00 with the method of CONNECT", {}, [](const mqtt::connack& came) {
        return came.reason_code == reason_code::success &&
               method_of(came.properties) == auth::scram_mechanism;
      });
  if (!test.over() && !story.scram.finish(data_of(answer.properties))) {
    return deviate(test, *story.c, "the broker's own proof of the password", "another");
  }
  story.c->send(mqtt::pingreq{});
  story.c->expect<mqtt::pingresp>("PINGRESP");
}

void wrong_proof_is_refused(context& test) {
  authenticated(test, "control").ping();
  scram_story story = begin_authentication(test, "c", "not the password");
  story.c->send(answer_to(test, story, take_challenge(test, *story.c)));
  story.c->expect_close_within(test.answer_limit(), for_credentials);
}

void senseless_data_is_refused(context& test) {
  authenticated(test, "control").ping();
  client& c = test.open_at(test.where().guarded->where, "c");
  c.send(mqtt::connect{.client_id = test.client_id("c"),
                       .properties = authentication("this is no message of SCRAM")});
  c.expect_close_within(test.answer_limit(), for_credentials);
}

void senseless_answer_is_refused(context& test) {
  authenticated(test, "control").ping();
  const scram_story story = begin_authentication(test, "c");
  take_challenge(test, *story.c);
  story.c->send(mqtt::auth{.reason_code = reason_code::continue_authentication,
                           .properties = authentication("nor is this")});
  story.c->expect_close_within(test.answer_limit(), for_credentials);
}

// In place of the answer to the challenge comes this.
void refused_in_exchange(context& test, const mqtt::packet& instead) {
  authenticated(test, "control").ping();
  const scram_story story = begin_authentication(test, "c");
  take_challenge(test, *story.c);
  story.c->send(instead);
  story.c->expect_close_within(test.answer_limit(), as_error);
}

// The right answer with another Reason Code.
void refused_with_code(context& test, std::uint8_t code) {
  authenticated(test, "control").ping();
  scram_story story = begin_authentication(test, "c");
  mqtt::auth answer = answer_to(test, story, take_challenge(test, *story.c));
  answer.reason_code = static_cast<reason_code>(code);
  story.c->send(answer);
  story.c->expect_close_within(test.answer_limit(), as_error);
}

void refused_in_connect(context& test, const mqtt::property& twice) {
  authenticated(test, "control").ping();
  client& c = test.open_at(test.where().guarded->where, "c");
  const guarded_listener& guard = *test.where().guarded;
  const auth::scram_client scram(guard.user.user_name, as_bytes(guard.user.password),
                                 auth::draw_nonce());
  mqtt::property_list properties = authentication(scram.first());
  properties.add(twice);
  c.send(mqtt::connect{.client_id = test.client_id("c"), .properties = properties});
  c.expect_close_within(test.answer_limit(), as_error);
}

test_case exchange(std::string id, std::string title, std::vector<statement_name> covers,
                   std::vector<caught_defect> defects, std::function<void(context&)> body) {
  return {.id = std::move(id),
          .title = std::move(title),
          .covers = std::move(covers),
          .needs = {need::enhanced_authentication},
          .defects = std::move(defects),
          .body = std::move(body)};
}

void add_other_packets(suite& to) {
  struct other {
    const char* word;
    mqtt::packet packet;
  };
  for (const other& each :
       {other{"ping", mqtt::pingreq{}},
        other{"publish", mqtt::publish{.topic_name = "gauntlet/authenticating", .payload = {'x'}}},
        other{"subscribe", mqtt::subscribe{.packet_identifier = 1,
                           .subscriptions = {{"gauntlet/authenticating", {}}}}}}) {
    to.add(exchange(
        fmt::format("PE-4.12-a/{}", each.word),
        fmt::format("A client that authenticates and sends a {} instead is refused", each.word),
        {v5("PE-4.12-a"), v5("MQTT-3.1.2-30")}, {"ignore-packets-during-authentication"},
        [packet = each.packet](context& test) { refused_in_exchange(test, packet); }));
  }
}

void add_refusals(suite& to) {
  to.add(exchange(
      "MQTT-4.12.0-4/wrong-proof", "A client that does not know the password is refused",
      {v5("MQTT-4.12.0-4"), v5("MQTT-3.1.4-2")},
      {"accept-wrong-proof", "keep-connection-after-wrong-proof"}, wrong_proof_is_refused));
  to.add(exchange("MQTT-4.12.0-4/senseless-first",
                  "A client whose first data make no sense is refused", {v5("MQTT-4.12.0-4")},
                  {"keep-connection-after-wrong-proof"}, senseless_data_is_refused));
  to.add(exchange(
      "MQTT-4.12.0-4/senseless-answer",
      "A client whose answer to the challenge makes no sense is refused", {v5("MQTT-4.12.0-4")},
      {"accept-wrong-proof", "keep-connection-after-wrong-proof"}, senseless_answer_is_refused));
  to.add(exchange(
      "MQTT-4.12.0-5/other-method", "An AUTH with another method than CONNECT is refused",
      {v5("MQTT-4.12.0-5"), v5("PE-3.15-a")}, {"ignore-auth-of-other-method"}, [](context& test) {
        refused_in_exchange(test, mqtt::auth{.reason_code = reason_code::continue_authentication,
                                             .properties = authentication("x", "OTHER")});
      }));
  to.add(exchange("MQTT-4.12.0-3/re-authenticate", "A challenge answered with AUTH 0x19 is refused",
                  {v5("MQTT-4.12.0-3"), v5("PE-3.15.2.1-a")}, {"ignore-misplaced-auth"},
                  [](context& test) { refused_with_code(test, 0x19); }));
  to.add(exchange("MQTT-4.12.0-3/success", "A challenge answered with AUTH 0x00 is refused",
                  {v5("MQTT-4.12.0-3"), v5("PE-3.15.2.1-a"), v5("MQTT-3.15.2-1")},
                  {"accept-reason-code-of-auth"},
                  [](context& test) { refused_with_code(test, 0x00); }));
  to.add(exchange("PE-3.15.2.1-a/undefined", "A challenge answered with AUTH 0x55 is refused",
                  {v5("PE-3.15.2.1-a"), v5("MQTT-3.15.2-1")}, {"accept-reason-code-of-auth"},
                  [](context& test) { refused_with_code(test, 0x55); }));
  to.add(exchange("PE-3.1.2.11.9-a/twice", "A CONNECT with Authentication Method twice is refused",
                  {v5("PE-3.1.2.11.9-a")}, {"accept-authentication-method-twice"},
                  [](context& test) {
                    refused_in_connect(test, mqtt::authentication_method("SCRAM-SHA-256"));
                  }));
  to.add(
      exchange("PE-3.1.2.11.10-b/twice", "A CONNECT with Authentication Data twice is refused",
               {v5("PE-3.1.2.11.10-b")}, {"accept-authentication-data-twice"},
               [](context& test) { refused_in_connect(test, mqtt::authentication_data({'x'})); }));
}

}  // namespace

void add_enhanced_authentication_cases(suite& to) {
  to.add(exchange("MQTT-4.12.0-2/challenge", "The broker asks for more with AUTH 0x18",
                  {v5("MQTT-4.12.0-2"), v5("MQTT-4.12.0-5"), v5("MQTT-3.15.2-1"), v5("PE-3.15-b")},
                  {"send-success-in-place-of-challenge", "send-other-authentication-method"},
                  challenge_is_right));
  to.add(exchange("MQTT-4.12.0-3/accepted", "A client that answers the challenge is let in",
                  {v5("MQTT-4.12.0-3"), v5("MQTT-4.12.0-5"), v5("MQTT-3.1.4-5")},
                  {"omit-connack", "omit-authentication-method-in-connack"},
                  right_proof_is_accepted));
  to.add(exchange("PE-3.2.2.3.17-a/once",
                  "CONNACK has Authentication Method and Data at most once each",
                  {v5("PE-3.2.2.3.17-a"), v5("PE-3.2.2.3.18-a")},
                  {"send-authentication-method-twice", "send-authentication-data-twice"},
                  right_proof_is_accepted));
  add_refusals(to);
  add_other_packets(to);
}

}  // namespace gauntlet::conformance
