#pragma once

// What defects remember that a correct broker has no need of. Empty while no defect is on.

#include <map>
#include <set>
#include <string>

#include "harness/base/bytes.hpp"
#include "harness/broker/connection.hpp"

namespace gauntlet::broker {

/// The memory of the defects of one broker.
struct defect_memory {
  /// Aliases that outlive a connection, by Client Identifier; those of all clients under "".
  std::map<std::string, topic_aliases, std::less<>> aliases;

  /// Client Identifiers of those who get everything twice.
  std::set<std::string, std::less<>> subscribed_twice;

  /// Parts of the message in hand where a defect has altered them.
  std::string topic;
  byte_buffer payload;
  byte_buffer properties;
  /// Whether the message in hand came with DUP 1.
  bool dup_received = false;
};

}  // namespace gauntlet::broker
