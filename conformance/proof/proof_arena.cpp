#include "conformance/proof/proof_arena.hpp"

#include <atomic>
#include <filesystem>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/auth/scram.hpp"
#include "harness/base/assert.hpp"
#include "harness/broker/user.hpp"

namespace gauntlet::conformance {
namespace {

const net::endpoint address{.host = "broker", .port = 1883};
const net::endpoint second_address{.host = "broker", .port = 1884};
const net::endpoint websocket_address{
    .transport = net::transport::ws, .host = "broker", .port = 8080};
const net::endpoint tls_address{.transport = net::transport::tls, .host = "broker", .port = 8883};
const net::endpoint guarded_address{.host = "guarded", .port = 1883};

const guarded_listener& guard() {
  static const guarded_listener made{.where = guarded_address,
                                     .user = {.user_name = "device", .password = "secret"},
                                     .denied_topic = "forbidden/topic",
                                     .authentication_method = std::string(auth::scram_mechanism)};
  return made;
}

// Its verifier costs milliseconds, so it is made once.
broker::user guarded_user() {
  static const broker::user made = [] {
    broker::user device = broker::make_user(guard().user.user_name, guard().user.password);
    device.access = broker::access_list{
        .rules = {{.decision = broker::permission::deny, .filter = guard().denied_topic}},
        .otherwise = broker::permission::allow};
    return device;
  }();
  return made;
}

std::unique_ptr<broker::server> start(net::network& network, std::vector<net::endpoint> listen,
                                      broker::options how) {
  broker::server_options options;
  for (const net::endpoint& where : listen) options.listen.push_back({.where = where});
  options.broker = std::move(how);
  auto started = broker::server::start(network, std::move(options));
  GAUNTLET_ASSERT(started.has_value());
  return std::move(*started);
}

// Where one broker keeps its state; each gets another.
std::string own_directory() {
  static std::atomic<int> count = 0;
  const auto folder = std::filesystem::temp_directory_path() /
                      fmt::format("gauntlet-proof-{}-{}", ::getpid(), ++count);
  return folder.string();
}

// The limits under which a defect shows; most need none.
void limit_for(broker::defect which, broker::capabilities& able) {
  using broker::defect;
  switch (which) {
    case defect::omit_maximum_qos:
    case defect::accept_will_above_maximum_qos:
    case defect::accept_publish_above_maximum_qos:
    case defect::refuse_subscribe_above_maximum_qos:
      able.maximum_qos = 1;
      return;
    case defect::accept_retained_will_when_not_available:
    case defect::accept_retain_when_not_available:
      able.retain_available = false;
      return;
    case defect::omit_server_keep_alive:
    case defect::ignore_server_keep_alive:
      able.keep_alive_max_s = 2;
      return;
    case defect::ignore_announced_session_expiry:
    case defect::omit_session_expiry_interval:
      able.session_expiry_interval_max_s = 2;
      return;
    case defect::accept_wildcard_when_not_available:
      able.wildcard_subscription_available = false;
      return;
    case defect::accept_shared_when_not_available:
      able.shared_subscription_available = false;
      return;
    case defect::accept_identifier_when_not_available:
      able.subscription_identifier_available = false;
      return;
    default:
      return;
  }
}

// What clients learn of the broker. Not that of a defect: what it announces is for tests to find.
capabilities able_v5(const broker::capabilities& of) {
  const broker::capabilities usual;
  capabilities able{.maximum_qos = static_cast<mqtt::qos>(of.maximum_qos),
                    .retained = of.retain_available,
                    .wildcard_subscriptions = of.wildcard_subscription_available,
                    .shared_subscriptions = of.shared_subscription_available,
                    .subscription_identifiers = of.subscription_identifier_available,
                    .receive_maximum = of.receive_maximum,
                    .maximum_packet_size = of.maximum_packet_size,
                    .topic_alias_maximum = of.topic_alias_maximum};
  if (of.keep_alive_max_s != 0) able.server_keep_alive = of.keep_alive_max_s;
  if (of.session_expiry_interval_max_s != usual.session_expiry_interval_max_s) {
    able.session_expiry_interval_granted = of.session_expiry_interval_max_s;
  }
  return able;
}

}  // namespace

broker::options settings_for(const test_case& of) {
  broker::options settings;
  for (const caught_defect& each : of.defects) {
    const auto defect = broker::parse_defect(each.name);
    GAUNTLET_ASSERT(defect.has_value());
    limit_for(defect->which, settings.capabilities);
  }
  if (of.has_need(need::restart)) settings.persistence.directory = own_directory();
  return settings;
}

proof_arena::proof_arena(broker::options how)
    : how_(std::move(how)), arena_{.network = network_, .endpoint_for = [](mqtt::protocol_version) {
                                     return address;
                                   }} {
  arena_.able_v5 = able_v5(how_.capabilities);
  arena_.able_v3_1_1.wildcard_subscriptions = how_.capabilities.wildcard_subscription_available;
  arena_.second = second_address;
  arena_.websocket = websocket_address;
  arena_.tls_endpoint = tls_address;
  arena_.guarded = guard();
  broker::options with_users = how_;
  with_users.users = {guarded_user()};
  with_users.persistence = {};
  guarded_ = start(network_, {guarded_address}, std::move(with_users));
  start_broker();
  if (how_.persistence.directory.empty()) return;
  arena_.restart = [this]() -> outcome<void> {
    broker_.reset();
    start_broker();
    return {};
  };
}

proof_arena::~proof_arena() {
  broker_.reset();
  if (how_.persistence.directory.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(how_.persistence.directory, ignored);
}

void proof_arena::start_broker() {
  broker_ = start(network_, {address, second_address, websocket_address, tls_address}, how_);
}

}  // namespace gauntlet::conformance
