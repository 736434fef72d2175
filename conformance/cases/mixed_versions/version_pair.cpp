#include "conformance/cases/mixed_versions/version_pair.hpp"

#include <utility>

namespace gauntlet::conformance {

using mqtt::protocol_version;

protocol_version other_version(const context& test) {
  return test.is_v5() ? protocol_version::v3_1_1 : protocol_version::v5;
}

client& other_client(context& test, std::string_view name, mqtt::connect packet) {
  return test.connected(name, std::move(packet), other_version(test));
}

std::function<void(context&)> between_versions(std::function<void(context&)> body) {
  return [body = std::move(body)](context& test) {
    const std::string& refused = test.where().able(other_version(test)).version_refused;
    if (!refused.empty()) return test.skip("the broker does not speak both versions: " + refused);
    body(test);
  };
}

}  // namespace gauntlet::conformance
