#include "harness/broker/sys_topics.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "harness/broker/access_control.hpp"
#include "harness/broker/delivery_outbound.hpp"
#include "harness/broker/retained.hpp"
#include "harness/broker/routing.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::broker {
namespace {

constexpr std::string_view sys_prefix = "$SYS/";

struct sys_value {
  std::string_view topic;
  std::string text;
};

std::uint64_t sum(const std::array<std::uint64_t, 3>& by_qos) {
  return std::accumulate(by_qos.begin(), by_qos.end(), std::uint64_t{0});
}

std::size_t count_queued(broker_state& broker) {
  std::size_t queued = 0;
  broker.sessions.visit([&](const session& each) { queued += each.outbound.queued.size(); });
  return queued;
}

std::vector<sys_value> current_values(broker_state& broker) {
  const statistics now = current_statistics(broker);
  const auto uptime_s =
      std::chrono::duration_cast<std::chrono::seconds>(broker.now - broker.started).count();
  return {
      {"$SYS/broker/version", "gauntlet " GAUNTLET_VERSION},
      {"$SYS/broker/uptime", fmt::format("{} seconds", uptime_s)},
      {"$SYS/broker/clients/connected", fmt::to_string(now.clients)},
      {"$SYS/broker/clients/disconnected", fmt::to_string(now.sessions - now.clients)},
      {"$SYS/broker/clients/expired", fmt::to_string(now.sessions_expired)},
      {"$SYS/broker/clients/maximum", fmt::to_string(now.clients_max)},
      {"$SYS/broker/clients/total", fmt::to_string(now.sessions)},
      {"$SYS/broker/messages/received", fmt::to_string(now.packets_received)},
      {"$SYS/broker/messages/sent", fmt::to_string(now.packets_sent)},
      {"$SYS/broker/messages/queued", fmt::to_string(count_queued(broker))},
      {"$SYS/broker/publish/messages/received", fmt::to_string(sum(now.messages_received))},
      {"$SYS/broker/publish/messages/sent", fmt::to_string(sum(now.messages_sent))},
      {"$SYS/broker/publish/messages/dropped", fmt::to_string(now.messages_dropped)},
      {"$SYS/broker/bytes/received", fmt::to_string(now.bytes_received)},
      {"$SYS/broker/bytes/sent", fmt::to_string(now.bytes_sent)},
      {"$SYS/broker/subscriptions/count", fmt::to_string(now.subscriptions)},
      {"$SYS/broker/retained messages/count", fmt::to_string(now.retained_messages)},
      {"$SYS/broker/connections/accepted", fmt::to_string(now.connections_accepted)},
  };
}

message_view message_of(const broker_state& broker, const sys_value& value) {
  message_view message;
  message.topic = value.topic;
  message.payload = as_bytes(value.text);
  message.retain = true;
  message.received_at = broker.now;
  return message;
}

}  // namespace

statistics current_statistics(const broker_state& broker) {
  statistics now = broker.statistics;
  now.sessions = broker.sessions.size();
  now.subscriptions = broker.subscriptions.size();
  now.retained_messages = broker.retained.size();
  return now;
}

void start_sys_topics(broker_state& broker) {
  const duration interval = broker.options.sys_interval;
  if (interval == duration::zero() || broker.sys_topics_due.armed()) return;
  broker.deadlines.arm(broker.sys_topics_due, deadline_kind::sys_topics, broker.now + interval);
}

void publish_sys_topics(broker_state& broker) {
  std::size_t receivers = 0;
  for (const sys_value& value : current_values(broker)) {
    lazy_message message(message_of(broker, value));
    receivers += route_message(broker, message, nullptr);
  }
  if (receivers > 0) start_sys_topics(broker);
}

void subscribe_to_sys_topics(broker_state& broker, session& to, std::string_view filter,
                             const subscription& subscribed, bool existed) {
  const std::string_view matched = subscribed.group != nullptr ? subscribed.group->filter : filter;
  // Without its "$" a topic of the broker's is one that a wildcard in front matches.
  const bool is_wrong = (matched.starts_with('+') || matched.starts_with('#')) &&
                        broker.defects.strikes(defect::match_dollar_topic_with_wildcard);
  if (!matched.starts_with(sys_prefix) && !is_wrong) return;
  if (broker.options.sys_interval == duration::zero()) return;
  start_sys_topics(broker);
  if (!asks_for_retained(broker, subscribed, existed)) return;
  const std::uint32_t identifier = subscribed.identifier;
  for (const sys_value& value : current_values(broker)) {
    const std::string_view compared = is_wrong ? value.topic.substr(1) : value.topic;
    if (!mqtt::matches(filter, compared) || !may_receive(subscribed, value.topic)) continue;
    lazy_message message(message_of(broker, value));
    deliver(broker, to, message,
            {.retain = true, .subscription_identifiers = {&identifier, identifier != 0 ? 1U : 0U}});
  }
}

}  // namespace gauntlet::broker
