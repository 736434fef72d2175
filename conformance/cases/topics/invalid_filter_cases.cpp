// Topic Filters that are none. MQTT 5.0 §4.7.1, §4.7.3

#include <fmt/format.h>

#include "conformance/cases/support/raw_subscribe.hpp"
#include "conformance/cases/topics/topics_cases.hpp"

namespace gauntlet::conformance {
namespace {

struct invalid_filter {
  const char* word;
  const char* text;   ///< as people read it
  const char* after;  ///< behind the test's own topic
  bool multi_level;
};

constexpr invalid_filter filters[] = {
    {"hash-in-level", "a#", "/a#", true},
    {"hash-not-last", "a/#/b", "/a/#/b", true},
    {"hash-first-not-last", "#/a", "/#/a", true},
    {"hash-behind-text", "a/b#", "/a/b#", true},
    {"hash-twice", "##", "/##", true},
    {"hash-before-text", "a/#b", "/a/#b", true},
    {"plus-behind-text", "a+", "/a+", false},
    {"plus-before-text", "+a", "/+a", false},
    {"plus-within", "a/b+/c", "/a/b+/c", false},
    {"plus-last-before-text", "a/+b", "/a/+b", false},
    {"plus-twice", "++", "/++", false},
};

void empty_filter(context& test) { expect_filter_not_granted(test, test.topic("a"), ""); }

}  // namespace

void add_invalid_filter_cases(suite& to) {
  for (const invalid_filter& each : filters) {
    const char* const in_v5 = each.multi_level ? "MQTT-4.7.1-1" : "MQTT-4.7.1-2";
    const char* const in_v3 = each.multi_level ? "MQTT-4.7.1-2" : "MQTT-4.7.1-3";
    to.add({.id = fmt::format("{}/{}", in_v5, each.word),
            .title = fmt::format("The filter \"{}\" is not granted", each.text),
            .covers = {v5(in_v5), v3(in_v3)},
            .needs = {need::wildcard_subscriptions},
            .defects = {each.multi_level ? "accept-misplaced-multi-level-wildcard"
                                         : "accept-misplaced-single-level-wildcard"},
            .body = [each](context& test) {
              const std::string valid = test.topic("t/+");
              expect_filter_not_granted(test, valid, test.topic("t") + each.after);
            }});
  }
  to.add({.id = "MQTT-4.7.3-1/empty-filter",
          .title = "A filter without characters is not granted",
          .covers = {v5("MQTT-4.7.3-1"), v3("MQTT-4.7.3-1")},
          .defects = {"accept-empty-topic-filter"},
          .body = empty_filter});
}

}  // namespace gauntlet::conformance
