// Client Identifiers: which a broker has to take, and what they tell apart. MQTT 5.0 §3.1.3.1

#include <fmt/format.h>

#include "conformance/cases/connect/connect_cases.hpp"
#include "conformance/cases/support/lasting_session.hpp"
#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

void identifier_is_taken(context& test, const std::string& client_id) {
  test.connected("control").ping();
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
  struct identifier {
    std::string_view word;
    std::string_view title;
    std::string text;
    std::vector<caught_defect> defects;
  };
  const char* const of_23 = "refuse-client-identifier-of-23-bytes";
  const char* const upper = "refuse-upper-case-client-identifier";
  for (const identifier& each :
       {identifier{"digits",
                   "A Client Identifier of 23 digits is taken",
                   "01234567899876543210555",
                   {of_23}},
        identifier{"lower-case",
                   "A Client Identifier of 23 small letters is taken",
                   "abcdefghijklmnopqrstuvw",
                   {of_23}},
        identifier{"upper-case",
                   "A Client Identifier of 23 capital letters is taken",
                   "DEFGHIJKLMNOPQRSTUVWXYZ",
                   {of_23, upper}},
        identifier{
            "one-capital", "A Client Identifier of one capital letter is taken", "Q", {upper}},
        identifier{"mixed",
                   "A Client Identifier of capitals, small letters and digits is taken",
                   "xyzABC0123456789",
                   {upper}}}) {
    to.add({.id = fmt::format("MQTT-3.1.3-5/{}", each.word),
            .title = std::string(each.title),
            .covers = {v5("MQTT-3.1.3-5"), v3("MQTT-3.1.3-5")},
            .defects = each.defects,
            .body = [text = each.text](context& test) { identifier_is_taken(test, text); }});
  }
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
