#pragma once

// Members of a shared subscription. Which of them gets a message is the broker's choice, so
// stories look at all of them together.

#include "conformance/cases/support/deliveries.hpp"

namespace gauntlet::conformance {

/// "$share/{name}/{own topic of that tail}"
std::string shared(const context& test, std::string_view name, std::string_view tail = "t");

/// A new client that joins the group, with a session that lasts if asked for.
client& member(context& test, std::string_view client_name, std::string_view share_name = "g",
               mqtt::qos maximum_qos = mqtt::qos::at_least_once, bool lasting = false);

/// Publishes that many messages, "0", "1", ..., each acknowledged.
void publish_numbered(context& test, client& from, int count,
                      mqtt::qos qos = mqtt::qos::at_least_once, std::string_view tail = "t");

/// Demands that each of the messages "0", "1", ... comes to one of the members, and only once.
/// Answers how many each member got.
std::vector<std::size_t> expect_shared(context& test, const std::vector<client*>& members,
                                       int count);

}  // namespace gauntlet::conformance
