// Which Topic Names a filter matches: a table. MQTT 5.0 §4.7.1, §4.7.3
//
// "%" stands for a topic of the test's own, so that runs on one broker do not meet; "^" for that
// topic without its first level, which has the separator in front.

#include <fmt/format.h>

#include "conformance/cases/support/deliveries.hpp"
#include "conformance/cases/topics/topics_cases.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

struct match_case {
  const char* word;
  const char* title;
  enum class about : std::uint8_t { text, wildcards } kind;
  const char* filter;
  std::vector<const char*> matching;
  std::vector<const char*> others;
  std::vector<caught_defect> defects;
};

std::string with_own_topic(const context& test, std::string_view pattern) {
  const std::string own = test.topic("t");
  std::string text;
  for (const char each : pattern) {
    if (each == '%') {
      text += own;
    } else if (each == '^') {
      text += own.substr(own.find('/'));
    } else {
      text += each;
    }
  }
  return text;
}

// Publishes to all topics, those that do not match first; then only the matching ones have come.
void judge(context& test, const match_case& of) {
  client& to = test.connected("subscriber");
  to.subscribe(with_own_topic(test, of.filter), qos::at_least_once);
  client& publisher = test.connected("publisher");
  for (const char* const topic : of.others) {
    publisher.publish(with_own_topic(test, topic), fmt::format("not {}", topic));
  }
  for (const char* const topic : of.matching) {
    publisher.publish(with_own_topic(test, topic), topic);
  }
  for (const char* const topic : of.matching) to.acknowledge(to.expect_publish(topic));
  to.expect_quiet();
}

std::vector<match_case> matches_of_text() {
  using enum match_case::about;
  return {
      {"case",
       "Topics that differ in the case of a letter are different",
       text,
       "%/a",
       {"%/a"},
       {"%/A"},
       {"ignore-case-in-matching"}},
      {"leading-separator",
       "A separator in front makes another topic",
       text,
       "%",
       {"%"},
       {"/%"},
       {"ignore-leading-separator-in-matching"}},
      {"filter-with-leading-separator",
       "A filter with a separator in front matches only its like",
       text,
       "/%",
       {"/%"},
       {"%"},
       {"ignore-leading-separator-in-matching"}},
      {"trailing-separator",
       "A separator at the end makes another topic",
       text,
       "%/a",
       {"%/a"},
       {"%/a/"},
       {"ignore-trailing-separator-in-matching"}},
      {"filter-with-trailing-separator",
       "A filter with a separator at the end matches only its like",
       text,
       "%/a/",
       {"%/a/"},
       {"%/a"},
       {"ignore-trailing-separator-in-matching"}},
      {"empty-level",
       "An empty level makes another topic",
       text,
       "%/a/b",
       {"%/a/b"},
       {"%/a//b"},
       {"ignore-empty-levels-in-matching"}},
      {"filter-with-empty-level",
       "A filter with an empty level matches only its like",
       text,
       "%/a//b",
       {"%/a//b"},
       {"%/a/b"},
       {"ignore-empty-levels-in-matching"}},
      {"space",
       "A space makes another topic",
       text,
       "%/ab",
       {"%/ab"},
       {"%/a b", "%/ab ", "%/ ab"},
       {"ignore-spaces-in-matching"}},
      {"filter-with-space",
       "A filter with a space matches only its like",
       text,
       "%/a b",
       {"%/a b"},
       {"%/ab"},
       {"ignore-spaces-in-matching"}},
      {"dot",
       "A dot is no separator",
       text,
       "%/a/b",
       {"%/a/b"},
       {"%/a.b"},
       {"match-dot-as-separator"}},
      {"asterisk",
       "An asterisk is no wildcard",
       text,
       "%/*",
       {"%/*"},
       {"%/a"},
       {"match-asterisk-as-wildcard"}},
      {"below",
       "A filter does not match what is below it",
       text,
       "%/a",
       {"%/a"},
       {"%/a/b", "%/ab", "%"},
       {"match-filter-as-prefix"}},
      {"above",
       "A filter does not match what is above it",
       text,
       "%/a/b",
       {"%/a/b"},
       {"%/a", "%/a/", "%/a/b/c"},
       {"match-filter-as-prefix"}},
      {"combining",
       "Composed and combining characters are different",
       text,
       "%/caf\xC3\xA9",
       {"%/caf\xC3\xA9"},
       {"%/cafe\xCC\x81", "%/cafe"},
       {"lose-qos1-delivery"}},
      {"byte-order-mark",
       "U+FEFF counts in a topic",
       text,
       "%/\xEF\xBB\xBF"
       "a",
       {"%/\xEF\xBB\xBF"
        "a"},
       {"%/a"},
       {"lose-qos1-delivery"}},
  };
}

std::vector<match_case> matches_of_wildcards() {
  using enum match_case::about;
  return {
      {"plus-last",
       "A + at the end matches exactly one level",
       wildcards,
       "%/+",
       {"%/a", "%/b"},
       {"%", "%/a/b"},
       {"match-several-levels-with-single-level-wildcard"}},
      {"plus-empty-level",
       "A + matches an empty level",
       wildcards,
       "%/+",
       {"%/"},
       {"%"},
       {"match-no-empty-level-with-single-level-wildcard"}},
      {"plus-middle",
       "A + in the middle matches exactly one level",
       wildcards,
       "%/+/c",
       {"%/a/c", "%//c"},
       {"%/c", "%/a/b/c", "%/a"},
       {"match-single-level-wildcard-literally",
        "match-no-empty-level-with-single-level-wildcard"}},
      {"plus-first",
       "A + in front matches any first level, an empty one as well",
       wildcards,
       "+^",
       {"%", "other^", "^"},
       {"other/%", "%/a"},
       {"match-single-level-wildcard-literally",
        "match-no-empty-level-with-single-level-wildcard"}},
      {"plus-twice",
       "Two + match two levels",
       wildcards,
       "%/+/+",
       {"%/a/b", "%/a/", "%//"},
       {"%/a", "%/a/b/c"},
       {"match-several-levels-with-single-level-wildcard"}},
      {"plus-is-a-character-elsewhere",
       "A + of a filter matches levels with any characters",
       wildcards,
       "%/+",
       {"%/$a", "%/ ", "%/a.b"},
       {"%/x/y"},
       {"match-single-level-wildcard-literally"}},
      {"hash",
       "A # matches its parent and all levels below",
       wildcards,
       "%/#",
       {"%", "%/", "%/a", "%/a/b/c", "%//"},
       {"%x"},
       {"match-multi-level-wildcard-literally", "match-one-level-with-multi-level-wildcard",
        "match-no-parent-with-multi-level-wildcard"}},
      {"hash-parent",
       "A # matches its parent",
       wildcards,
       "%/a/#",
       {"%/a"},
       {"%/ab", "%"},
       {"match-no-parent-with-multi-level-wildcard"}},
      {"hash-deep",
       "A # matches many levels",
       wildcards,
       "%/#",
       {"%/a/b/c/d/e/f/g/h/i/j"},
       {},
       {"match-one-level-with-multi-level-wildcard"}},
      {"plus-and-hash",
       "A + before # asks for one level at least",
       wildcards,
       "%/+/#",
       {"%/a", "%/a/b", "%/a/b/c"},
       {"%"},
       {"match-single-level-wildcard-literally", "match-multi-level-wildcard-literally"}},
      {"plus-empty-levels",
       "Two separators together make an empty level that + matches",
       wildcards,
       "%/a/+/b",
       {"%/a//b", "%/a/x/b"},
       {"%/a/b"},
       {"match-no-empty-level-with-single-level-wildcard"}},
      {"plus-case",
       "Beside a wildcard the case of letters counts",
       wildcards,
       "%/a/+",
       {"%/a/b"},
       {"%/A/b"},
       {"ignore-case-in-matching"}},
  };
}

void add(suite& to, const match_case& each) {
  const bool text = each.kind == match_case::about::text;
  std::vector<statement_name> covered = {v5("MQTT-3.3.2-3"), v3("MQTT-3.3.2-3")};
  if (text) {
    covered.insert(covered.end(),
                   {v5("MQTT-4.7.3-4"), v3("MQTT-4.7.3-4"), v5("PR5-4.7.3-a"), v3("PR3-4.7.3-a")});
  } else {
    covered.insert(covered.end(),
                   {v5("PR5-4.7.1-a"), v3("PR3-4.7.1-a"), v5("MQTT-4.5.0-1"), v3("MQTT-4.5.0-1")});
  }
  std::vector<need> needs = {need::qos1};
  if (!text) needs.push_back(need::wildcard_subscriptions);
  to.add({.id = fmt::format("{}/{}", text ? "MQTT-4.7.3-4" : "PR5-4.7.1-a", each.word),
          .title = each.title,
          .covers = covered,
          .needs = needs,
          .defects = each.defects,
          .body = [each](context& test) { judge(test, each); }});
}

}  // namespace

void add_matching_cases(suite& to) {
  for (const match_case& each : matches_of_text()) add(to, each);
  for (const match_case& each : matches_of_wildcards()) add(to, each);
}

}  // namespace gauntlet::conformance
