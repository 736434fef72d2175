// Scenarios about messages and subscriptions, in both versions.

#include <algorithm>

#include "tests/integration/broker/scenarios.hpp"

namespace gauntlet::broker {
namespace {

std::string every_byte() {
  std::string bytes;
  for (int value = 0; value < 256; ++value) bytes += static_cast<char>(value);
  return bytes;
}

}  // namespace

void pass_messages_at_each_qos(stage& on) {
  const int count = on.writer.end.takes_commands() ? 10 : 5;  // mosquitto_pub runs for each
  auto& reader = on.connect(on.reader, {.client_id = "reader"});
  auto& writer = on.connect(on.writer, {.client_id = "writer"});
  on.subscribe(reader, {{.filter = "a/+", .qos = 2}});
  for (int qos = 0; qos <= 2; ++qos) {
    std::vector<message> sent;
    for (int i = 0; i < count; ++i) {
      sent.push_back({.topic = "a/" + std::to_string(i % 3),
                      .payload = std::to_string(i) + every_byte(),
                      .qos = qos});
    }
    on.publish(writer, sent);
    on.expect_same(on.messages(reader, writer, qos), sent, "at QoS " + std::to_string(qos));
  }
}

void pass_a_large_payload(stage& on) {
  std::string payload;
  while (payload.size() < 100'000) payload += every_byte() + std::to_string(payload.size());
  auto& reader = on.connect(on.reader, {.client_id = "reader"});
  auto& writer = on.connect(on.writer, {.client_id = "writer"});
  on.subscribe(reader, {{.filter = "large", .qos = 1}});
  const std::vector<message> sent = {{.topic = "large", .payload = payload, .qos = 1}};
  on.publish(writer, sent);
  on.expect_same(on.messages(reader, writer, 1), sent, "100 KB");
}

void keep_retained_messages(stage& on) {
  auto& writer = on.connect(on.writer, {.client_id = "writer"});
  const message north{.topic = "kept/north", .payload = "1", .qos = 1, .retain = true};
  const message south{.topic = "kept/south", .payload = "2", .qos = 1, .retain = true};
  on.publish(writer, {north, south});

  auto& first = on.connect(on.reader, {.client_id = "first"});
  on.subscribe(first, {{.filter = "kept/#", .qos = 1}});
  auto stored = on.messages(first, writer, 1);
  std::ranges::sort(stored, {}, &message::topic);
  on.expect_same(stored, {north, south}, "after they were stored");

  // As it is published, the flag tells a standing subscription nothing.
  on.publish(writer, {{.topic = "kept/north", .payload = "3", .qos = 1, .retain = true}});
  on.expect_same(on.messages(first, writer, 1), {{.topic = "kept/north", .payload = "3", .qos = 1}},
                 "to a standing subscription");

  on.publish(writer, {{.topic = "kept/north", .qos = 1, .retain = true}});
  auto& second = on.connect(on.reader, {.client_id = "second"});
  on.subscribe(second, {{.filter = "kept/#", .qos = 1}});
  on.expect_same(on.messages(second, writer, 1), {south}, "after it was removed");
}

void end_subscriptions(stage& on) {
  auto& reader = on.connect(on.reader, {.client_id = "reader"});
  auto& writer = on.connect(on.writer, {.client_id = "writer"});
  on.subscribe(reader, {{.filter = "a", .qos = 1}, {.filter = "b", .qos = 1}});
  const auto codes = on.unsubscribe(reader, "a");
  if (on.reader.end.is_v5()) {
    on.expect(codes == std::vector<int>{0}, "the code of UNSUBACK is not 0x00");
    on.expect(on.unsubscribe(reader, "none") == std::vector<int>{0x11},
              "the code of UNSUBACK for a subscription that was not there is not 0x11");
  }
  on.publish(writer, {{.topic = "a", .payload = "1", .qos = 1}});
  on.publish(writer, {{.topic = "b", .payload = "2", .qos = 1}});
  on.expect_same(on.messages(reader, writer, 1), {{.topic = "b", .payload = "2", .qos = 1}},
                 "after UNSUBSCRIBE");
}

void grant_each_qos(stage& on) {
  auto& reader = on.connect(on.reader, {.client_id = "reader"});
  auto& writer = on.connect(on.writer, {.client_id = "writer"});
  const auto codes = on.subscribe(
      reader,
      {{.filter = "q/0", .qos = 0}, {.filter = "q/1", .qos = 1}, {.filter = "q/2", .qos = 2}});
  on.expect(codes == std::vector<int>{0, 1, 2}, "the codes of SUBACK are not 0, 1, 2");
  for (int granted = 0; granted <= 2; ++granted) {
    message sent{.topic = "q/" + std::to_string(granted), .payload = "x", .qos = 2};
    on.publish(writer, {sent});
    sent.qos = granted;
    on.expect_same(on.messages(reader, writer, granted), {sent}, "at the granted QoS");
  }
}

}  // namespace gauntlet::broker
