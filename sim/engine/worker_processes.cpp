#include <cerrno>
#include <cstring>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "harness/base/compact.hpp"
#include "harness/record/json.hpp"
#include "sim/engine/worker_link.hpp"
#include "sim/engine/worker_pipe.hpp"
#include "sim/engine/worker_process.hpp"

namespace gauntlet::sim {
namespace {

// A forked worker that nobody has to wait for any more is killed and reaped.
class owned_process {
 public:
  explicit owned_process(pid_t pid) : pid_(pid) {}
  ~owned_process() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  owned_process(owned_process&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  owned_process& operator=(owned_process&&) = delete;

  pid_t pid() const { return pid_; }
  /// Waits for the end, which the closed pipe has announced, and says how it was.
  std::string reap() {
    int status = 0;
    const pid_t pid = std::exchange(pid_, -1);
    ::waitpid(pid, &status, 0);
    if (WIFSIGNALED(status)) {
      return fmt::format("was killed by signal {} ({})", WTERMSIG(status),
                         ::strsignal(WTERMSIG(status)));
    }
    return fmt::format("exited with status {}", WEXITSTATUS(status));
  }

 private:
  pid_t pid_;
};

class process_link final : public worker_link {
 public:
  process_link(std::uint32_t index, owned_process process, worker_pipe pipe, net::asio_loop& loop)
      : index_(index), pid_(process.pid()), process_(std::move(process)), pipe_(std::move(pipe)) {
    watch_ = loop.watch_readable(pipe_.descriptor(), [this] { on_readable(); });
  }

  outcome<void> start(const worker_orders& orders) override {
    byte_buffer body;
    write_orders(orders, body);
    send(worker_message::start, body);
    return {};
  }
  void publish(time_point at) override {
    byte_buffer body;
    compact_writer(body).time(at);
    send(worker_message::publish, body);
  }
  void stop_publishing() override { send(worker_message::stop_publishing, {}); }
  void finish() override { send(worker_message::finish, {}); }
  const worker_progress& progress() override { return progress_; }
  std::optional<worker_report>& report() override { return report_; }
  const std::string& death() const override { return death_; }
  std::int64_t pid() const override { return pid_; }

 private:
  // A send that fails is followed by the end of the stream, which says more.
  void send(worker_message kind, byte_view body) {
    if (death_.empty()) pipe_.send(kind, body);
  }

  void on_readable() {
    const bool open =
        pipe_.receive([this](worker_message kind, byte_view body) { on_message(kind, body); });
    if (open) return;
    watch_.reset();
    const std::string how = process_.reap();
    if (!report_ && death_.empty()) {
      death_ = fmt::format("worker {} (process {}) {}", index_ + 1, pid_, how);
    }
  }

  void on_message(worker_message kind, byte_view body) {
    if (kind == worker_message::progress && body.size() == sizeof progress_) {
      std::memcpy(&progress_, body.data(), sizeof progress_);
    } else if (kind == worker_message::finished) {
      read_report(body);
    } else if (kind == worker_message::failed) {
      death_ = fmt::format("worker {}: {}", index_ + 1, as_text(body));
    }
  }

  void read_report(byte_view body) {
    compact_reader in(body);
    const std::string json = in.text();
    auto measured = record::measurements_from_json(json, "worker report");
    worker_report report;
    report.broken = broken_connections::read(in);
    report.faults = read_activities(in);
    const auto ledger = history::read_ledger(in.rest(), report.ledger);
    if (in.failed() || !measured || !ledger) {
      death_ = fmt::format("worker {}: its report is damaged", index_ + 1);
      return;
    }
    report.measured = std::move(*measured);
    report_ = std::move(report);
  }

  std::uint32_t index_;
  pid_t pid_;
  owned_process process_;
  worker_pipe pipe_;
  std::unique_ptr<net::descriptor_watch> watch_;
  worker_progress progress_;
  std::optional<worker_report> report_;
  std::string death_;
};

class forked_workers final : public worker_processes {
 public:
  struct worker {
    owned_process process;
    worker_pipe pipe;
  };

  explicit forked_workers(std::vector<worker> workers) : workers_(std::move(workers)) {}

  std::vector<std::unique_ptr<worker_link>> watch(net::asio_loop& loop) override {
    std::vector<std::unique_ptr<worker_link>> links;
    for (std::uint32_t i = 0; i < workers_.size(); ++i) {
      links.push_back(std::make_unique<process_link>(i, std::move(workers_[i].process),
                                                     std::move(workers_[i].pipe), loop));
    }
    workers_.clear();
    return links;
  }

 private:
  std::vector<worker> workers_;
};

}  // namespace

outcome<std::unique_ptr<worker_processes>> worker_processes::fork(const fleet_plan& plan,
                                                                  std::uint32_t count,
                                                                  fleet_part part) {
  std::vector<forked_workers::worker> workers;
  for (std::uint32_t index = 0; index < count; ++index) {
    auto pipe = make_worker_pipe();
    if (!pipe) return pipe.error();
    const pid_t pid = ::fork();
    if (pid < 0) {
      return environment_failed(
          fmt::format("cannot start worker process {}: {}", index + 1, std::strerror(errno)));
    }
    if (pid == 0) {
      // The other workers' pipes are closed here, so that each worker sees the coordinator's end.
      for (forked_workers::worker& other : workers) worker_pipe(std::move(other.pipe));
      pipe->first = worker_pipe();
      run_worker_process(plan, {.index = index, .count = count, .part = part},
                         std::move(pipe->second));
    }
    workers.push_back({.process = owned_process(pid), .pipe = std::move(pipe->first)});
  }
  return std::unique_ptr<worker_processes>(std::make_unique<forked_workers>(std::move(workers)));
}

}  // namespace gauntlet::sim
