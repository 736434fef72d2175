#pragma once

// What a restart test writes down: which messages were acknowledged, what each subscriber got, what
// is retained. No network; whoever talks to the broker tells it.

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/mqtt/protocol.hpp"

namespace gauntlet::broker {

/// Message `number` of a publisher, counted from 0.
struct published_message {
  std::size_t publisher = 0;
  std::uint32_t number = 0;
};

/// Every eighth message is retained, on one of this many topics of its publisher.
inline constexpr std::uint32_t retained_every = 8;
inline constexpr std::uint32_t retained_topics = 50;
inline bool is_retained(std::uint32_t number) { return number % retained_every == 0; }

std::string topic_of(const published_message& message);
/// The opposite; number comes from the payload.
published_message parse_message(std::string_view topic, std::string_view payload);

/// What came of one run. The first four are its size, the others must be 0.
struct restart_account {
  std::uint64_t kills = 0;
  std::uint64_t acknowledged = 0;      ///< messages, by PUBACK or PUBREC
  std::uint64_t received = 0;          ///< by all subscribers together, repeated ones too
  std::uint64_t retained_checked = 0;  ///< topics looked at after restarts
  std::uint64_t missing = 0;           ///< acknowledged, and not received by some subscriber
  std::uint64_t doubled = 0;           ///< QoS 2 messages received more than once by a subscriber
  std::uint64_t reordered = 0;      ///< received for the first time after a later one of the topic
  std::uint64_t retained_lost = 0;  ///< topics that had less than the last acknowledged message
  std::uint64_t sessions_lost = 0;  ///< reconnections with Session Present 0
  std::uint64_t violations = 0;     ///< packets that our client session does not accept

  bool nothing_wrong() const {
    return missing + doubled + reordered + retained_lost + sessions_lost + violations == 0;
  }
  std::string to_string() const;
};

/// The books of one run.
class restart_books {
 public:
  restart_books(std::size_t publishers, std::size_t subscribers);

  void acknowledge(const published_message& message);
  void receive(std::size_t subscriber, const published_message& message, mqtt::qos qos);
  void session_lost() { ++account_.sessions_lost; }
  void violation() { ++account_.violations; }
  void killed() { ++account_.kills; }

  /// The latest acknowledged message of each retained topic, by topic.
  const std::map<std::string, std::uint32_t>& retained_acknowledged() const { return retained_; }
  /// A fresh subscriber found these, when those were acknowledged already.
  void compare_retained(const std::map<std::string, std::uint32_t>& found,
                        const std::map<std::string, std::uint32_t>& acknowledged);

  std::uint64_t acknowledged() const { return account_.acknowledged; }
  std::uint64_t received() const { return account_.received; }
  restart_account account() const;

 private:
  std::uint64_t missing() const;

  struct stream {
    std::vector<std::uint8_t> times;                       // received, by number
    std::array<std::int64_t, retained_topics + 1> newest;  // by topic; the last is the other one
  };

  std::vector<std::vector<bool>> acknowledged_;  // by publisher and number
  std::vector<std::vector<stream>> streams_;     // by subscriber and publisher
  std::map<std::string, std::uint32_t> retained_;
  restart_account account_;
};

}  // namespace gauntlet::broker
