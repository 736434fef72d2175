#include "harness/broker/embedded.hpp"

#include <atomic>
#include <future>
#include <optional>
#include <thread>
#include <utility>

#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"

namespace gauntlet::broker {

using started = outcome<std::vector<std::uint16_t>>;

struct embedded_broker::parts {
  /// The thread's main function.
  void run(server_options chosen, std::promise<started> report);

  net::asio_loop loop;
  server* running = nullptr;      // of the broker's thread
  broker::statistics at_the_end;  // written by the broker's thread before it ends
  std::vector<std::uint16_t> ports;
  std::atomic<bool> is_killed = false;
  std::optional<std::promise<void>> thaw;  ///< while it is frozen
  std::thread thread;
};

void embedded_broker::parts::run(server_options chosen, std::promise<started> report) {
  constexpr duration farewell = std::chrono::milliseconds(500);
  net::asio_network_options settings;
  settings.seed = chosen.broker.seed;
  if (chosen.broker.sink) {
    settings.on_warning = [sink = chosen.broker.sink](const std::string& what) {
      sink(log_level::warning, what);
    };
  }
  net::asio_network network(loop, settings);
  auto made = server::start(network, std::move(chosen));
  if (!made) {
    report.set_value(made.error());
    return;
  }
  running = made->get();
  report.set_value((*made)->ports());
  loop.run();
  at_the_end = running->statistics();
  if (is_killed) return;  // what is connected is cut
  running->shut_down();
  loop.run_until([&network] { return network.connections_closing() == 0; }, loop.now() + farewell);
}

outcome<std::unique_ptr<embedded_broker>> embedded_broker::start(server_options chosen) {
  auto made = std::make_unique<parts>();
  std::promise<started> report;
  std::future<started> reported = report.get_future();
  made->thread = std::thread(
      [&parts = *made](server_options options, std::promise<started> answer) {
        parts.run(std::move(options), std::move(answer));
      },
      std::move(chosen), std::move(report));
  started ports = reported.get();
  if (!ports) {
    made->thread.join();
    return ports.error();
  }
  made->ports = std::move(*ports);
  return std::unique_ptr<embedded_broker>(new embedded_broker(std::move(made)));
}

embedded_broker::embedded_broker(std::unique_ptr<parts> made) : parts_(std::move(made)) {}

embedded_broker::~embedded_broker() { stop(); }

const std::vector<std::uint16_t>& embedded_broker::ports() const { return parts_->ports; }

statistics embedded_broker::statistics() const {
  if (!parts_->thread.joinable()) return parts_->at_the_end;
  std::promise<broker::statistics> answer;
  parts_->loop.post([&] { answer.set_value(parts_->running->statistics()); });
  return answer.get_future().get();
}

void embedded_broker::stop() {
  if (!parts_->thread.joinable()) return;
  resume();
  parts_->loop.stop();
  parts_->thread.join();
}

void embedded_broker::kill() {
  parts_->is_killed = true;
  stop();
}

void embedded_broker::pause() {
  if (parts_->thaw || !parts_->thread.joinable()) return;
  parts_->thaw.emplace();
  parts_->loop.post([gate = parts_->thaw->get_future().share()] { gate.wait(); });
}

void embedded_broker::resume() {
  if (!parts_->thaw) return;
  parts_->thaw->set_value();
  parts_->thaw.reset();
}

}  // namespace gauntlet::broker
