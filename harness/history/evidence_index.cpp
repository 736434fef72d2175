#include "harness/history/evidence_index.hpp"

#include <algorithm>

#include "harness/mqtt/topic.hpp"

namespace gauntlet::history {
namespace {

constexpr std::uint32_t for_ever = UINT32_MAX;

time_point after(time_point at, std::uint32_t seconds) {
  if (at == never || seconds == for_ever) return never;
  return at + std::chrono::seconds(seconds);
}

}  // namespace

evidence_index::evidence_index(const evidence& all)
    : all_(&all), session_of_(all.connections.size(), none), next_(all.connections.size(), none) {
  connections_of_.resize(all.clients.size());
  for (std::uint32_t i = 0; i < all.connections.size(); ++i) {
    std::vector<std::uint32_t>& known = connections_of_[all.connections[i].client];
    if (!known.empty()) next_[known.back()] = i;
    known.push_back(i);
  }
  find_sessions();
  file_by_session();
}

void evidence_index::find_sessions() {
  for (const std::vector<std::uint32_t>& connections : connections_of_) {
    std::uint32_t current = none;
    for (const std::uint32_t number : connections) {
      const connection_record& connection = all_->connections[number];
      if (current != none && connection.clean_start && connection.connect.has_passed()) {
        sessions_[current].ends = std::min(sessions_[current].ends, connection.connect.sent);
      }
      if (!connection.accepted()) {
        // Its CONNACK was lost. If the old session was over by then, a new one has begun unseen.
        if (current != none && connection.connect.has_passed() && !connection.connack.was_sent()) {
          const std::uint32_t last = sessions_[current].connections.back();
          const time_point expiry =
              after(ended_at_broker(last), all_->connections[last].session_expiry_s);
          if (connection.clean_start ||
              expiry < connection.connect.passed + std::chrono::seconds(1)) {
            sessions_[current].ends = std::min(sessions_[current].ends, connection.connect.sent);
            current = none;
          }
        }
        continue;
      }
      if (current == none || !connection.session_present) {
        if (current != none && !connection.clean_start) {
          const connection_record& last = all_->connections[sessions_[current].connections.back()];
          const time_point expiry =
              after(ended_at_broker(sessions_[current].connections.back()), last.session_expiry_s);
          sessions_[current].ended_unasked = expiry > connection.connack.sent;
          sessions_[current].ends =
              std::min({sessions_[current].ends, expiry, connection.connack.sent});
        }
        current = static_cast<std::uint32_t>(sessions_.size());
        sessions_.push_back({.client = connection.client, .begins = connection.connack.sent});
      }
      sessions_[current].connections.push_back(number);
      session_of_[number] = current;
    }
    if (current == none) continue;
    const std::uint32_t last = sessions_[current].connections.back();
    sessions_[current].ends =
        std::min(sessions_[current].ends,
                 after(ended_at_broker(last), all_->connections[last].session_expiry_s));
  }
}

void evidence_index::file_by_session() {
  subscriptions_of_.resize(sessions_.size());
  deliveries_to_.resize(sessions_.size());
  for (std::uint32_t i = 0; i < all_->subscriptions.size(); ++i) {
    const std::uint32_t session = session_of_[all_->subscriptions[i].connection];
    if (session != none) subscriptions_of_[session].push_back(i);
  }
  by_key_.reserve(all_->deliveries.size());
  for (std::uint32_t i = 0; i < all_->deliveries.size(); ++i) {
    const delivery_record& delivery = all_->deliveries[i];
    const std::uint32_t session = session_of_[delivery.connection];
    if (session != none) deliveries_to_[session].push_back(i);
    by_key_.push_back(i);
  }
  std::ranges::stable_sort(by_key_, {}, [&](std::uint32_t i) { return all_->deliveries[i].key; });
  copies_ = deliveries_to_;
  for (std::vector<std::uint32_t>& each : copies_) {
    std::ranges::stable_sort(each, {},
                             [&](std::uint32_t i) { return all_->deliveries[i].publication; });
  }
  publications_on_.resize(all_->topics.size());
  for (std::uint32_t i = 0; i < all_->publications.size(); ++i) {
    publications_on_[all_->publications[i].topic].push_back(i);
  }
}

std::span<const std::uint32_t> evidence_index::subscriptions_of(std::uint32_t session) const {
  return subscriptions_of_[session];
}

std::span<const std::uint32_t> evidence_index::deliveries_to(std::uint32_t session) const {
  return deliveries_to_[session];
}

std::span<const std::uint32_t> evidence_index::connections_of(std::uint32_t client) const {
  return connections_of_[client];
}

std::span<const std::uint32_t> evidence_index::deliveries_of(message_key key) const {
  const auto of = [&](std::uint32_t delivery) { return all_->deliveries[delivery].key; };
  return {std::ranges::lower_bound(by_key_, key, {}, of),
          std::ranges::upper_bound(by_key_, key, {}, of)};
}

time_point evidence_index::reached(const publication_record& message) const {
  time_point first = never;
  for (const publish_attempt& attempt : message.attempts) {
    first = std::min(first, attempt.publish.passed);
  }
  return first;
}

time_point evidence_index::taken_at(const publication_record& message) const {
  time_point first = never;
  for (const publish_attempt& attempt : message.attempts) {
    if (!attempt.answer.was_sent() || mqtt::is_error(attempt.answer_code)) continue;
    const bool once = message.qos == mqtt::qos::exactly_once;
    first = std::min(first, once ? attempt.pubcomp.sent : attempt.answer.sent);
  }
  return first;
}

std::span<const std::uint32_t> evidence_index::copies(std::uint32_t session,
                                                      std::uint32_t publication) const {
  const std::vector<std::uint32_t>& sorted = copies_[session];
  const auto of = [&](std::uint32_t delivery) { return all_->deliveries[delivery].publication; };
  const auto first = std::ranges::lower_bound(sorted, publication, {}, of);
  const auto last = std::ranges::upper_bound(sorted, publication, {}, of);
  return {first, last};
}

std::span<const std::uint32_t> evidence_index::publications_on(std::uint32_t topic) const {
  return publications_on_[topic];
}

const std::vector<std::uint32_t>& evidence_index::topics_of(const std::string& filter) const {
  const auto [at, fresh] = topics_of_.try_emplace(filter);
  if (fresh && mqtt::validate_topic_filter(filter, mqtt::protocol_version::v5)) {
    for (std::uint32_t i = 0; i < all_->topics.size(); ++i) {
      if (mqtt::matches(filter, all_->topics[i])) at->second.push_back(i);
    }
  }
  return at->second;
}

bool evidence_index::matches(const subscription_record& subscription, std::uint32_t topic) const {
  return std::ranges::binary_search(topics_of(subscription.filter), topic);
}

bool evidence_index::had(const packet_times& packet, std::uint32_t connection) const {
  constexpr duration on_the_way = std::chrono::milliseconds(100);
  if (!packet.has_passed()) return false;
  time_point end = ended_at_broker(connection);
  if (next_[connection] != none) {
    end = std::min(end, all_->connections[next_[connection]].connect.passed);
  }
  return end == never || packet.passed + on_the_way < end;
}

std::uint32_t evidence_index::connected_through(std::uint32_t session, time_point from,
                                                time_point to) const {
  for (const std::uint32_t number : sessions_[session].connections) {
    if (all_->connections[number].connack.sent <= from && ended_at_broker(number) > to) {
      return number;
    }
  }
  return none;
}

bool evidence_index::excused_by_death(time_point from, time_point to) const {
  for (const broker_event& event : all_->broker_events) {
    if (event.at < from || event.at > to) continue;
    const declared_promises& promises = all_->promises;
    if (event.what == broker_event::kind::start_fresh) return true;
    if (event.what == broker_event::kind::stop && !promises.survives_stop) return true;
    if (event.what != broker_event::kind::kill) continue;
    if (!promises.survives_kill || event.at - from < promises.kill_margin) return true;
  }
  return false;
}

bool evidence_index::definite(const subscription_record& subscription, time_point from,
                              time_point to) const {
  return subscription.accepted() && subscription.suback.sent <= from &&
         std::min(subscription.unsubscribe.sent, subscription.ended) > to;
}

bool evidence_index::possible(const subscription_record& subscription, time_point from,
                              time_point to) const {
  return subscription.subscribe.sent <= to &&
         std::min(subscription.unsuback.passed, subscription.ended) >= from;
}

bool evidence_index::lasts(std::uint32_t session) const {
  const session_span& span = sessions_[session];
  return span.ends == never && ended_at_broker(span.connections.back()) == never;
}

bool evidence_index::broker_died(time_point from, time_point to) const {
  return std::ranges::any_of(all_->broker_events, [&](const broker_event& event) {
    const bool death =
        event.what == broker_event::kind::stop || event.what == broker_event::kind::kill;
    return death && event.at >= from && event.at <= to;
  });
}

time_point evidence_index::ended_at_broker(std::uint32_t number) const {
  const connection_record& connection = all_->connections[number];
  time_point end = std::min(connection.disconnect.passed, connection.broker_disconnect.sent);
  if (!connection.broker_end.silent) end = std::min(end, connection.broker_end.at);
  return end;
}

std::string time_text(time_point at) {
  if (at == never) return "never";
  const auto microseconds =
      std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
  std::string fraction = std::to_string(microseconds % 1'000'000 / 1'000);
  fraction.insert(0, 3 - fraction.size(), '0');
  return std::to_string(microseconds / 1'000'000) + "." + fraction + " s";
}

namespace {

std::string described(mqtt::qos qos, std::uint16_t identifier, bool dup, bool retain,
                      const std::string& topic) {
  std::string text = "PUBLISH(";
  if (qos != mqtt::qos::at_most_once) text += std::to_string(identifier) + ", ";
  text += "qos " + std::to_string(static_cast<int>(qos));
  if (dup) text += ", dup";
  if (retain) text += ", retain";
  return text + ") of " + topic;
}

}  // namespace

witness_packet witness_of(const evidence& all, const publish_attempt& attempt,
                          const publication_record& message) {
  return {.connection = attempt.connection,
          .way = direction::to_broker,
          .times = attempt.publish,
          .what = described(message.qos, attempt.packet_identifier, attempt.dup, message.retain,
                            all.topics[message.topic])};
}

witness_packet witness_of(const evidence& all, const delivery_record& delivery) {
  return {.connection = delivery.connection,
          .way = direction::to_client,
          .times = delivery.publish,
          .what = described(delivery.qos, delivery.packet_identifier, delivery.dup, delivery.retain,
                            all.topics[delivery.topic])};
}

}  // namespace gauntlet::history
