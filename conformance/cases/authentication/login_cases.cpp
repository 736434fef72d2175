// User names and passwords, on a listener that asks for them. MQTT 5.0 §3.1.2.8, §3.1.4

#include <fmt/format.h>

#include "conformance/cases/authentication/authentication_cases.hpp"
#include "conformance/cases/support/lasting_session.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/suite/context.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/packet_text.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

const refusal for_credentials{
    {reason_code::bad_user_name_or_password, reason_code::not_authorized}};

byte_buffer bytes_of(std::string_view text) {
  const byte_view view = as_bytes(text);
  return {view.begin(), view.end()};
}

mqtt::connect logged_in(context& test, mqtt::connect packet = {}) {
  const auto& user = test.where().guarded->user;
  packet.user_name = user.user_name;
  packet.password = bytes_of(user.password);
  return packet;
}

client& user(context& test, std::string_view name, mqtt::connect packet = {}) {
  return test.connected_at(test.where().guarded->where, name, logged_in(test, std::move(packet)));
}

// How a login goes wrong.
using mistake = void (*)(mqtt::connect&);

void with_wrong_password(mqtt::connect& packet) { packet.password = bytes_of("wrong"); }
void with_longer_password(mqtt::connect& packet) { packet.password->push_back('x'); }
void with_shorter_password(mqtt::connect& packet) { packet.password->pop_back(); }
void with_empty_password(mqtt::connect& packet) { packet.password->clear(); }
void without_password(mqtt::connect& packet) { packet.password.reset(); }
void as_unknown_user(mqtt::connect& packet) { *packet.user_name += "-unknown"; }
void without_login(mqtt::connect& packet) {
  packet.user_name.reset();
  packet.password.reset();
}

// Sends the CONNECT as it is, without the login of the arena.
client& refused(context& test, std::string_view name, mqtt::connect packet, mistake wrong) {
  client& c = test.open_at(test.where().guarded->where, name);
  packet.protocol_version = test.version();
  packet.client_id = test.client_id(name);
  packet = logged_in(test, std::move(packet));
  wrong(packet);
  c.send(packet);
  return c;
}

void login_fails(context& test, mistake wrong) {
  user(test, "control").ping();
  refused(test, "c", {}, wrong).expect_close_within(test.answer_limit(), for_credentials);
  user(test, "afterwards").ping();
}

void login_succeeds(context& test) {
  client& c = test.open_at(test.where().guarded->where, "c");
  mqtt::connect packet = logged_in(test, {.client_id = test.client_id("c")});
  c.send_connect(packet);
  c.expect_connack();
  c.subscribe(test.topic("t"), qos::at_most_once);
  c.publish(test.topic("t"), "x", qos::at_most_once);
  c.expect_publish("x");
}

// In 3.1.1 the code is a SHOULD, and which of two is not laid down.
void answer_has_fitting_code(context& test) {
  user(test, "control").ping();
  client& c = refused(test, "c", {}, with_wrong_password);
  c.expect<mqtt::connack>("CONNACK 0x04 or 0x05", {}, [](const mqtt::connack& came) {
    return came.reason_code == reason_code::bad_user_name_or_password ||
           came.reason_code == reason_code::not_authorized;
  });
  c.expect_bare_close();
}

void session_present_is_0(context& test) {
  user(test, "c", lasting_session(test)).disconnect();
  refused(test, "c", lasting_session(test), with_wrong_password)
      .expect_close_within(test.answer_limit(), for_credentials);
}

// Who does not know the password neither ends the session nor takes over the connection.
void client_is_not_taken_over(context& test) {
  client& device = user(test, "device");
  device.subscribe(test.topic("t"), qos::at_least_once);
  refused(test, "device", {}, with_wrong_password).expect_close_within(test.answer_limit());
  user(test, "publisher").publish(test.topic("t"), "x");
  device.expect_publish("x");
}

void will_is_not_published(context& test) {
  const mqtt::connect packet{.will = mqtt::will{.topic_name = test.topic("will"),
                                                .payload = {'x'},
                                                .qos = qos::at_least_once}};
  client& watcher = user(test, "watcher");
  watcher.subscribe(test.topic("will"), qos::at_least_once);
  user(test, "control", packet).drop();
  watcher.receive("x");
  refused(test, "c", packet, without_login).expect_close_within(test.answer_limit());
  watcher.expect_quiet();
}

void message_is_not_published(context& test) {
  client& watcher = user(test, "watcher");
  watcher.subscribe(test.topic("t"), qos::at_least_once);
  user(test, "control").publish(test.topic("t"), "control");
  watcher.receive("control");
  client& c = test.open_at(test.where().guarded->where, "c");
  mqtt::connect packet{.protocol_version = test.version(), .client_id = test.client_id("c")};
  byte_buffer bytes;
  if (!mqtt::encode(packet, test.version(), bytes).has_value() ||
      !mqtt::encode(publish_of(test.topic("t"), "x"), test.version(), bytes).has_value()) {
    return test.leave_undecided("a packet of the test's own cannot be written");
  }
  c.send_bytes(bytes);
  c.expect_close_within(test.answer_limit());
  watcher.expect_quiet();
}

// On a listener without login, where the password is not looked at or is right.
void odd_password_is_no_error(context& test, bool with_user_name, byte_buffer password) {
  prove_delivery(test, test.connected("control"), qos::at_most_once);
  client& c = test.open("c");
  mqtt::connect packet = c.prepared({.client_id = test.client_id("c")});
  if (with_user_name) packet.user_name = "user";
  packet.password = std::move(password);
  c.send(packet);
  const auto answer = c.expect<mqtt::connack>("CONNACK");
  if (test.over()) return;
  if (answer.reason_code == reason_code::bad_user_name_or_password ||
      answer.reason_code == reason_code::not_authorized) {
    return test.leave_undecided("refused for its credentials, which is the broker's own business");
  }
  if (mqtt::is_error(answer.reason_code)) {
    deviate(test, c, "a CONNACK that does not take the password for an error",
            mqtt::to_text(answer, test.version()));
  }
}

void add_mistakes(suite& to) {
  struct wrong_login {
    const char* word;
    const char* text;
    const char* defect;
    mistake wrong;
  };
  for (const wrong_login& each :
       {wrong_login{"wrong-password", "a wrong password", "accept-any-password",
                    with_wrong_password},
        wrong_login{"longer-password", "a password with one character more", "accept-any-password",
                    with_longer_password},
        wrong_login{"shorter-password", "a password with one character less", "accept-any-password",
                    with_shorter_password},
        wrong_login{"empty-password", "an empty password", "accept-any-password",
                    with_empty_password},
        wrong_login{"no-password", "a user name and no password", "accept-any-password",
                    without_password},
        wrong_login{"unknown-user", "an unknown user name", "accept-any-password", as_unknown_user},
        wrong_login{"anonymous", "neither user name nor password", "accept-any-anonymous-client",
                    without_login}}) {
    to.add({.id = fmt::format("MQTT-3.1.4-2/{}", each.word),
            .title = fmt::format("A client with {} is refused", each.text),
            .covers = {v5("MQTT-3.1.4-2"), v5("PR5-4.12-a"), v5("MQTT-3.2.2-7"), v3("PR3-3.1.4-b"),
                       v3("MQTT-3.2.2-5")},
            .needs = {need::login},
            .defects = {each.defect, "keep-connection-after-refusing-connack"},
            .body = [wrong = each.wrong](context& test) { login_fails(test, wrong); }});
  }
}

}  // namespace

void add_login_cases(suite& to) {
  add_mistakes(to);
  const auto add = [&](std::string id, std::string title, std::vector<statement_name> covers,
                       std::vector<caught_defect> defects, std::function<void(context&)> body) {
    to.add({.id = std::move(id),
            .title = std::move(title),
            .covers = std::move(covers),
            .needs = {need::login, need::qos1},
            .defects = std::move(defects),
            .body = std::move(body)});
  };
  add("PR5-4.12-a/right-password", "A client with user name and password is let in",
      {v5("PR5-4.12-a"), v3("MQTT-3.1.4-4")}, {"omit-connack"}, login_succeeds);
  to.add({.id = "PR3-3.1.4-b/return-code",
          .title = "In 3.1.1, a wrong password is answered with return code 0x04 or 0x05",
          .covers = {v3("PR3-3.1.4-b"), v3("PR3-3.2.2.3-a")},
          .needs = {need::login},
          .defects = {"omit-refusing-connack", "send-other-return-code"},
          .level = requirement_level::should,
          .body = answer_has_fitting_code});
  add("MQTT-3.2.2-6/wrong-password",
      "The refusal of a client whose session is stored has Session Present 0",
      {v5("MQTT-3.2.2-6"), v3("MQTT-3.2.2-4")}, {"send-session-present-with-error"},
      session_present_is_0);
  add("MQTT-3.1.4-2/no-takeover",
      "A client with a wrong password does not take over the connection of another",
      {v5("MQTT-3.1.4-2"), v3("PR3-3.1.4-b")}, {"accept-any-password"}, client_is_not_taken_over);
  add("MQTT-3.1.4-2/no-will", "The will of a client that may not log in is not published",
      {v5("MQTT-3.1.4-2"), v5("MQTT-3.1.2-8"), v3("MQTT-3.1.2-8")},
      {"publish-will-of-refused-connect"}, will_is_not_published);
  add("MQTT-3.1.4-6/login", "A message behind a CONNECT without login is not published",
      {v5("MQTT-3.1.4-6"), v3("MQTT-3.1.4-5")}, {"process-packets-of-refused-client"},
      message_is_not_published);
  to.add({.id = "PR5-3.1.2.9-a/password-alone",
          .title = "A password without user name is no error in 5.0",
          .covers = {v5("PR5-3.1.2.9-a")},
          .defects = {"refuse-password-without-user-name"},
          .body = [](context& test) {
            odd_password_is_no_error(test, false, {'s', 'e', 'c', 'r', 'e', 't'});
          }});
  to.add({.id = "PR3-3.1.3.5-a/binary",
          .title = "A password may be bytes that are no text",
          .covers = {v3("PR3-3.1.3.5-a")},
          .defects = {"refuse-binary-password"},
          .body = [](context& test) {
            odd_password_is_no_error(test, true, {0xFF, 0x00, 0xC3, 0x28});
          }});
}

}  // namespace gauntlet::conformance
