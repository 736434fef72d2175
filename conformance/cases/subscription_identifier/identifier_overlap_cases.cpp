// Identifiers of overlapping subscriptions: on one copy together, or each on its own. MQTT 5.0
// §3.3.4

#include <algorithm>

#include <fmt/format.h>

#include "conformance/cases/subscription_identifier/subscription_identifier_cases.hpp"
#include "conformance/cases/support/deliveries.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using identifiers = std::vector<std::uint32_t>;

// Publishes one message that all subscriptions match, and judges the identifiers over all copies:
// one copy carries them all, several copies one each.
void judge_copies(context& test, client& to, const identifiers& held, std::size_t without) {
  test.connected("publisher").publish(test.topic("a/b"), "x");
  identifiers seen;
  const auto copies = receive_together(test, {&to}, 1);
  if (test.over()) return;
  bool one_each = true;
  for (const delivery& copy : copies) {
    const identifiers of_copy = identifiers_of(copy.message);
    one_each = one_each && of_copy.size() <= 1;
    seen.insert(seen.end(), of_copy.begin(), of_copy.end());
  }
  std::ranges::sort(seen);
  const std::string observed =
      fmt::format("{} over {} copies", fmt::join(seen, ", "), copies.size());
  demand(test, to, seen == held, fmt::format("identifiers {}", fmt::join(held, ", ")), observed);
  if (copies.size() == 1) return;
  demand(test, to, one_each && copies.size() <= held.size() + without,
         "one copy with all identifiers, or one for each subscription", observed);
}

void two_and_none(context& test) {
  client& to = test.connected("subscriber");
  subscribe_with_identifier(to, test.topic("a/#"), qos::at_least_once, 1);
  subscribe_with_identifier(to, test.topic("a/+"), qos::at_least_once, 2);
  to.subscribe(test.topic("a/b"), qos::at_least_once);
  judge_copies(test, to, {1, 2}, 1);
}

void two(context& test) {
  client& to = test.connected("subscriber");
  subscribe_with_identifier(to, test.topic("a/+"), qos::at_least_once, 300);
  subscribe_with_identifier(to, test.topic("a/b"), qos::at_least_once, 4);
  judge_copies(test, to, {4, 300}, 0);
}

void one_and_none(context& test) {
  client& to = test.connected("subscriber");
  subscribe_with_identifier(to, test.topic("a/+"), qos::at_least_once, 11);
  to.subscribe(test.topic("a/b"), qos::at_least_once);
  judge_copies(test, to, {11}, 1);
}

void equal_ones(context& test) {
  client& to = test.connected("subscriber");
  subscribe_with_identifier(to, test.topic("a/b"), qos::at_least_once, 5);
  subscribe_with_identifier(to, test.topic("a/+"), qos::at_least_once, 5);
  judge_copies(test, to, {5, 5}, 0);
}

void one_given_up(context& test) {
  client& to = test.connected("subscriber");
  subscribe_with_identifier(to, test.topic("a/b"), qos::at_least_once, 1);
  subscribe_with_identifier(to, test.topic("a/+"), qos::at_least_once, 2);
  to.unsubscribe(test.topic("a/b"));
  judge_copies(test, to, {2}, 0);
}

void only_those_that_match(context& test) {
  client& to = test.connected("subscriber");
  subscribe_with_identifier(to, test.topic("a/b"), qos::at_least_once, 1);
  subscribe_with_identifier(to, test.topic("a/c"), qos::at_least_once, 2);
  subscribe_with_identifier(to, test.topic("+/b"), qos::at_least_once, 3);
  judge_copies(test, to, {1, 3}, 0);
}

void different_qos(context& test) {
  client& to = test.connected("subscriber");
  subscribe_with_identifier(to, test.topic("a/b"), qos::at_most_once, 1);
  subscribe_with_identifier(to, test.topic("a/+"), qos::at_least_once, 2);
  judge_copies(test, to, {1, 2}, 0);
}

void not_of_a_filter_with_no_local(context& test) {
  client& to = test.connected("subscriber");
  subscribe_with_identifier(to, test.topic("a/b"), qos::at_least_once, 1);
  subscribe_with_identifier(to, test.topic("a/+"), qos::at_least_once, 2, {.no_local = true});
  to.publish(test.topic("a/b"), "own");
  expect_identifiers(to, "own", {1});
}

struct overlap_case {
  const char* id;
  const char* title;
  std::vector<const char*> statements;
  std::vector<caught_defect> defects;
  void (*body)(context&);
};

}  // namespace

void add_identifier_overlap_cases(suite& to) {
  const std::vector<overlap_case> cases = {
      {"MQTT-3.3.4-3/two-and-none",
       "Overlapping subscriptions with identifiers 1, 2 and none bring 1 and 2",
       {"MQTT-3.3.4-3", "MQTT-3.3.4-4", "MQTT-3.3.4-5"},
       {"omit-subscription-identifier", "send-first-identifier-only"},
       two_and_none},
      {"MQTT-3.3.4-4/all",
       "A single copy carries the identifiers of all subscriptions",
       {"MQTT-3.3.4-4"},
       {"send-first-identifier-only"},
       two},
      {"MQTT-3.3.4-5/each",
       "Of several copies each carries the identifier of its subscription",
       {"MQTT-3.3.4-5"},
       {"send-copies-without-identifier"},
       two},
      {"MQTT-3.3.4-3/one-and-none",
       "An overlapping subscription without identifier hides none",
       {"MQTT-3.3.4-3"},
       {"omit-subscription-identifier"},
       one_and_none},
      {"PR5-3.3.4-a/equal",
       "An identifier that two overlapping subscriptions have comes twice",
       {"PR5-3.3.4-a"},
       {"merge-equal-identifiers"},
       equal_ones},
      {"PR5-3.8.2.1.2-a/given-up",
       "The identifier of a subscription goes with it",
       {"PR5-3.8.2.1.2-a", "MQTT-3.10.4-1"},
       {"ignore-unsubscribe"},
       one_given_up},
      {"PE-3.3.4-d/matching-only",
       "Only subscriptions that match add their identifier",
       {"PE-3.3.4-d"},
       {"send-unknown-subscription-identifier", "send-first-identifier-only"},
       only_those_that_match},
      {"MQTT-3.3.4-4/different-qos",
       "Subscriptions of different QoS bring all identifiers",
       {"MQTT-3.3.4-3"},
       {"send-first-identifier-only"},
       different_qos},
      {"PE-3.3.4-d/no-local",
       "A subscription with No Local adds no identifier to own messages",
       {"PE-3.3.4-d", "MQTT-3.8.3-3"},
       {"ignore-no-local"},
       not_of_a_filter_with_no_local},
  };
  for (const overlap_case& each : cases) {
    std::vector<statement_name> covered;
    for (const char* const statement : each.statements) covered.push_back(v5(statement));
    to.add({.id = each.id,
            .title = each.title,
            .covers = covered,
            .needs = {need::qos1, need::subscription_identifiers, need::wildcard_subscriptions},
            .defects = each.defects,
            .body = each.body});
  }
}

}  // namespace gauntlet::conformance
