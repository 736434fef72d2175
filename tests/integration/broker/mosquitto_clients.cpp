#include "tests/integration/broker/mosquitto_clients.hpp"

#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

namespace gauntlet::broker {
namespace {

constexpr std::chrono::seconds patience(15);

}  // namespace

client_program::end client_program::finish() {
  const auto ended = process_.wait_exit(patience);
  EXPECT_TRUE(ended.has_value()) << "the client did not come to an end";
  std::ifstream file(output_);
  end result{ended ? ended->code : -1,
             {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()}};
  return result;
}

void mosquitto_clients::start_broker(options chosen) {
  auto started = embedded_broker::start(
      {.listen = {{.where = {.host = "127.0.0.1", .port = 0}}}, .broker = std::move(chosen)});
  ASSERT_TRUE(started.has_value()) << started.error().message;
  broker = std::move(*started);
}

client_program mosquitto_clients::run(const std::string& program, mqtt::protocol_version version,
                                      const arguments& more) {
  target::child_options options;
  options.command = program;
  options.arguments = {"-h", "127.0.0.1",
                       "-p", std::to_string(broker->ports().front()),
                       "-V", version == mqtt::protocol_version::v5 ? "mqttv5" : "mqttv311"};
  options.arguments.insert(options.arguments.end(), more.begin(), more.end());
  options.working_folder = folder_.path();
  options.output_file = folder_.file(std::to_string(++programs_) + ".out");
  auto started = target::child_process::start(options);
  if (!started) throw std::runtime_error(started.error().message);
  return {std::move(*started), options.output_file};
}

void mosquitto_clients::publish(mqtt::protocol_version version, const arguments& more) {
  const auto end = run("mosquitto_pub", version, more).finish();
  EXPECT_EQ(end.code, 0) << end.output;
}

client_program mosquitto_clients::subscribe(mqtt::protocol_version version, const arguments& more) {
  const std::uint64_t before = broker->statistics().subscriptions_made;
  auto started = run("mosquitto_sub", version, more);
  await([before](const statistics& now) { return now.subscriptions_made > before; });
  return started;
}

void mosquitto_clients::await(const std::function<bool(const statistics&)>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition(broker->statistics())) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "it did not happen";
    std::this_thread::yield();
  }
}

}  // namespace gauntlet::broker
