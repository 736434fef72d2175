// Each message goes to one member of each group. MQTT 5.0 §4.8.2

#include <fmt/format.h>

#include "conformance/cases/shared_subscription/shared_group.hpp"
#include "conformance/cases/shared_subscription/shared_subscription_cases.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

void one_member_each(context& test, qos of) {
  const std::vector<client*> group = {&member(test, "first", "g", of),
                                      &member(test, "second", "g", of),
                                      &member(test, "third", "g", of)};
  publish_numbered(test, test.connected("publisher"), 6, of);
  expect_shared(test, group, 6);
}

void single_member(context& test) {
  client& only = member(test, "only");
  publish_numbered(test, test.connected("publisher"), 3);
  expect_shared(test, {&only}, 3);
}

void groups_are_independent(context& test) {
  const std::vector<client*> g = {&member(test, "g first", "g"), &member(test, "g second", "g")};
  const std::vector<client*> h = {&member(test, "h first", "h"), &member(test, "h second", "h")};
  publish_numbered(test, test.connected("publisher"), 4);
  expect_shared(test, g, 4);
  expect_shared(test, h, 4);
}

void plain_subscriber_gets_all(context& test) {
  const std::vector<client*> group = {&member(test, "first"), &member(test, "second")};
  client& plain = test.connected("plain");
  plain.subscribe(test.topic("t"), qos::at_least_once);
  publish_numbered(test, test.connected("publisher"), 4);
  expect_shared(test, group, 4);
  expect_shared(test, {&plain}, 4);
}

// Every message comes for the plain subscription; the shared one may bring more.
void both_subscriptions(context& test) {
  client& both = member(test, "both");
  client& other = member(test, "other");
  both.subscribe(test.topic("t"), qos::at_least_once);
  publish_numbered(test, test.connected("publisher"), 4);
  for (int i = 0; i < 4; ++i) both.acknowledge(both.expect_publish(std::to_string(i)));
  other.ping();
}

void with_a_wildcard(context& test) {
  std::vector<client*> group;
  for (const char* name : {"first", "second"}) {
    group.push_back(&test.connected(name));
    group.back()->subscribe(shared(test, "g", "a/+"), qos::at_least_once);
  }
  client& publisher = test.connected("publisher");
  for (const char* payload : {"0", "1", "2"}) {
    publisher.publish(test.topic("a/" + std::string(payload)), payload);
  }
  publisher.publish(test.topic("a/b/c"), "not this");
  expect_shared(test, group, 3);
}

void same_name_other_filter(context& test) {
  client& first = test.connected("first");
  client& second = test.connected("second");
  first.subscribe(shared(test, "g", "one"), qos::at_least_once);
  second.subscribe(shared(test, "g", "two"), qos::at_least_once);
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("one"), "1");
  publisher.publish(test.topic("two"), "2");
  expect_only(first, {"1"});
  expect_only(second, {"2"});
}

void publisher_is_a_member(context& test) {
  client& first = member(test, "first");
  client& second = member(test, "second");
  publish_numbered(test, first, 4);
  expect_shared(test, {&first, &second}, 4);
}

void one_client_in_two_groups(context& test) {
  client& both = member(test, "both", "g");
  both.subscribe(shared(test, "h"), qos::at_least_once);
  test.connected("publisher").publish(test.topic("t"), "x");
  const auto came = receive_together(test, {&both}, 1);
  if (test.over()) return;
  demand(test, both, came.size() <= 2, "a copy for each of two groups, or one for both",
         fmt::format("{} copies", came.size()));
}

void not_in_plain_topic_space(context& test) {
  client& first = member(test, "first");
  publish_numbered(test, test.connected("publisher"), 1);
  expect_shared(test, {&first}, 1);
  // A message to the name as written is no message of the group.
  test.connected("other").publish(message(shared(test, "g"), "x", qos::at_most_once));
  first.expect_quiet();
}

void empty_level_in_front(context& test) {
  client& to = test.connected("member");
  const std::string behind = "/" + test.topic("x");
  to.subscribe("$share/g/" + behind, qos::at_least_once);
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("x"), "without separator");
  publisher.publish(behind, "with separator");
  expect_only(to, {"with separator"});
}

struct delivery_case {
  const char* id;
  const char* title;
  const char* statement;
  std::vector<caught_defect> defects;
  void (*body)(context&);
  need needed = need::qos1;
};

}  // namespace

void add_shared_delivery_cases(suite& to) {
  for (const qos of : {qos::at_most_once, qos::at_least_once, qos::exactly_once}) {
    to.add({.id = fmt::format("PR5-4.8.2-a/one-member-at-qos{}", static_cast<int>(of)),
            .title = fmt::format("Each QoS {} message goes to one of three members",
                                 static_cast<int>(of)),
            .covers = {v5("PR5-4.8.2-a")},
            .needs = {need::qos2, need::shared_subscriptions},
            .defects = {"deliver-to-all-members", "deliver-to-no-member",
                        "treat-shared-subscription-as-plain"},
            .body = [of](context& test) { one_member_each(test, of); }});
  }
  const std::vector<delivery_case> cases = {
      {"PR5-4.8.2-a/single-member",
       "A group of one member gets all messages",
       "PR5-4.8.2-a",
       {"deliver-to-no-member", "treat-shared-subscription-as-plain"},
       single_member},
      {"PR5-4.8.2-a/groups",
       "Groups with different share names are independent",
       "PR5-4.8.2-a",
       {"ignore-share-name", "deliver-to-all-members"},
       groups_are_independent},
      {"PR5-4.8.2-a/plain-subscriber",
       "A plain subscriber gets what a group gets, too",
       "PR5-4.8.2-a",
       {"deliver-to-all-members", "deliver-to-first-subscriber-only"},
       plain_subscriber_gets_all},
      {"PR5-4.8.2-b/both",
       "A member with a plain subscription gets a copy for that one",
       "PR5-4.8.2-b",
       {"withhold-plain-copy-from-member"},
       both_subscriptions},
      {"PR5-4.8.2-a/wildcard",
       "A shared subscription may have a wildcard",
       "PR5-4.8.2-a",
       {"deliver-to-all-members", "match-several-levels-with-single-level-wildcard"},
       with_a_wildcard,
       need::wildcard_subscriptions},
      {"PR5-4.8.2-a/other-filter",
       "The same share name with another filter is another group",
       "PR5-4.8.2-a",
       {"deliver-to-no-member", "lose-qos1-delivery"},
       same_name_other_filter},
      {"PR5-4.8.2-a/publisher",
       "The publisher of a message may be a member of its group",
       "PR5-4.8.2-a",
       {"deliver-to-all-members", "withhold-from-publisher"},
       publisher_is_a_member},
      {"PR5-4.8.2-a/two-groups-one-client",
       "A client may be in two groups",
       "PR5-4.8.2-a",
       {"deliver-to-no-member"},
       one_client_in_two_groups},
      {"PR5-4.8.2-a/no-plain-topic",
       "A group does not get what is published to its own name",
       "PR5-4.8.2-a",
       {"treat-shared-subscription-as-plain"},
       not_in_plain_topic_space},
      {"PR5-4.8.2-c/empty-level",
       "\"$share/g//x\" is a subscription to \"/x\"",
       "PR5-4.8.2-c",
       {"drop-separator-after-share-name"},
       empty_level_in_front},
  };
  for (const delivery_case& each : cases) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = {v5(each.statement)},
            .needs = {need::qos1, need::shared_subscriptions, each.needed},
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
