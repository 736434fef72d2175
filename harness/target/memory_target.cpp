// A target that is the reference broker on the caller's own loop and network, for virtual time.

#include <string>
#include <string_view>
#include <utility>

#include "harness/broker/server.hpp"
#include "harness/target/damage_files.hpp"
#include "harness/target/openers.hpp"

namespace gauntlet::target {
namespace {

/// A broker in the caller's own thread cannot be frozen, and is no process that could be limited.
failure not_in_memory(std::string_view what) {
  return bad_input("the reference broker in memory cannot be " + std::string(what));
}

/// The reference broker as an object that is destroyed to be killed.
class memory_control final : public broker_control {
 public:
  memory_control(net::network& network, broker::server_options settings)
      : network_(network), settings_(std::move(settings)) {}

  outcome<void> open() {
    auto started = broker::server::start(network_, settings_);
    if (!started) return started.error();
    broker_ = std::move(*started);
    return {};
  }
  void shut_down() {
    if (broker_) broker_->shut_down();
  }

  bool is_running() const override { return broker_ != nullptr; }
  outcome<void> kill() override {
    broker_.reset();
    return {};
  }
  outcome<void> terminate() override {
    shut_down();
    broker_.reset();
    return {};
  }
  void start(started_function on_started) override { on_started(open()); }
  outcome<void> pause() override { return not_in_memory("paused"); }
  outcome<void> resume() override { return {}; }
  outcome<void> reload() override { return not_in_memory("told to read its configuration"); }
  outcome<void> limit(scarce_resource, std::uint64_t) override { return not_in_memory("limited"); }
  outcome<void> damage_store(store_damage how) override {
    return damage_folder(settings_.broker.persistence.directory, how);
  }
  outcome<void> fill_disk() override { return not_in_memory("left without room on its disk"); }
  outcome<void> free_disk() override { return {}; }

 private:
  net::network& network_;
  broker::server_options settings_;
  std::unique_ptr<broker::server> broker_;
};

class memory_target final : public target_handle {
 public:
  memory_target(std::unique_ptr<memory_control> broker, net::endpoint where,
                std::optional<credentials> login)
      : broker_(std::move(broker)), where_(std::move(where)), login_(std::move(login)) {}

  std::string description() const override { return product(); }
  std::string product() const override { return "the reference broker"; }
  outcome<net::endpoint> endpoint_for(mqtt::protocol_version,
                                      std::optional<net::transport>) const override {
    return where_;
  }
  const std::optional<credentials>& login() const override { return login_; }
  std::shared_ptr<net::tls_client_context> tls() const override { return nullptr; }
  void on_exit(std::function<void(const exit_report&)>) override {}
  const std::vector<usage_sample>& usage() const override { return no_usage_; }
  managed_broker* managed() override { return nullptr; }
  broker_control* control() override { return broker_.get(); }
  void stop() override { broker_->shut_down(); }

 private:
  std::unique_ptr<memory_control> broker_;
  net::endpoint where_;
  std::optional<credentials> login_;
  std::vector<usage_sample> no_usage_;
};

}  // namespace

outcome<std::unique_ptr<target_handle>> open_in_memory(const target_options& options,
                                                       net::network& network) {
  if (options.target != "embedded") {
    return bad_input("a simulated run is against the reference broker in memory, not against " +
                     options.target + "; leave --target out");
  }
  const net::endpoint where{.host = "memory", .port = 1883};
  auto broker = std::make_unique<memory_control>(
      network, broker::server_options{.listen = {{.where = where, .tls = {}}},
                                      .broker = embedded_options(options),
                                      .on_storage_failure = {}});
  if (const auto opened = broker->open(); !opened) return opened.error();
  return std::unique_ptr<target_handle>(
      std::make_unique<memory_target>(std::move(broker), where, options.login));
}

}  // namespace gauntlet::target
