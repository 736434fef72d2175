#pragma once

// Messages and subscriptions in the words that foreign programs understand (clients/README.md).

#include <string>

#include <boost/json/object.hpp>

#include "tests/integration/broker/stage.hpp"

namespace gauntlet::broker {

boost::json::object to_command(const message& each);
boost::json::object to_command(const subscription_request& each);
/// Reads an event "message".
message message_of(const boost::json::object& event);
/// For a complaint: one line, with the payload cut.
std::string describe(const message& each);

}  // namespace gauntlet::broker
