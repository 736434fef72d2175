#pragma once

// A conformance test as data and one function: what it is about, what it needs, which defects of
// the reference broker it must catch, and the story of packets itself.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/statements/caught_defect.hpp"
#include "conformance/statements/statement.hpp"
#include "harness/base/event_loop.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::conformance {

class context;

/// What a broker has to have for a test to say anything; words of the catalogue.
enum class need : std::uint8_t {
  qos1,                      ///< grants and takes QoS 1
  qos2,                      ///< grants and takes QoS 2
  retained,                  ///< retained messages
  wildcard_subscriptions,    ///< filters with + and #
  shared_subscriptions,      ///< filters with $share
  subscription_identifiers,  ///< Subscription Identifiers
  topic_aliases,             ///< announces a Topic Alias Maximum above 0
  receive_maximum,           ///< announces a Receive Maximum
  maximum_packet_size,       ///< announces a Maximum Packet Size
  empty_client_identifier,   ///< takes clients without an identifier
  login,                     ///< a user with a known password; others are refused
  access_control,            ///< a user who may not use certain topics
  enhanced_authentication,   ///< an Authentication Method that we speak
  websocket,                 ///< a WebSocket listener
  tls,                       ///< a TLS listener
  restart,                   ///< may be stopped and started by us; the test then runs alone
  second_endpoint,           ///< another way in, of a cluster or over a bridge
  // A limit, so that a test can go beyond it.
  maximum_qos_below_2,          ///< announces a Maximum QoS
  no_retained,                  ///< announces Retain Available 0
  no_wildcard_subscriptions,    ///< announces Wildcard Subscription Available 0
  no_shared_subscriptions,      ///< announces Shared Subscription Available 0
  no_subscription_identifiers,  ///< announces Subscription Identifier Available 0
  server_keep_alive,            ///< announces a Server Keep Alive of at most some seconds
  session_expiry_limit,         ///< grants Session Expiry Intervals of at most some seconds
};

/// A test. It runs on each version of which it covers a statement.
struct test_case {
  /// The statement's id and a word, such as "MQTT-3.1.0-2/second-connect"; unlike all others.
  std::string id;
  /// What the test is about, for people who do not read code.
  std::string title;
  /// The part of the suite that holds the test, such as "Sessions"; set by suite::begin_theme().
  std::string theme = {};
  std::vector<statement_name> covers;
  std::vector<need> needs = {};
  std::vector<caught_defect> defects;
  requirement_level level = requirement_level::must;
  /// Longest time that it may take, waits for absent answers included.
  duration limit = std::chrono::seconds(30);
  std::function<void(context&)> body;

  bool runs_on(mqtt::protocol_version version) const;
  bool has_need(need what) const;
};

}  // namespace gauntlet::conformance
