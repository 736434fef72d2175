// The fleet engine beside the floor generator, interleaved, into the counting sink:
//
//   fleet_benchmark [PATH-OF-GAUNTLET] [--rounds N] [--devices N]
//   fleet_benchmark [PATH-OF-GAUNTLET] --large N      one fleet over several workers, without the
//   floor
//
// Prints medians and ratios: connects per second, processor seconds per million messages at QoS 0,
// 1 and 2, and bytes of memory per idle device. Whole processes are measured, as a user starts
// them.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <signal.h>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "tests/benchmark/counting_sink.hpp"
#include "tests/benchmark/floor_generator.hpp"

namespace gauntlet::benchmark {
namespace {

constexpr std::uint32_t publishers = 100;
constexpr std::uint32_t messages_per_s = 20'000;
constexpr double publish_s = 5;
// Six hold a hundred thousand connections at 20,000 descriptors each, if the kernel spreads them
// evenly.
constexpr unsigned sink_processes = 6;

double seconds_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "fleet_benchmark: {}\n", why);
  std::exit(3);
}

// Until something is there to be looked at again.
void pause_briefly() {
  const timespec millisecond{0, 1'000'000};
  ::nanosleep(&millisecond, nullptr);
}

std::uint64_t resident_bytes(pid_t pid) {
  std::ifstream statm(fmt::format("/proc/{}/statm", pid));
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

struct measured {
  double connects_per_s = 0;
  double cpu_s_per_million = 0;
  std::uint64_t resident_bytes = 0;
};

// Starts `body` in a child, watches the sink, and reads what the child has used.
measured watch(const counting_sink& sink, std::uint32_t connections,
               const std::function<void()>& body) {
  while (sink.counters().open > 0) pause_briefly();
  const std::uint64_t connections_before = sink.counters().connections;
  const std::uint64_t messages_before = sink.counters().messages;
  const pid_t pid = ::fork();
  if (pid < 0) give_up("cannot fork");
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    body();
    std::_Exit(0);
  }
  measured seen;
  double first = 0;
  double last = 0;
  int status = 0;
  rusage usage{};
  while (::wait4(pid, &status, WNOHANG, &usage) == 0) {
    const std::uint64_t connected = sink.counters().connections - connections_before;
    if (first == 0 && connected > 0) first = seconds_now();
    if (last == 0 && connected >= connections) last = seconds_now();
    if (last > 0 && sink.counters().open >= connections) {
      seen.resident_bytes = std::max(seen.resident_bytes, resident_bytes(pid));
    }
    pause_briefly();
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
    give_up(fmt::format("a generator ended with status {}", status));
  }
  if (last > first) seen.connects_per_s = connections / (last - first);
  const auto cpu = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  const auto messages = static_cast<double>(sink.counters().messages - messages_before);
  if (messages > 0) {
    seen.cpu_s_per_million = (cpu(usage.ru_utime) + cpu(usage.ru_stime)) * 1e6 / messages;
  }
  return seen;
}

class comparison {
 public:
  comparison(std::string gauntlet, int rounds) : gauntlet_(std::move(gauntlet)), rounds_(rounds) {
    folder_ =
        std::filesystem::temp_directory_path() / fmt::format("fleet_benchmark.{}", ::getpid());
    std::filesystem::create_directories(folder_);
  }
  ~comparison() { std::filesystem::remove_all(folder_); }

  void idle(std::uint32_t devices) {
    std::vector<double> floor_rates;
    std::vector<double> our_rates;
    std::vector<double> floor_bytes;
    std::vector<double> our_bytes;
    for (int round = 0; round < rounds_; ++round) {
      const measured floor_small = run_floor_with({.connections = 100, .duration_s = 2});
      const measured floor_large =
          run_floor_with({.connections = devices, .source_addresses = 8, .duration_s = 2});
      const measured small = run_fleet(100, "");
      const measured large = run_fleet(devices, "");
      floor_rates.push_back(floor_large.connects_per_s);
      our_rates.push_back(large.connects_per_s);
      floor_bytes.push_back(per_device(floor_small, floor_large, devices));
      our_bytes.push_back(per_device(small, large, devices));
    }
    print(fmt::format("connects/s, {} devices", devices), floor_rates, our_rates);
    print("user bytes per idle device", floor_bytes, our_bytes);
  }

  // More devices than one process can hold; the sink has processes enough.
  void large(std::uint32_t devices) {
    const measured seen = run_fleet(devices, "");
    fmt::print("{} devices: {:.0f} connects/s, {} connected at the sink\n", devices,
               seen.connects_per_s, sink_.counters().connections.load());
    if (seen.connects_per_s == 0) give_up("not all devices connected");
  }

  void publishing(int qos) {
    std::vector<double> floor;
    std::vector<double> ours;
    const double interval_ms = 1000.0 * publishers / messages_per_s;
    for (int round = 0; round < rounds_; ++round) {
      floor.push_back(run_floor_with({.connections = publishers,
                                      .messages_per_s = messages_per_s,
                                      .duration_s = publish_s,
                                      .qos = qos})
                          .cpu_s_per_million);
      ours.push_back(run_fleet(publishers,
                               fmt::format("    publish:\n      - {{topic: \"floor/device/state\", "
                                           "every: {}ms, qos: {}, payload: {{random: 64B}}}}\n",
                                           interval_ms, qos))
                         .cpu_s_per_million);
    }
    print(fmt::format("CPU s per million, QoS {}", qos), floor, ours);
  }

 private:
  static double per_device(const measured& small, const measured& large, std::uint32_t devices) {
    return (static_cast<double>(large.resident_bytes) - static_cast<double>(small.resident_bytes)) /
           (devices - 100);
  }

  static double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  }

  static void print(const std::string& what, const std::vector<double>& floor,
                    const std::vector<double>& ours) {
    fmt::print("{:<32} floor {:>12.2f}   gauntlet {:>12.2f}   ratio {:.2f}\n", what, median(floor),
               median(ours), median(ours) / median(floor));
    std::fflush(stdout);
  }

  measured run_floor_with(floor_plan plan) {
    plan.port = sink_.port();
    return watch(sink_, plan.connections, [&] { run_floor(plan); });
  }

  measured run_fleet(std::uint32_t devices, const std::string& publish) {
    const std::filesystem::path file = folder_ / "scenario.yaml";
    std::ofstream(file) << fmt::format(
        "name: benchmark\nduration: {}s\nfleet:\n  - group: devices\n    count: {}\n"
        "    protocol: 3.1.1\n    keep_alive: 0s\n{}",
        publish.empty() ? 2 : static_cast<int>(publish_s), devices, publish);
    const std::filesystem::path out = folder_ / fmt::format("out{}", ++runs_);
    const std::string target = fmt::format("mqtt://127.0.0.1:{}", sink_.port());
    return watch(sink_, devices, [&] {
      // The program prints its result; here only what it costs counts.
      if (std::freopen("/dev/null", "w", stdout) == nullptr) std::_Exit(126);
      ::execl(gauntlet_.c_str(), gauntlet_.c_str(), "run", file.c_str(), "--target", target.c_str(),
              "--out", out.c_str(), "--quiet", nullptr);
      std::_Exit(127);
    });
  }

  std::string gauntlet_;
  int rounds_;
  int runs_ = 0;
  std::filesystem::path folder_;
  counting_sink sink_{sink_processes};
};

}  // namespace
}  // namespace gauntlet::benchmark

int main(int argc, char** argv) {
  std::string gauntlet = GAUNTLET_PROGRAM;
  int rounds = 5;
  int devices = 10'000;
  int large = 0;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--rounds" && i + 1 < argc) {
      rounds = std::max(1, std::atoi(argv[++i]));
    } else if (word == "--devices" && i + 1 < argc) {
      devices = std::max(200, std::atoi(argv[++i]));
    } else if (word == "--large" && i + 1 < argc) {
      large = std::max(200, std::atoi(argv[++i]));
    } else {
      gauntlet = word;
    }
  }
  gauntlet::benchmark::comparison compare(gauntlet, rounds);
  if (large > 0) {
    compare.large(static_cast<std::uint32_t>(large));
    return 0;
  }
  compare.idle(static_cast<std::uint32_t>(devices));
  for (int qos = 0; qos <= 2; ++qos) compare.publishing(qos);
}
