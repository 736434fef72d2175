// Topic Names and Topic Filters against the matcher of the codec: every filter with every name.
// MQTT 5.0 §4.7

#include <fmt/format.h>

#include "conformance/vectors/all_vectors.hpp"
#include "conformance/vectors/vector.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::conformance {
namespace {

struct pattern {
  std::string_view id;
  std::string_view text;  ///< behind the test's own first levels
};

constexpr pattern filters[] = {
    {"a", "/a"},
    {"b", "/b"},
    {"upper-a", "/A"},
    {"a-b", "/a/b"},
    {"a-b-c", "/a/b/c"},
    {"plus", "/+"},
    {"plus-plus", "/+/+"},
    {"plus-plus-plus", "/+/+/+"},
    {"a-plus", "/a/+"},
    {"plus-b", "/+/b"},
    {"a-plus-c", "/a/+/c"},
    {"plus-b-plus", "/+/b/+"},
    {"hash", "/#"},
    {"a-hash", "/a/#"},
    {"a-b-hash", "/a/b/#"},
    {"plus-hash", "/+/#"},
    {"plus-b-hash", "/+/b/#"},
    {"a-plus-hash", "/a/+/#"},
    {"trailing-separator", "/a/"},
    {"plus-trailing-separator", "/+/"},
    {"empty-level", "//"},
    {"empty-then-b", "//b"},
    {"empty-then-plus", "//+"},
    {"empty-between", "/a//b"},
    {"dollar", "/$a"},
    {"space", "/a b"},
    {"accent", "/\xC3\xA9"},
};

constexpr pattern names[] = {
    {"none", ""},
    {"empty", "/"},
    {"a", "/a"},
    {"b", "/b"},
    {"upper-a", "/A"},
    {"aa", "/aa"},
    {"a-b", "/a/b"},
    {"b-a", "/b/a"},
    {"a-b-c", "/a/b/c"},
    {"a-b-c-d", "/a/b/c/d"},
    {"c-b-a", "/c/b/a"},
    {"trailing-separator", "/a/"},
    {"a-b-trailing-separator", "/a/b/"},
    {"empty-levels", "//"},
    {"empty-then-b", "//b"},
    {"empty-between", "/a//b"},
    {"dollar", "/$a"},
    {"space", "/a b"},
    {"accent", "/\xC3\xA9"},
    {"accent-decomposed", "/e\xCC\x81"},
};

// Whether the message comes is seen by the one that is published behind it, at the same QoS.
void match(context& test, std::string_view filter, std::string_view name, bool has_to_come) {
  client& c = test.connected("client");
  const std::string root = test.topic("t");
  const std::string end = test.topic("end");
  c.subscribe(end, mqtt::qos::at_most_once);
  c.subscribe(root + std::string(filter), mqtt::qos::at_most_once);
  c.publish(root + std::string(name), "message", mqtt::qos::at_most_once);
  c.publish(end, "end", mqtt::qos::at_most_once);
  if (has_to_come) {
    c.expect_publish("message");
    return;
  }
  c.expect<mqtt::publish>("nothing but the message that ends the test", {},
                          [](const mqtt::publish& came) { return as_text(came.payload) == "end"; });
}

bool has_wildcard(const pattern& filter) {
  return filter.text.find_first_of("+#") != std::string_view::npos;
}

}  // namespace

void add_topic_matching_vectors(suite& to) {
  for (const pattern& filter : filters) {
    for (const pattern& name : names) {
      const bool matches =
          mqtt::matches("t" + std::string(filter.text), "t" + std::string(name.text));
      std::vector<vector_half> halves;
      for (const auto version : both_versions) {
        vector_half half{
            .version = version,
            .outcome = matches ? "matches" : "does not match",
            .covers = statements(version, matches ? "MQTT-4.5.0-1" : "MQTT-3.3.2-3"),
            .defects = {caught_in(version,
                                  matches ? "forget-subscription" : "deliver-to-everybody")},
            .body = [=](context& test) { match(test, filter.text, name.text, matches); }};
        if (has_wildcard(filter)) half.needs = {need::wildcard_subscriptions};
        halves.push_back(std::move(half));
      }
      add_vector(to, "topic-matching", fmt::format("{}/{}", filter.id, name.id),
                 fmt::format("A subscription to \"t{}\" and a message to \"t{}\": the filter",
                             filter.text, name.text),
                 std::move(halves));
    }
  }
}

}  // namespace gauntlet::conformance
