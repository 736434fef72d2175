#include "tests/integration/broker/restart/restart_books.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace gauntlet::broker {
namespace {

std::uint32_t number_in(std::string_view text) {
  std::uint32_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Which of a publisher's topics, the retained ones first.
std::size_t topic_index(std::uint32_t number) {
  return is_retained(number) ? (number / retained_every) % retained_topics : retained_topics;
}

}  // namespace

std::string topic_of(const published_message& message) {
  if (!is_retained(message.number)) return fmt::format("restart/{}", message.publisher);
  return fmt::format("restart/{}/state/{}", message.publisher, topic_index(message.number));
}

published_message parse_message(std::string_view topic, std::string_view payload) {
  topic.remove_prefix(std::min(topic.size(), std::string_view("restart/").size()));
  return {number_in(topic), number_in(payload)};
}

std::string restart_account::to_string() const {
  return fmt::format(
      "{} kills, {} messages acknowledged, {} received, {} retained topics checked: {} missing, {} "
      "doubled, {} reordered, {} retained lost, {} sessions lost, {} violations",
      kills, acknowledged, received, retained_checked, missing, doubled, reordered, retained_lost,
      sessions_lost, violations);
}

restart_books::restart_books(std::size_t publishers, std::size_t subscribers)
    : acknowledged_(publishers), streams_(subscribers, std::vector<stream>(publishers)) {
  for (auto& of_subscriber : streams_) {
    for (stream& each : of_subscriber) each.newest.fill(-1);
  }
}

void restart_books::acknowledge(const published_message& message) {
  auto& known = acknowledged_[message.publisher];
  if (known.size() <= message.number) known.resize(message.number + 1);
  if (!known[message.number]) ++account_.acknowledged;
  known[message.number] = true;
  if (!is_retained(message.number)) return;
  std::uint32_t& latest = retained_[topic_of(message)];
  latest = std::max(latest, message.number);
}

void restart_books::receive(std::size_t subscriber, const published_message& message,
                            mqtt::qos qos) {
  ++account_.received;
  stream& of = streams_[subscriber].at(message.publisher);
  if (of.times.size() <= message.number) of.times.resize(message.number + 1);
  std::uint8_t& times = of.times[message.number];
  if (times < UINT8_MAX) ++times;
  if (times > 1) {
    if (qos == mqtt::qos::exactly_once) ++account_.doubled;
    return;
  }
  std::int64_t& newest = of.newest[topic_index(message.number)];
  if (message.number < newest) ++account_.reordered;
  newest = std::max<std::int64_t>(newest, message.number);
}

void restart_books::compare_retained(const std::map<std::string, std::uint32_t>& found,
                                     const std::map<std::string, std::uint32_t>& acknowledged) {
  for (const auto& [topic, number] : acknowledged) {
    ++account_.retained_checked;
    const auto there = found.find(topic);
    if (there == found.end() || there->second < number) ++account_.retained_lost;
  }
}

std::uint64_t restart_books::missing() const {
  std::uint64_t missing = 0;
  for (const auto& of_subscriber : streams_) {
    for (std::size_t publisher = 0; publisher < acknowledged_.size(); ++publisher) {
      const auto& times = of_subscriber[publisher].times;
      for (std::size_t number = 0; number < acknowledged_[publisher].size(); ++number) {
        const bool came = number < times.size() && times[number] > 0;
        if (acknowledged_[publisher][number] && !came) ++missing;
      }
    }
  }
  return missing;
}

restart_account restart_books::account() const {
  restart_account now = account_;
  now.missing = missing();
  return now;
}

}  // namespace gauntlet::broker
