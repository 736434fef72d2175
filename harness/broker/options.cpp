#include "harness/broker/options.hpp"

#include "harness/mqtt/topic.hpp"

namespace gauntlet::broker {

outcome<void> validate(const options& settings) {
  if (settings.limits.inflight_max == 0) return bad_input("inflight_max must be at least 1");
  if (settings.limits.connections_max == 0) return bad_input("connections_max must be at least 1");
  if (settings.limits.output_bytes_max == 0) {
    return bad_input("output_bytes_max must be at least 1");
  }
  if (settings.capabilities.receive_maximum == 0) {
    return bad_input("receive_maximum must be at least 1");
  }
  if (settings.capabilities.maximum_packet_size < 128) {
    return bad_input("maximum_packet_size must be at least 128 bytes");
  }
  if (settings.capabilities.maximum_qos > 2) return bad_input("maximum_qos is 0, 1 or 2");
  const std::string& prefix = settings.capabilities.response_information_prefix;
  if (!prefix.empty() && !mqtt::validate_topic_name(prefix)) {
    return bad_input("response_information_prefix must be a Topic Name");
  }
  if (settings.limits.connect_time_max < duration::zero()) {
    return bad_input("connect_time_max must not be negative");
  }
  if (settings.sys_interval != duration::zero() &&
      settings.sys_interval < std::chrono::milliseconds(1)) {
    return bad_input("sys_interval must be at least a millisecond, or 0 for none");
  }
  for (const defect_switch& each : settings.defects) {
    if (is_of_robustness(each.which) && !settings.harm) {
      return bad_input("the defect " + to_text(each) +
                       " harms the whole process: only a broker with a process of its own may have "
                       "it, gauntlet broker or --target reference");
    }
  }
  if (auto users = validate_users(settings.users, settings.default_access); !users) return users;
  return {};
}

}  // namespace gauntlet::broker
