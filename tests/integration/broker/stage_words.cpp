#include "tests/integration/broker/stage_words.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "tests/integration/broker/hex.hpp"

namespace gauntlet::broker {
namespace {

using boost::json::object;

std::string text(const boost::json::value& value) { return std::string(value.as_string()); }

std::optional<std::string> text_of(const object& event, const char* key) {
  const auto* const found = event.if_contains(key);
  return found == nullptr ? std::nullopt : std::optional(text(*found));
}

std::optional<int> number_of(const object& event, const char* key) {
  const auto* const found = event.if_contains(key);
  return found == nullptr ? std::nullopt : std::optional(found->to_number<int>());
}

}  // namespace

object to_command(const message& each) {
  object command = {{"topic", each.topic},
                    {"payload", to_hex(each.payload)},
                    {"qos", each.qos},
                    {"retain", each.retain}};
  if (each.content_type) command["content_type"] = *each.content_type;
  if (each.response_topic) command["response_topic"] = *each.response_topic;
  if (each.correlation_data) command["correlation_data"] = to_hex(*each.correlation_data);
  if (each.message_expiry_interval) {
    command["message_expiry_interval"] = *each.message_expiry_interval;
  }
  if (each.payload_format_indicator) {
    command["payload_format_indicator"] = *each.payload_format_indicator;
  }
  if (each.topic_alias) command["topic_alias"] = *each.topic_alias;
  if (!each.user_properties.empty()) {
    boost::json::array pairs;
    for (const auto& [name, value] : each.user_properties) {
      pairs.push_back(boost::json::array{name, value});
    }
    command["user_properties"] = std::move(pairs);
  }
  return command;
}

object to_command(const subscription_request& each) {
  return {{"filter", each.filter},
          {"qos", each.qos},
          {"no_local", each.no_local},
          {"retain_as_published", each.retain_as_published},
          {"retain_handling", each.retain_handling}};
}

message message_of(const object& event) {
  message seen{.topic = text(event.at("topic")),
               .payload = from_hex(text(event.at("payload"))),
               .qos = event.at("qos").to_number<int>(),
               .retain = event.at("retain").as_bool(),
               .content_type = text_of(event, "content_type"),
               .response_topic = text_of(event, "response_topic"),
               .message_expiry_interval = number_of(event, "message_expiry_interval"),
               .payload_format_indicator = number_of(event, "payload_format_indicator")};
  if (const auto hex = text_of(event, "correlation_data")) seen.correlation_data = from_hex(*hex);
  if (const auto* const pairs = event.if_contains("user_properties")) {
    for (const auto& pair : pairs->as_array()) {
      seen.user_properties.emplace_back(text(pair.at(0)), text(pair.at(1)));
    }
  }
  if (const auto* const numbers = event.if_contains("subscription_identifiers")) {
    for (const auto& each : numbers->as_array()) {
      seen.subscription_identifiers.push_back(each.to_number<int>());
    }
  }
  return seen;
}

std::string describe(const message& each) {
  object shown = to_command(each);
  constexpr std::size_t shown_max = 40;
  const std::string hex = to_hex(each.payload);
  if (hex.size() > shown_max) {
    shown["payload"] =
        hex.substr(0, shown_max) + "... of " + std::to_string(each.payload.size()) + " bytes";
  }
  for (const int identifier : each.subscription_identifiers) {
    shown["subscription_identifier " + std::to_string(identifier)] = true;
  }
  return boost::json::serialize(shown);
}

}  // namespace gauntlet::broker
