#include "sim/scenario/group_checks.hpp"

#include <array>
#include <string>
#include <string_view>

#include "harness/mqtt/topic.hpp"
#include "sim/scenario/payload_checks.hpp"
#include "sim/scenario/sample_device.hpp"
#include "sim/scenario/schedule_reader.hpp"
#include "sim/scenario/sensor_checks.hpp"

namespace gauntlet::sim {
namespace {

void check_topic_name(const std::string& name, const config::node& from,
                      config::diagnostics& wrong) {
  const auto valid = mqtt::validate_topic_name(name);
  if (valid) return;
  wrong.add(from, "'" + name + "' cannot be a topic name: " +
                      std::string(mqtt::to_string(valid.error().rule)));
}

void check_filter(const subscription& made, const sample_device& device, const config::node& from,
                  config::diagnostics& wrong) {
  const std::string filter = made.filter.expand(device.values);
  if (mqtt::is_shared_subscription(filter)) {
    wrong.add(at(from, "filter"), "write the filter without '$share/' and the name as 'share'");
    return;
  }
  const auto valid = mqtt::validate_topic_filter(filter, mqtt::protocol_version::v5);
  if (!valid) {
    wrong.add(at(from, "filter"), "'" + filter + "' cannot be a topic filter: " +
                                      std::string(mqtt::to_string(valid.error().rule)));
  }
  if (!made.is_shared) return;
  const std::string share = made.share.expand(device.values);
  if (share.find_first_of("/+#") != std::string::npos) {
    wrong.add(at(from, "share"), "the share name '" + share + "' may not hold '/', '+' or '#'");
  }
  if (made.no_local) {
    // [MQTT-3.8.3-4]
    wrong.add(at(from, "no_local"), "a shared subscription may not have no_local");
  }
}

/// Reports keys that stand in the file though MQTT 3.1.1 has nothing like them.
void refuse_v5_only(const config::node& from, std::initializer_list<std::string_view> keys,
                    config::diagnostics& wrong) {
  for (const std::string_view key : keys) {
    const config::node* found = from.find(key);
    if (found == nullptr) continue;
    wrong.add(*found,
              "only MQTT 5.0 has this, and devices of this group speak 3.1.1; set 'protocol: 5.0' "
              "or make two groups");
  }
}

void check_v5_only(const device_group& made, const config::node& from, config::diagnostics& wrong) {
  if (!made.protocol.has(mqtt::protocol_version::v3_1_1)) return;
  refuse_v5_only(from,
                 {"session_expiry", "receive_maximum", "maximum_packet_size", "topic_alias_maximum",
                  "user_properties"},
                 wrong);
  if (made.will) refuse_v5_only(at(from, "will"), {"delay"}, wrong);
  if (made.will && made.will->stamp == stamp_place::user_property) {
    refuse_v5_only(at(from, "will"), {"stamp"}, wrong);
  }
  if (!made.publish.empty()) {
    for (const config::node& item : at(from, "publish").items) {
      refuse_v5_only(item, {"expiry", "content_type", "utf8", "user_properties", "topic_alias"},
                     wrong);
      const config::node* stamp = item.find("stamp");
      if (stamp != nullptr && stamp->scalar == "user_property") {
        refuse_v5_only(item, {"stamp"}, wrong);
      }
    }
  }
  if (made.subscribe.empty()) return;
  for (const config::node& item : at(from, "subscribe").items) {
    refuse_v5_only(
        item, {"share", "no_local", "retain_as_published", "retain_handling", "identifier"}, wrong);
  }
}

void check_credentials(const device_group& made, const config::node& from,
                       config::diagnostics& wrong) {
  if (!made.credentials) return;
  const config::node& place = at(from, "credentials");
  if (made.user_name || made.password) {
    wrong.add(place, "either 'credentials', or 'user_name' and 'password'");
  }
  if (made.credentials->client_ids && from.find("client_id") != nullptr) {
    wrong.add(at(place, "client_id"), "either this column, or the group's 'client_id'");
  }
  const std::size_t rows = made.credentials->rows->size();
  if (rows >= made.count) return;
  wrong.add(place, "the file has " + std::to_string(rows) + " rows, but the group " +
                       std::to_string(made.count) + " devices");
}

void check_client_id(const device_group& made, const config::node& from,
                     config::diagnostics& wrong) {
  const config::node& place = at(from, "client_id");
  if (made.client_id.uses(placeholder::client_id)) {
    wrong.add(place, "{client_id} cannot be part of itself");
  } else if (made.count > 1 && !made.client_id.differs_by_device()) {
    wrong.add(place, "all " + std::to_string(made.count) + " devices would be '" +
                         sample_device(made).client_id + "'; add {index}");
  }
}

}  // namespace

void check_group(const device_group& made, const config::node& from, config::diagnostics& wrong) {
  const sample_device device(made);
  check_client_id(made, from, wrong);
  check_v5_only(made, from, wrong);
  if (made.password && !made.user_name && made.protocol.has(mqtt::protocol_version::v3_1_1)) {
    // [MQTT-3.1.2-22]
    wrong.add(at(from, "password"), "MQTT 3.1.1 has no password without a user_name");
  }
  for (std::size_t i = 0; i < made.publish.size(); ++i) {
    check_payload_sensors(made.publish[i], made.sensors, at(from, "publish").items[i], wrong);
  }
  if (!made.sensors.empty()) check_sensors(made.sensors, at(from, "sensors"), wrong);
  check_credentials(made, from, wrong);
  if (made.will) {
    check_topic_name(made.will->topic.expand(device.values), at(at(from, "will"), "topic"), wrong);
  }
  for (std::size_t i = 0; i < made.publish.size(); ++i) {
    check_topic_name(made.publish[i].topic.expand(device.values),
                     at(at(from, "publish").items[i], "topic"), wrong);
    if (const auto& watched = made.publish[i].on_change) {
      check_watched_sensor(*watched, made.sensors, at(from, "publish").items[i], wrong);
    }
  }
  for (std::size_t i = 0; i < made.subscribe.size(); ++i) {
    check_filter(made.subscribe[i], device, at(from, "subscribe").items[i], wrong);
  }
}

}  // namespace gauntlet::sim
