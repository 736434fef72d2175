// A target that somebody else runs. All we know is its URL and what it answers.

#include "harness/net/url.hpp"
#include "harness/target/openers.hpp"
#include "harness/target/probe.hpp"

namespace gauntlet::target {
namespace {

bool needs_tls(net::transport transport) {
  return transport == net::transport::tls || transport == net::transport::wss;
}

class url_target final : public target_handle {
 public:
  url_target(net::target_url url, std::optional<credentials> login,
             std::shared_ptr<net::tls_client_context> tls)
      : url_(std::move(url)), login_(std::move(login)), tls_(std::move(tls)) {}

  std::string description() const override { return net::to_string(url_); }
  std::string product() const override { return {}; }

  outcome<net::endpoint> endpoint_for(mqtt::protocol_version,
                                      std::optional<net::transport> transport) const override {
    if (!transport || *transport == url_.where.transport) return url_.where;
    return bad_input("the target " + net::to_string(url_) +
                     " has one transport; a group asks for another");
  }

  const std::optional<credentials>& login() const override { return login_; }
  std::shared_ptr<net::tls_client_context> tls() const override { return tls_; }
  void on_exit(std::function<void(const exit_report&)>) override {}
  const std::vector<usage_sample>& usage() const override { return no_usage_; }
  managed_broker* managed() override { return nullptr; }
  void stop() override {}

 private:
  net::target_url url_;
  std::optional<credentials> login_;
  std::shared_ptr<net::tls_client_context> tls_;
  std::vector<usage_sample> no_usage_;
};

}  // namespace

outcome<std::unique_ptr<target_handle>> open_url(const target_options& options,
                                                 net::network& network) {
  auto url = net::parse_url(options.target);
  if (!url) return url.error();

  std::optional<credentials> login = options.login;
  if (!login && url->user_name) login = credentials{*url->user_name, url->password.value_or("")};

  std::shared_ptr<net::tls_client_context> tls;
  if (needs_tls(url->where.transport)) {
    auto prepared = network.prepare_tls(options.tls);
    if (!prepared) return prepared.error();
    tls = std::move(*prepared);
  }

  const probe_result answer = probe(network, url->where,
                                    {.version = options.probe_version,
                                     .login = options.probe_login ? options.probe_login : login,
                                     .tls = tls,
                                     .timeout = options.ready_within});
  if (answer.answer != probe_answer::accepted) {
    return environment_failed("the target " + net::to_string(*url) + " " + answer.detail);
  }
  return std::make_unique<url_target>(std::move(*url), std::move(login), std::move(tls));
}

}  // namespace gauntlet::target
