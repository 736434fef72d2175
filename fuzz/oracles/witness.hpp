#pragma once

// A client that has nothing to do with the fuzzed connections. Its QoS 1 stream, its retained value
// and its session must stay as they are, whatever others send.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "fuzz/execution/steady_client.hpp"
#include "fuzz/oracles/suspicion.hpp"

namespace gauntlet::fuzz {

/// One witness of one broker, with a name that no input can guess.
class witness {
 public:
  witness(const address& where, seeded_stream draws) : where_(where), draws_(draws) {}

  /// Connects, subscribes, leaves a retained value. False when the broker does not go along, which
  /// then is not watched.
  bool settle();
  /// One message through the stream.
  std::optional<suspicion> check_stream();
  /// The retained value as a newcomer sees it, and the session: leaves, comes back and expects the
  /// session and the subscription in it.
  std::optional<suspicion> check_state();
  bool is_settled() const { return is_settled_; }

 private:
  bool connect(bool clean_session);
  bool publish(const std::string& topic, const std::string& text, bool retain);
  /// Whether that is a message of an earlier check.
  bool is_earlier(const std::string& text) const;
  std::optional<std::string> next_message(std::chrono::milliseconds wait);

  address where_;
  seeded_stream draws_;
  std::string name_;
  steady_client client_;
  std::uint64_t sent_ = 0;
  bool is_settled_ = false;
};

}  // namespace gauntlet::fuzz
