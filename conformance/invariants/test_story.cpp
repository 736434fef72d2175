#include "conformance/invariants/test_story.hpp"

#include <utility>

#include <fmt/format.h>

namespace gauntlet::conformance {
namespace {

std::string key_of(std::string_view topic_name, byte_view payload) {
  std::string key(topic_name);
  key += '\0';
  key += as_text(payload);
  return key;
}

// The same message sent again: by DUP, or a QoS 2 message under its Packet Identifier.
bool repeats(const published_message& again, const published_message& first) {
  return again.client_id == first.client_id && again.packet.qos == first.packet.qos &&
         again.packet.packet_identifier == first.packet.packet_identifier && again.packet.dup;
}

}  // namespace

std::string line_of(const published_message& message, mqtt::qos qos) {
  return fmt::format("{} {} {}", message.connection, static_cast<int>(qos),
                     message.packet.topic_name);
}

void published_messages::add(published_message message) {
  if (messages_.size() >= messages_max) {
    may_miss_some_ = true;
    return;
  }
  auto& same = places_[key_of(message.packet.topic_name, message.packet.payload)];
  if (same.size() == 1 && repeats(message, messages_[same.front()])) return;
  same.push_back(messages_.size());
  messages_.push_back(std::move(message));
  if (same.size() == 1) return;
  for (const std::size_t place : same) messages_[place].ambiguous = true;
}

void published_messages::add_will(const mqtt::will& will) {
  wills_[key_of(will.topic_name, will.payload)] = true;
}

std::optional<std::size_t> published_messages::find(std::string_view topic_name,
                                                    byte_view payload) const {
  const std::string key = key_of(topic_name, payload);
  const auto found = places_.find(key);
  if (may_miss_some_ || found == places_.end() || wills_.contains(key)) return std::nullopt;
  const std::size_t place = found->second.front();
  if (messages_[place].ambiguous) return std::nullopt;
  return place;
}

bool published_messages::knows(std::string_view topic_name, byte_view payload) const {
  const std::string key = key_of(topic_name, payload);
  return places_.contains(key) || wills_.contains(key);
}

}  // namespace gauntlet::conformance
