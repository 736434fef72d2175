#include "durability/measure.hpp"

#include <utility>

#include "durability/workload.hpp"
#include "harness/base/units.hpp"

namespace gauntlet::durability {
namespace {

constexpr duration end_patience = std::chrono::seconds(60);
constexpr duration start_patience = std::chrono::seconds(120);

/// A way to end a broker.
struct ending {
  std::string name;
  std::string folder;
  bool graceful = false;
  duration waits{};
};

outcome<void> end_and_start(const ending& how, target::broker_control& broker, event_loop& loop) {
  const auto done = how.graceful ? broker.terminate() : broker.kill();
  if (!done) return done;
  if (!loop.run_until([&broker] { return !broker.is_running(); }, loop.now() + end_patience)) {
    return environment_failed("the broker did not end");
  }
  std::optional<outcome<void>> started;
  broker.start([&started](const outcome<void>& result) { started = result; });
  if (!loop.run_until([&started] { return started.has_value(); }, loop.now() + start_patience)) {
    return environment_failed("the broker did not come back");
  }
  return *started;
}

struct opened_broker {
  std::unique_ptr<target::target_handle> target;
  workload_options where;
};

outcome<opened_broker> open(const measure_options& options, const ending& how,
                            net::network& network) {
  target::target_options asked = options.target;
  asked.run_folder = options.target.run_folder / how.folder;
  asked.keep_state = true;
  auto opened = target::open_target(asked, network);
  if (!opened) return opened.error();
  if ((*opened)->control() == nullptr) {
    return bad_input("the broker at " + options.target.target +
                     " is not ours to be ended; choose a profile or embedded");
  }
  auto version = mqtt::protocol_version::v5;
  auto where = (*opened)->endpoint_for(version, net::transport::tcp);
  if (!where) {
    version = mqtt::protocol_version::v3_1_1;
    where = (*opened)->endpoint_for(version, net::transport::tcp);
  }
  if (!where) return where.error();
  const auto login = (*opened)->login();
  return opened_broker{
      .target = std::move(*opened),
      .where = {.where = *where, .version = version, .login = login, .count = options.count}};
}

outcome<std::vector<record::durability_count>> play(const ending& how, opened_broker& broker,
                                                    net::network& network) {
  event_loop& loop = network.loop();
  workload work(network, broker.where);
  if (const auto filled = work.fill(); !filled) return filled.error();
  loop.run_until([] { return false; }, loop.now() + how.waits);
  work.vanish();
  if (const auto back = end_and_start(how, *broker.target->control(), loop); !back) {
    return back.error();
  }
  return work.check();
}

}  // namespace

outcome<record::durability_result> measure(const measure_options& options, net::network& network) {
  const std::vector<ending> endings = {
      {.name = "graceful stop", .folder = "graceful", .graceful = true},
      {.name = "kill -9", .folder = "kill"},
      {.name = "kill -9 after " + format_duration(options.after),
       .folder = "kill-later",
       .waits = options.after}};
  record::durability_result result{.target = options.target.target};
  result.started =
      std::chrono::time_point_cast<std::chrono::milliseconds>(network.loop().wall_now());
  for (const ending& how : endings) {
    if (options.says) options.says(how.name);
    auto broker = open(options, how, network);
    if (!broker) return broker.error();
    result.product = broker->target->product();
    result.protocol = mqtt::version_name(broker->where.version);
    auto counts = play(how, *broker, network);
    broker->target->stop();
    record::durability_ending row{.ending = how.name};
    if (counts) {
      row.counts = std::move(*counts);
    } else {
      row.failure = counts.error().message;
    }
    result.endings.push_back(std::move(row));
  }
  return result;
}

}  // namespace gauntlet::durability
