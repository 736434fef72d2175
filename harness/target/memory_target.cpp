// A target that is the reference broker on the caller's own loop and network, for virtual time.

#include <utility>

#include "harness/broker/server.hpp"
#include "harness/target/openers.hpp"

namespace gauntlet::target {
namespace {

class memory_target final : public target_handle {
 public:
  memory_target(std::unique_ptr<broker::server> broker, net::endpoint where,
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
  void stop() override { broker_->shut_down(); }

 private:
  std::unique_ptr<broker::server> broker_;
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
  auto started =
      broker::server::start(network, {.listen = {{.where = where}}, .broker = options.embedded});
  if (!started) return started.error();
  return std::unique_ptr<target_handle>(
      std::make_unique<memory_target>(std::move(*started), where, options.login));
}

}  // namespace gauntlet::target
