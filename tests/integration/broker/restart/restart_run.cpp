#include "tests/integration/broker/restart/restart_run.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "harness/base/seeded_stream.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/target/child_process.hpp"
#include "harness/target/port_choice.hpp"
#include "tests/integration/broker/restart/restart_clients.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::broker {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr duration patience = seconds(20);
// A QoS 2 delivery takes two round trips: PUBLISH and PUBREC, PUBREL and PUBCOMP. Only then does
// its place in the window fall to the next one.
constexpr int quiet_round_trips = 3;

class restart_run {
 public:
  restart_run(const restart_settings& settings, std::uint16_t port)
      : settings_(settings), port_(port) {
    for (std::size_t i = 0; i < 4; ++i) {
      const auto version = i < 2 ? mqtt::protocol_version::v3_1_1 : mqtt::protocol_version::v5;
      const auto qos = i % 2 == 0 ? mqtt::qos::at_least_once : mqtt::qos::exactly_once;
      publishers_.push_back(std::make_unique<restart_publisher>(stage_, i, version, qos));
      subscribers_.push_back(std::make_unique<restart_subscriber>(stage_, i, version, qos));
    }
  }

  outcome<restart_account> run() {
    if (auto started = start_broker(); !started) return started.error();
    for_each_client([](restart_client& each) { each.connect(); });
    const auto subscribed = [this] {
      return all_connected() &&
             std::ranges::all_of(subscribers_, [](auto& each) { return each->is_subscribed(); });
    };
    if (!loop_.run_until(subscribed, loop_.now() + patience)) return stuck("subscribing");
    for (const auto& each : publishers_) each->start();
    for (int i = 0; i < settings_.kills; ++i) {
      if (auto survived = kill_once(); !survived) return survived.error();
    }
    return finish();
  }

 private:
  // Lets everybody work until a random number of messages is acknowledged, kills the broker, and
  // starts it again. One kill in four comes before all clients are back, and some clients do not
  // read the broker's last words.
  outcome<void> kill_once() {
    const bool await_all = !draws_.chance(0.25);
    if (await_all && !loop_.run_until([this] { return is_settled(); }, loop_.now() + patience)) {
      return stuck("coming back after a restart");
    }
    const auto enough = books_.acknowledged() + static_cast<std::uint64_t>(draws_.between(0, 300));
    if (!loop_.run_until([&] { return books_.acknowledged() >= enough; }, loop_.now() + patience)) {
      return stuck("publishing");
    }
    for_each_client([this](restart_client& each) {
      if (draws_.chance(0.3)) each.go_deaf();
    });
    work_for(draws_.between(0, 10));
    broker_->kill();
    books_.killed();
    for_each_client([](restart_client& each) { each.end_deafness(); });
    choose_absent();
    return start_broker();
  }

  void work_for(std::int64_t ms) {
    loop_.run_until([] { return false; }, loop_.now() + milliseconds(ms));
  }
  template <class Do>
  void for_each_client(Do&& what) {
    for (const auto& each : publishers_) what(*each);
    for (const auto& each : subscribers_) what(*each);
  }

  // In half of the rounds one subscriber is not there, so that its queue has to live on.
  void choose_absent() {
    const std::uint64_t absent = draws_.below(2 * subscribers_.size());
    for (std::size_t i = 0; i < subscribers_.size(); ++i) {
      restart_subscriber& each = *subscribers_[i];
      if (i == absent && !each.is_away()) each.stay_away();
      if (i != absent && each.is_away()) each.connect();
    }
  }

  outcome<restart_account> finish() {
    for (const auto& each : subscribers_) {
      if (each->is_away()) each->connect();
    }
    if (!loop_.run_until([this] { return is_settled(); }, loop_.now() + patience)) {
      return stuck("coming back at the end");
    }
    for (const auto& each : publishers_) each->stop();
    const auto all_done = [this] {
      return std::ranges::all_of(publishers_, [](auto& each) { return each->is_done(); });
    };
    if (!loop_.run_until(all_done, loop_.now() + patience)) return stuck("publishing the rest");
    if (auto quiet = drain(); !quiet) return quiet.error();
    restart_inspector last(stage_);
    last.connect();
    if (!loop_.run_until([&] { return last.is_done(); }, loop_.now() + patience)) {
      return stuck("reading the retained messages");
    }
    return books_.account();
  }

  // Until nothing is on its way to a subscriber: the broker answers PINGREQ after what it had to
  // send before.
  outcome<void> drain() {
    const auto all_answered = [this] {
      return std::ranges::all_of(subscribers_, [](auto& each) { return each->is_answered(); });
    };
    for (int quiet = 0; quiet < quiet_round_trips;) {
      const std::uint64_t before = books_.received();
      for (const auto& each : subscribers_) each->ask();
      if (!loop_.run_until(all_answered, loop_.now() + patience)) return stuck("delivering");
      quiet = books_.received() == before ? quiet + 1 : 0;
    }
    return {};
  }

  outcome<void> start_broker() {
    target::child_options options;
    options.command = GAUNTLET_PROGRAM;
    options.arguments = {"broker", "--listen", "127.0.0.1:" + std::to_string(port_), "--log-level",
                         "warning"};
    if (settings_.persist) {
      for (const auto& each : {std::string("--persist"), folder_.file("store"),
                               std::string("--persist-sync"), settings_.sync}) {
        options.arguments.push_back(each);
      }
    }
    for (const std::string& defect : settings_.defects) {
      options.arguments.insert(options.arguments.end(), {"--defect", defect});
    }
    options.working_folder = folder_.path();
    options.output_file = folder_.file("broker.log");
    auto started = target::child_process::start(options);
    if (!started) return started.error();
    broker_.emplace(std::move(*started));
    inspector_.reset();
    inspector_ = std::make_unique<restart_inspector>(stage_);
    inspector_->connect();
    return {};
  }

  bool all_connected() const {
    const auto there = [](const auto& each) { return each->is_away() || each->is_settled(); };
    return std::ranges::all_of(subscribers_, there) && std::ranges::all_of(publishers_, there);
  }
  bool is_settled() const { return all_connected() && inspector_->is_done(); }

  failure stuck(std::string_view where) {
    std::ifstream log(folder_.file("broker.log"));
    std::string words{std::istreambuf_iterator<char>(log), {}};
    if (words.size() > 1'000) words.erase(0, words.size() - 1'000);
    return environment_failed(fmt::format("stuck {}; {}; the broker said: {}", where,
                                          books_.account().to_string(), words));
  }

  const restart_settings settings_;
  const std::uint16_t port_;
  seeded_stream draws_{stream_key(settings_.seed).with("restarts")};
  test::temporary_directory folder_;
  net::asio_loop loop_;
  net::asio_network network_{loop_};
  restart_books books_{4, 4};
  restart_stage stage_{network_, {.host = "127.0.0.1", .port = port_}, books_};
  std::vector<std::unique_ptr<restart_publisher>> publishers_;
  std::vector<std::unique_ptr<restart_subscriber>> subscribers_;
  std::unique_ptr<restart_inspector> inspector_;
  std::optional<target::child_process> broker_;
};

}  // namespace

outcome<restart_account> run_restarts(const restart_settings& settings) {
  const auto ports = target::choose_ports(1);
  if (!ports) return ports.error();
  restart_run run(settings, ports->front());
  return run.run();
}

}  // namespace gauntlet::broker
