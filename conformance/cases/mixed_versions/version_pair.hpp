#pragma once

// The version that a test is about, and the other one.

#include <functional>
#include <string_view>

#include "conformance/cases/support/deliveries.hpp"

namespace gauntlet::conformance {

/// The version that the test does not run on.
mqtt::protocol_version other_version(const context& test);

/// A client of the other version.
client& other_client(context& test, std::string_view name, mqtt::connect packet = {});

/// A test's body that is skipped where the broker does not speak both versions.
std::function<void(context&)> between_versions(std::function<void(context&)> body);

}  // namespace gauntlet::conformance
