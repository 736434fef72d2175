// The judgement of a PUBLISH that a session receives.

#include <algorithm>
#include <tuple>
#include <utility>

#include "fuzz/model/session.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::fuzz::model {
namespace {

std::string client_name(std::uint8_t client) { return "client " + std::to_string(client); }

// The interval that is left, within a second: clocks of brokers count whole seconds, and the
// message has been on the way.
std::optional<violation> check_expiry(const mqtt::publish& packet, const message& what,
                                      const receipt_context& context) {
  // Empty ones of one topic cannot be told apart, and may differ in their interval.
  const bool is_known = !what.unfinished && !what.empty;
  if (context.version != mqtt::protocol_version::v5 || !is_known) return std::nullopt;
  const auto left = packet.properties.find<mqtt::property_id::message_expiry_interval>();
  if (what.expiry_s == 0) {
    if (!left) return std::nullopt;
    return violation{rule::added_expiry, context.version,
                     describe(what) + " comes with an expiry interval that it was not given"};
  }
  const auto waited =
      std::chrono::duration_cast<std::chrono::seconds>(context.now - what.published).count();
  const auto most = static_cast<std::int64_t>(what.expiry_s) - waited + 1;
  const auto least = static_cast<std::int64_t>(what.expiry_s) - waited - 2;
  if (left && *left <= what.expiry_s && *left <= most &&
      static_cast<std::int64_t>(*left) >= least) {
    return std::nullopt;
  }
  return violation{rule::wrong_expiry, context.version,
                   describe(what) + " was published with an expiry interval of " +
                       std::to_string(what.expiry_s) + " s and comes after " +
                       std::to_string(waited) + " s with " +
                       (left ? std::to_string(*left) + " s" : "none")};
}

auto urgency(const expected_delivery& each, const received_copy& arriving) {
  return std::tuple(each.is_likely(arriving), each.copies.empty(), !each.may_stay_away(), each.owed,
                    each.from_retained == arriving.retain_flag);
}

}  // namespace

// What must come and has not goes first: a copy that is left open is not missed.
expected_delivery* session::find_fitting(std::uint32_t number, const received_copy& arriving) {
  expected_delivery* best = nullptr;
  for (expected_delivery& each : deliveries_) {
    if (each.message != number || !each.takes(arriving)) continue;
    if (best == nullptr || urgency(each, arriving) > urgency(*best, arriving)) best = &each;
  }
  return best;
}

std::optional<std::uint32_t> session::find_empty(const std::vector<message>& messages,
                                                 const mqtt::publish& packet) const {
  const received_copy arriving = copy_of(packet, 0);
  const expected_delivery* best = nullptr;
  for (const expected_delivery& each : deliveries_) {
    const message& what = messages[each.message - 1];
    if (!what.empty || what.topic != packet.topic_name) continue;
    for (const received_copy& copy : each.copies) {
      const bool in_flight = copy.stage != copy_stage::finished;
      if (in_flight && copy.packet_identifier == packet.packet_identifier) return what.number;
    }
    if (!each.takes(arriving)) continue;
    if (best == nullptr || urgency(each, arriving) > urgency(*best, arriving)) best = &each;
  }
  if (best != nullptr) return best->message;
  for (auto each = messages.rbegin(); each != messages.rend(); ++each) {
    if (each->empty && each->topic == packet.topic_name) return each->number;
  }
  return std::nullopt;
}

// A PUBLISH with an identifier that is in flight: a redelivery, or a mistake.
std::optional<violation> session::take_again(const mqtt::publish& packet, const message& what,
                                             const receipt_context& context, bool& handled) {
  handled = false;
  if (packet.qos == mqtt::qos::at_most_once) return std::nullopt;
  for (expected_delivery& each : deliveries_) {
    for (received_copy& copy : each.copies) {
      if (copy.packet_identifier != packet.packet_identifier ||
          copy.stage == copy_stage::finished) {
        continue;
      }
      handled = true;
      const bool is_same = each.message == what.number && copy.qos == packet.qos;
      const auto complain = [&](rule broken, const std::string& text) {
        return violation{broken, context.version,
                         describe(what) + " comes to " + client_name(context.client) + " " + text};
      };
      if (!copy.owed_again) {
        if (!is_same) {
          return complain(rule::identifier_in_use, "under the identifier " +
                                                       std::to_string(packet.packet_identifier) +
                                                       ", which another message has in flight");
        }
        // 3.1.1 asks for a redelivery at a reconnection only, and does not forbid others (§4.4).
        if (context.version == mqtt::protocol_version::v3_1_1 && packet.dup) return std::nullopt;
        return complain(rule::redelivery_on_open_connection, "again, on an open connection");
      }
      if (!is_same) {
        return complain(
            rule::redelivery_changed,
            "under the identifier of m" + std::to_string(each.message) + ", which is owed again");
      }
      if (copy.stage == copy_stage::recorded) {
        return complain(rule::redelivery_changed, "again as PUBLISH after PUBREC");
      }
      copy.owed_again = false;
      copy.connection = copy.came_again = context.connection;
      if (!packet.dup) return complain(rule::wrong_dup_flag, "again without DUP");
      return check_order(each, what, context, true);
    }
  }
  return std::nullopt;
}

std::optional<violation> session::check_order(const expected_delivery& now, const message& what,
                                              const receipt_context& context, bool again) const {
  // Order counts for one publisher, topic and QoS (MQTT 5.0 §4.6). Wills, retained messages and
  // unfinished exchanges have no place in it, and overlapping subscriptions may each have their
  // own. What never comes is lost and not out of order: the one that is late is the one to tell.
  const auto comparable = [](const expected_delivery& each, const message& its) {
    return !each.from_retained && each.sole_subscription() != nullptr && !its.is_will &&
           !its.unfinished && !its.empty;
  };
  if (!comparable(now, what)) return std::nullopt;
  const matching_subscription& of_now = *now.sole_subscription();
  for (std::size_t i = 0; i < deliveries_.size(); ++i) {
    const expected_delivery& later = deliveries_[i];
    const message& its = known_[i];
    const bool has_come = std::any_of(
        later.copies.begin(), later.copies.end(),
        [&](const received_copy& each) { return !again || each.came_again == context.connection; });
    if (its.number <= what.number || !has_come || !comparable(later, its)) continue;
    if (its.publisher != what.publisher || its.topic != what.topic || its.qos != what.qos) continue;
    const matching_subscription& of_later = *later.sole_subscription();
    if (of_later.qos != of_now.qos || of_later.filter != of_now.filter) continue;
    return violation{rule::wrong_order, context.version,
                     describe(what) + " comes " + (again ? "again " : "") + "to " +
                         client_name(context.client) + " after m" + std::to_string(its.number) +
                         ", which was published after it"};
  }
  return std::nullopt;
}

// No delivery fits: the nearest reason.
std::optional<violation> session::explain(const mqtt::publish& packet, const message& what,
                                          const receipt_context& context) const {
  const std::string begin = describe(what) + " comes to " + client_name(context.client);
  const auto complain = [&](rule broken, const std::string& text) {
    return violation{broken, context.version, begin + " " + text};
  };
  const received_copy arriving = copy_of(packet, context.connection);
  bool was_expected = false;
  std::optional<rule> nearest;
  mqtt::qos right_qos = mqtt::qos::at_most_once;
  for (const expected_delivery& each : deliveries_) {
    if (each.message != what.number) continue;
    for (const received_copy& copy : each.copies) {
      if (!copy.owed_again || copy.qos != packet.qos) continue;
      return complain(rule::redelivery_changed,
                      "again under the identifier " + std::to_string(packet.packet_identifier) +
                          " in place of " + std::to_string(copy.packet_identifier));
    }
    if (each.owed == duty::forbidden) {
      if (packet.retain && context.is_retained_now && !each.from_retained) continue;
      return complain(each.forbidden_by, each.forbidden_by == rule::message_despite_no_local
                                             ? "although it asked for No Local"
                                             : "although it has expired");
    }
    const auto broken = each.fault_of(arriving);
    if (!broken) was_expected = true;
    if (!broken || (nearest && nearness(*nearest) >= nearness(*broken))) continue;
    nearest = broken;
    right_qos = highest_qos(each.ways.front());
  }
  if (nearest == rule::wrong_identifiers) {
    return complain(*nearest, "without the identifiers of its subscriptions");
  }
  if (nearest == rule::wrong_qos) {
    return complain(*nearest, "at " + qos_name(packet.qos) + " in place of " + qos_name(right_qos));
  }
  if (nearest == rule::wrong_retain_flag && !was_expected) {
    return complain(*nearest, packet.retain ? "with RETAIN 1" : "with RETAIN 0");
  }
  if (was_expected) {
    if (!packet.retain || !what.retain) {
      return complain(rule::message_twice, "once more than its subscriptions allow");
    }
    return context.is_retained_now
               ? complain(rule::unwanted_retained, "as retained once more than it may")
               : complain(rule::stale_retained, "as retained, which it is no more");
  }
  if (packet.retain && context.is_retained_now) {
    return complain(rule::unwanted_retained, "as retained, which it may not be");
  }
  if (what.is_will && !what.was_called_for) {
    return complain(rule::unwanted_will, "although it was called off");
  }
  if (packet.retain) return complain(rule::stale_retained, "as retained, which it is no more");
  if (discarded_.contains(what.number)) {
    return complain(rule::message_of_discarded_session, "from a session that was discarded");
  }
  for (const std::uint8_t filter : unsubscribed_) {
    if (mqtt::matches(filters()[filter], what.topic)) {
      return complain(rule::message_after_unsubscribe, "after UNSUBSCRIBE " + filters()[filter]);
    }
  }
  return complain(rule::unexpected_message, "without a subscription");
}

std::optional<violation> session::take(const mqtt::publish& packet, const message& what,
                                       const receipt_context& context) {
  bool handled = false;
  if (auto broken = take_again(packet, what, context, handled); broken || handled) return broken;
  received_copy arriving = copy_of(packet, context.connection);
  expected_delivery* fitting = find_fitting(what.number, arriving);
  if (fitting == nullptr) return explain(packet, what, context);
  // Retained, and sent because of SUBSCRIBE, for all that can be told.
  const bool may_be_retained = packet.retain && context.is_retained_now;
  auto broken = may_be_retained ? std::nullopt : check_order(*fitting, what, context, false);
  const bool first_sending = fitting->connection == context.connection;
  fitting->copies.push_back(std::move(arriving));
  if (broken) return broken;
  // What became due on this connection cannot have been sent before. Of what became due earlier,
  // the broker may hold that it has tried.
  if (packet.dup && first_sending) {
    return violation{rule::wrong_dup_flag, context.version,
                     describe(what) + " comes to " + client_name(context.client) +
                         " for the first time, with DUP"};
  }
  std::size_t in_flight = 0;
  for (const expected_delivery& each : deliveries_) {
    for (const received_copy& copy : each.copies) {
      if (copy.stage != copy_stage::finished && copy.connection == context.connection) ++in_flight;
    }
  }
  if (in_flight > context.receive_maximum) {
    return violation{rule::receive_maximum_exceeded, context.version,
                     client_name(context.client) + " is sent " + std::to_string(in_flight) +
                         " messages without an answer, and its Receive Maximum is " +
                         std::to_string(context.receive_maximum)};
  }
  return check_expiry(packet, what, context);
}

}  // namespace gauntlet::fuzz::model
