#include "tests/unit/conformance/invariants/exercise_stories.hpp"

#include "conformance/suite/context.hpp"
#include "harness/auth/scram.hpp"
#include "harness/base/assert.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/raw_packet.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using std::chrono::seconds;

mqtt::connect lasting(const context& test) {
  mqtt::connect packet{.clean_start = false};
  if (test.is_v5()) packet.properties.add(mqtt::session_expiry_interval(60));
  return packet;
}

byte_buffer payload_of(std::string_view text) {
  const byte_view bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

void conversation(context& test) {
  client& reader = test.connected("reader");
  reader.subscribe(test.topic("t"), qos::exactly_once);
  client& writer = test.connected("writer");
  writer.publish(test.topic("t"), "zero", qos::at_most_once);
  reader.receive("zero");
  writer.publish(test.topic("t"), "one", qos::at_least_once);
  reader.receive("one");
  writer.publish(test.topic("t"), "two", qos::exactly_once);
  reader.receive("two");
  reader.unsubscribe(test.topic("t"));
  reader.ping();
  reader.ping();
  reader.send_bytes(byte_buffer{0x00, 0x00});
  reader.expect_close();
}

void both_ways(context& test) {
  client& one = test.connected("one");
  client& other = test.connected("other");
  one.subscribe({.subscriptions = {{test.topic("a"), {.maximum_qos = qos::at_most_once}},
                                   {test.topic("b"), {.maximum_qos = qos::exactly_once}}}});
  other.subscribe(test.topic("other"), qos::at_least_once);
  other.publish(test.topic("a"), "for a", qos::exactly_once);
  one.receive("for a");
  other.publish(test.topic("b"), "low", qos::at_most_once);
  one.receive("low");
  other.publish({.dup = true,
                 .qos = qos::at_least_once,
                 .topic_name = test.topic("b"),
                 .payload = payload_of("marked")});
  one.receive("marked");
  const std::uint16_t identifier = one.next_packet_identifier();
  one.send(mqtt::unsubscribe{.packet_identifier = identifier,
                             .topic_filters = {test.topic("a"), test.topic("b")}});
  one.expect<mqtt::unsuback>("UNSUBACK");
  one.ping();
  one.ping();
}

void assigned_identifier(context& test) {
  client& nameless = test.open("nameless");
  nameless.send_connect({});
  nameless.expect_connack();
  nameless.ping();
}

void malformed_connect(context& test) {
  client& wrong = test.open("wrong");
  if (test.is_v5()) {
    // Reserved bit of the Connect Flags.
    wrong.send_bytes(mqtt::raw_packet{.first_byte = 0x10,
                                      .body = mqtt::raw_fields()
                                                  .utf8_string("MQTT")
                                                  .byte(5)
                                                  .byte(0x03)
                                                  .two_byte_integer(0)
                                                  .byte(0)
                                                  .utf8_string(test.client_id("wrong"))}
                         .bytes());
  } else {
    wrong.send(mqtt::connect{.protocol_version = test.version(), .clean_start = false});
  }
  wrong.expect_close();
}

// A refusal, and packets that came with the CONNECT.
void refused_login(context& test) {
  client& wrong = test.open_at(test.where().guarded->where, "wrong", test.version());
  mqtt::connect packet{.protocol_version = test.version(), .client_id = test.client_id("wrong")};
  packet.user_name = "nobody";
  packet.password = payload_of("wrong");
  if (test.is_v5()) packet.properties.add(mqtt::maximum_packet_size(10));
  byte_buffer bytes;
  const bool fits = mqtt::encode(packet, test.version(), bytes).has_value() &&
                    mqtt::encode(mqtt::pingreq{}, test.version(), bytes).has_value();
  GAUNTLET_ASSERT(fits);
  wrong.send_bytes(bytes);
  wrong.expect_close();
}

mqtt::property_list scram(const std::string& method, std::string_view data) {
  return {mqtt::authentication_method(method), mqtt::authentication_data(payload_of(data))};
}

void authenticated(context& test) {
  const guarded_listener& guard = *test.where().guarded;
  const std::string& method = guard.authentication_method;
  auth::scram_client user(guard.user.user_name, as_bytes(guard.user.password), auth::draw_nonce());
  client& device = test.open_at(guard.where, "device", test.version());
  device.send(mqtt::connect{.client_id = test.client_id("device"),
                            .properties = scram(method, user.first())});
  const auto challenge = device.expect<mqtt::auth>("AUTH");
  const auto data = challenge.properties.find<mqtt::property_id::authentication_data>();
  const auto proof = user.respond(as_text(data.value_or(byte_view())));
  if (!proof.has_value()) return;
  device.send(mqtt::auth{.reason_code = mqtt::reason_code::continue_authentication,
                         .properties = scram(method, *proof)});
  device.expect_connack();
  device.ping();
}

void clean_after_lasting(context& test) {
  client& first = test.connected("device", lasting(test));
  first.subscribe(test.topic("t"), qos::at_least_once);
  first.disconnect();
  mqtt::connect clean = lasting(test);
  clean.clean_start = true;
  test.connected("device", clean).ping();
}

// Messages stay unacknowledged, and the session is resumed.
void resumed(context& test) {
  client& writer = test.connected("writer");
  client& first = test.connected("device", lasting(test));
  first.subscribe(test.topic("t"), qos::exactly_once);
  writer.publish(test.topic("t"), "first", qos::at_least_once);
  writer.publish(test.topic("t"), "second", qos::at_least_once);
  first.take("first");
  first.take("second");
  first.ping();
  first.drop();
  client& again = test.connected("device", lasting(test));
  again.ping();
  again.take("first");
  again.take("second");
}

void resumed_after_pubrec(context& test) {
  client& writer = test.connected("writer");
  client& first = test.connected("device", lasting(test));
  first.subscribe(test.topic("t"), qos::exactly_once);
  writer.publish(test.topic("t"), "exact", qos::exactly_once);
  first.take_up_to_pubrel("exact");
  first.ping();
  first.drop();
  test.connected("device", lasting(test)).ping();
}

void messages_while_away(context& test) {
  client& first = test.connected("device", lasting(test));
  first.subscribe(test.topic("t"), qos::at_least_once);
  first.disconnect();
  test.connected("writer").publish(test.topic("t"), "while away");
  client& again = test.open("device");
  mqtt::connect packet = lasting(test);
  packet.client_id = test.client_id("device");
  again.send_connect(packet);
  again.ping();
}

void refused_message(context& test) {
  client& writer = test.connected("writer");
  client& reader = test.connected("reader");
  reader.subscribe(test.topic("t"), qos::exactly_once);
  writer.publish(test.topic("t"), "unwanted", qos::exactly_once);
  const mqtt::publish came = reader.take("unwanted");
  reader.send(mqtt::pubrec{.packet_identifier = came.packet_identifier,
                           .reason_code = mqtt::reason_code::quota_exceeded});
  reader.ping();
}

void repeated_qos2(context& test) {
  client& writer = test.connected("writer");
  client& reader = test.connected("reader");
  reader.subscribe(test.topic("t"), qos::exactly_once);
  mqtt::publish packet{.qos = qos::exactly_once,
                       .topic_name = test.topic("t"),
                       .packet_identifier = 9,
                       .payload = payload_of("once")};
  writer.publish_unreleased(packet);
  packet.dup = true;
  writer.publish_unreleased(packet);
  writer.send(mqtt::pubrel{.packet_identifier = 9});
  writer.ping();
  reader.receive("once");
  reader.ping();
}

void several_in_flight(context& test) {
  client& writer = test.connected("writer");
  client& reader = test.connected("reader");
  reader.subscribe(test.topic("t"), qos::exactly_once);
  for (const std::string_view payload : {"a", "b", "c", "d"}) {
    writer.publish(test.topic("t"), payload, qos::at_least_once);
  }
  writer.publish(test.topic("t"), "e", qos::exactly_once);
  writer.publish(test.topic("t"), "f", qos::exactly_once);
  reader.ping();
  reader.ping();
}

void retained(context& test) {
  client& writer = test.connected("writer");
  client& standing = test.connected("standing");
  standing.subscribe(test.topic("#"), qos::at_least_once);
  writer.publish(test.topic("r"), "kept", qos::exactly_once, true);
  writer.publish(test.topic("s"), "not kept", qos::at_least_once);
  standing.receive("kept");
  standing.receive("not kept");
  client& late = test.connected("late");
  late.subscribe(test.topic("r"), qos::at_least_once);
  late.receive("kept");
}

void subscription_options(context& test) {
  client& one = test.connected("one");
  client& other = test.connected("other");
  one.subscribe({.subscriptions = {{test.topic("t"),
                                    {.maximum_qos = qos::at_least_once,
                                     .no_local = true,
                                     .retain_as_published = true}}},
                 .properties = {mqtt::subscription_identifier(3)}});
  other.subscribe({.subscriptions = {{test.topic("t"), {.maximum_qos = qos::at_least_once}}},
                   .properties = {mqtt::subscription_identifier(4)}});
  one.publish(test.topic("t"), "own", qos::at_least_once);
  other.publish(test.topic("t"), "kept", qos::at_least_once, true);
  one.receive("kept");
  one.ping();
}

void shared(context& test) {
  const std::string filter = "$share/group/" + test.topic("t");
  client& one = test.connected("one");
  client& other = test.connected("other");
  for (client* const each : {&one, &other}) {
    const std::uint32_t number = each == &one ? 5 : 6;
    each->subscribe({.subscriptions = {{filter, {.maximum_qos = qos::at_least_once}}},
                     .properties = {mqtt::subscription_identifier(number)}});
  }
  client& writer = test.connected("writer");
  writer.publish(test.topic("t"), "for one", qos::at_least_once);
  writer.publish(test.topic("t"), "for another", qos::at_least_once);
  one.ping();
  other.ping();
}

void forwarded(context& test) {
  client& reader = test.connected("reader");
  reader.subscribe(test.topic("t"), qos::at_least_once);
  client& writer = test.connected("writer");
  writer.publish(
      {.qos = qos::at_least_once,
       .topic_name = test.topic("t"),
       .properties = {mqtt::payload_format_indicator(1), mqtt::message_expiry_interval(100),
                      mqtt::content_type("Text"), mqtt::response_topic(test.topic("Answer")),
                      mqtt::correlation_data({1, 0, 2}), mqtt::user_property("a", "1"),
                      mqtt::user_property("a", "2"), mqtt::user_property("b", "")},
       .payload = payload_of("with everything")});
  reader.receive("with everything");
}

void will_of_a_client(context& test) {
  client& reader = test.connected("reader");
  reader.subscribe(test.topic("t"), qos::at_most_once);
  mqtt::connect packet;
  packet.will = {.topic_name = test.topic("t"), .payload = payload_of("will")};
  packet.will->properties.add(mqtt::will_delay_interval(1));
  packet.properties.add(mqtt::session_expiry_interval(5));
  test.connected("device", packet).drop();
  test.pause(seconds(3), "for the will");
  reader.ping();
}

// A client with narrow limits, and whatever makes a broker talk.
void narrow(context& test, mqtt::property_list limits) {
  client& device = test.connected("device", {.properties = std::move(limits)});
  device.subscribe({.subscriptions = {{test.topic("t"), {.maximum_qos = qos::exactly_once}}}});
  client& writer = test.connected("writer");
  writer.publish(test.topic("t"), "one", qos::exactly_once);
  writer.publish(test.topic("t"), "two", qos::exactly_once);
  writer.publish(test.topic("t"), std::string(100, 'x'), qos::at_most_once);
  writer.publish(test.topic("t"), "three", qos::at_most_once);
  const mqtt::publish came = device.take("one");
  device.send(mqtt::pubrec{.packet_identifier = came.packet_identifier});
  device.ping();
}

void small_packets(context& test) { narrow(test, {mqtt::maximum_packet_size(100)}); }
void small_window(context& test) { narrow(test, {mqtt::receive_maximum(1)}); }
void some_aliases(context& test) { narrow(test, {mqtt::topic_alias_maximum(5)}); }

void forwarded_alias(context& test) {
  client& reader = test.connected("reader");
  reader.subscribe(test.topic("t"), qos::at_most_once);
  client& writer = test.connected("writer");
  writer.publish({.topic_name = test.topic("t"),
                  .properties = {mqtt::topic_alias(1)},
                  .payload = payload_of("by alias")});
  reader.receive("by alias");
}

// Each packet in which a broker may want to explain itself, for a client of few bytes or one that
// asked for no explanations.
void errors(context& test, const mqtt::property_list& limits) {
  client& device = test.connected("device", {.properties = limits});
  device.send(mqtt::publish{
      .qos = qos::at_least_once, .topic_name = "$x", .packet_identifier = 7, .payload = {1}});
  device.send(mqtt::publish{
      .qos = qos::exactly_once, .topic_name = "$x", .packet_identifier = 8, .payload = {1}});
  device.send(mqtt::pubrel{.packet_identifier = 77});
  device.send(mqtt::pubrec{.packet_identifier = 78});
  device.send(mqtt::unsubscribe{.packet_identifier = 79, .topic_filters = {"a#"}});
  device.send(mqtt::subscribe{.packet_identifier = 80, .subscriptions = {{"a#", {}}}});
  device.ping();
  client& breaker = test.connected("breaker", {.properties = limits});
  breaker.send(
      mqtt::publish{.topic_name = "t", .properties = {mqtt::topic_alias(0xFFFF)}, .payload = {1}});
  breaker.expect_close();
}

void small_errors(context& test) { errors(test, {mqtt::maximum_packet_size(20)}); }
void unexplained_errors(context& test) { errors(test, {mqtt::request_problem_information(0)}); }

test_case story(const char* name, void (*body)(context&)) {
  return {.id = name, .covers = {v3("MQTT-3.1.0-1"), v5("MQTT-3.1.0-1")}, .body = body};
}

test_case story_v5(const char* name, void (*body)(context&)) {
  return {.id = name, .covers = {v5("MQTT-3.1.0-1")}, .body = body};
}

}  // namespace

std::vector<test_case> exercise_stories() {
  return {story("conversation", conversation),
          story("both ways", both_ways),
          story("assigned identifier", assigned_identifier),
          story("malformed CONNECT", malformed_connect),
          story("refused login", refused_login),
          story("clean after lasting", clean_after_lasting),
          story("resumed", resumed),
          story("resumed after PUBREC", resumed_after_pubrec),
          story("messages while away", messages_while_away),
          story("repeated QoS 2", repeated_qos2),
          story("several in flight", several_in_flight),
          story("retained", retained),
          story_v5("refused message", refused_message),
          story_v5("subscription options", subscription_options),
          story_v5("shared", shared),
          story_v5("forwarded", forwarded),
          story_v5("will", will_of_a_client),
          story_v5("small packets", small_packets),
          story_v5("small window", small_window),
          story_v5("some aliases", some_aliases),
          story_v5("forwarded alias", forwarded_alias),
          story_v5("small errors", small_errors),
          story_v5("unexplained errors", unexplained_errors),
          story_v5("authenticated", authenticated)};
}

}  // namespace gauntlet::conformance
