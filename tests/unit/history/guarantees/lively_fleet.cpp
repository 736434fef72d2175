#include "tests/unit/history/guarantees/lively_fleet.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace gauntlet::history::proof {
namespace {

using namespace std::chrono_literals;
using enum mqtt::protocol_version;
using enum mqtt::qos;
using enum departure;

mqtt::subscription to(std::string filter, mqtt::qos maximum_qos) {
  return {.topic_filter = std::move(filter), .options = {.maximum_qos = maximum_qos}};
}

}  // namespace

lively_fleet::lively_fleet(net::network& network, const net::endpoint& broker,
                           const lively_fleet_plan& plan)
    : network_(network), broker_(broker), plan_(plan) {
  add_subscribers();
  add_retained();
  add_wills();
  add_expiry();
  add_shared();
  add_publishers();
}

lively_client& lively_fleet::add(lively_traits traits) {
  clients_.push_back(
      std::make_unique<lively_client>(network_, broker_, std::move(traits), plan_.seed));
  return *clients_.back();
}

void lively_fleet::add_publishers() {
  for (int i = 0; i < 4; ++i) {
    const std::string id = "publisher-" + std::to_string(i);
    lively_traits traits{.id = id, .version = i == 2 ? v3_1_1 : v5};
    for (const mqtt::qos qos : {at_most_once, at_least_once, exactly_once}) {
      traits.streams.push_back({.topic = "m/" + id + "/q" + std::to_string(static_cast<int>(qos)),
                                .qos = qos,
                                .every = plan_.every,
                                .properties = true});
    }
    if (i == 3) {
      traits.absence = lively_absence{1s, 4s, 100ms, 1s, {abort, close, disconnect, take_over}};
    }
    add(std::move(traits));
  }
}

void lively_fleet::add_subscribers() {
  add({.id = "steady", .subscriptions = {to("m/#", exactly_once)}, .subscription_identifier = 7});
  add({.id = "steady-3.1.1", .version = v3_1_1, .subscriptions = {to("m/#", exactly_once)}});
  add({.id = "at-most-qos1",
       .receive_maximum = 20,
       .subscriptions = {to("m/#", at_least_once)},
       .subscription_identifier = 1});
  add({.id = "one-at-a-time",
       .receive_maximum = 1,
       .subscriptions = {to("m/publisher-0/q2", exactly_once)}});
  for (int i = 0; i < 3; ++i) {
    add({.id = "sleeper-" + std::to_string(i),
         .version = i == 1 ? v3_1_1 : v5,
         .receive_maximum = static_cast<std::uint16_t>(i == 2 ? 10 : 0),
         .subscriptions = {to("m/+/q1", at_least_once), to("m/+/q2", exactly_once)},
         .absence = lively_absence{2s, 5s, 200ms, 4s, {abort, close, disconnect, take_over}}});
  }
  add({.id = "short-session",
       .expiries_s = {3},
       .subscriptions = {to("m/publisher-0/#", exactly_once)},
       .absence = lively_absence{2s, 4s, 500ms, 7s, {abort, close, disconnect}}});
  add({.id = "clean-starter",
       .clean_start_share = 0.5,
       .subscriptions = {to("m/publisher-1/#", exactly_once)},
       .absence = lively_absence{2s, 4s, 500ms, 2s, {abort, disconnect, take_over}}});
  add({.id = "changing",
       .clean_start_share = 1,
       .subscriptions = {to("m/publisher-1/q1", at_least_once)},
       .absence = lively_absence{1s, 3s, 100ms, 1s, {abort, disconnect}},
       .silent_share = 0.5});
  add({.id = "wavering",
       .subscriptions = {to("m/publisher-0/#", at_least_once),
                         to("m/publisher-1/q2", exactly_once)},
       .unsubscribe_every = 1500ms});
}

void lively_fleet::add_retained() {
  for (int i = 0; i < 3; ++i) {
    const std::string id = "writer-" + std::to_string(i);
    lively_traits traits{.id = id, .version = i == 1 ? v3_1_1 : v5};
    for (int k = 0; k < 3; ++k) {
      traits.streams.push_back({.topic = "r/" + id + "/" + std::to_string(k),
                                .qos = k == 2 ? exactly_once : at_least_once,
                                .every = 400ms + k * 700ms,
                                .retain = true,
                                .empty_share = k == 1 ? 0.3 : 0.0,
                                .expiry_s = i == 2 ? 3U : 0U,
                                .properties = true});
    }
    add(std::move(traits));
  }
  add({.id = "reader", .subscriptions = {to("r/#", exactly_once)}, .subscribe_again = 900ms});
  add({.id = "reader-3.1.1",
       .version = v3_1_1,
       .subscriptions = {to("r/+/0", at_least_once), to("r/+/1", exactly_once)},
       .unsubscribe_every = 700ms});
  add({.id = "reader-as-published",
       .clean_start_share = 1,
       .subscriptions = {{"r/#", {.maximum_qos = exactly_once, .retain_as_published = true}}},
       .absence = lively_absence{1s, 3s, 100ms, 800ms, {abort, disconnect}}});
}

void lively_fleet::add_wills() {
  add({.id = "will-observer", .subscriptions = {to("w/#", exactly_once)}});
  add({.id = "will-observer-3.1.1",
       .version = v3_1_1,
       .subscriptions = {to("w/#", at_least_once)}});
  for (int i = 0; i < 10; ++i) {
    lively_traits traits{.id = "mortal-" + std::to_string(i),
                         .version = i % 4 == 3 ? v3_1_1 : v5,
                         .expiries_s = i % 4 == 1 ? std::vector<std::uint32_t>{0, 2}
                                                  : std::vector<std::uint32_t>{60},
                         .clean_start_share = i % 4 == 2 ? 0.5 : 0.0};
    traits.will = lively_will{.qos = i % 2 == 0 ? exactly_once : at_least_once,
                              .retain = i == 4,
                              .delays_s = i == 0       ? std::vector<std::uint32_t>{0}
                                          : i % 4 == 0 ? std::vector<std::uint32_t>{2, 4}
                                                       : std::vector<std::uint32_t>{0, 1, 4}};
    traits.absence = lively_absence{
        500ms, 2s, 100ms, 9s, {abort, close, disconnect, disconnect_with_will, take_over}};
    add(std::move(traits));
  }
}

void lively_fleet::add_expiry() {
  add({.id = "hasty",
       .streams = {{.topic = "e/q1", .qos = at_least_once, .every = 150ms, .expiry_s = 2},
                   {.topic = "e/q2", .qos = exactly_once, .every = 250ms, .expiry_s = 4}}});
  add({.id = "expiry-steady", .subscriptions = {to("e/#", exactly_once)}});
  add({.id = "expiry-sleeper",
       .receive_maximum = 30,
       .subscriptions = {to("e/#", exactly_once)},
       .absence = lively_absence{2s, 4s, 1s, 6s, {abort, close, disconnect}}});
}

void lively_fleet::add_shared() {
  for (int i = 0; i < 3; ++i) {
    lively_traits traits{.id = "member-" + std::to_string(i),
                         .receive_maximum = 50,
                         .subscriptions = {to("$share/team/m/publisher-1/#", exactly_once),
                                           to("$share/readers/r/#", at_least_once)}};
    if (i > 0) traits.absence = lively_absence{2s, 5s, 200ms, 2s, {abort, close, disconnect}};
    add(std::move(traits));
  }
  add({.id = "lone-member", .subscriptions = {to("$share/alone/m/publisher-0/q1", at_least_once)}});
  add({.id = "newcomer",
       .clean_start_share = 1,
       .subscriptions = {to("$share/newcomers/r/#", at_least_once)},
       .absence = lively_absence{1s, 3s, 100ms, 1s, {abort, disconnect}}});
}

bool lively_fleet::settled() const {
  return std::ranges::all_of(clients_, [](const auto& client) { return client->settled(); });
}

void lively_fleet::run(const std::function<void()>& heal) {
  event_loop& loop = network_.loop();
  const auto never = [] { return false; };
  for (const auto& client : clients_) client->start();
  loop.run_until(never, loop.now() + plan_.publishing);
  if (heal) heal();
  for (const auto& client : clients_) client->stay();
  loop.run_until([this] { return settled(); }, loop.now() + 20s);
  drain_began_ = loop.now();
  for (const auto& client : clients_) client->send_sentinels();
  loop.run_until([this] { return settled(); }, loop.now() + 20s);
  loop.run_until(never, loop.now() + 35s);  // wills may be half a minute late
}

std::uint64_t lively_fleet::published() const {
  std::uint64_t sum = 0;
  for (const auto& client : clients_) sum += client->published();
  return sum;
}

std::uint64_t lively_fleet::received() const {
  std::uint64_t sum = 0;
  for (const auto& client : clients_) sum += client->received();
  return sum;
}

std::string lively_fleet::unsettled() const {
  std::string names;
  for (const auto& client : clients_) {
    if (!client->settled()) names += (names.empty() ? "" : ", ") + client->id();
  }
  return names;
}

}  // namespace gauntlet::history::proof
