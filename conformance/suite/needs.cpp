#include "conformance/suite/needs.hpp"

#include "harness/base/assert.hpp"

namespace gauntlet::conformance {
namespace {

constexpr std::uint32_t some_seconds = 5;

const char* unless(bool met, const char* why) { return met ? nullptr : why; }

// Null if the broker has the limit that is needed.
const char* missing_limit(need what, const capabilities& able) {
  switch (what) {
    case need::maximum_qos_below_2:
      return unless(able.maximum_qos < mqtt::qos::exactly_once, "it takes every QoS");
    case need::no_retained:
      return unless(!able.retained, "it has retained messages");
    case need::no_wildcard_subscriptions:
      return unless(!able.wildcard_subscriptions, "it has subscriptions with wildcards");
    case need::no_shared_subscriptions:
      return unless(!able.shared_subscriptions, "it has shared subscriptions");
    case need::no_subscription_identifiers:
      return unless(!able.subscription_identifiers, "it has Subscription Identifiers");
    case need::server_keep_alive:
      return unless(able.server_keep_alive.value_or(some_seconds + 1) <= some_seconds,
                    "it announces no Server Keep Alive of five seconds or less");
    case need::session_expiry_limit:
      return unless(able.session_expiry_interval_granted.value_or(some_seconds + 1) <= some_seconds,
                    "it grants Session Expiry Intervals of more than five seconds");
    default:
      GAUNTLET_ASSERT(false && "need out of range");
  }
}

// Null if the need is met.
const char* missing(need what, const capabilities& able, const arena& where) {
  switch (what) {
    case need::qos1:
      return unless(able.maximum_qos >= mqtt::qos::at_least_once, "its Maximum QoS is 0");
    case need::qos2:
      return unless(able.maximum_qos >= mqtt::qos::exactly_once, "its Maximum QoS is below 2");
    case need::retained:
      return unless(able.retained, "it has no retained messages");
    case need::wildcard_subscriptions:
      return unless(able.wildcard_subscriptions, "it has no subscriptions with wildcards");
    case need::shared_subscriptions:
      return unless(able.shared_subscriptions, "it has no shared subscriptions");
    case need::subscription_identifiers:
      return unless(able.subscription_identifiers, "it has no Subscription Identifiers");
    case need::topic_aliases:
      return unless(able.topic_alias_maximum > 0, "it announces no Topic Alias Maximum");
    case need::receive_maximum:
      return unless(able.receive_maximum.has_value(), "it announces no Receive Maximum");
    case need::maximum_packet_size:
      return unless(able.maximum_packet_size.has_value(), "it announces no Maximum Packet Size");
    case need::empty_client_identifier:
      return unless(able.empty_client_identifier, "it refuses clients without an identifier");
    case need::login:
      return unless(where.guarded.has_value(), "no listener is known where a login is asked for");
    case need::access_control:
      return unless(where.guarded && !where.guarded->denied_topic.empty(),
                    "no user is known to whom a topic is forbidden");
    case need::enhanced_authentication:
      return unless(where.guarded && !where.guarded->authentication_method.empty(),
                    "no Authentication Method is known to be set up");
    case need::websocket:
      return unless(where.websocket.has_value(), "no WebSocket listener is known");
    case need::tls:
      return unless(where.tls_endpoint.has_value(), "no TLS listener is known");
    case need::restart:
      return unless(where.restart != nullptr, "it is not ours to stop and start");
    case need::second_endpoint:
      return unless(where.second.has_value(), "no second endpoint was given");
    default:
      return missing_limit(what, able);
  }
}

}  // namespace

std::optional<std::string> missing_for(const test_case& of, mqtt::protocol_version version,
                                       const arena& where) {
  for (const need each : of.needs) {
    if (const char* const why = missing(each, where.able(version), where)) return why;
  }
  return std::nullopt;
}

}  // namespace gauntlet::conformance
