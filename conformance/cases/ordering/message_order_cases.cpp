// Messages of one topic, one QoS and one publisher come in the order in which they were published.
// MQTT 5.0 §4.6

#include <algorithm>
#include <map>

#include "conformance/cases/ordering/ordering_cases.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "harness/mqtt/raw_packet.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

void one_publisher(context& test, qos level) {
  message_path path = open_path(test, level);
  path.publish_each({"1", "2", "3", "4", "5", "6"}, level);
  expect_in_order(test, *path.to, {"1", "2", "3", "4", "5", "6"});
}

// QoS 0 messages may be missing; those that come are in order.
void one_publisher_at_qos0(context& test) {
  message_path path = open_path(test, qos::at_most_once);
  path.publish_each({"1", "2", "3", "4", "5", "6"}, qos::at_most_once);
  const auto came = take_sent_ahead(test, *path.to);
  const auto earlier = [](const auto& a, const auto& b) { return a.payload < b.payload; };
  if (!std::ranges::is_sorted(came, earlier)) {
    deviate(test, *path.to, "messages in the order of publication", "another order");
  }
}

// Takes `count` messages and demands that those of one kind have rising numbers: "a1", "a2", ...
// The kind is what the numbers stand behind.
void expect_rising_by_kind(context& test, client& to, std::size_t count,
                           const std::function<std::string(const mqtt::publish&)>& kind_of) {
  std::map<std::string, std::string> latest;
  std::size_t taken = 0;
  while (taken < count && !test.over()) {
    const auto came = to.expect<mqtt::publish>("PUBLISH");
    if (test.over()) return;
    to.acknowledge(came);
    const std::string number(1, static_cast<char>(came.payload.back()));
    std::string& before = latest[kind_of(came)];
    if (came.dup && number <= before) continue;
    if (number <= before) {
      return deviate(test, to, "messages of one publisher, topic and QoS in order",
                     "\"" + std::string(as_text(came.payload)) + "\" out of order");
    }
    before = number;
    ++taken;
  }
}

void two_publishers(context& test, qos level) {
  message_path path = open_path(test, level);
  client& other = test.connected("other");
  for (const char* number : {"1", "3"}) {
    const std::string next(1, static_cast<char>(*number + 1));
    path.publish(std::string("a") + number, level);
    path.publish("a" + next, level);
    other.publish(path.topic, std::string("b") + number, level);
    other.publish(path.topic, "b" + next, level);
  }
  expect_rising_by_kind(test, *path.to, 8, [](const mqtt::publish& came) {
    return std::string(1, static_cast<char>(came.payload.front()));
  });
}

void several_topics(context& test, qos level) {
  client& to = test.connected("subscriber");
  to.subscribe(test.topic("#"), level);
  client& from = test.connected("publisher");
  for (const char* number : {"1", "2", "3"}) {
    for (const char* tail : {"u", "v/w", "x y"}) from.publish(test.topic(tail), number, level);
  }
  expect_rising_by_kind(test, to, 9, [](const mqtt::publish& came) { return came.topic_name; });
}

void two_levels_on_one_topic(context& test) {
  message_path path = open_path(test, qos::exactly_once);
  path.publish_each({"1", "2"}, qos::at_least_once);
  path.publish_each({"1", "2"}, qos::exactly_once);
  path.publish_each({"3", "4"}, qos::at_least_once);
  path.publish_each({"3", "4"}, qos::exactly_once);
  expect_rising_by_kind(test, *path.to, 8, [](const mqtt::publish& came) {
    return std::to_string(static_cast<unsigned>(came.qos));
  });
}

void two_subscribers(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  client& other = test.connected("other");
  other.subscribe(path.topic, qos::at_least_once);
  path.publish_each({"1", "2", "3", "4"}, qos::at_least_once);
  expect_in_order(test, *path.to, {"1", "2", "3", "4"});
  expect_in_order(test, other, {"1", "2", "3", "4"});
}

void lower_granted_qos(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.publish_each({"1", "2", "3", "4"}, qos::exactly_once);
  expect_in_order(test, *path.to, {"1", "2", "3", "4"});
}

// A large message takes its time; a small one behind it waits.
void large_and_small_messages(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  const std::string large_1 = std::string(50'000, 'x') + "1";
  const std::string large_2 = std::string(50'000, 'x') + "2";
  path.publish(large_1, qos::at_least_once);
  path.publish("small 1", qos::at_least_once);
  path.publish(large_2, qos::at_least_once);
  path.publish("small 2", qos::at_least_once);
  expect_in_order(test, *path.to, {large_1, "small 1", large_2, "small 2"});
}

void messages_of_one_segment(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  byte_buffer all;
  for (const std::uint16_t i : {std::uint16_t{1}, std::uint16_t{2}}) {
    const mqtt::publish packet = publish_of(path.topic, std::to_string(i), qos::at_least_once, i);
    const byte_buffer one = mqtt::raw_packet::of(packet, test.version()).bytes();
    all.insert(all.end(), one.begin(), one.end());
  }
  path.from.send_bytes(all);
  expect_in_order(test, *path.to, {"1", "2"});
}

// The publisher's connection ends between its messages; its session goes on.
void two_connections_of_the_publisher(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  client& first = test.connected("device", resumable(test));
  first.publish(path.topic, "1", qos::at_least_once);
  first.publish(path.topic, "2", qos::at_least_once);
  first.drop();
  client& second = test.connected("device", resumable(test));
  second.publish(path.topic, "3", qos::at_least_once);
  second.publish(path.topic, "4", qos::at_least_once);
  expect_in_order(test, *path.to, {"1", "2", "3", "4"});
}

// The subscriber acknowledges late, all at once.
void late_acknowledgements(context& test) {
  message_path path = open_path(test, qos::at_least_once);
  path.publish_each({"1", "2", "3", "4"}, qos::at_least_once);
  const auto sent = take_sent_ahead(test, *path.to);
  std::vector<std::string> left;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string number = std::to_string(i + 1);
    if (i >= sent.size()) {
      left.push_back(number);
    } else if (as_text(sent[i].payload) != number) {
      return deviate(test, *path.to, "messages in the order of publication", "another order");
    }
  }
  for (const mqtt::publish& each : sent) path.to->acknowledge(each);
  expect_in_order(test, *path.to, left);
}

std::vector<statement_name> ordered() {
  return {v5("MQTT-4.6.0-5"), v5("MQTT-4.6.0-6"), v3("MQTT-4.6.0-5"), v3("MQTT-4.6.0-6")};
}

void add(suite& to, std::string id, std::string title, need needed,
         std::function<void(context&)> body) {
  to.add({.id = "MQTT-4.6.0-5/" + std::move(id),
          .title = std::move(title),
          .covers = ordered(),
          .needs = {needed},
          .defects = {"reorder-deliveries"},
          .body = std::move(body)});
}

}  // namespace

void add_message_order_cases(suite& to) {
  add(to, "qos0", "QoS 0 messages of one publisher do not overtake each other", need::qos1,
      one_publisher_at_qos0);
  struct level {
    qos of;
    const char* word;
    need needed;
  };
  for (const level& each : {level{qos::at_least_once, "qos1", need::qos1},
                            level{qos::exactly_once, "qos2", need::qos2}}) {
    const std::string word(each.word);
    add(to, word, "Messages of one publisher come in order: " + word, each.needed,
        [of = each.of](context& test) { one_publisher(test, of); });
    add(to, "two-publishers-" + word, "Messages of two publishers come in order each: " + word,
        each.needed, [of = each.of](context& test) { two_publishers(test, of); });
    to.add({.id = "MQTT-4.6.0-6/several-topics-" + word,
            .title = "Messages of several topics come in order each: " + word,
            .covers = ordered(),
            .needs = {each.needed, need::wildcard_subscriptions},
            .defects = {"reorder-deliveries"},
            .body = [of = each.of](context& test) { several_topics(test, of); }});
  }
  add(to, "two-levels", "Messages of QoS 1 and of QoS 2 on a topic come in order each", need::qos2,
      two_levels_on_one_topic);
  add(to, "two-subscribers", "Messages come in order to each of two subscribers", need::qos1,
      two_subscribers);
  add(to, "lower-qos", "Messages come in order to who was granted a lower QoS", need::qos2,
      lower_granted_qos);
  add(to, "sizes", "Small messages do not overtake large ones", need::qos1,
      large_and_small_messages);
  add(to, "segment", "Messages that arrive together are delivered in order", need::qos1,
      messages_of_one_segment);
  add(to, "publisher-reconnects",
      "Messages that a publisher sends over two connections are in order", need::qos1,
      two_connections_of_the_publisher);
  add(to, "late-acknowledgements", "Messages that wait for acknowledgements come in order",
      need::qos1, late_acknowledgements);
}

}  // namespace gauntlet::conformance
