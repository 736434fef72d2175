#include "tests/integration/broker/load/soak.hpp"

#include <fmt/format.h>

#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "tests/integration/broker/load/soak_client.hpp"

namespace gauntlet::test {
namespace {

constexpr duration tick = std::chrono::milliseconds(5);

double seconds_of(duration time) { return std::chrono::duration<double>(time).count(); }

// Drives the clients by one timer, and looks at the broker's memory once a second.
class soak {
 public:
  explicit soak(const soak_options& options)
      : options_(options), draws_(options.seed, "soak", "driver", 0) {
    const net::endpoint where{.host = "127.0.0.1", .port = options.port};
    for (std::size_t i = 0; i < options.clients; ++i) {
      clients_.push_back(std::make_unique<soak_client>(network_, where, i, options, result_));
    }
  }

  soak_result run() {
    begin_ = loop_.now();
    timer_ = loop_.make_timer([this] { turn(); });
    timer_->arm(begin_);
    loop_.run_until([this] { return is_over_; }, begin_ + 2 * options_.length);
    timer_->cancel();
    ask_all();
    return std::move(result_);
  }

 private:
  void turn() {
    const duration passed = loop_.now() - begin_;
    if (passed >= options_.length) {
      is_over_ = true;
      return;
    }
    const double due = seconds_of(passed) * static_cast<double>(options_.acts_per_second);
    // First everybody connects, then who acts is drawn.
    for (int i = 0; i < 100 && static_cast<double>(acts_) < due; ++i, ++acts_) {
      clients_[acts_ < clients_.size() ? acts_ : draws_.below(clients_.size())]->act();
    }
    // What could not be done in time is not made up for.
    acts_ = std::max(acts_, static_cast<std::uint64_t>(due));
    if (seconds_of(passed) >= next_sample_s_) sample(seconds_of(passed));
    timer_->arm(loop_.now() + tick);
  }

  void sample(double at_s) {
    next_sample_s_ = at_s + 1;
    result_.memory.push_back({at_s, options_.resident_bytes()});
    if (!options_.report || result_.memory.size() % 15 != 1) return;
    options_.report(fmt::format("{:5.0f} s  {:7.2f} MiB  published {}  delivered {}  connected {}",
                                at_s,
                                static_cast<double>(result_.memory.back().resident_bytes) / 1048576,
                                result_.published, result_.delivered, result_.connected));
  }

  // Brings everybody back and waits for an answer of the broker to each.
  void ask_all() {
    const auto all = [this](auto&& holds) {
      std::size_t count = 0;
      for (const auto& each : clients_) count += holds(*each) ? 1 : 0;
      return count;
    };
    const time_point limit = loop_.now() + std::chrono::seconds(20);
    for (int i = 0; i < 100; ++i) {
      const auto is_connected = [](soak_client& each) { return each.ask(); };
      if (all(is_connected) == clients_.size()) break;
      for (const auto& each : clients_) {
        if (!each->is_dialed()) each->act();
      }
      loop_.run_until([] { return false; }, std::min(limit, loop_.now() + 20 * tick));
    }
    const auto answered = [](soak_client& each) { return each.was_answered(); };
    loop_.run_until([&] { return all(answered) == clients_.size(); }, limit);
    result_.answering = all(answered);
  }

  const soak_options& options_;
  net::asio_loop loop_;
  net::asio_network network_{loop_};
  soak_result result_;
  std::vector<std::unique_ptr<soak_client>> clients_;
  seeded_stream draws_;
  std::unique_ptr<timer> timer_;
  time_point begin_{};
  std::uint64_t acts_ = 0;
  double next_sample_s_ = 0;
  bool is_over_ = false;
};

}  // namespace

soak_result run_soak(const soak_options& options) { return soak(options).run(); }

double growth_bytes(const std::vector<memory_sample>& memory) {
  const std::size_t first = memory.size() / 2;
  const auto count = static_cast<double>(memory.size() - first);
  double mean_s = 0;
  double mean_bytes = 0;
  for (std::size_t i = first; i < memory.size(); ++i) {
    mean_s += memory[i].at_s / count;
    mean_bytes += static_cast<double>(memory[i].resident_bytes) / count;
  }
  double covariance = 0;
  double variance = 0;
  for (std::size_t i = first; i < memory.size(); ++i) {
    const double from_mean_s = memory[i].at_s - mean_s;
    covariance += from_mean_s * (static_cast<double>(memory[i].resident_bytes) - mean_bytes);
    variance += from_mean_s * from_mean_s;
  }
  return variance == 0 ? 0 : covariance / variance * (memory.back().at_s - memory[first].at_s);
}

}  // namespace gauntlet::test
