#pragma once

// What a session is owed: the messages that the broker has taken over and promised to it, with all
// exemptions but queue limits. docs/guarantees.md, "What a session is owed".

#include <cstdint>
#include <functional>

#include "harness/history/evidence_index.hpp"

namespace gauntlet::history {

struct owed_message {
  std::uint32_t publication = none;
  std::uint32_t subscription = none;  ///< that promises it
  bool delivered = false;  ///< it got to the client, or the client's answer got to the broker
};

/// Whether a copy of the message got to the client of this session.
bool was_delivered(const evidence_index& history, std::uint32_t session, std::uint32_t publication);

/// The message is not kept from the subscriber by what it asked for: No Local, and its Maximum
/// Packet Size (MQTT 5.0 §3.8.3.1, §3.1.2.11.4).
bool may_have(const evidence_index& history, const subscription_record& subscription,
              const publication_record& message);

/// The broker has to deliver the message because of this subscription, queue limits and expiry
/// apart.
bool is_owed(const evidence_index& history, const subscription_record& subscription,
             const publication_record& message);

/// Tells what the session is owed, each message once, by topic and then in the order of sending.
/// Messages with an expiry are left out, and those that a declared queue limit may have dropped.
void for_each_owed(const evidence_index& history, std::uint32_t session,
                   const std::function<void(const owed_message&)>& tell);

}  // namespace gauntlet::history
