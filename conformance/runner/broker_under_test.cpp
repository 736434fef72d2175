#include "conformance/runner/broker_under_test.hpp"

#include <random>
#include <utility>

#include <fmt/format.h>

#include "conformance/runner/capability_card.hpp"
#include "conformance/runner/learn_capabilities.hpp"
#include "harness/auth/scram.hpp"
#include "harness/broker/user.hpp"
#include "harness/net/url.hpp"
#include "harness/target/managed_broker.hpp"

namespace gauntlet::conformance {
namespace {

const target::credentials guarded_user{.user_name = "device", .password = "secret"};
constexpr const char* denied_topic = "forbidden/topic";

// Unlike that of any other run, so that what another has left on the broker does not matter.
std::string new_prefix() {
  std::random_device source;
  return fmt::format("gauntlet/{:08x}", source());
}

target::target_options guarded_options(target::target_options of) {
  broker::user device = broker::make_user(guarded_user.user_name, guarded_user.password);
  device.access =
      broker::access_list{.rules = {{.decision = broker::permission::deny, .filter = denied_topic}},
                          .otherwise = broker::permission::allow};
  of.embedded.users = {std::move(device)};
  of.login = guarded_user;
  if (!of.run_folder.empty()) of.run_folder /= "guarded";
  return of;
}

// Where clients of either version connect with that transport.
std::optional<net::endpoint> endpoint_over(const target::target_handle& target,
                                           net::transport transport) {
  for (const auto version : {mqtt::protocol_version::v5, mqtt::protocol_version::v3_1_1}) {
    if (auto where = target.endpoint_for(version, transport)) return *where;
  }
  return std::nullopt;
}

}  // namespace

outcome<std::unique_ptr<broker_under_test>> broker_under_test::open(const broker_request& wanted,
                                                                    net::network& network) {
  std::unique_ptr<broker_under_test> made(new broker_under_test);
  auto opened = target::open_target(wanted.target, network);
  if (!opened) return opened.error();
  made->target_ = std::move(*opened);
  broker_access& access = made->access_;
  const auto where_v5 = made->target_->endpoint_for(mqtt::protocol_version::v5);
  const auto where_v3 = made->target_->endpoint_for(mqtt::protocol_version::v3_1_1);
  if (!where_v5 && !where_v3) return where_v5.error();
  access.for_v5 = where_v5 ? *where_v5 : *where_v3;
  access.for_v3_1_1 = where_v3 ? *where_v3 : *where_v5;
  access.tls = made->target_->tls();
  access.login = made->target_->login();
  access.timeout_scale = wanted.timeout_scale;
  access.prefix = new_prefix();
  access.websocket = endpoint_over(*made->target_, net::transport::ws);
  access.tls_endpoint = endpoint_over(*made->target_, net::transport::tls);
  access.may_restart = made->target_->managed() != nullptr && made->target_->is_persistent();
  if (const auto guarded = made->target_->guarded()) {
    access.guarded = guarded_listener{.where = guarded->where,
                                      .user = guarded->user,
                                      .denied_topic = guarded->denied_topic,
                                      .authentication_method = guarded->authentication_method};
  }

  if (wanted.target.target == "embedded") {
    auto guarded = target::open_target(guarded_options(wanted.target), network);
    if (!guarded) return guarded.error();
    made->guarded_ = std::move(*guarded);
    const auto where = made->guarded_->endpoint_for(mqtt::protocol_version::v5);
    if (!where) return where.error();
    access.guarded = guarded_listener{.where = *where,
                                      .user = guarded_user,
                                      .denied_topic = denied_topic,
                                      .authentication_method = std::string(auth::scram_mechanism)};
  }
  if (!wanted.second_target.empty()) {
    target::target_options second = wanted.target;
    second.target = wanted.second_target;
    auto also = target::open_target(second, network);
    if (!also) return also.error();
    made->second_ = std::move(*also);
    const auto where = made->second_->endpoint_for(mqtt::protocol_version::v5);
    if (!where) return where.error();
    access.second = *where;
  }

  arena asking = make_arena(network, access);
  const auto unspoken = [](const failure& why) {
    return capabilities{.version_refused = why.message};
  };
  if (wanted.v3_1_1) {
    access.able_v3_1_1 = where_v3 ? learn_capabilities(asking, mqtt::protocol_version::v3_1_1)
                                  : unspoken(where_v3.error());
  }
  if (wanted.v5) {
    access.able_v5 = where_v5 ? learn_capabilities(asking, mqtt::protocol_version::v5)
                              : unspoken(where_v5.error());
  }
  made->card_ = capability_card(access, wanted.v3_1_1, wanted.v5);
  return made;
}

broker_under_test::~broker_under_test() = default;

record::target_record broker_under_test::describe(const std::string& given) const {
  const bool is_ours = target_->managed() != nullptr;
  return {.given = net::without_password(given),
          .url = net::to_string(access_.for_v5),
          .profile = is_ours ? target_->managed()->broker().name : std::string(),
          .product = target_->product()};
}

void broker_under_test::stop() {
  if (second_) second_->stop();
  if (guarded_) guarded_->stop();
  target_->stop();
}

}  // namespace gauntlet::conformance
