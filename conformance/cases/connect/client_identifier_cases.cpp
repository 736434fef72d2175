// Client Identifiers: which a broker has to take, and what they tell apart. MQTT 5.0 §3.1.3.1

#include <fmt/format.h>

#include "conformance/cases/connect/connect_cases.hpp"
#include "conformance/cases/support/lasting_session.hpp"
#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

// 23 bytes of that alphabet, other ones for each test and version.
std::string identifier_of(const context& test, std::string_view alphabet) {
  std::string identifier = test.client_id("c");
  identifier.resize(23, 'c');
  for (char& letter : identifier) {
    letter = alphabet[static_cast<unsigned char>(letter) % alphabet.size()];
  }
  return identifier;
}

void identifier_is_taken(context& test, const std::string& client_id) {
  client& c = test.connecting("c", {.client_id = client_id});
  c.expect_connack();
  c.subscribe(test.topic("t"), qos::at_most_once);
  c.publish(test.topic("t"), "x", qos::at_most_once);
  c.expect_publish("x");
}

// The two are different clients: neither ends the connection of the other.
void both_stay(context& test, std::string first_id, std::string second_id) {
  client& first = test.connecting("first", {.client_id = std::move(first_id)});
  if (mqtt::is_error(first.expect<mqtt::connack>("CONNACK").reason_code)) {
    return test.skip("it refuses Client Identifiers of that length, which it may");
  }
  first.subscribe(test.topic("t"), qos::at_least_once);
  client& second = test.connecting("second", {.client_id = std::move(second_id)});
  second.expect_connack();
  second.publish(test.topic("t"), "x");
  first.expect_publish("x");
  second.expect_no_publish();
}

// The session of the one is not resumed by the other, and is still there for the first.
void sessions_are_apart(context& test, const std::string& first_id, const std::string& second_id) {
  mqtt::connect packet = lasting_session(test);
  packet.client_id = first_id;
  client& first = test.connecting("first", packet);
  if (mqtt::is_error(first.expect<mqtt::connack>("CONNACK").reason_code)) {
    return test.skip("it refuses Client Identifiers of that length, which it may");
  }
  first.subscribe(test.topic("t"), qos::at_least_once);
  first.disconnect();

  packet.client_id = second_id;
  test.connecting("second", packet).expect_session_present(false);
  packet.client_id = first_id;
  test.connecting("first again", packet).expect_session_present(true);
}

struct pair_of_identifiers {
  std::string_view word;
  std::string_view description;
  const char* defect;
  std::function<std::string(const context&)> first, second;
};

void add_pairs(suite& to) {
  const auto with_tail = [](std::string_view tail) {
    return [tail](const context& test) {
      return test.client_id("c").substr(0, 22) + std::string(tail);
    };
  };
  const pair_of_identifiers pairs[] = {
      {"letter-case", "letter case only", "ignore-case-of-client-identifier", with_tail("A"),
       with_tail("a")},
      {"twenty-fourth-byte", "their 24th byte only", "truncate-client-identifier",
       [](const context& test) { return (test.client_id("c") + "0123456789").substr(0, 23) + "1"; },
       [](const context& test) {
         return (test.client_id("c") + "0123456789").substr(0, 23) + "2";
       }}};
  for (const pair_of_identifiers& each : pairs) {
    const auto add = [&](std::string_view what, std::string title, auto story) {
      to.add({.id = fmt::format("MQTT-3.1.3-2/{}-{}", what, each.word),
              .title = fmt::format("{} differ in {}", title, each.description),
              .covers = {v5("MQTT-3.1.3-2"), v3("MQTT-3.1.3-2")},
              .needs = {need::qos1},
              .defects = {each.defect},
              .body = [=, first = each.first, second = each.second](context& test) {
                story(test, first(test), second(test));
              }});
    };
    add("clients", "Two clients are connected side by side if their identifiers", both_stay);
    add("sessions", "Two sessions are kept apart if their identifiers", sessions_are_apart);
  }
}

void empty_without_clean_session(context& test) {
  test.connected("control").ping();
  client& c = test.open("c");
  c.send_connect({.clean_start = false});
  c.expect_connack(reason_code::client_identifier_not_valid);
  c.expect_bare_close();
}

// Accepted, or refused in the way that the standard lays down.
void accepted_or_refused(context& test, const std::string& client_id) {
  client& c = test.connecting("c", {.client_id = client_id});
  script::arrival what = c.next(test.answer_limit());
  if (test.is_v5() && script::is_close(what)) {
    return test.leave_undecided("the connection ended without CONNACK, which 5.0 permits");
  }
  c.set_aside(std::move(what));
  const auto answer = c.expect<mqtt::connack>("CONNACK");
  if (test.over()) return;
  if (mqtt::is_error(answer.reason_code)) {
    c.expect_bare_close();
    return;
  }
  c.subscribe(test.topic("t"), qos::at_most_once);
  c.publish(test.topic("t"), "x", qos::at_most_once);
  c.expect_publish("x");
}

void add_free_identifiers(suite& to) {
  struct unusual {
    std::string_view word;
    std::string_view text;
  };
  for (const auto& [word, text] :
       {unusual{"spaces", "client with spaces"}, unusual{"separator", "a/b/c"},
        unusual{"wildcards", "a/#/+"}, unusual{"non-ascii", "\xC3\xA4\xE2\x82\xAC"},
        unusual{"long",
                "0123456789012345678901234567890123456789012345678901234567890123456789"}}) {
    to.add({.id = fmt::format("MQTT-3.1.3-8/{}", word),
            .title = fmt::format("A Client Identifier that may be refused ({}) is either served "
                                 "or refused with a CONNACK and a close",
                                 word),
            .covers = {v5("MQTT-3.1.3-8"), v3("MQTT-3.1.3-9")},
            .defects = {"omit-connack"},
            .body = [text = std::string(text)](context& test) {
              accepted_or_refused(test, test.client_id("c") + text);
            }});
  }
}

}  // namespace

void add_client_identifier_cases(suite& to) {
  constexpr std::string_view digits = "0123456789";
  constexpr std::string_view small = "abcdefghijklmnopqrstuvwxyz";
  constexpr std::string_view capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::string_view all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const char* const of_23 = "refuse-client-identifier-of-23-bytes";
  const char* const upper = "refuse-upper-case-client-identifier";
  const auto add = [&](std::string_view word, std::string_view what,
                       std::vector<caught_defect> defects,
                       std::function<std::string(const context&)> identifier) {
    to.add({.id = fmt::format("MQTT-3.1.3-5/{}", word),
            .title = fmt::format("A Client Identifier of {} is taken", what),
            .covers = {v5("MQTT-3.1.3-5"), v3("MQTT-3.1.3-5")},
            .defects = std::move(defects),
            .body = [identifier = std::move(identifier)](context& test) {
              identifier_is_taken(test, identifier(test));
            }});
  };
  add("digits", "23 digits", {of_23}, [=](auto& test) { return identifier_of(test, digits); });
  add("lower-case", "23 small letters", {of_23},
      [=](auto& test) { return identifier_of(test, small); });
  add("upper-case", "23 capital letters", {of_23, upper},
      [=](auto& test) { return identifier_of(test, capitals); });
  add("mixed", "23 letters and digits", {of_23, upper},
      [=](auto& test) { return "Z" + identifier_of(test, all).substr(1); });
  add("one-capital", "one capital letter", {upper},
      [](auto& test) { return std::string(test.is_v5() ? "Q" : "R"); });
  add_pairs(to);
  add_free_identifiers(to);
  to.add(
      {.id = "MQTT-3.1.3-8/empty-without-clean-session",
       .title = "In 3.1.1, no Client Identifier and CleanSession 0 is refused with 0x02",
       .covers = {v3("MQTT-3.1.3-7"), v3("MQTT-3.1.3-8"), v3("MQTT-3.2.2-5"), v3("PR3-3.2.2.3-a")},
       .defects = {"accept-empty-client-identifier-without-clean-session", "omit-refusing-connack",
                   "send-other-return-code", "keep-connection-after-refusing-connack"},
       .body = empty_without_clean_session});
}

}  // namespace gauntlet::conformance
