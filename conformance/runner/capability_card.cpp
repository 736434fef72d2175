#include "conformance/runner/capability_card.hpp"

#include <string>

#include <fmt/format.h>

#include "harness/base/units.hpp"

namespace gauntlet::conformance {
namespace {

constexpr const char* announced = "CONNACK";
constexpr const char* probed = "probe";
constexpr const char* from_profile = "profile";

std::string yes_or_no(bool is_so) { return is_so ? "yes" : "no"; }

std::string versions(const broker_access& access, bool v3_1_1, bool v5) {
  std::string spoken;
  if (v3_1_1 && access.able_v3_1_1.version_refused.empty()) spoken = "3.1.1";
  if (v5 && access.able_v5.version_refused.empty()) spoken += spoken.empty() ? "5.0" : ", 5.0";
  return spoken.empty() ? "none" : spoken;
}

std::string transports(const broker_access& access) {
  std::string all = "TCP";
  if (access.websocket) all += ", WebSocket";
  if (access.tls_endpoint || access.tls) all += ", TLS";
  return all;
}

std::string guard(const broker_access& access) {
  if (!access.guarded) return "not known";
  std::string all = "password";
  if (!access.guarded->denied_topic.empty()) all += ", access control";
  if (!access.guarded->authentication_method.empty()) {
    all += ", " + access.guarded->authentication_method;
  }
  return all;
}

template <class T>
std::string or_default(const std::optional<T>& value, std::string_view otherwise) {
  return value ? format_count(*value) : std::string(otherwise);
}

}  // namespace

std::vector<record::capability_record> capability_card(const broker_access& access, bool v3_1_1,
                                                       bool v5) {
  const capabilities& able = v5 ? access.able_v5 : access.able_v3_1_1;
  std::vector<record::capability_record> card = {
      {"MQTT versions", versions(access, v3_1_1, v5), probed},
      {"Transports", transports(access), from_profile},
      {"Maximum QoS", fmt::format("{}", static_cast<int>(able.maximum_qos)), probed},
  };
  if (v5 && able.version_refused.empty()) {
    card.push_back(
        {"Receive Maximum", or_default(able.receive_maximum, "65,535 (not announced)"), announced});
    card.push_back({"Maximum Packet Size",
                    able.maximum_packet_size ? format_count(*able.maximum_packet_size) + " bytes"
                                             : std::string("not announced"),
                    announced});
    card.push_back({"Topic Alias Maximum", format_count(able.topic_alias_maximum), announced});
    card.push_back({"Server Keep Alive",
                    able.server_keep_alive ? fmt::format("{} s", *able.server_keep_alive) : "none",
                    announced});
    card.push_back({"Retained messages", yes_or_no(able.retained), announced});
    card.push_back({"Wildcard subscriptions", yes_or_no(able.wildcard_subscriptions), announced});
    card.push_back({"Shared subscriptions", yes_or_no(able.shared_subscriptions), announced});
    card.push_back(
        {"Subscription Identifiers", yes_or_no(able.subscription_identifiers), announced});
  }
  card.push_back({"Clients without identifier", yes_or_no(able.empty_client_identifier), probed});
  const auto tried = [&card](const char* name, std::uint32_t value, const char* unit) {
    if (value != 0)
      card.push_back({name, "up to " + format_count(value) + unit + " tried", probed});
  };
  tried("Client Identifier", able.client_identifier_bytes, " bytes");
  tried("Topic Name", able.topic_name_bytes, " bytes");
  tried("Topic levels", able.topic_levels, "");
  card.push_back({"Authentication", guard(access), from_profile});
  return card;
}

}  // namespace gauntlet::conformance
