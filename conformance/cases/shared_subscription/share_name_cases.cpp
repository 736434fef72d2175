// Filters of shared subscriptions that are none, and names that are. MQTT 5.0 §4.8.2

#include <fmt/format.h>

#include "conformance/cases/shared_subscription/shared_group.hpp"
#include "conformance/cases/shared_subscription/shared_subscription_cases.hpp"
#include "conformance/cases/support/raw_subscribe.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

struct invalid_name {
  const char* word;
  const char* prefix;
  bool with_topic;  ///< the test's own topic follows
  const char* statement;
};

constexpr invalid_name invalid_names[] = {
    {"empty", "$share//", true, "MQTT-4.8.2-1"},
    {"nothing-behind", "$share/", false, "MQTT-4.8.2-1"},
    {"plus", "$share/g+/", true, "MQTT-4.8.2-2"},
    {"only-plus", "$share/+/", true, "MQTT-4.8.2-2"},
    {"hash", "$share/#/", true, "MQTT-4.8.2-2"},
    {"hash-within", "$share/g#h/", true, "MQTT-4.8.2-2"},
    {"no-filter", "$share/g", false, "MQTT-4.8.2-2"},
    {"empty-filter", "$share/g/", false, "MQTT-4.8.2-2"},
};

// Any other characters may stand in a ShareName.
void name_is_taken(context& test, const std::string& name) {
  const std::vector<client*> group = {&member(test, "first", name), &member(test, "second", name)};
  publish_numbered(test, test.connected("publisher"), 4);
  expect_shared(test, group, 4);
}

void case_counts(context& test) {
  client& lower = member(test, "lower", "group");
  client& upper = member(test, "upper", "GROUP");
  test.connected("publisher").publish(test.topic("t"), "x");
  expect_only(lower, {"x"});
  expect_only(upper, {"x"});
}

void invalid_filter_behind(context& test) {
  expect_filter_not_granted(test, shared(test, "g"), shared(test, "g", "a/#/b"));
}

}  // namespace

void add_share_name_cases(suite& to) {
  for (const invalid_name& each : invalid_names) {
    to.add({.id = fmt::format("{}/{}", each.statement, each.word),
            .title = fmt::format("The filter \"{}{}\" is not granted", each.prefix,
                                 each.with_topic ? "..." : ""),
            .covers = {v5(each.statement)},
            .needs = {need::shared_subscriptions},
            .defects = {"accept-invalid-share-name"},
            .body = [each](context& test) {
              const std::string topic = each.with_topic ? test.topic("t") : std::string();
              expect_filter_not_granted(test, shared(test, "g"), each.prefix + topic);
            }});
  }
  to.add({.id = "MQTT-4.7.1-1/shared",
          .title = "A shared subscription with an invalid filter is not granted",
          .covers = {v5("MQTT-4.7.1-1")},
          .needs = {need::shared_subscriptions},
          .defects = {"accept-misplaced-multi-level-wildcard"},
          .body = invalid_filter_behind});
  to.add({.id = "MQTT-4.8.2-2/odd-name",
          .title = "A ShareName may hold spaces, dots and letters of any script",
          .covers = {v5("MQTT-4.8.2-2"), v5("PR5-4.8.2-a")},
          .needs = {need::qos1, need::shared_subscriptions},
          .defects = {"deliver-to-all-members"},
          .body = [](context& test) { name_is_taken(test, "a b.\xC3\xA9-$"); }});
  to.add({.id = "PR5-4.8.2-a/case-of-name",
          .title = "Share names that differ in the case of a letter are different",
          .covers = {v5("PR5-4.8.2-a")},
          .needs = {need::qos1, need::shared_subscriptions},
          .defects = {"ignore-share-name"},
          .body = case_counts});
}

}  // namespace gauntlet::conformance
