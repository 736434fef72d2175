// Members come and go. MQTT 5.0 §4.8.2, §3.10.4

#include <fmt/format.h>

#include "conformance/cases/shared_subscription/shared_group.hpp"
#include "conformance/cases/shared_subscription/shared_subscription_cases.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

void others_stay_after_unsubscribe(context& test) {
  client& creator = member(test, "creator");
  client& stays = member(test, "stays");
  expect_unsuback(creator, {shared(test, "g")});
  publish_numbered(test, test.connected("publisher"), 3);
  expect_shared(test, {&stays}, 3);
  creator.expect_quiet();
}

void others_stay_after_disconnect(context& test) {
  client& leaves = member(test, "leaves");
  client& stays = member(test, "stays");
  leaves.disconnect();
  publish_numbered(test, test.connected("publisher"), 3);
  expect_shared(test, {&stays}, 3);
}

void others_stay_after_a_break(context& test) {
  client& breaks = member(test, "breaks");
  client& stays = member(test, "stays");
  breaks.drop();
  test.connected("breaks").ping();
  publish_numbered(test, test.connected("publisher"), 3);
  expect_shared(test, {&stays}, 3);
}

void later_member_joins(context& test) {
  client& first = member(test, "first");
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("t"), "before");
  first.receive("before");
  client& second = member(test, "second");
  publish_numbered(test, publisher, 4);
  expect_shared(test, {&first, &second}, 4);
}

void bare_filter_does_nothing(context& test) {
  client& only = member(test, "only");
  const auto answer = expect_unsuback(only, {test.topic("t")});
  if (test.over()) return;
  if (answer.reason_codes[0] != reason_code::no_subscription_existed) {
    test.note_manner("UNSUBACK 0x11",
                     fmt::format("0x{:02X}", static_cast<int>(answer.reason_codes[0])));
  }
  publish_numbered(test, test.connected("publisher"), 2);
  expect_shared(test, {&only}, 2);
}

void plain_subscription_is_another(context& test) {
  client& both = member(test, "both");
  both.subscribe(test.topic("t"), qos::at_least_once);
  expect_unsuback(both, {shared(test, "g")});
  test.connected("publisher").publish(test.topic("t"), "x");
  expect_only(both, {"x"});
}

void twice_counts_once(context& test) {
  client& twice = member(test, "twice");
  twice.subscribe(shared(test, "g"), qos::at_least_once);
  client& publisher = test.connected("publisher");
  publish_numbered(test, publisher, 2);
  expect_shared(test, {&twice}, 2);
}

void out_after_one_unsubscribe(context& test) {
  client& twice = member(test, "twice");
  twice.subscribe(shared(test, "g"), qos::at_least_once);
  client& stays = member(test, "stays");
  expect_unsuback(twice, {shared(test, "g")});
  publish_numbered(test, test.connected("publisher"), 4);
  expect_shared(test, {&stays}, 4);
  twice.expect_quiet();
}

void ends_with_the_last(context& test) {
  client& last = member(test, "last");
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("t"), "in time");
  last.receive("in time");
  expect_unsuback(last, {shared(test, "g")});
  publisher.publish(test.topic("t"), "too late");
  last.expect_quiet();
  client& later = member(test, "later");
  publisher.publish(test.topic("t"), "new");
  expect_only(later, {"new"});
}

void kept_with_the_session(context& test) {
  member(test, "away", "g", qos::at_least_once, true).disconnect();
  client& back = test.connected("away", lasting_connect(test.version()));
  publish_numbered(test, test.connected("publisher"), 2);
  expect_shared(test, {&back}, 2);
}

void messages_wait_for_the_only_member(context& test) {
  member(test, "away", "g", qos::at_least_once, true).disconnect();
  publish_numbered(test, test.connected("publisher"), 3);
  client& back = test.connected("away", lasting_connect(test.version()));
  expect_shared(test, {&back}, 3);
}

void out_with_a_clean_start(context& test) {
  member(test, "restarted", "g", qos::at_least_once, true).disconnect();
  client& again = test.connected("restarted", lasting_connect(test.version(), true));
  client& stays = member(test, "stays");
  publish_numbered(test, test.connected("publisher"), 4);
  expect_shared(test, {&stays}, 4);
  again.expect_quiet();
}

struct member_case {
  const char* id;
  const char* title;
  const char* statement;
  std::vector<caught_defect> defects;
  void (*body)(context&);
};

}  // namespace

void add_shared_member_cases(suite& to) {
  const std::vector<member_case> cases = {
      {"PR5-3.10.4-a/others-stay",
       "A group goes on when the member that made it unsubscribes",
       "PR5-3.10.4-a",
       {"end-shared-subscription-with-member", "ignore-unsubscribe"},
       others_stay_after_unsubscribe},
      {"PR5-4.8.2-f/member-left",
       "A group goes on when a member's session ends",
       "PR5-4.8.2-f",
       {"deliver-to-no-member", "lose-qos1-delivery"},
       others_stay_after_disconnect},
      {"PR5-4.8.2-f/member-broke",
       "A group goes on when a member's connection breaks",
       "PR5-4.8.2-f",
       {"deliver-to-no-member", "lose-qos1-delivery"},
       others_stay_after_a_break},
      {"PR5-4.8.2-f/member-joined",
       "A group takes further members",
       "PR5-4.8.2-f",
       {"deliver-to-all-members"},
       later_member_joins},
      {"PR5-3.10.4-a/bare-filter",
       "UNSUBSCRIBE with the bare filter takes nobody out of a group",
       "PR5-3.10.4-a",
       {"deliver-to-no-member"},
       bare_filter_does_nothing},
      {"PR5-3.10.4-a/plain-stays",
       "UNSUBSCRIBE from a group leaves the plain subscription",
       "PR5-3.10.4-a",
       {"ignore-unsubscribe"},
       plain_subscription_is_another},
      {"PR5-4.8.2-e/twice",
       "Subscribing twice to a group brings no message twice",
       "PR5-4.8.2-e",
       {"deliver-twice-after-repeated-subscribe"},
       twice_counts_once},
      {"PR5-4.8.2-e/out-at-once",
       "Who subscribed twice to a group is out after one UNSUBSCRIBE",
       "PR5-4.8.2-e",
       {"ignore-unsubscribe"},
       out_after_one_unsubscribe},
      {"PR5-4.8.2-f/ends",
       "A group ends with its last member, and keeps nothing for later ones",
       "PR5-4.8.2-f",
       {"ignore-unsubscribe"},
       ends_with_the_last},
      {"PR5-4.8.2-f/session",
       "Membership is kept with the session",
       "PR5-4.8.2-f",
       {"forget-subscriptions-at-resume"},
       kept_with_the_session},
      {"PR5-4.8.2-f/waiting",
       "Messages wait for the only member while it is away",
       "PR5-4.8.2-f",
       {"lose-qos1-while-disconnected", "forget-queued-messages"},
       messages_wait_for_the_only_member},
      {"PR5-4.8.2-f/clean-start",
       "Membership ends with the session",
       "PR5-4.8.2-f",
       {"keep-subscriptions-at-clean-start"},
       out_with_a_clean_start},
  };
  for (const member_case& each : cases) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = {v5(each.statement)},
            .needs = {need::qos1, need::shared_subscriptions},
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
