#include "sim/engine/worker_process.hpp"

#include <cstring>
#include <memory>
#include <optional>
#include <signal.h>
#include <string>
#include <sys/prctl.h>
#include <unistd.h>
#include <utility>

#include "harness/base/compact.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/record/json.hpp"
#include "sim/engine/machine_limits.hpp"
#include "sim/engine/worker_orders.hpp"

namespace gauntlet::sim {
namespace {

constexpr duration progress_interval = std::chrono::milliseconds(100);
constexpr duration flush_time_max = std::chrono::seconds(6);

class worker_process {
 public:
  worker_process(const fleet_plan& plan, sim::shard shard, worker_pipe coordinator)
      : plan_(plan), shard_(shard), pipe_(std::move(coordinator)), network_(loop_) {}

  void run() {
    const auto watch = loop_.watch_readable(pipe_.descriptor(), [this] { on_readable(); });
    progress_timer_ = loop_.make_timer([this] { send_progress(); });
    loop_.run();
  }

 private:
  void on_readable() {
    const bool open =
        pipe_.receive([this](worker_message kind, byte_view body) { on_message(kind, body); });
    // Without a coordinator there is nobody to tell and nobody to stop us.
    if (!open) ::_exit(0);
  }

  void on_message(worker_message kind, byte_view body) {
    switch (kind) {
      case worker_message::start:
        start(body);
        break;
      case worker_message::publish: {
        compact_reader in(body);
        worker_->publish(in.time());
        break;
      }
      case worker_message::stop_publishing:
        worker_->stop_publishing();
        break;
      case worker_message::finish:
        finish();
        break;
      default:
        break;
    }
  }

  void start(byte_view body) {
    auto orders = read_orders(body);
    if (!orders) return fail(orders.error());
    auto settings = make_settings(*orders, shard_, network_);
    if (!settings) return fail(settings.error());
    worker_ = std::make_unique<fleet_worker>(plan_, network_, std::move(*settings));
    worker_->start();
    send_progress();
  }

  void fail(const failure& why) {
    pipe_.send(worker_message::failed, as_bytes(why.message));
    ::_exit(static_cast<int>(why.code));
  }

  void send_progress() {
    const worker_progress& progress = worker_->progress();
    byte_buffer body(sizeof progress);
    std::memcpy(body.data(), &progress, sizeof progress);
    if (!pipe_.send(worker_message::progress, body)) ::_exit(0);
    progress_timer_->arm(loop_.now() + progress_interval);
  }

  void finish() {
    if (!worker_) ::_exit(0);
    progress_timer_->cancel();
    worker_->finish();
    byte_buffer body;
    compact_writer out(body);
    out.text(record::to_json(worker_->books().measured));
    worker_->books().broken.write(out);
    const worker_faults* faults = worker_->faults();
    write_activities(faults != nullptr ? faults->activities() : std::vector<fault_activity>(), out);
    history::write_ledger(worker_->books().ledger, body);
    pipe_.send(worker_message::finished, body);
    // What the devices have sent last is still on its way out.
    loop_.run_until([this] { return network_.connections_closing() == 0; },
                    loop_.now() + flush_time_max);
    ::_exit(0);
  }

  const fleet_plan& plan_;
  sim::shard shard_;
  worker_pipe pipe_;
  net::asio_loop loop_;
  net::asio_network network_;
  std::unique_ptr<fleet_worker> worker_;
  std::unique_ptr<timer> progress_timer_;
};

}  // namespace

void run_worker_process(const fleet_plan& plan, sim::shard shard, worker_pipe coordinator) {
  // The terminal's Ctrl-C reaches the whole process group; when to stop is the coordinator's to
  // say.
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGTERM, SIG_IGN);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  raise_descriptor_limit();
  worker_process process(plan, shard, std::move(coordinator));
  process.run();
  ::_exit(0);
}

}  // namespace gauntlet::sim
