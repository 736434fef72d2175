#include "guarantees/run_suite.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "guarantees/ending_together.hpp"
#include "harness/base/seeded_stream.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"

namespace gauntlet::guarantees {
namespace {

using namespace std::chrono_literals;
using history::broker_event;

/// What the broker offers to one version.
struct offer {
  std::optional<net::endpoint> where;
  std::string why_not;
  mqtt::server_limits limits;
};

class suite {
 public:
  suite(const suite_options& options, target::target_handle& target, net::network& network)
      : options_(options), target_(target), network_(network), loop_(network.loop()) {}

  void run(const scenarios& all, record::guarantees_result& to);

 private:
  offer offer_for(mqtt::protocol_version version);
  const offer& offered(mqtt::protocol_version version) const {
    return version == mqtt::protocol_version::v5 ? v5_ : v3_1_1_;
  }
  std::string lacking(const scenario& what) const;
  void play_all(const std::vector<const scenario*>& some, unsigned at_once, ending_together* end);
  record::guarantee_scenario play(const scenario& what, ending_together* end) const;
  void over(record::guarantee_scenario result);
  bool goes_on() const { return failure_.empty() && !stopped_; }
  void look_around();

  const suite_options& options_;
  target::target_handle& target_;
  net::network& network_;
  event_loop& loop_;
  offer v5_, v3_1_1_;
  std::string run_token_;
  history::declared_promises promises_;
  std::size_t count_ = 0;
  std::vector<record::guarantee_scenario> results_;
  std::string failure_;
  bool stopped_ = false;
};

// Names that no earlier run has used at this broker.
std::string token_of(std::chrono::system_clock::time_point now, std::uint64_t seed) {
  constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::uint64_t bits = stream_key(seed)
                           .with("guarantees")
                           .with(static_cast<std::uint64_t>(now.time_since_epoch().count()))
                           .bits();
  std::string text = "g";
  for (int i = 0; i < 5; ++i, bits /= digits.size()) text += digits[bits % digits.size()];
  return text;
}

// Some brokers limit the levels of a topic, and some take dots for slashes.
std::string one_level(std::string name) {
  std::ranges::replace_if(
      name, [](char letter) { return letter == '/' || letter == '.'; }, '-');
  return name;
}

offer suite::offer_for(mqtt::protocol_version version) {
  offer made;
  const auto where = target_.endpoint_for(version);
  if (!where) {
    made.why_not = where.error().message;
    return made;
  }
  client probe(network_, {.where = *where, .tls = target_.tls(), .login = target_.login()},
               {.id = run_token_ + "probe", .version = version, .expiry_s = 0});
  probe.come();
  if (!loop_.run_until([&] { return probe.is_open(); }, loop_.now() + 5s)) {
    made.why_not = "MQTT " + std::string(mqtt::version_name(version)) + ": no connection, " +
                   probe.last_trouble();
    return made;
  }
  made.limits = probe.limits();
  made.where = *where;
  probe.leave(departure::disconnect);
  return made;
}

std::string suite::lacking(const scenario& what) const {
  const offer& of = offered(what.version);
  if (!of.where) return of.why_not;
  if (what.needs_qos2 && of.limits.maximum_qos < mqtt::qos::exactly_once) {
    return "the broker announces no QoS 2";
  }
  if (what.needs_retain && !of.limits.retain_available) {
    return "the broker announces no retained messages";
  }
  if (what.needs_shared && !of.limits.shared_subscription_available) {
    return "the broker announces no shared subscriptions";
  }
  if (what.ends_broker && target_.control() == nullptr) return "the broker is not ours to be ended";
  return {};
}

record::guarantee_scenario suite::play(const scenario& what, ending_together* end) const {
  record::guarantee_scenario made{.name = what.name, .title = what.title};
  net::asio_loop loop;
  net::asio_network network(loop, {.seed = options_.seed});
  stage_settings settings{
      .broker = {.where = *offered(what.version).where, .tls = nullptr, .login = target_.login()},
      .version = what.version,
      .client_prefix = run_token_ + "-",
      .topic_prefix = "gauntlet/" + run_token_ + "/" + one_level(what.name),
      .seed = stream_key(options_.seed).with(what.name).bits(),
      .promises = promises_};
  // Short enough for 3.1.1, where 23 bytes are what a broker must take.
  settings.client_prefix += std::to_string(stream_key(0).with(what.name).bits() % 10'000'000) + "-";
  if (target_.tls()) {
    auto tls = network.prepare_tls(options_.target.tls);
    if (!tls) {
      made.verdict = record::verdict::inconclusive;
      made.remark = tls.error().message;
      return made;
    }
    settings.broker.tls = std::move(*tls);
  }
  if (end != nullptr) {
    settings.end_broker = [end, &loop](event_loop&, broker_event::kind) { return end->ask(loop); };
  }
  stage on(network, std::move(settings));
  what.play(on);
  on.finish(made, what.faults_may_rest);
  on.clean_up();
  return made;
}

void suite::over(record::guarantee_scenario result) {
  results_.push_back(std::move(result));
  if (options_.says) options_.says(results_.back(), count_);
}

void suite::look_around() {
  if (options_.stop_wanted && options_.stop_wanted()) stopped_ = true;
}

void suite::play_all(const std::vector<const scenario*>& some, unsigned at_once,
                     ending_together* end) {
  std::mutex mutex;
  std::size_t next = 0;  // guarded
  std::atomic<bool> goes_on = true;
  std::size_t working = std::min<std::size_t>(at_once, some.size());
  const auto take = [&]() -> const scenario* {
    const std::scoped_lock guard(mutex);
    return goes_on && next < some.size() ? some[next++] : nullptr;
  };
  const auto work = [&] {
    while (const scenario* const what = take()) {
      auto result = std::make_shared<record::guarantee_scenario>(play(*what, end));
      loop_.post([this, result, end] {
        over(std::move(*result));
        if (end != nullptr) end->one_is_over();
      });
    }
    loop_.post([&working] { --working; });
  };
  std::vector<std::thread> threads;
  for (std::size_t i = working; i > 0; --i) threads.emplace_back(work);
  while (working > 0) {
    const auto all_have_come = [&] { return end != nullptr && end->all_have_come(); };
    loop_.run_until([&] { return working == 0 || all_have_come(); }, loop_.now() + 100ms);
    look_around();
    if (all_have_come()) end->end_now();
    goes_on = this->goes_on();
  }
  for (std::thread& each : threads) each.join();
}

void suite::run(const scenarios& all, record::guarantees_result& to) {
  target_.on_exit([this](const target::exit_report& end) {
    if (!end.expected) failure_ = end.how + (end.log_tail.empty() ? "" : "\n" + end.log_tail);
  });
  run_token_ = token_of(loop_.wall_now(), options_.seed);
  v5_ = offer_for(mqtt::protocol_version::v5);
  v3_1_1_ = offer_for(mqtt::protocol_version::v3_1_1);
  const survival kept =
      options_.survives.value_or(target_.is_persistent() ? survival::stop : survival::nothing);
  to.survives = name(kept);
  promises_ = {.survives_stop = kept != survival::nothing, .survives_kill = kept == survival::kill};
  count_ = all.size();
  std::vector<const scenario*> plain;
  std::map<broker_event::kind, std::vector<const scenario*>> ending;
  for (const scenario& each : all) {
    if (const std::string why = lacking(each); !why.empty()) {
      over({.name = each.name, .title = each.title, .remark = why});
    } else if (each.ends_broker) {
      ending[*each.ends_broker].push_back(&each);
    } else {
      plain.push_back(&each);
    }
  }
  play_all(plain, std::max(options_.at_once, 1U), nullptr);
  for (const auto& [kind, some] : ending) {
    if (!goes_on()) break;
    ending_together end(*target_.control(), loop_, kind, some.size());
    play_all(some, static_cast<unsigned>(some.size()), &end);
  }
  // In the order of the list, whatever the threads did.
  for (const scenario& each : all) {
    const auto found = std::ranges::find(results_, each.name, &record::guarantee_scenario::name);
    if (found != results_.end()) to.scenarios.push_back(std::move(*found));
  }
  to.failure = stopped_ && failure_.empty() ? "the user stopped the suite" : failure_;
}

}  // namespace

std::string_view name(survival value) {
  switch (value) {
    case survival::nothing:
      return "nothing";
    case survival::stop:
      return "stop";
    case survival::kill:
      return "kill";
  }
  return "nothing";
}

scenarios pick(const std::string& only) {
  scenarios all = catalogue();
  std::erase_if(all, [&](const scenario& each) { return !fault::matches_glob(only, each.name); });
  return all;
}

outcome<scenarios> pick_some(const std::string& only) {
  scenarios all = pick(only);
  if (all.empty()) return bad_input("no scenario is called " + only + "; see --list");
  return all;
}

outcome<record::guarantees_result> run_suite(const suite_options& options, net::network& network) {
  const auto picked = pick_some(options.only);
  if (!picked) return picked.error();
  const scenarios& all = *picked;
  auto target = target::open_target(options.target, network);
  if (!target) return target.error();
  event_loop& loop = network.loop();
  record::guarantees_result result{
      .target = options.target.target, .product = (*target)->product(), .seed = options.seed};
  result.started = std::chrono::time_point_cast<std::chrono::milliseconds>(loop.wall_now());
  const time_point began = loop.now();
  suite(options, **target, network).run(all, result);
  result.took = loop.now() - began;
  (*target)->on_exit([](const target::exit_report&) {});
  (*target)->stop();
  return result;
}

}  // namespace gauntlet::guarantees
