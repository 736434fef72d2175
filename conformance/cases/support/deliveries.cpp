#include "conformance/cases/support/deliveries.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace gauntlet::conformance {
namespace {

// Takes what waits for the client without waiting for more.
std::vector<mqtt::publish> take_waiting(context& test, client& from) {
  std::vector<mqtt::publish> taken;
  while (!test.over() && from.has_arrivals()) {
    const script::arrival what = from.next({});
    const auto* const came = script::packet_of<mqtt::publish>(what);
    if (came == nullptr) {
      fail_with(test, from, "no packet but PUBLISH", script::to_text(what, from.version()));
      break;
    }
    taken.push_back(*came);
    from.acknowledge(*came);
  }
  return taken;
}

}  // namespace

mqtt::publish message(std::string topic, std::string_view payload, mqtt::qos qos, bool retain) {
  const byte_view bytes = as_bytes(payload);
  return {.qos = qos,
          .retain = retain,
          .topic_name = std::move(topic),
          .payload = {bytes.begin(), bytes.end()}};
}

mqtt::publish message_with(mqtt::property_list properties, std::string topic,
                           std::string_view payload, mqtt::qos qos, bool retain) {
  mqtt::publish packet = message(std::move(topic), payload, qos, retain);
  packet.properties = std::move(properties);
  return packet;
}

mqtt::connect lasting_connect(mqtt::protocol_version version, bool clean_start) {
  if (version != mqtt::protocol_version::v5) return {.clean_start = false};
  return {.clean_start = clean_start, .properties = {mqtt::session_expiry_interval(60)}};
}

mqtt::suback expect_suback(client& from, std::vector<mqtt::subscription> filters,
                           mqtt::property_list properties) {
  const std::uint16_t identifier = from.next_packet_identifier();
  const std::size_t count = filters.size();
  from.send(mqtt::subscribe{.packet_identifier = identifier,
                            .subscriptions = std::move(filters),
                            .properties = std::move(properties)});
  return from.expect<mqtt::suback>(
      fmt::format("SUBACK for packet {} with {} codes", identifier, count), {},
      [identifier, count](const mqtt::suback& came) {
        return came.packet_identifier == identifier && came.reason_codes.size() == count;
      });
}

mqtt::unsuback expect_unsuback(client& from, std::vector<std::string> filters) {
  const std::uint16_t identifier = from.next_packet_identifier();
  const std::size_t count = from.is_v5() ? filters.size() : 0;
  from.send(
      mqtt::unsubscribe{.packet_identifier = identifier, .topic_filters = std::move(filters)});
  return from.expect<mqtt::unsuback>(
      fmt::format("UNSUBACK for packet {} with {} codes", identifier, count), {},
      [identifier, count](const mqtt::unsuback& came) {
        return came.packet_identifier == identifier && came.reason_codes.size() == count;
      });
}

void subscribe_with_identifier(client& to, std::string filter, mqtt::qos maximum_qos,
                               std::uint32_t identifier, mqtt::subscription_options options) {
  options.maximum_qos = maximum_qos;
  to.subscribe(mqtt::subscribe{.subscriptions = {{std::move(filter), options}},
                               .properties = {mqtt::subscription_identifier(identifier)}});
}

std::vector<std::uint32_t> identifiers_of(const mqtt::publish& message) {
  auto found = message.properties.find_all<mqtt::property_id::subscription_identifier>();
  std::ranges::sort(found);
  return found;
}

mqtt::publish expect_identifiers(client& to, std::string_view payload,
                                 std::vector<std::uint32_t> wanted) {
  std::ranges::sort(wanted);
  const mqtt::publish came = to.expect_publish(
      payload, [&](const mqtt::publish& packet) { return identifiers_of(packet) == wanted; },
      wanted.empty() ? std::string("no Subscription Identifier")
                     : fmt::format("Subscription Identifier {}", fmt::join(wanted, ", ")));
  to.acknowledge(came);
  return came;
}

std::vector<mqtt::publish> expect_only(client& to,
                                       std::initializer_list<std::string_view> payloads) {
  std::vector<std::string_view> missing(payloads);
  std::vector<mqtt::publish> came;
  while (!missing.empty()) {
    const auto place = [&missing](const mqtt::publish& each) {
      return std::ranges::find(missing, as_text(each.payload));
    };
    came.push_back(to.expect<mqtt::publish>(
        fmt::format("PUBLISH with payload \"{}\"", fmt::join(missing, "\" or \"")), {},
        [&](const mqtt::publish& each) { return place(each) != missing.end(); }));
    // At once: a broker may send one message at a time.
    to.acknowledge(came.back());
    const auto found = place(came.back());
    if (found == missing.end()) return came;  // the test is over
    missing.erase(found);
  }
  to.expect_quiet();
  return came;
}

std::vector<delivery> receive_together(context& test, const std::vector<client*>& members,
                                       std::size_t expected) {
  std::vector<delivery> all;
  const auto take = [&] {
    for (client* const member : members) {
      for (mqtt::publish& each : take_waiting(test, *member)) {
        all.push_back({member, std::move(each)});
      }
    }
  };
  const auto any_waits = [&] {
    return std::ranges::any_of(members, [](client* each) { return each->has_arrivals(); });
  };
  if (test.over()) return all;
  event_loop& loop = test.where().network.loop();
  const time_point deadline = loop.now() + test.allowed(test.answer_limit());
  while (!test.over() && all.size() < expected && loop.run_until(any_waits, deadline)) take();
  if (all.size() >= expected) {
    test.pause(test.quiet_time(), "for messages too many");
    take();
  } else if (!test.over()) {
    fail_with(test, *members.front(), fmt::format("{} messages to these clients", expected),
              fmt::format("{} messages", all.size()));
  }
  return all;
}

void fail_with(context& test, const client& who, std::string expected, std::string observed) {
  std::string signature = expected + " -> otherwise";
  test.fail({.client = who.name(),
             .expected = std::move(expected),
             .observed = std::move(observed),
             .signature = std::move(signature)});
}

void demand(context& test, const client& who, bool condition, std::string expected,
            std::string observed) {
  if (!condition) fail_with(test, who, std::move(expected), std::move(observed));
}

}  // namespace gauntlet::conformance
