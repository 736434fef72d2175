// A target that is a real broker of ours, started from its profile.

#include <algorithm>

#include "harness/target/managed_broker.hpp"
#include "harness/target/managed_control.hpp"
#include "harness/target/openers.hpp"

namespace gauntlet::target {
namespace {

/// Trusts the broker's own authority unless the user names another. Null without a TLS listener.
outcome<std::shared_ptr<net::tls_client_context>> prepare_tls(net::tls_client_options options,
                                                              const managed_broker& broker,
                                                              net::network& network) {
  const std::string authority = broker.authority_file();
  if (authority.empty()) return std::shared_ptr<net::tls_client_context>();
  if (options.ca_file.empty()) options.ca_file = authority;
  return network.prepare_tls(options);
}

class managed_target final : public target_handle {
 public:
  managed_target(std::unique_ptr<managed_broker> broker, std::optional<credentials> login,
                 std::shared_ptr<net::tls_client_context> tls, std::string version,
                 net::network& network, const target_options& options)
      : broker_(std::move(broker)),
        control_(*broker_, network, options.probe_version, options.ready_within),
        login_(std::move(login)),
        tls_(std::move(tls)),
        version_(std::move(version)) {}

  std::string description() const override {
    return product() + ", started on " + net::to_string(broker_->endpoints().front());
  }
  std::string product() const override {
    return version_.empty() ? broker_->broker().name : broker_->broker().name + " " + version_;
  }

  outcome<net::endpoint> endpoint_for(mqtt::protocol_version version,
                                      std::optional<net::transport> transport) const override {
    const auto& listeners = broker_->broker().listeners;
    for (std::size_t i = 0; i < listeners.size(); ++i) {
      const bool is_asked_for = !transport || *transport == listeners[i].transport;
      if (is_asked_for && speaks(listeners[i], version)) return broker_->endpoints()[i];
    }
    return bad_input("the profile " + broker_->broker().name + " has no such listener for MQTT " +
                     std::string(mqtt::version_name(version)));
  }

  const std::optional<credentials>& login() const override { return login_; }
  std::shared_ptr<net::tls_client_context> tls() const override { return tls_; }

  std::optional<target::guarded_endpoint> guarded() const override {
    const auto& listener = broker_->broker().guarded;
    if (!listener) return std::nullopt;
    return target::guarded_endpoint{.where = *broker_->guarded_endpoint(),
                                    .user = listener->user,
                                    .denied_topic = listener->denied_topic,
                                    .authentication_method = listener->authentication_method};
  }
  bool is_persistent() const override { return broker_->broker().is_persistent; }

  void on_exit(std::function<void(const exit_report&)> on_exit) override {
    broker_->on_exit([this, on_exit = std::move(on_exit)](const process_exit& how, bool expected) {
      on_exit({.expected = expected,
               .how = broker_->broker().name + " " + how.to_string(),
               .log_tail = broker_->log_tail()});
    });
  }

  const std::vector<usage_sample>& usage() const override { return broker_->usage(); }
  managed_broker* managed() override { return broker_.get(); }
  broker_control* control() override { return &control_; }
  void stop() override { broker_->stop(); }

 private:
  std::unique_ptr<managed_broker> broker_;
  managed_control control_;
  std::optional<credentials> login_;
  std::shared_ptr<net::tls_client_context> tls_;
  std::string version_;
};

}  // namespace

outcome<std::unique_ptr<target_handle>> open_managed(const target_options& options,
                                                     net::network& network) {
  if (auto possible = check_defects(options); !possible) return possible.error();
  auto found = find_profile(options.target, options.profiles_folder);
  if (!found) return found.error();
  for (const broker::defect_switch& each : options.embedded.defects) {
    found->arguments.push_back(found->defect_argument);
    found->arguments.push_back(broker::to_text(each));
  }
  auto broker = managed_broker::prepare(*found, options.run_folder, network, options.place,
                                        options.disk_bytes);
  if (!broker) return broker.error();
  net::tls_client_options settings = options.tls;
  // Its certificate is for the address that it listens on.
  if (options.place && settings.server_name.empty()) settings.server_name = "127.0.0.1";
  auto tls = prepare_tls(std::move(settings), **broker, network);
  if (!tls) return tls.error();
  const auto started = (*broker)->start(options.probe_version, options.ready_within);
  if (!started) return started.error();
  return std::make_unique<managed_target>(
      std::move(*broker), options.login ? options.login : found->login, std::move(*tls),
      installed_version(*found).value_or(""), network, options);
}

}  // namespace gauntlet::target
