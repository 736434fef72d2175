#include "harness/broker/connect_admission.hpp"

#include "harness/broker/authentication.hpp"
#include "harness/broker/payload_format.hpp"
#include "harness/mqtt/topic.hpp"
#include "harness/mqtt/utf8.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::reason_code;
using check_result = std::optional<admission_refusal>;

// 3.1.1 lets a client without identifier in with a clean session only [MQTT-3.1.3-8 of 3.1.1]; 5.0
// always (§3.1.3.1).
check_result check_client_identifier(broker_state& broker, const mqtt::connect& packet) {
  if (packet.protocol_version == mqtt::protocol_version::v3_1_1 && packet.client_id.empty() &&
      !packet.clean_start &&
      !broker.defects.strikes(defect::accept_empty_client_identifier_without_clean_session)) {
    return admission_refusal{reason_code::client_identifier_not_valid,
                             "no Client Identifier and no CleanSession"};
  }
  return std::nullopt;
}

// [MQTT-4.12.0-1]
check_result check_authentication_method(broker_state& broker, const mqtt::connect& packet) {
  const auto method = packet.properties.find<mqtt::property_id::authentication_method>();
  if (!method || is_known_method(broker, *method)) return std::nullopt;
  if (broker.defects.strikes(defect::accept_unknown_authentication_method)) return std::nullopt;
  return admission_refusal{reason_code::bad_authentication_method, "unknown Authentication Method"};
}

// 3.1.1 has no return code for limits; "Server unavailable" is the nearest.
reason_code limit_code(const mqtt::connect& packet, reason_code in_v5) {
  return packet.protocol_version == mqtt::protocol_version::v5 ? in_v5
                                                               : reason_code::server_unavailable;
}

check_result check_connect_rate(broker_state& broker, const mqtt::connect& packet) {
  const std::uint32_t limit = broker.options.limits.connects_per_second_max;
  if (limit == 0 || broker.connect_rate.admits(broker.now, limit)) return std::nullopt;
  return admission_refusal{limit_code(packet, reason_code::connection_rate_exceeded),
                           "too many connections a second"};
}

check_result check_will_format(const broker_state& broker, const mqtt::will& will) {
  const auto format = will.properties.find<mqtt::property_id::payload_format_indicator>();
  if (format.value_or(0) == 0 || !broker.options.check_payload_format ||
      is_utf8_payload(will.payload)) {
    return std::nullopt;
  }
  return admission_refusal{reason_code::payload_format_invalid, "Will Payload is not UTF-8"};
}

check_result check_will(broker_state& broker, const mqtt::connect& packet) {
  if (!packet.will) return std::nullopt;
  const capabilities& can = broker.options.capabilities;
  if (static_cast<std::uint8_t>(packet.will->qos) > can.maximum_qos &&
      !broker.defects.strikes(defect::accept_will_above_maximum_qos)) {
    return admission_refusal{reason_code::qos_not_supported, "Will QoS above Maximum QoS"};
  }
  if (packet.will->retain && !can.retain_available &&
      !broker.defects.strikes(defect::accept_retained_will_when_not_available)) {
    return admission_refusal{reason_code::retain_not_supported, "Will Retain not available"};
  }
  if (!mqtt::validate_topic_name(packet.will->topic_name).has_value()) {
    return admission_refusal{reason_code::topic_name_invalid, "invalid Will Topic"};
  }
  // Clients do not exchange messages on topics that begin with "$" (§4.7.2).
  if (packet.will->topic_name.starts_with('$')) {
    const bool v5 = packet.protocol_version == mqtt::protocol_version::v5;
    return admission_refusal{v5 ? reason_code::topic_name_invalid : reason_code::not_authorized,
                             "Will Topic is the broker's own"};
  }
  return check_will_format(broker, *packet.will);
}

bool are_in_order(const mqtt::property_list& properties) {
  return std::is_sorted(properties.begin(), properties.end(),
                        [](const auto& a, const auto& b) { return a.id < b.id; });
}

// What a narrow-minded broker refuses although the standard permits it.
check_result refuse_needlessly(broker_state& broker, const mqtt::connect& packet) {
  if (!broker.defects.any()) return std::nullopt;
  const auto refuse_if = [&](bool met, defect which) -> check_result {
    if (!met || !broker.defects.strikes(which)) return std::nullopt;
    return admission_refusal{reason_code::client_identifier_not_valid, "narrow-minded broker"};
  };
  const std::string& id = packet.client_id;
  const bool v5 = packet.protocol_version == mqtt::protocol_version::v5;
  const bool has_upper_case = std::ranges::any_of(id, [](char c) { return c >= 'A' && c <= 'Z'; });
  const bool is_binary = packet.password && mqtt::check_text(as_text(*packet.password)).fault !=
                                                mqtt::text_fault::none;
  const bool has_session = broker.sessions.find(id) != nullptr;
  for (const auto& [met, which] :
       {std::pair{id.size() == 23, defect::refuse_client_identifier_of_23_bytes},
        std::pair{has_upper_case, defect::refuse_upper_case_client_identifier},
        std::pair{v5 && packet.password && !packet.user_name,
                  defect::refuse_password_without_user_name},
        std::pair{is_binary, defect::refuse_binary_password},
        std::pair{!are_in_order(packet.properties), defect::refuse_properties_out_of_order},
        std::pair{!packet.clean_start && !has_session, defect::refuse_resume_without_session}}) {
    if (auto refusal = refuse_if(met, which)) return refusal;
  }
  return std::nullopt;
}

}  // namespace

std::optional<admission_refusal> check_admission(broker_state& broker,
                                                 const mqtt::connect& packet) {
  if (auto refusal = check_connect_rate(broker, packet)) return refusal;
  if (auto refusal = check_client_identifier(broker, packet)) return refusal;
  if (auto refusal = check_authentication_method(broker, packet)) return refusal;
  if (auto refusal = check_will(broker, packet)) return refusal;
  return refuse_needlessly(broker, packet);
}

std::optional<admission_refusal> check_session_limit(broker_state& broker,
                                                     const mqtt::connect& packet) {
  const bool more = broker.sessions.size() >= broker.options.limits.sessions_max;
  if (!more || broker.sessions.find(packet.client_id) != nullptr) return std::nullopt;
  return admission_refusal{limit_code(packet, reason_code::quota_exceeded), "too many sessions"};
}

}  // namespace gauntlet::broker
