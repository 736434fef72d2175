#include "fuzz/model/rule.hpp"

#include <array>
#include <cstddef>

#include "harness/base/assert.hpp"

namespace gauntlet::fuzz::model {
namespace {

constexpr std::size_t rules = static_cast<std::size_t>(rule::count_);

// In the order of the enumerators.
constexpr std::array<rule_info, rules> table = {{
    {"connect-refused", "a valid CONNECT is accepted", "", "", level::should},
    {"connection-ended", "a client that does nothing wrong keeps its connection", "", "",
     level::should},
    {"malformed-packet", "what the server sends can be read", "", ""},
    {"connack-missing", "CONNECT is answered", "MQTT-3.1.4-5", "MQTT-3.1.4-4"},
    {"suback-missing", "SUBSCRIBE is answered", "MQTT-3.8.4-1", "MQTT-3.8.4-1"},
    {"subscribe-refused", "a valid SUBSCRIBE is granted", "", "", level::should},
    {"unsuback-missing", "UNSUBSCRIBE is answered", "MQTT-3.10.4-4", "MQTT-3.10.4-4"},
    {"unsuback-code", "UNSUBACK says whether there was a subscription", "", "", level::should},
    {"puback-missing", "PUBLISH at QoS 1 is acknowledged", "MQTT-3.3.4-1", "MQTT-3.3.4-1"},
    {"pubrec-missing", "PUBLISH at QoS 2 is answered by PUBREC", "MQTT-3.3.4-1", "MQTT-3.3.4-1"},
    {"pubcomp-missing", "PUBREL is answered by PUBCOMP", "MQTT-4.3.3-11", "MQTT-4.3.3-2"},
    {"publish-refused", "a valid PUBLISH is accepted", "", "", level::should},
    {"pingresp-missing", "PINGREQ is answered", "MQTT-3.12.4-1", "MQTT-3.12.4-1"},
    {"taken-over-connection-kept", "a second connection ends the first", "MQTT-3.1.4-3",
     "MQTT-3.1.4-2"},
    {"session-present-after-clean-start", "Clean Start begins with an empty session",
     "MQTT-3.2.2-2", "MQTT-3.2.2-1"},
    {"session-lost", "a session lives as long as agreed", "MQTT-3.2.2-3", "MQTT-3.2.2-2"},
    {"session-present-without-session", "a session ends when it has to", "MQTT-3.2.2-3",
     "MQTT-3.2.2-3"},
    {"lost-qos-0", "a quiet connection receives what is published at QoS 0", "", "", level::should},
    {"lost-message", "a message taken over reaches each subscriber", "MQTT-4.5.0-1",
     "MQTT-4.5.0-1"},
    {"lost-queued-message", "a session keeps messages for a client that is away", "MQTT-4.5.0-1",
     "MQTT-3.1.2-5"},
    {"lost-will", "a will is published once its time has come", "MQTT-3.1.2-8", "MQTT-3.1.2-8"},
    {"lost-will-at-new-connection",
     "a will without delay is published when its connection is taken over, and one with delay when "
     "Clean Start ends its session",
     "MQTT-3.1.2-8", "MQTT-3.1.2-8", level::should},
    {"lost-retained", "a new subscription is sent what is retained", "MQTT-3.3.1-9",
     "MQTT-3.3.1-6"},
    {"lost-retained-qos-0", "what is retained at QoS 0 is kept, too", "", "", level::should},
    {"unexpected-message", "nobody gets what he did not subscribe to", "MQTT-3.3.2-3",
     "MQTT-3.3.2-3"},
    {"message-after-unsubscribe", "nothing new comes after UNSUBSCRIBE", "MQTT-3.10.4-2",
     "MQTT-3.10.4-2"},
    {"message-of-discarded-session", "a session that was discarded leaves nothing behind",
     "MQTT-3.1.2-4", "MQTT-3.1.2-6"},
    {"message-despite-no-local", "No Local keeps a client's own messages from it", "MQTT-3.8.3-3",
     ""},
    {"unwanted-will", "a will that was called off is not published", "MQTT-3.1.2-10",
     "MQTT-3.1.2-10"},
    {"unwanted-retained", "Retain Handling says when retained messages come", "MQTT-3.3.1-10",
     "MQTT-3.3.1-9"},
    {"stale-retained", "what was retained goes when it is removed or replaced", "MQTT-3.3.1-6",
     "MQTT-3.3.1-10"},
    {"expired-message", "an expired message is not delivered", "MQTT-3.3.2-5", ""},
    {"expired-retained", "an expired retained message is not sent", "", ""},
    {"message-twice", "a message comes no more often than its subscriptions", "MQTT-4.3.3-2",
     "MQTT-4.3.3-1"},
    {"wrong-qos", "a message comes at the lower of its QoS and the one granted", "MQTT-3.8.4-8",
     "MQTT-3.8.4-6"},
    {"lower-qos-of-overlapping", "overlapping subscriptions count with the highest QoS",
     "MQTT-3.3.4-2", "MQTT-3.3.5-1"},
    {"wrong-retain-flag", "RETAIN tells retained messages from others", "MQTT-3.3.1-12",
     "MQTT-3.3.1-9"},
    {"wrong-identifiers", "a message names the subscriptions that it comes for", "MQTT-3.3.4-3",
     ""},
    {"wrong-dup-flag", "DUP is set when a message is sent again, and only then", "MQTT-3.3.1-1",
     "MQTT-3.3.1-1"},
    {"wrong-expiry", "a message carries what is left of its expiry interval", "MQTT-3.3.2-6", ""},
    {"added-expiry", "a message without an expiry interval comes without one", "", "",
     level::should},
    {"changed-message", "a message arrives as it was sent", "", ""},
    {"identifier-in-use", "a packet identifier stands for one message at a time", "MQTT-2.2.1-4",
     "MQTT-2.3.1-4"},
    {"receive-maximum-exceeded", "no more messages are in flight than the client can take",
     "MQTT-3.3.4-9", ""},
    {"redelivery-missing", "what was not acknowledged is sent again", "MQTT-4.4.0-1",
     "MQTT-4.4.0-1"},
    {"redelivery-changed", "what is sent again is the same, under the same identifier",
     "MQTT-4.4.0-1", "MQTT-4.4.0-1"},
    {"redelivery-on-open-connection", "nothing is sent again while the connection lasts",
     "MQTT-4.4.0-1", ""},
    {"pubrel-missing", "PUBREC is answered by PUBREL", "MQTT-4.3.3-4", "MQTT-4.3.3-1"},
    {"wrong-order", "messages of one publisher stay in order", "MQTT-4.6.0-5", "MQTT-4.6.0-6"},
}};

}  // namespace

const rule_info& info_of(rule broken) {
  GAUNTLET_ASSERT(broken < rule::count_);
  return table[static_cast<std::size_t>(broken)];
}

std::optional<rule> parse_rule(std::string_view name) {
  for (std::size_t i = 0; i < rules; ++i) {
    if (table[i].name == name) return static_cast<rule>(i);
  }
  return std::nullopt;
}

std::string_view violation::statement() const {
  const rule_info& info = info_of(broken);
  const bool is_v5 = version == mqtt::protocol_version::v5;
  const std::string_view own = is_v5 ? info.v5 : info.v3_1_1;
  return own.empty() ? (is_v5 ? info.v3_1_1 : info.v5) : own;
}

}  // namespace gauntlet::fuzz::model
