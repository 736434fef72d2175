#include "conformance/cases/support/message_path.hpp"

#include <set>
#include <utility>

#include <fmt/format.h>

namespace gauntlet::conformance {

mqtt::publish publish_of(std::string topic, std::string_view payload, mqtt::qos qos,
                         std::uint16_t packet_identifier, bool dup) {
  const byte_view bytes = as_bytes(payload);
  mqtt::publish packet{.dup = dup, .qos = qos, .topic_name = std::move(topic)};
  packet.packet_identifier = packet_identifier;
  packet.payload.assign(bytes.begin(), bytes.end());
  return packet;
}

mqtt::publish with(mqtt::publish packet, mqtt::property_list properties) {
  packet.properties = std::move(properties);
  return packet;
}

mqtt::connect resumable(const context& test, mqtt::property_list properties) {
  mqtt::connect packet{.clean_start = false};
  if (!test.is_v5()) return packet;
  packet.properties = std::move(properties);
  packet.properties.add(mqtt::session_expiry_interval(60));
  return packet;
}

void message_path::publish(std::string_view payload, mqtt::qos qos) const {
  from.publish(topic, payload, qos);
}

void message_path::publish_each(std::initializer_list<std::string_view> payloads,
                                mqtt::qos qos) const {
  for (const std::string_view payload : payloads) publish(payload, qos);
}

client& message_path::resume(mqtt::property_list properties) {
  if (to->stands()) to->drop();
  to = &test.connected("subscriber", resumable(test, std::move(properties)));
  return *to;
}

message_path open_path(context& test, mqtt::qos maximum_qos, mqtt::property_list properties) {
  client& to = test.connected("subscriber", resumable(test, std::move(properties)));
  const std::string topic = test.topic("t");
  to.subscribe(topic, maximum_qos);
  return {test, &to, test.connected("publisher"), topic};
}

std::vector<mqtt::publish> take_sent_ahead(context& test, client& to) {
  std::vector<mqtt::publish> taken;
  taken.push_back(to.expect<mqtt::publish>("PUBLISH"));
  while (!test.over()) {
    const script::arrival what = to.next(test.quiet_time());
    if (std::holds_alternative<script::arrived_nothing>(what)) break;
    const auto* const came = script::packet_of<mqtt::publish>(what);
    if (came == nullptr) {
      deviate(test, to, "no packet but PUBLISH", script::to_text(what, to.version()));
      break;
    }
    taken.push_back(*came);
  }
  return taken;
}

void expect_in_order(context& test, client& to, const std::vector<std::string>& payloads) {
  std::set<std::string> seen;
  for (const std::string& next : payloads) {
    const std::string expected = fmt::format("PUBLISH with payload \"{}\" next", next);
    for (;;) {
      const mqtt::publish came = to.expect<mqtt::publish>(expected);
      if (test.over()) return;
      to.acknowledge(came);
      const std::string payload(as_text(came.payload));
      if (payload == next) break;
      if (came.dup && seen.contains(payload)) continue;
      return deviate(test, to, expected, fmt::format("payload \"{}\"", payload));
    }
    seen.insert(next);
  }
}

void prove_delivery(context& test, client& from, mqtt::qos qos) {
  const std::string topic = test.topic("proof");
  client& watcher = test.connected("watcher");
  watcher.subscribe(topic, qos);
  from.publish(topic, "proof", qos);
  watcher.receive("proof");
}

void deviate(context& test, const client& at, std::string expected, std::string observed) {
  std::string signature = expected + " -> otherwise";
  test.fail({.client = at.name(),
             .expected = std::move(expected),
             .observed = std::move(observed),
             .signature = std::move(signature)});
}

}  // namespace gauntlet::conformance
