// Scenarios about connections, sessions and wills, in both versions.

#include <algorithm>

#include "tests/integration/broker/scenarios.hpp"

namespace gauntlet::broker {
namespace {

constexpr int expiry_s = 3'600;

/// Whether the client was told that its session was there; nothing when it cannot show that.
std::optional<bool> session_present(stage& on, stage_client& client) {
  const auto connack = on.await(client, "connack");
  const auto* const told = connack.if_contains("session_present");
  return told == nullptr ? std::nullopt : std::optional(told->as_bool());
}

}  // namespace

void publish_wills(stage& on) {
  const message will{.topic = "will", .payload = "gone", .qos = 1, .retain = true};
  auto& watcher = on.connect(on.reader, {.client_id = "watcher"});
  auto& writer = on.connect(on.writer, {.client_id = "writer"});
  on.subscribe(watcher, {{.filter = "will", .qos = 1}});

  auto& orderly = on.connect(on.writer, {.client_id = "orderly", .will = will});
  on.disconnect(orderly);
  on.expect_same(on.messages(watcher, writer, 1), {}, "after DISCONNECT");

  player victim = on.start_another(on.writer);
  auto& dying = on.connect(victim, {.client_id = "dying", .will = will});
  on.kill(victim, dying);
  on.expect_same({on.await_message(watcher)}, {{.topic = "will", .payload = "gone", .qos = 1}},
                 "the will");
  auto& late = on.connect(on.reader, {.client_id = "late"});
  on.subscribe(late, {{.filter = "will", .qos = 1}});
  on.expect_same(on.messages(late, writer, 1), {will}, "the retained will");
}

void resume_a_session(stage& on) {
  const connect_request stored{
      .client_id = "resumer", .clean = false, .session_expiry_interval = expiry_s};
  auto& writer = on.connect(on.writer, {.client_id = "writer"});
  auto& before = on.connect(on.reader, stored);
  on.expect(!session_present(on, before).value_or(false), "the session of a new client is present");
  on.subscribe(before, {{.filter = "s/#", .qos = 2}});
  on.disconnect(before);

  std::vector<message> meanwhile;
  for (int i = 0; i < 6; ++i) {
    meanwhile.push_back({.topic = "s/" + std::to_string(i), .payload = "x", .qos = 1 + i % 2});
  }
  on.publish(writer, meanwhile);

  auto& after = on.connect(on.reader, stored);
  on.expect(session_present(on, after).value_or(true), "the session's being present is denied");
  auto seen = on.messages(after, writer, 2);
  // Of QoS 1 and QoS 2, each is in order.
  std::ranges::stable_sort(seen, {}, &message::topic);
  on.expect_same(seen, meanwhile, "what came meanwhile (if the session was present)");
  on.disconnect(after);

  if (!on.reader.end.takes_commands()) return;
  auto& anew = on.connect(on.reader, {.client_id = "resumer"});
  on.expect(!session_present(on, anew).value_or(false), "a session is present at a clean start");
}

void check_passwords(stage& on) {
  const auto [refused, answer] =
      on.try_connect(on.reader, {.client_id = "wrong", .user_name = "ann", .password = "guess"});
  if (answer.at("event") != "connack") throw scenario_over("no CONNACK to a wrong password");
  const int reason = answer.at("reason").to_number<int>();
  const int right = on.reader.end.is_v5() ? 0x86 : 4;
  on.expect(reason != 0, "a wrong password was accepted");
  on.expect(reason == right, "a wrong password was refused with reason " + std::to_string(reason));

  auto& reader =
      on.connect(on.reader, {.client_id = "right", .user_name = "ann", .password = "secret"});
  auto& writer =
      on.connect(on.writer, {.client_id = "writer", .user_name = "ann", .password = "secret"});
  on.subscribe(reader, {{.filter = "a", .qos = 1}});
  on.publish(writer, {{.topic = "a", .payload = "x", .qos = 1}});
  on.expect_same(on.messages(reader, writer, 1), {{.topic = "a", .payload = "x", .qos = 1}},
                 "with a password");
}

void take_over_a_client_identifier(stage& on) {
  auto& first = on.connect(on.reader, {.client_id = "one"});
  auto& second = on.connect(on.writer, {.client_id = "one"});
  const auto closed = on.await(first, "closed");
  first.online = false;
  // paho-mqtt 1.6 reads the reason of a DISCONNECT only when properties follow it.
  if (on.reader.end.is_v5() && on.reader.end.kind != client_kind::paho_python) {
    on.expect(closed.at("reason") == 0x8E, "the first client was not told Session taken over");
  }
  on.subscribe(second, {{.filter = "a", .qos = 1}});
  on.publish(second, {{.topic = "a", .payload = "x", .qos = 1}});
  on.expect_same(on.messages(second, second, 1), {{.topic = "a", .payload = "x", .qos = 1}},
                 "to the second client");
}

void accept_an_empty_client_identifier(stage& on) {
  auto& reader = on.connect(on.reader, {});
  auto& other = on.connect(on.reader, {});
  auto& writer = on.connect(on.writer, {.client_id = "writer"});
  const message sent{.topic = "a", .payload = "x", .qos = 1};
  on.subscribe(reader, {{.filter = "a", .qos = 1}});
  on.subscribe(other, {{.filter = "a", .qos = 1}});
  on.publish(writer, {sent});
  on.expect_same(on.messages(reader, writer, 1), {sent}, "to the first");
  on.expect_same(on.messages(other, writer, 1), {sent}, "to the second");
}

void show_the_right_certificate(stage& on) {
  const auto [client, answer] =
      on.try_connect(on.reader, {.client_id = "doubting", .wrong_authority = true});
  on.expect(answer.at("event") != "connack", "a client connected that trusts somebody else");
  on.connect(on.reader, {.client_id = "trusting"});
}

}  // namespace gauntlet::broker
