// The second half of a workload: what the broker still has.

#include <utility>

#include "durability/workload.hpp"

namespace gauntlet::durability {
namespace {

using namespace std::chrono_literals;

constexpr duration patience = 5s;
constexpr duration will_patience = 5s;  // the delay, and some time to publish

record::durability_count counted(std::string state, const std::set<std::string>& topics,
                                 const std::map<std::string, std::uint32_t>& seen,
                                 const std::string& payload, bool exactly_once) {
  record::durability_count made{.state = std::move(state),
                                .acknowledged = static_cast<std::uint32_t>(topics.size())};
  for (const std::string& topic : topics) {
    const auto found = seen.find(topic + " " + payload);
    if (found == seen.end()) ++made.lost;
    if (exactly_once && found != seen.end() && found->second > 1) ++made.doubled;
  }
  return made;
}

}  // namespace

outcome<std::vector<record::durability_count>> workload::check() {
  standing_.clear();
  std::vector<record::durability_count> counts;
  auto watcher = connect("watcher-after", true);
  if (!watcher) return watcher.error();
  watcher_ = std::move(*watcher);
  auto publisher = connect("publisher", true);
  if (!publisher) return publisher.error();
  publisher_ = std::move(*publisher);
  // One after the other: what is retained may come before the next SUBACK.
  if (auto done = subscribe(watcher_, "in/#", mqtt::qos::exactly_once); !done) return done.error();
  const auto ask = [this](const std::string& filter) {
    mqtt::subscription asked{.topic_filter = filter,
                             .options = {.maximum_qos = mqtt::qos::at_least_once}};
    watcher_.peer->send(mqtt::subscribe{
        .packet_identifier = watcher_.peer->next_packet_identifier(), .subscriptions = {asked}});
  };
  ask("kept/#");
  ask("will/#");
  if (auto done = check_sleepers(counts); !done) return done.error();
  if (auto done = check_outbound(counts); !done) return done.error();
  if (auto done = check_inbound(counts); !done) return done.error();
  check_retained(counts);
  check_wills(counts);
  return counts;
}

outcome<void> workload::check_sleepers(std::vector<record::durability_count>& into) {
  auto all = connect_all("sleep-");
  if (!all) return all.error();
  record::durability_count sessions{.state = "sessions", .acknowledged = sessions_};
  std::vector<client*> who;
  for (client& each : *all) {
    sessions.lost += each.session_present ? 0 : 1;
    who.push_back(&each);
  }
  tally seen;
  const auto on_packet = [&seen](client& from, const mqtt::packet& came) {
    receive(from, came, seen);
  };
  take(who, on_packet, patience);
  std::set<std::string> probed;
  for (std::uint32_t i = 0; i < options_.count; ++i) {
    const std::string topic = "sleep/" + std::to_string(i);
    if (publish(publisher_, topic, mqtt::qos::at_least_once, "probe")) probed.insert(topic);
  }
  take(who, on_packet, patience);
  into.push_back(sessions);
  into.push_back(counted("subscriptions", probed, seen, "probe", false));
  into.push_back(counted("queued QoS 1 messages", queued_1_, seen, "one", false));
  into.push_back(counted("queued QoS 2 messages", queued_2_, seen, "two", true));
  return {};
}

// On resumption the broker has to send PUBREL, and never the message again.
outcome<void> workload::check_outbound(std::vector<record::durability_count>& into) {
  auto all = connect_all("out-");
  if (!all) return all.error();
  std::vector<client*> who;
  for (client& each : *all) who.push_back(&each);
  tally messages;
  std::set<std::string> released;
  take(
      who,
      [&](client& from, const mqtt::packet& came) {
        receive(from, came, messages);
        if (std::holds_alternative<mqtt::pubrel>(came)) released.insert(from.id);
      },
      patience);
  record::durability_count made{.state = "half-done QoS 2 to clients",
                                .acknowledged = static_cast<std::uint32_t>(outbound_.size())};
  for (const std::string& topic : outbound_) {
    const bool again = messages.contains(topic + " half");
    if (again) ++made.doubled;
    if (!again && !released.contains("out-" + topic.substr(4))) ++made.lost;
  }
  into.push_back(made);
  return {};
}

// The message has to reach its subscribers once: before the end, or after PUBREL.
outcome<void> workload::check_inbound(std::vector<record::durability_count>& into) {
  auto all = connect_all("in-");
  if (!all) return all.error();
  std::vector<client*> who = {&watcher_};
  for (std::uint32_t i = 0; i < options_.count; ++i) {
    client& each = (*all)[i];
    who.push_back(&each);
    // A client whose session is gone has nothing left to go on with.
    if (!each.session_present) continue;
    // Half of them, as if they had not seen PUBREC, which a broker with memory does not mind.
    if (i % 2 == 0) send_half(each, i, true);
    each.peer->send(mqtt::pubrel{.packet_identifier = 1});
  }
  take(
      who, [this](client& from, const mqtt::packet& came) { receive(from, came, seen_after_); },
      patience);
  tally seen = seen_before_;
  for (const auto& [topic, times] : seen_after_) seen[topic] += times;
  into.push_back(counted("half-done QoS 2 from clients", inbound_, seen, "half", true));
  return {};
}

void workload::check_retained(std::vector<record::durability_count>& into) {
  into.push_back(counted("retained messages", retained_, seen_after_, "new", false));
}

void workload::check_wills(std::vector<record::durability_count>& into) {
  std::set<std::string> topics;
  for (std::uint32_t i = 0; i < wills_; ++i) topics.insert("will/" + std::to_string(i));
  const auto all_there = [&] { return counted("", topics, seen_after_, "gone", false).lost == 0; };
  const time_point deadline = network_.loop().now() + will_patience;
  while (!all_there() && network_.loop().now() < deadline) {
    take(
        {&watcher_},
        [this](client& from, const mqtt::packet& came) { receive(from, came, seen_after_); },
        deadline - network_.loop().now());
    if (!watcher_.peer->stands()) break;
  }
  into.push_back(counted("delayed wills", topics, seen_after_, "gone", false));
}

}  // namespace gauntlet::durability
