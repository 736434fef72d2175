#pragma once

// What the connections of one test share: the sessions, and the messages that were published.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/invariants/session_story.hpp"

namespace gauntlet::conformance {

/// A message as a client of the test published it.
struct published_message {
  mqtt::publish packet;  ///< with its Topic Name, not an alias
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  std::string client_id;
  std::uint64_t connection = 0;
  std::uint64_t sent_at = 0;  ///< the test's count of events
  /// Whether another message, or a will, has the same topic and payload, so that what comes cannot
  /// be told apart.
  bool ambiguous = false;
};

/// What has to come in order: the messages of one publisher, topic and QoS. MQTT 5.0 §4.6
std::string line_of(const published_message& message, mqtt::qos qos);

/// The messages of a test, found again by topic and payload. Bounded: later ones are not kept, and
/// then nothing is found any more.
class published_messages {
 public:
  static constexpr std::size_t messages_max = 20'000;

  /// A QoS 2 or DUP packet that repeats one is that message, not another.
  void add(published_message message);
  /// What is published as a will cannot be told apart from such a message.
  void add_will(const mqtt::will& will);
  /// Somebody sent what may have published a message that is not in here: from now on none is
  /// found.
  void stop_finding() { may_miss_some_ = true; }
  bool is_complete() const { return !may_miss_some_; }
  /// The place of the one message with this topic and payload.
  std::optional<std::size_t> find(std::string_view topic_name, byte_view payload) const;
  const published_message& at(std::size_t place) const { return messages_[place]; }
  /// Whether any message or will has this topic and payload.
  bool knows(std::string_view topic_name, byte_view payload) const;

 private:
  std::vector<published_message> messages_;
  std::map<std::string, std::vector<std::size_t>> places_;  ///< by topic and payload
  std::map<std::string, bool> wills_;
  bool may_miss_some_ = false;
};

/// One test.
struct test_story {
  std::uint64_t events = 0;  ///< goes up with each packet sent or received
  std::uint64_t connections = 0;
  std::map<std::string, std::shared_ptr<session_story>> sessions;  ///< by Client Identifier
  published_messages published;
};

}  // namespace gauntlet::conformance
