#include <unistd.h>
#include <utility>

#include "sim/engine/fleet_worker.hpp"
#include "sim/engine/worker_link.hpp"

namespace gauntlet::sim {
namespace {

class local_worker final : public worker_link {
 public:
  local_worker(const fleet_plan& plan, net::network& network, bool measure_machine, fleet_part part)
      : plan_(plan), network_(network), measure_machine_(measure_machine), part_(part) {}

  outcome<void> start(const worker_orders& orders) override {
    auto settings = make_settings(orders, {.part = part_}, network_);
    if (!settings) return settings.error();
    settings->measure_machine = measure_machine_;
    worker_ = std::make_unique<fleet_worker>(plan_, network_, std::move(*settings));
    worker_->start();
    return {};
  }
  void publish(time_point at) override { worker_->publish(at); }
  void stop_publishing() override { worker_->stop_publishing(); }
  void on_trigger(std::function<void(std::size_t)> call) override {
    worker_->on_trigger(std::move(call));
  }
  void finish() override {
    worker_->finish();
    report_ = worker_report{.ledger = std::move(worker_->books().ledger),
                            .measured = std::move(worker_->books().measured),
                            .broken = std::move(worker_->books().broken),
                            .faults = {},
                            .history = {}};
    if (const worker_faults* faults = worker_->faults()) {
      report_->faults = faults->activities();
      report_->history = faults->history();
    }
  }
  const worker_progress& progress() override { return worker_ ? worker_->progress() : none_; }
  std::optional<worker_report>& report() override { return report_; }
  const std::string& death() const override { return death_; }
  std::int64_t pid() const override { return measure_machine_ ? ::getpid() : 0; }

 private:
  const fleet_plan& plan_;
  net::network& network_;
  bool measure_machine_;
  fleet_part part_;
  worker_progress none_;
  std::unique_ptr<fleet_worker> worker_;
  std::optional<worker_report> report_;
  std::string death_;
};

}  // namespace

std::unique_ptr<worker_link> make_local_worker(const fleet_plan& plan, net::network& network,
                                               bool measure_machine, fleet_part part) {
  return std::make_unique<local_worker>(plan, network, measure_machine, part);
}

}  // namespace gauntlet::sim
