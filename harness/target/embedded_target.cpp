// A target that is the reference broker, in a thread of this process.

#include <cstddef>
#include <fstream>
#include <string_view>

#include "harness/broker/embedded.hpp"
#include "harness/target/damage_files.hpp"
#include "harness/target/openers.hpp"
#include "harness/target/port_choice.hpp"
#include "harness/target/probe.hpp"

namespace gauntlet::target {
namespace {

constexpr std::string_view host = "127.0.0.1";

failure not_in_this_process(std::string_view what) {
  return bad_input("the embedded broker is a part of this process, so it cannot be " +
                   std::string(what) + "; choose the profile of a real broker");
}

/// The reference broker in its thread, ended and begun anew.
class embedded_control final : public broker_control {
 public:
  explicit embedded_control(broker::server_options settings) : settings_(std::move(settings)) {}

  outcome<void> open() {
    auto started = broker::embedded_broker::start(settings_);
    if (!started) return started.error();
    broker_ = std::move(*started);
    return {};
  }
  bool is_running() const override { return broker_ != nullptr; }
  outcome<void> kill() override {
    if (broker_) broker_->kill();
    broker_.reset();
    return {};
  }
  outcome<void> terminate() override {
    broker_.reset();
    return {};
  }
  void start(started_function on_started) override { on_started(open()); }
  outcome<void> pause() override {
    if (broker_) broker_->pause();
    return {};
  }
  outcome<void> resume() override {
    if (broker_) broker_->resume();
    return {};
  }
  outcome<void> reload() override { return not_in_this_process("told to read its configuration"); }
  outcome<void> limit(scarce_resource, std::uint64_t) override {
    return not_in_this_process("limited");
  }
  outcome<void> damage_store(store_damage how) override {
    return damage_folder(settings_.broker.persistence.directory, how);
  }
  outcome<void> fill_disk() override { return not_in_this_process("left without room"); }
  outcome<void> free_disk() override { return {}; }

 private:
  broker::server_options settings_;
  std::unique_ptr<broker::embedded_broker> broker_;
};

class embedded_target final : public target_handle {
 public:
  embedded_target(std::unique_ptr<embedded_control> broker, std::vector<net::endpoint> endpoints,
                  std::optional<credentials> login)
      : broker_(std::move(broker)), endpoints_(std::move(endpoints)), login_(std::move(login)) {}

  std::string description() const override {
    return product() + ", on " + net::to_string(endpoints_.front());
  }
  std::string product() const override { return "the embedded reference broker"; }

  outcome<net::endpoint> endpoint_for(mqtt::protocol_version,
                                      std::optional<net::transport> transport) const override {
    for (const net::endpoint& where : endpoints_) {
      if (!transport || *transport == where.transport) return where;
    }
    return bad_input("the embedded broker listens for MQTT over TCP and WebSocket, without TLS");
  }

  const std::optional<credentials>& login() const override { return login_; }
  std::shared_ptr<net::tls_client_context> tls() const override { return nullptr; }
  void on_exit(std::function<void(const exit_report&)>) override {}
  const std::vector<usage_sample>& usage() const override { return no_usage_; }
  managed_broker* managed() override { return nullptr; }
  broker_control* control() override { return broker_.get(); }
  void stop() override { (void)broker_->terminate(); }

 private:
  std::unique_ptr<embedded_control> broker_;
  std::vector<net::endpoint> endpoints_;
  std::optional<credentials> login_;
  std::vector<usage_sample> no_usage_;
};

/// Writes lines to a file; called from the broker's thread only.
outcome<broker::log_sink> log_to(const std::filesystem::path& file) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  auto out = std::make_shared<std::ofstream>(file, std::ios::app);
  if (!*out) return environment_failed("cannot write " + file.string());
  return broker::log_sink([out](broker::log_level level, std::string_view line) {
    *out << broker::to_string(level) << ' ' << line << std::endl;
  });
}

}  // namespace

outcome<std::unique_ptr<target_handle>> open_embedded(const target_options& options,
                                                      net::network& network) {
  const auto ports = choose_ports(2);
  if (!ports) return ports.error();
  std::vector<net::endpoint> endpoints = {
      {.transport = net::transport::tcp, .host = std::string(host), .port = (*ports)[0]},
      {.transport = net::transport::ws, .host = std::string(host), .port = (*ports)[1]}};

  broker::server_options settings{.listen = {{.where = endpoints[0]}, {.where = endpoints[1]}},
                                  .broker = embedded_options(options)};
  if (!settings.broker.sink && !options.run_folder.empty()) {
    auto sink = log_to(options.run_folder / "embedded.log");
    if (!sink) return sink.error();
    settings.broker.sink = std::move(*sink);
  }
  auto started = std::make_unique<embedded_control>(std::move(settings));
  if (const auto opened = started->open(); !opened) return opened.error();

  const probe_result answer = probe(network, endpoints.front(),
                                    {.version = options.probe_version,
                                     .login = options.login,
                                     .tls = nullptr,
                                     .timeout = options.ready_within});
  if (answer.answer != probe_answer::accepted) {
    return environment_failed("the embedded broker " + answer.detail);
  }
  return std::make_unique<embedded_target>(std::move(started), std::move(endpoints), options.login);
}

}  // namespace gauntlet::target
