#include "fuzz/model/session.hpp"

#include <algorithm>
#include <utility>

#include "harness/mqtt/topic.hpp"

namespace gauntlet::fuzz::model {
namespace {

bool is_v5(mqtt::protocol_version version) { return version == mqtt::protocol_version::v5; }

std::string client_name(std::uint8_t client) { return "client " + std::to_string(client); }

matching_subscription match(const message& what, const model_subscription& with,
                            bool from_retained) {
  matching_subscription matched{
      .filter = with.filter,
      .qos = std::min(what.qos, with.options.maximum_qos),
      .retain_flag = from_retained || (with.options.retain_as_published && what.retain)};
  if (with.identifier != 0) matched.identifiers = {with.identifier};
  return matched;
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
  for (expected_delivery& each : deliveries_) each.allow_without_qos_0();
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

void session::put(const model_subscription& subscription, std::uint8_t client) {
  unsubscribed_.erase(subscription.filter);
  const auto former =
      std::find_if(subscriptions_.begin(), subscriptions_.end(),
                   [&](const auto& each) { return each.filter == subscription.filter; });
  if (former == subscriptions_.end()) {
    subscriptions_.push_back(subscription);
    return;
  }
  *former = subscription;
  for (std::size_t i = 0; i < deliveries_.size(); ++i) {
    expected_delivery& each = deliveries_[i];
    const message& what = known_[i];
    const bool is_local = subscription.options.no_local && what.publisher == client;
    each.allow_changed(
        subscription.filter,
        is_local ? std::nullopt : std::optional(match(what, subscription, each.from_retained)));
  }
}

void session::remove(std::uint8_t filter) {
  std::erase_if(subscriptions_, [&](const auto& each) { return each.filter == filter; });
  unsubscribed_.insert(filter);
  // What is buffered may still come or be dropped (MQTT 5.0 §3.10.4); what has begun to be sent has
  // to be completed [MQTT-3.10.4-3], and what comes for other subscriptions still comes.
  for (expected_delivery& each : deliveries_) each.allow_changed(filter, std::nullopt);
}

void session::grant(std::uint8_t filter, mqtt::qos granted) {
  for (auto& each : subscriptions_) {
    if (each.filter == filter) each.options.maximum_qos = granted;
  }
  for (expected_delivery& each : deliveries_) {
    if (!each.from_retained || !each.copies.empty()) continue;
    for (subscription_set& way : each.ways) {
      for (auto& matched : way) {
        if (matched.filter == filter) matched.qos = std::min(matched.qos, granted);
      }
    }
  }
}

subscription_set session::matching(const message& what) const {
  subscription_set found;
  for (const auto& each : subscriptions_) {
    if (mqtt::matches(filters()[each.filter], what.topic))
      found.push_back(match(what, each, false));
  }
  return found;
}

std::optional<expected_delivery> session::due_for(const message& what, std::uint8_t client,
                                                  std::uint32_t connection) const {
  subscription_set all = matching(what);
  if (all.empty()) return std::nullopt;
  expected_delivery due{.message = what.number, .connection = connection};
  // A client that came back before its will was published: whether No Local then counts, and
  // whether its new connection is told, is open.
  const bool is_own = what.publisher == client;
  const bool own_will = is_own && what.is_will;
  subscription_set others = all;
  std::erase_if(others, [&](const auto& each) { return find(each.filter)->options.no_local; });
  if (is_own && !own_will && others.empty()) {
    due.allow(std::move(all));
    due.forbid(rule::message_despite_no_local);
    return due;
  }
  if (is_own && !own_will && others.size() < all.size()) {
    // No Local of some: they match nevertheless, and may count with their QoS and identifiers in
    // the one copy that comes [MQTT-3.3.4-2], [MQTT-3.3.4-4]; and [MQTT-3.8.3-3] forbids to forward
    // to the connection, not only for the subscription.
    due.allow(std::move(others));
    due.allow({});
    for (const auto& each : all) due.allow({merged(all, each.retain_flag)});
  } else {
    due.allow(std::move(all));
  }
  if (connection == 0) due.allow_without_qos_0();
  const bool at_qos_0 = highest_qos(due.ways.front()) == mqtt::qos::at_most_once;
  due.when_certain = own_will ? duty::may : at_qos_0 ? duty::should : duty::must;
  due.lost_breaks = what.is_will && connection != 0 ? rule::lost_will
                    : at_qos_0                      ? rule::lost_qos_0
                    : connection != 0               ? rule::lost_message
                                                    : rule::lost_queued_message;
  return due;
}

void session::route(const message& what, std::uint8_t client, std::uint32_t connection,
                    bool certain, rule lost) {
  auto due = due_for(what, client, connection);
  if (!due) return;
  if (due->owed != duty::forbidden) {
    if (lost != rule::count_) {
      due->lost_breaks = lost;
      due->when_certain = std::min(due->when_certain, duty::should);
    }
    due->owed = certain ? due->when_certain : duty::may;
  }
  deliveries_.push_back(std::move(*due));
  known_.push_back(what);
}

void session::route_at_release(const message& what, std::uint8_t client, std::uint32_t connection) {
  route_late(what, client, connection);
  make_certain(what);
}

void session::route_late(const message& what, std::uint8_t client, std::uint32_t connection) {
  auto now = due_for(what, client, connection);
  const bool comes_now = now && now->owed != duty::forbidden;
  const auto then = std::find_if(deliveries_.begin(), deliveries_.end(), [&](const auto& each) {
    return each.message == what.number && !each.from_retained;
  });
  if (then == deliveries_.end()) {
    if (!now) return;
    if (comes_now) now->allow({});  // not subscribed before
    deliveries_.push_back(std::move(*now));
    known_.push_back(what);
    return;
  }
  if (then->owed == duty::forbidden) {
    if (!comes_now) return;
    if (then->forbidden_by != rule::message_despite_no_local) return;
    *then = std::move(*now);
    then->allow({});  // No Local before
    return;
  }
  if (!then->copies.empty()) return;  // the subscriptions of then count, as has been seen
  if (!comes_now) {
    then->allow({});
    return;
  }
  for (subscription_set& way : now->ways) then->allow(std::move(way));
}

void session::route_retained(const message& what, const model_subscription& because, duty owed,
                             std::uint32_t connection) {
  expected_delivery due{.message = what.number, .from_retained = true, .connection = connection};
  due.owed = due.when_certain = owed;
  due.lost_breaks =
      what.qos == mqtt::qos::at_most_once ? rule::lost_retained_qos_0 : rule::lost_retained;
  due.allow({match(what, because, true)});
  // The topic may match others, too, and the one copy names all that match [MQTT-3.3.4-4].
  const subscription_set all = matching(what);
  if (all.size() > 1) {
    matching_subscription named = due.ways.front().front();
    named.identifiers = merged(all, true).identifiers;
    due.allow({std::move(named)});
  }
  deliveries_.push_back(std::move(due));
  known_.push_back(what);
}

void session::make_certain(const message& what) {
  for (expected_delivery& each : deliveries_) {
    if (each.message != what.number || each.from_retained || each.owed == duty::forbidden) continue;
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
    owed += each.may_stay_away() ? 0U : 1U;
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
  return each.lacks(version);
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
