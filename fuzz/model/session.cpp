#include "fuzz/model/session.hpp"

#include <algorithm>
#include <utility>

#include "harness/mqtt/topic.hpp"

namespace gauntlet::fuzz::model {
namespace {

bool is_v5(mqtt::protocol_version version) { return version == mqtt::protocol_version::v5; }

std::string client_name(std::uint8_t client) { return "client " + std::to_string(client); }

std::string qos_name(mqtt::qos value) {
  return "QoS " + std::to_string(static_cast<unsigned>(value));
}

}  // namespace

std::string describe(const message& what) {
  return (what.is_will ? "the will m" : "m") + std::to_string(what.number) + " (" +
         qos_name(what.qos) + (what.retain ? ", retain" : "") + (what.empty ? ", empty" : "") +
         ", " + what.topic + ", published by client " + std::to_string(what.publisher) + ")";
}

void session::discard() {
  for (const expected_delivery& each : deliveries_) discarded_.insert(each.message);
  deliveries_.clear();
  known_.clear();
  subscriptions_.clear();
  unsubscribed_.clear();
  exists = false;
}

void session::lose_connection() {
  for (expected_delivery& each : deliveries_) {
    // What comes at QoS 0 need not be kept for who is away (MQTT 5.0 §4.1, 3.1.1 §4.1).
    if (each.copies.empty() && each.highest_qos() == mqtt::qos::at_most_once) each.leave_open();
  }
}

void session::resume() {
  for (expected_delivery& each : deliveries_) {
    for (received_copy& copy : each.copies) {
      if (copy.stage != copy_stage::finished) copy.owed_again = true;
    }
  }
}

const model_subscription* session::find(std::uint8_t filter) const {
  for (const auto& each : subscriptions_) {
    if (each.filter == filter) return &each;
  }
  return nullptr;
}

void session::put(const model_subscription& subscription) {
  unsubscribed_.erase(subscription.filter);
  for (auto& each : subscriptions_) {
    if (each.filter != subscription.filter) continue;
    each = subscription;
    return;
  }
  subscriptions_.push_back(subscription);
}

void session::remove(std::uint8_t filter) {
  std::erase_if(subscriptions_, [&](const auto& each) { return each.filter == filter; });
  unsubscribed_.insert(filter);
  // What is buffered may still come or be dropped (MQTT 5.0 §3.10.4); what has begun to be sent has
  // to be completed [MQTT-3.10.4-3].
  for (expected_delivery& each : deliveries_) {
    for (const auto& matched : each.subscriptions) {
      if (matched.filter == filter && each.copies.size() < each.subscriptions.size()) {
        each.leave_open();
      }
    }
  }
}

void session::grant(std::uint8_t filter, mqtt::qos granted) {
  for (auto& each : subscriptions_) {
    if (each.filter == filter) each.options.maximum_qos = granted;
  }
  for (expected_delivery& each : deliveries_) {
    if (!each.from_retained || !each.copies.empty()) continue;
    for (auto& matched : each.subscriptions) {
      if (matched.filter == filter) matched.qos = std::min(matched.qos, granted);
    }
  }
}

std::vector<matching_subscription> session::matching(const message& what, bool skip_own,
                                                     bool v5) const {
  std::vector<matching_subscription> found;
  for (const auto& each : subscriptions_) {
    if (!mqtt::matches(filters()[each.filter], what.topic)) continue;
    if (skip_own && each.options.no_local) continue;
    found.push_back({.filter = each.filter,
                     .qos = std::min(what.qos, each.options.maximum_qos),
                     .retain_flag = v5 && each.options.retain_as_published && what.retain,
                     .identifier = each.identifier});
  }
  return found;
}

void session::route(const message& what, std::uint8_t client, mqtt::protocol_version version,
                    std::uint32_t connection, bool certain, rule lost) {
  const bool is_own = what.publisher == client;
  expected_delivery due{.message = what.number, .connection = connection};
  // A client that came back before its will was published: whether No Local then counts, and
  // whether its new connection is told, is open.
  const bool own_will = is_own && what.is_will;
  due.subscriptions = matching(what, is_own && !own_will, is_v5(version));
  if (due.subscriptions.empty()) {
    if (!is_own || matching(what, false, is_v5(version)).empty()) return;
    due.subscriptions = matching(what, false, is_v5(version));
    due.forbid(rule::message_despite_no_local);
  } else {
    const bool at_qos_0 = due.highest_qos() == mqtt::qos::at_most_once;
    due.when_certain = own_will          ? duty::may
                       : !at_qos_0       ? duty::must
                       : connection != 0 ? duty::should
                                         : duty::may;
    due.owed = certain ? due.when_certain : duty::may;
    due.lost_breaks = what.is_will && connection != 0 ? rule::lost_will
                      : at_qos_0                      ? rule::lost_qos_0
                      : connection != 0               ? rule::lost_message
                                                      : rule::lost_queued_message;
    if (lost != rule::count_) {
      due.lost_breaks = lost;
      due.when_certain = std::min(due.when_certain, duty::should);
      due.owed = std::min(due.owed, duty::should);
    }
  }
  deliveries_.push_back(std::move(due));
  known_.push_back(what);
}

void session::route_retained(const message& what, const model_subscription& because, duty owed,
                             std::uint32_t connection) {
  expected_delivery due{.message = what.number, .from_retained = true, .connection = connection};
  due.owed = due.when_certain = owed;
  due.lost_breaks =
      what.qos == mqtt::qos::at_most_once ? rule::lost_retained_qos_0 : rule::lost_retained;
  due.subscriptions.push_back({.filter = because.filter,
                               .qos = std::min(what.qos, because.options.maximum_qos),
                               .retain_flag = true,
                               .identifier = because.identifier});
  deliveries_.push_back(std::move(due));
  known_.push_back(what);
}

void session::make_certain(const message& what, bool subscribed_still) {
  for (expected_delivery& each : deliveries_) {
    if (each.message != what.number || each.from_retained || each.owed == duty::forbidden) continue;
    if (subscribed_still) {
      const bool all = std::all_of(
          each.subscriptions.begin(), each.subscriptions.end(),
          [this](const matching_subscription& matched) { return find(matched.filter) != nullptr; });
      if (!all) continue;
    }
    each.owed = each.when_certain;
  }
}

void session::expire(const message& what) {
  for (expected_delivery& each : deliveries_) {
    if (each.message != what.number) continue;
    if (each.copies.empty()) {
      each.forbid(each.from_retained ? rule::expired_retained : rule::expired_message);
    } else {
      // Delivery has begun, so that it may be completed; further copies are open.
      each.may_lapse = true;
      each.leave_open();
    }
  }
}

bool session::has_delivery(std::uint32_t number) const {
  return std::any_of(deliveries_.begin(), deliveries_.end(), [&](const auto& each) {
    return each.message == number && each.owed != duty::forbidden;
  });
}

void session::leave_open(std::uint32_t number) {
  for (expected_delivery& each : deliveries_) {
    if (each.message == number && each.owed != duty::forbidden) each.leave_open();
  }
}

std::vector<mqtt::packet> session::release(std::uint32_t connection) {
  std::vector<mqtt::packet> answers;
  for (expected_delivery& each : deliveries_) {
    for (received_copy& copy : each.copies) {
      if (copy.stage != copy_stage::unanswered || copy.connection != connection) continue;
      if (auto reply = answer(copy.packet_identifier)) answers.push_back(std::move(*reply));
    }
  }
  return answers;
}

std::optional<mqtt::packet> session::answer(std::uint16_t packet_identifier) {
  if (packet_identifier == 0) return std::nullopt;
  for (expected_delivery& each : deliveries_) {
    for (received_copy& copy : each.copies) {
      if (copy.packet_identifier != packet_identifier || copy.stage == copy_stage::finished) {
        continue;
      }
      if (copy.qos == mqtt::qos::at_least_once) {
        copy.stage = copy_stage::finished;
        return mqtt::puback{.packet_identifier = packet_identifier};
      }
      copy.stage = copy_stage::recorded;
      return mqtt::pubrec{.packet_identifier = packet_identifier};
    }
  }
  return std::nullopt;
}

mqtt::packet session::complete(std::uint16_t packet_identifier, mqtt::protocol_version version) {
  for (expected_delivery& each : deliveries_) {
    for (received_copy& copy : each.copies) {
      if (copy.packet_identifier != packet_identifier || copy.stage != copy_stage::recorded) {
        continue;
      }
      copy.stage = copy_stage::finished;
      copy.owed_again = false;
      return mqtt::pubcomp{.packet_identifier = packet_identifier};
    }
  }
  mqtt::pubcomp unknown{.packet_identifier = packet_identifier};
  if (is_v5(version)) unknown.reason_code = mqtt::reason_code::packet_identifier_not_found;
  return unknown;
}

bool session::may_have_come_as_another(const expected_delivery& which) const {
  std::size_t deliveries = 0;
  std::size_t owed = 0;
  std::size_t copies = 0;
  for (const expected_delivery& each : deliveries_) {
    if (each.message != which.message) continue;
    deliveries += 1;
    owed += each.owed > duty::may ? 1U : 0U;
    copies += each.copies.size();
  }
  return deliveries > 1 && copies >= owed;
}

std::optional<std::pair<rule, std::string>> session::missing(const expected_delivery& each,
                                                             mqtt::protocol_version version) const {
  for (const received_copy& copy : each.copies) {
    if (each.may_lapse) continue;
    if (copy.stage == copy_stage::recorded) {
      return std::pair(rule::pubrel_missing, std::string("is not released by PUBREL to"));
    }
    if (copy.owed_again) {
      return std::pair(rule::redelivery_missing,
                       std::string("was not acknowledged and is not sent again to"));
    }
  }
  if (each.owed <= duty::may || may_have_come_as_another(each)) return std::nullopt;
  if (each.copies.empty()) {
    return std::pair(
        each.lost_breaks,
        std::string(each.from_retained ? "is retained and does not come to" : "does not come to"));
  }
  if (each.highest_received() < each.highest_qos()) {
    return std::pair(
        each.subscriptions.size() > 1 ? rule::lower_qos_of_overlapping : rule::wrong_qos,
        "comes at " + qos_name(each.highest_received()) + " only, not at " +
            qos_name(each.highest_qos()) + ", to");
  }
  if (each.copies.size() == 1 && each.subscriptions.size() > 1 && is_v5(version)) {
    std::vector<std::uint32_t> all;
    for (const auto& matched : each.subscriptions) {
      if (matched.identifier != 0) all.push_back(matched.identifier);
    }
    std::sort(all.begin(), all.end());
    if (each.copies.front().identifiers != all) {
      return std::pair(
          rule::wrong_identifiers,
          std::string("comes once and without the identifiers of all its subscriptions to"));
    }
  }
  return std::nullopt;
}

std::optional<violation> session::owed(const std::vector<message>& messages, std::uint8_t client,
                                       mqtt::protocol_version version) const {
  for (const expected_delivery& each : deliveries_) {
    const auto broken = missing(each, version);
    if (!broken) continue;
    return violation{
        broken->first, version,
        describe(messages[each.message - 1]) + " " + broken->second + " " + client_name(client)};
  }
  return std::nullopt;
}

void session::forgive(mqtt::protocol_version version) {
  for (expected_delivery& each : deliveries_) {
    if (!missing(each, version)) continue;
    each.leave_open();
    each.may_lapse = true;
    return;
  }
}

}  // namespace gauntlet::fuzz::model
