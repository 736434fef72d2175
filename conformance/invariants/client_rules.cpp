#include "conformance/invariants/client_rules.hpp"

#include <algorithm>
#include <numeric>

#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::property_id;

template <property_id Id>
std::uint32_t limit(const connection_story& story, std::uint32_t otherwise) {
  if (!story.connack) return otherwise;
  const auto found = story.connack->properties.find<Id>();
  return found ? static_cast<std::uint32_t>(*found) : otherwise;
}

template <property_id Id>
bool is_missing(const connection_story& story) {
  return limit<Id>(story, 1) == 0;
}

// Whether a request of the client's still has this Packet Identifier.
bool is_in_use(const connection_story& story, std::uint16_t identifier) {
  return story.awaits_puback.contains(identifier) || story.awaits_pubrec.contains(identifier) ||
         story.awaits_pubcomp.contains(identifier) || story.awaits_suback.contains(identifier) ||
         story.awaits_unsuback.contains(identifier);
}

std::size_t count_in_flight(const connection_story& story) {
  return story.awaits_puback.size() + story.awaits_pubrec.size() + story.awaits_pubcomp.size();
}

bool keeps_alias_rules(const connection_story& story, const mqtt::publish& packet) {
  const auto alias = packet.properties.find<property_id::topic_alias>();
  if (!alias) return !packet.topic_name.empty();
  if (*alias > limit<property_id::topic_alias_maximum>(story, 0)) return false;
  return !packet.topic_name.empty() || story.aliases_out.contains(*alias);
}

struct judge {
  const connection_story& story;

  bool operator()(const mqtt::connect&) const { return !story.connect; }

  bool operator()(const mqtt::publish& packet) const {
    if (!packet.topic_name.empty() && !mqtt::validate_topic_name(packet.topic_name)) return false;
    if (!keeps_alias_rules(story, packet)) return false;
    if (static_cast<std::uint32_t>(packet.qos) > limit<property_id::maximum_qos>(story, 2))
      return false;
    if (packet.retain && is_missing<property_id::retain_available>(story)) return false;
    if (packet.qos == mqtt::qos::at_most_once) return true;
    // Sent again: on an open connection in 3.1.1 only, else after a resume.
    if (is_in_use(story, packet.packet_identifier)) return packet.dup;
    return count_in_flight(story) < limit<property_id::receive_maximum>(story, 65'535);
  }

  bool operator()(const mqtt::puback& packet) const {
    return was_sent(packet.packet_identifier, mqtt::qos::at_least_once);
  }
  bool operator()(const mqtt::pubrec& packet) const {
    return was_sent(packet.packet_identifier, mqtt::qos::exactly_once);
  }
  bool operator()(const mqtt::pubcomp& packet) const {
    return story.pubrels.contains(packet.packet_identifier);
  }
  bool operator()(const mqtt::pubrel& packet) const {
    // Before its PUBREC, or of a message that is no longer known.
    return !story.awaits_pubrec.contains(packet.packet_identifier);
  }

  bool operator()(const mqtt::subscribe& packet) const {
    if (is_in_use(story, packet.packet_identifier)) return false;
    if (packet.properties.contains(property_id::subscription_identifier) &&
        is_missing<property_id::subscription_identifier_available>(story)) {
      return false;
    }
    return std::ranges::all_of(packet.subscriptions, [this](const mqtt::subscription& each) {
      const std::string& filter = each.topic_filter;
      if (!mqtt::validate_topic_filter(filter, story.version)) return false;
      if (!story.is_v5()) return true;
      if (mqtt::has_wildcard(filter) &&
          is_missing<property_id::wildcard_subscription_available>(story)) {
        return false;
      }
      return !mqtt::is_shared_subscription(filter) ||
             !is_missing<property_id::shared_subscription_available>(story);
    });
  }

  bool operator()(const mqtt::unsubscribe& packet) const {
    return !is_in_use(story, packet.packet_identifier) &&
           std::ranges::all_of(packet.topic_filters, [this](const std::string& filter) {
             return mqtt::validate_topic_filter(filter, story.version).has_value();
           });
  }

  bool operator()(const mqtt::disconnect& packet) const {
    const auto expiry = packet.properties.find<property_id::session_expiry_interval>();
    return !expiry || *expiry == 0 || story.announced<property_id::session_expiry_interval>(0) != 0;
  }

  bool operator()(const mqtt::auth& packet) const {
    const auto method = packet.properties.find<property_id::authentication_method>();
    const auto agreed = story.connect->properties.find<property_id::authentication_method>();
    const bool begins = packet.reason_code == mqtt::reason_code::re_authenticate;
    return agreed && method == agreed && begins == (story.accepted() && !story.authenticating);
  }

  template <class T>
  bool operator()(const T&) const {
    return true;
  }

 private:
  bool was_sent(std::uint16_t identifier, mqtt::qos qos) const {
    if (!story.session) return false;
    const auto found = story.session->in_flight.find(identifier);
    return found != story.session->in_flight.end() && found->second.packet.qos == qos;
  }
};

bool fits(const connection_story& story, const mqtt::packet& packet) {
  const std::uint32_t most = limit<property_id::maximum_packet_size>(story, UINT32_MAX);
  if (most == UINT32_MAX) return true;
  byte_buffer bytes;
  return mqtt::encode(packet, story.version, bytes).has_value() && bytes.size() <= most;
}

}  // namespace

bool keeps_client_rules(const connection_story& story, const mqtt::packet& packet) {
  const bool is_connect = std::holds_alternative<mqtt::connect>(packet);
  if (!is_connect && !story.connect) return false;
  if (story.disconnect_sent) return false;
  if (is_connect && std::get<mqtt::connect>(packet).protocol_version != story.version) return false;
  return fits(story, packet) && std::visit(judge{story}, packet);
}

}  // namespace gauntlet::conformance
