#include "conformance/runner/learn_capabilities.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "harness/base/seeded_stream.hpp"
#include "harness/script/peer.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::property_id;
using mqtt::protocol_version;
using mqtt::reason_code;

class questioner {
 public:
  questioner(arena& where, protocol_version version) : where_(where), version_(version) {}

  capabilities ask() {
    capabilities able;
    if (!is_v5()) able.shared_subscriptions = able.subscription_identifiers = false;
    ask_for_announcements(able);
    if (!able.version_refused.empty()) return able;
    ask_without_identifier(able);
    if (!is_mute_) ask_for_lengths(able);
    return able;
  }

 private:
  bool is_v5() const { return version_ == protocol_version::v5; }

  script::peer open() const {
    const duration limit = scaled(std::chrono::seconds(5));
    return script::peer(where_.network, where_.endpoint_for(version_),
                        {.name = "capabilities",
                         .version = version_,
                         .dial = {.timeout = limit, .tls = where_.tls}});
  }

  duration scaled(duration of) const {
    return std::chrono::duration_cast<duration>(of * where_.timeout_scale);
  }

  script::arrival answer_of(script::peer& to) const {
    return to.next(scaled(std::chrono::seconds(5)));
  }

  void ask_for_announcements(capabilities& able) {
    script::peer asking = open();
    const std::string id =
        fmt::format("g{:016x}", stream_key(0).with(where_.prefix).with("capabilities").bits());
    asking.send(with_login(where_, {.protocol_version = version_, .client_id = id}));
    const script::arrival answer = answer_of(asking);
    if (const auto why = refusal_of_version(answer)) able.version_refused = *why;
    const auto* const accepted = script::packet_of<mqtt::connack>(answer);
    if (accepted == nullptr || mqtt::is_error(accepted->reason_code)) return;
    if (is_v5()) read_announcements(accepted->properties, able);
    ask_for_quality_of_service(asking, able);
    if (is_v5()) ask_for_subscriptions(asking, able);
    asking.send(mqtt::disconnect{});
    asking.close();
  }

  // A server without 5.0 answers in the form of 3.1.1 (MQTT 5.0 §3.1.2.2).
  std::optional<std::string> refusal_of_version(const script::arrival& answer) const {
    constexpr std::uint8_t refused_as_v3[] = {0x20, 0x02, 0x00, 0x01};
    if (const auto* const refused = script::packet_of<mqtt::connack>(answer)) {
      if (refused->reason_code != reason_code::unsupported_protocol_version) return std::nullopt;
      return "it refuses the version with " + script::to_text(answer, version_);
    }
    const auto* const odd = std::get_if<script::arrived_malformed>(&answer);
    if (odd == nullptr || !std::ranges::equal(odd->bytes, refused_as_v3)) return std::nullopt;
    return "it refuses the version with the CONNACK 0x01 of MQTT 3.1.1";
  }

  static void read_announcements(const mqtt::property_list& told, capabilities& able) {
    const auto is_off = [&told]<property_id Id>() { return told.find<Id>() == std::uint8_t{0}; };
    if (const auto maximum = told.find<property_id::maximum_qos>()) {
      able.maximum_qos = static_cast<mqtt::qos>(std::min<std::uint8_t>(*maximum, 2));
    }
    able.retained = !is_off.operator()<property_id::retain_available>();
    able.wildcard_subscriptions =
        !is_off.operator()<property_id::wildcard_subscription_available>();
    able.shared_subscriptions = !is_off.operator()<property_id::shared_subscription_available>();
    able.subscription_identifiers =
        !is_off.operator()<property_id::subscription_identifier_available>();
    able.receive_maximum = told.find<property_id::receive_maximum>();
    able.maximum_packet_size = told.find<property_id::maximum_packet_size>();
    able.topic_alias_maximum = told.find<property_id::topic_alias_maximum>().value_or(0);
    able.server_keep_alive = told.find<property_id::server_keep_alive>();
    able.session_expiry_interval_granted = told.find<property_id::session_expiry_interval>();
  }

  // The code with which the broker answers one subscription; nothing if it does not answer.
  std::optional<reason_code> subscribe(script::peer& asking, std::string filter, mqtt::qos qos,
                                       mqtt::property_list properties = {}) {
    if (is_mute_ || !asking.stands()) return std::nullopt;
    mqtt::subscribe packet{.packet_identifier = asking.next_packet_identifier(),
                           .subscriptions = {{std::move(filter), {.maximum_qos = qos}}},
                           .properties = std::move(properties)};
    asking.send(packet);
    const script::arrival answer = answer_of(asking);
    const auto* const granted = script::packet_of<mqtt::suback>(answer);
    is_mute_ = granted == nullptr;
    if (granted == nullptr || granted->reason_codes.size() != 1) return std::nullopt;
    return granted->reason_codes.front();
  }

  void ask_for_quality_of_service(script::peer& asking, capabilities& able) {
    const auto granted =
        subscribe(asking, where_.prefix + "/capabilities", mqtt::qos::exactly_once);
    if (!granted || mqtt::is_error(*granted)) return;
    able.maximum_qos = std::min(able.maximum_qos, static_cast<mqtt::qos>(*granted));
  }

  void ask_for_subscriptions(script::peer& asking, capabilities& able) {
    const std::string topic = where_.prefix + "/capabilities";
    const auto qos = mqtt::qos::at_most_once;
    if (subscribe(asking, "$share/g/" + topic, qos) ==
        reason_code::shared_subscriptions_not_supported) {
      able.shared_subscriptions = false;
    }
    if (subscribe(asking, topic + "/+", qos) == reason_code::wildcard_subscriptions_not_supported) {
      able.wildcard_subscriptions = false;
    }
    if (able.subscription_identifiers &&
        subscribe(asking, topic, qos, {mqtt::subscription_identifier(1)}) ==
            reason_code::subscription_identifiers_not_supported) {
      able.subscription_identifiers = false;
    }
  }

  void ask_without_identifier(capabilities& able) const {
    script::peer asking = open();
    asking.send(with_login(where_, {.protocol_version = version_}));
    const script::arrival answer = answer_of(asking);
    const auto* const refused = script::packet_of<mqtt::connack>(answer);
    if (refused != nullptr && refused->reason_code == reason_code::client_identifier_not_valid) {
      able.empty_client_identifier = false;
    }
    asking.send(mqtt::disconnect{});
    asking.close();
  }

  // Largest first: the first that is taken is the answer, as far as it is tried.
  void ask_for_lengths(capabilities& able) const {
    for (const std::uint32_t length : {65'535U, 8'192U, 1'024U, 256U, 128U, 65U, 23U}) {
      if (!takes_identifier(length)) continue;
      able.client_identifier_bytes = length;
      break;
    }
    for (const std::uint32_t length : {65'535U, 8'192U, 4'096U, 1'024U, 256U}) {
      if (!takes_topic(padded_topic(length))) continue;
      able.topic_name_bytes = length;
      break;
    }
    for (const std::uint32_t levels : {4'096U, 1'024U, 256U, 128U, 64U, 16U, 8U}) {
      if (!takes_topic(topic_of_levels(levels))) continue;
      able.topic_levels = levels;
      break;
    }
  }

  bool takes_identifier(std::uint32_t length) const {
    std::string id = fmt::format("g{:016x}", stream_key(length).with(where_.prefix).bits());
    id.resize(length, 'x');
    script::peer asking = open();
    const bool is_taken = is_accepted(asking, std::move(id));
    asking.send(mqtt::disconnect{});
    asking.close();
    return is_taken;
  }

  bool is_accepted(script::peer& asking, std::string id) const {
    asking.send(with_login(where_, {.protocol_version = version_, .client_id = std::move(id)}));
    const script::arrival answer = answer_of(asking);
    const auto* const accepted = script::packet_of<mqtt::connack>(answer);
    return accepted != nullptr && !mqtt::is_error(accepted->reason_code);
  }

  std::string padded_topic(std::uint32_t length) const {
    std::string topic = where_.prefix + "/";
    topic.resize(length, 'x');
    return topic;
  }

  std::string topic_of_levels(std::uint32_t levels) const {
    std::string topic = where_.prefix;
    for (std::uint32_t i = 2; i < levels; ++i) topic += "/x";
    return topic;
  }

  // At QoS 1, so that it is answered.
  bool takes_topic(std::string topic) const {
    script::peer asking = open();
    const auto bits = stream_key(topic.size()).with(where_.prefix).bits();
    if (!is_accepted(asking, fmt::format("g{:016x}", bits))) return false;
    asking.send(mqtt::publish{
        .qos = mqtt::qos::at_least_once, .topic_name = std::move(topic), .packet_identifier = 1});
    const script::arrival answer = answer_of(asking);
    const auto* const taken = script::packet_of<mqtt::puback>(answer);
    asking.send(mqtt::disconnect{});
    asking.close();
    return taken != nullptr && !mqtt::is_error(taken->reason_code);
  }

  arena& where_;
  const protocol_version version_;
  bool is_mute_ = false;  ///< it did not answer a SUBSCRIBE: it will not answer another
};

}  // namespace

capabilities learn_capabilities(arena& where, mqtt::protocol_version version) {
  return questioner(where, version).ask();
}

}  // namespace gauntlet::conformance
