#include "fuzz/model/delivery.hpp"

#include <algorithm>

namespace gauntlet::fuzz::model {
namespace {

// One PUBLISH may come for all subscriptions, with all their identifiers [MQTT-3.3.4-4], or for one
// of them with its own [MQTT-3.3.4-5].
std::vector<std::uint32_t> identifiers_of(const subscription_set& way) {
  std::vector<std::uint32_t> all;
  for (const auto& each : way) {
    all.insert(all.end(), each.identifiers.begin(), each.identifiers.end());
  }
  std::sort(all.begin(), all.end());
  return all;
}

bool has_allowed_identifiers(const subscription_set& way, const std::vector<std::uint32_t>& found) {
  for (const auto& each : way) {
    if (found == each.identifiers) return true;
  }
  return found == identifiers_of(way);
}

std::optional<rule> mismatch(const subscription_set& way, const received_copy& copy) {
  const auto any = [&](auto&& fits) { return std::any_of(way.begin(), way.end(), fits); };
  if (!any([&](const auto& each) { return each.retain_flag == copy.retain_flag; })) {
    return rule::wrong_retain_flag;
  }
  if (!any([&](const auto& each) { return each.qos == copy.qos; })) return rule::wrong_qos;
  if (!has_allowed_identifiers(way, copy.identifiers)) return rule::wrong_identifiers;
  return std::nullopt;
}

bool fit(const std::vector<received_copy>& copies, const subscription_set& way) {
  return copies.size() <= way.size() &&
         std::none_of(copies.begin(), copies.end(),
                      [&](const received_copy& each) { return mismatch(way, each).has_value(); });
}

}  // namespace

received_copy copy_of(const mqtt::publish& packet, std::uint32_t connection) {
  const bool at_qos_0 = packet.qos == mqtt::qos::at_most_once;
  received_copy copy{.packet_identifier = packet.packet_identifier,
                     .qos = packet.qos,
                     .retain_flag = packet.retain,
                     .stage = at_qos_0 ? copy_stage::finished : copy_stage::unanswered,
                     .connection = connection};
  const auto found = packet.properties.find_all<mqtt::property_id::subscription_identifier>();
  copy.identifiers.assign(found.begin(), found.end());
  std::sort(copy.identifiers.begin(), copy.identifiers.end());
  return copy;
}

matching_subscription merged(const subscription_set& all, bool retain_flag) {
  return {.filter = all.front().filter,
          .qos = highest_qos(all),
          .retain_flag = retain_flag,
          .identifiers = identifiers_of(all)};
}

int nearness(rule broken) {
  return broken == rule::wrong_identifiers ? 3 : broken == rule::wrong_qos ? 2 : 1;
}

mqtt::qos highest_qos(const subscription_set& way) {
  mqtt::qos highest = mqtt::qos::at_most_once;
  for (const auto& each : way) highest = std::max(highest, each.qos);
  return highest;
}

std::string qos_name(mqtt::qos value) {
  return "QoS " + std::to_string(static_cast<unsigned>(value));
}

void expected_delivery::forbid(rule by) {
  owed = when_certain = duty::forbidden;
  forbidden_by = by;
}

void expected_delivery::leave_open() {
  owed = std::min(owed, duty::may);
  when_certain = std::min(when_certain, duty::may);
}

void expected_delivery::allow(subscription_set way) {
  if (std::find(ways.begin(), ways.end(), way) == ways.end()) ways.push_back(std::move(way));
}

void expected_delivery::allow_changed(std::uint8_t filter,
                                      const std::optional<matching_subscription>& now) {
  const std::size_t before = ways.size();
  for (std::size_t i = 0; i < before; ++i) {
    subscription_set changed = ways[i];
    const auto found = std::find_if(changed.begin(), changed.end(),
                                    [&](const auto& each) { return each.filter == filter; });
    if (found == changed.end()) continue;
    if (now) {
      *found = *now;
    } else {
      changed.erase(found);
    }
    allow(std::move(changed));
  }
}

void expected_delivery::allow_without_qos_0() {
  const std::size_t before = ways.size();
  for (std::size_t i = 0; i < before; ++i) {
    subscription_set rest = ways[i];
    std::erase_if(rest, [](const auto& each) { return each.qos == mqtt::qos::at_most_once; });
    allow(std::move(rest));
  }
}

bool expected_delivery::may_stay_away() const {
  return owed <= duty::may ||
         std::any_of(ways.begin(), ways.end(), [](const auto& way) { return way.empty(); });
}

const matching_subscription* expected_delivery::sole_subscription() const {
  const matching_subscription* sole = nullptr;
  for (const subscription_set& way : ways) {
    if (way.empty()) continue;
    if (way.size() > 1 || sole != nullptr) return nullptr;
    sole = &way.front();
  }
  return sole;
}

bool expected_delivery::is_likely(const received_copy& arriving) const {
  return fit({arriving}, ways.front());
}

bool expected_delivery::takes(const received_copy& arriving) const {
  if (owed == duty::forbidden) return false;
  std::vector<received_copy> all = copies;
  all.push_back(arriving);
  return std::any_of(ways.begin(), ways.end(), [&](const auto& way) { return fit(all, way); });
}

std::optional<rule> expected_delivery::fault_of(const received_copy& arriving) const {
  std::optional<rule> nearest;
  for (const subscription_set& way : ways) {
    if (way.size() <= copies.size()) continue;
    const auto broken = mismatch(way, arriving);
    if (!broken) return std::nullopt;  // alone it would fit, and does not with what came before
    if (!nearest || nearness(*broken) > nearness(*nearest)) nearest = broken;
  }
  return nearest;
}

std::optional<std::pair<rule, std::string>> expected_delivery::lacks(
    mqtt::protocol_version version) const {
  const auto lacks_in =
      [&](const subscription_set& way) -> std::optional<std::pair<rule, std::string>> {
    if (way.empty()) return std::nullopt;
    if (copies.empty()) {
      return std::pair(lost_breaks, std::string(from_retained ? "is retained and does not come to"
                                                              : "does not come to"));
    }
    mqtt::qos highest = mqtt::qos::at_most_once;
    for (const received_copy& each : copies) highest = std::max(highest, each.qos);
    if (highest < highest_qos(way)) {
      return std::pair(
          way.size() > 1 ? rule::lower_qos_of_overlapping : rule::wrong_qos,
          "comes at " + qos_name(highest) + " only, not at " + qos_name(highest_qos(way)) + ", to");
    }
    const bool has_all = copies.size() > 1 || copies.front().identifiers == identifiers_of(way);
    if (!has_all && way.size() > 1 && version == mqtt::protocol_version::v5) {
      return std::pair(
          rule::wrong_identifiers,
          std::string("comes once and without the identifiers of all its subscriptions to"));
    }
    return std::nullopt;
  };
  std::optional<std::pair<rule, std::string>> first;
  for (const subscription_set& way : ways) {
    if (!fit(copies, way)) continue;
    auto missing = lacks_in(way);
    if (!missing) return std::nullopt;
    if (!first) first = std::move(missing);
  }
  return first;
}

}  // namespace gauntlet::fuzz::model
