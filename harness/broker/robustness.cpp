#include "harness/broker/robustness.hpp"

#include <algorithm>
#include <variant>
#include <vector>

#include "harness/base/assert.hpp"
#include "harness/broker/disconnect.hpp"
#include "harness/broker/publish_inbound.hpp"
#include "harness/broker/state.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property_id;

bool has_empty_level(std::string_view topic) {
  return topic.starts_with('/') || topic.ends_with('/') ||
         topic.find("//") != std::string_view::npos;
}

/// The Topic Filter of a shared subscription without its share name. MQTT 5.0 §4.8.2
std::string_view filter_of_shared(std::string_view filter) {
  constexpr std::string_view prefix = "$share/";
  const std::size_t slash = filter.find('/', prefix.size());
  return slash == std::string_view::npos ? std::string_view{} : filter.substr(slash + 1);
}

void forget_all_retained(broker_state& broker) {
  std::vector<std::string> topics;
  broker.retained.visit(
      [&](const retained_message& each) { topics.emplace_back(each.message->topic); });
  for (const std::string& topic : topics) broker.retained.remove(topic);
}

void end_all_but(broker_state& broker, const connection& spared) {
  std::vector<connection*> others;
  broker.sessions.visit([&](session& each) {
    if (each.attached != nullptr && each.attached != &spared) others.push_back(each.attached);
  });
  for (connection* const each : others) close_connection(broker, *each);
}

struct harms {
  broker_state& broker;
  connection& from;

  void operator()(const mqtt::connect& packet) const {
    const auto& properties = packet.properties;
    const auto problems = properties.find<property_id::request_problem_information>();
    if (problems && *problems == 0)
      strike(defect::crash_at_connect_without_problem_information, harm().crash);
    if (packet.will && packet.will->properties.contains(property_id::will_delay_interval)) {
      strike(defect::leak_at_will_delay, harm().leak);
    }
    const session* const taken = broker.sessions.find(packet.client_id);
    if (taken != nullptr && taken->attached != nullptr && !taken->inbound_qos2.empty()) {
      strike(defect::crash_at_takeover_within_qos2, harm().crash);
    }
  }
  void operator()(const mqtt::publish& packet) const {
    if (packet.qos == mqtt::qos::exactly_once &&
        is_identifier_in_use(from, packet.packet_identifier)) {
      strike(defect::crash_at_repeated_qos2_publish, harm().crash);
    }
    if (packet.topic_name.empty() && from.aliases && from.bound->will) {
      strike(defect::crash_at_alias_with_will, harm().crash);
    }
    if (!packet.retain) return;
    if (packet.payload.empty() && broker.retained.contains(packet.topic_name) &&
        !from.bound->subscriptions.empty()) {
      strike(defect::hang_at_deletion_by_subscriber, harm().hang);
    }
    if (has_empty_level(packet.topic_name) &&
        broker.defects.strikes(defect::lose_all_retained_at_empty_level)) {
      forget_all_retained(broker);
    }
  }
  void operator()(const mqtt::pubrec& packet) const {
    if (mqtt::is_error(packet.reason_code) &&
        broker.defects.strikes(defect::end_everybody_at_refusing_pubrec)) {
      end_all_but(broker, from);
    }
  }
  void operator()(const mqtt::subscribe& packet) const {
    const auto& has = from.bound->subscriptions;
    for (const mqtt::subscription& wanted : packet.subscriptions) {
      if (has.contains(wanted.topic_filter)) {
        strike(defect::leak_at_repeated_subscribe, harm().leak);
      }
      const bool is_shared_too = std::any_of(has.begin(), has.end(), [&](const auto& each) {
        return mqtt::is_shared_subscription(each.first) &&
               filter_of_shared(each.first) == wanted.topic_filter;
      });
      if (is_shared_too) strike(defect::crash_at_shared_and_plain_filter, harm().crash);
    }
  }
  void operator()(const mqtt::unsubscribe& packet) const {
    for (const std::string& filter : packet.topic_filters) {
      const bool exists = from.bound->subscriptions.contains(filter);
      if (!exists) strike(defect::crash_at_unsubscribe_of_nothing, harm().crash);
      if (exists && mqtt::is_shared_subscription(filter)) {
        strike(defect::spin_at_unsubscribe_from_shared, harm().spin);
      }
    }
  }
  void operator()(const mqtt::disconnect& packet) const {
    if (packet.properties.contains(property_id::session_expiry_interval)) {
      strike(defect::hang_at_disconnect_with_expiry, harm().hang);
    }
  }
  template <class Other>
  void operator()(const Other&) const {}

 private:
  const process_harm& harm() const { return broker.options.harm; }
  void strike(defect which, const std::function<void()>& how) const {
    if (!broker.defects.strikes(which)) return;
    broker.log(log_level::error, "harm defect={}",
               all_defects()[static_cast<std::size_t>(which)].name);
    GAUNTLET_ASSERT(how);  // validate() asks for it
    how();
  }
};

}  // namespace

bool asks_for_harm(std::span<const defect_switch> switches) {
  return std::any_of(switches.begin(), switches.end(),
                     [](const defect_switch& each) { return is_of_robustness(each.which); });
}

void harm_at_packet(broker_state& broker, connection& from, byte_view packet) {
  const bool is_connect = mqtt::packet_type_of(packet[0]) == mqtt::packet_type::connect;
  const bool is_in_place =
      is_connect ? from.phase == connection_phase::awaiting_connect : from.bound != nullptr;
  if (!is_in_place) return;
  const auto decoded = mqtt::decode(packet, from.version, mqtt::sender::client);
  if (decoded) std::visit(harms{broker, from}, *decoded);
}

}  // namespace gauntlet::broker
