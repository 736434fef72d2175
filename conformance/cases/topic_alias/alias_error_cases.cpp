// Topic Aliases that a client may not use. MQTT 5.0 §3.3.2.3.4, §3.3.4

#include "conformance/cases/support/message_path.hpp"
#include "conformance/cases/support/publish_errors.hpp"
#include "conformance/cases/topic_alias/topic_alias_cases.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using mqtt::reason_code;

const refusal invalid_alias{{reason_code::topic_alias_invalid, reason_code::protocol_error}};
const refusal unknown_alias{{reason_code::protocol_error, reason_code::topic_alias_invalid}};

void alias_is_refused(context& test, std::uint16_t alias) {
  expect_publish_refused(test, carrying(test, {mqtt::topic_alias(1)}),
                         carrying(test, {mqtt::topic_alias(alias)}), invalid_alias);
}

void next_higher_is_refused(context& test) {
  const std::uint16_t maximum = test.able().topic_alias_maximum;
  if (maximum == 65535) return test.skip("every Topic Alias is allowed");
  alias_is_refused(test, static_cast<std::uint16_t>(maximum + 1));
}

void far_too_high_is_refused(context& test) {
  if (test.able().topic_alias_maximum == 65535) return test.skip("every Topic Alias is allowed");
  alias_is_refused(test, 65535);
}

// The first use of an alias, in place of the topic.
void without_topic_is_refused(context& test, std::uint16_t alias, const refusal& manner) {
  expect_publish_refused(
      test, carrying(test, {mqtt::topic_alias(1)}),
      [&](std::string_view, std::string_view payload) {
        return raw_publish(test, "", payload, fields_of({mqtt::topic_alias(alias)}));
      },
      manner);
}

void twice_is_refused(context& test, std::uint16_t second) {
  expect_publish_refused(test, carrying(test, {mqtt::topic_alias(1)}),
                         carrying(test, {mqtt::topic_alias(1), mqtt::topic_alias(second)}),
                         {{reason_code::protocol_error, reason_code::malformed_packet,
                           reason_code::topic_alias_invalid}});
}

byte_buffer mapping(context& test, std::string_view payload) {
  return raw_publish(test, test.topic("t"), payload, fields_of({mqtt::topic_alias(1)}));
}

byte_buffer use(context& test, std::string_view payload) {
  return raw_publish(test, "", payload, fields_of({mqtt::topic_alias(1)}));
}

// The mapping was made on an earlier connection of the same client.
void mapping_ends_with_the_connection(context& test, bool session_goes_on) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), qos::at_least_once);
  mqtt::connect packet = resumable(test);
  client& before = test.connected("device", packet);
  before.send_bytes(mapping(test, "1"));
  // Control: on its own connection the mapping holds.
  before.send_bytes(use(test, "2"));
  watcher.receive("2");
  before.disconnect();
  packet.clean_start = !session_goes_on;
  client& after = test.connected("device", packet);
  after.send_bytes(use(test, "3"));
  after.expect_close(unknown_alias);
  watcher.ping();
  test.connected("later").publish(test.topic("t"), "later");
  watcher.receive("1");
  watcher.expect<mqtt::publish>("PUBLISH with payload \"later\" and none by the old alias", {},
                                [](const auto& came) { return as_text(came.payload) == "later"; });
}

void mapping_of_another_client(context& test) {
  client& other = test.connected("other");
  other.send_bytes(mapping(test, "1"));
  other.ping();
  without_topic_is_refused(test, 1, unknown_alias);
}

void empty_topic_does_not_map(context& test) {
  client& watcher = test.connected("watcher");
  watcher.subscribe(test.topic("t"), qos::at_least_once);
  client& control = test.connected("control");
  control.send_bytes(mapping(test, "1"));
  watcher.receive("1");
  client& breaker = test.connected("breaker");
  // The topic comes first and the alias later, which maps nothing.
  breaker.send_bytes(raw_publish(test, test.topic("t"), "2"));
  watcher.receive("2");
  breaker.send_bytes(use(test, "3"));
  breaker.expect_close(unknown_alias);
  test.expect_served();
}

void add(suite& to, std::string id, std::string title, std::vector<statement_name> covers,
         caught_defect defect, std::function<void(context&)> body) {
  to.add({.id = std::move(id),
          .title = std::move(title),
          .covers = std::move(covers),
          .needs = {need::topic_aliases, need::qos1},
          .defects = {defect},
          .body = std::move(body)});
}

}  // namespace

void add_alias_error_cases(suite& to) {
  add(to, "PE-3.3.4-a/with-topic", "Topic Alias 0 with a Topic Name ends the connection",
      {v5("PE-3.3.4-a"), v5("MQTT-3.3.2-8")}, "accept-topic-alias-0",
      [](context& test) { alias_is_refused(test, 0); });
  add(to, "PE-3.3.4-b/next", "A Topic Alias just above the broker's maximum ends the connection",
      {v5("PE-3.3.4-b"), v5("MQTT-3.3.2-9"), v5("MQTT-3.2.2-17")},
      "accept-topic-alias-above-maximum", next_higher_is_refused);
  add(to, "PE-3.3.4-b/65535", "Topic Alias 65535 above the broker's maximum ends the connection",
      {v5("PE-3.3.4-b"), v5("MQTT-3.3.2-9"), v5("MQTT-3.2.2-17")},
      "accept-topic-alias-above-maximum", far_too_high_is_refused);
  add(to, "PE-3.3.4-c/unknown", "A Topic Alias without a mapping ends the connection",
      {v5("PE-3.3.4-c")}, "ignore-unknown-topic-alias",
      [](context& test) { without_topic_is_refused(test, 1, unknown_alias); });
  add(to, "PE-3.3.4-c/other-client", "A Topic Alias that another client mapped ends the connection",
      {v5("PE-3.3.4-c"), v5("MQTT-3.3.2-7")}, "share-topic-aliases-between-clients",
      mapping_of_another_client);
  add(to, "PE-3.3.4-c/not-mapped", "A topic published without Topic Alias maps none",
      {v5("PE-3.3.4-c")}, "ignore-unknown-topic-alias", empty_topic_does_not_map);
  add(to, "MQTT-3.3.2-7/resumed-session",
      "A Topic Alias of an earlier connection ends the connection, though the session went on",
      {v5("MQTT-3.3.2-7"), v5("PE-3.3.4-c")}, "keep-topic-aliases-over-reconnect",
      [](context& test) { mapping_ends_with_the_connection(test, true); });
  add(to, "MQTT-3.3.2-7/new-session", "A Topic Alias of an earlier session ends the connection",
      {v5("MQTT-3.3.2-7"), v5("PE-3.3.4-c")}, "keep-topic-aliases-over-reconnect",
      [](context& test) { mapping_ends_with_the_connection(test, false); });
  add(to, "PE-3.3.2.3.4-a/equal", "The same Topic Alias given twice ends the connection",
      {v5("PE-3.3.2.3.4-a")}, "accept-topic-alias-twice",
      [](context& test) { twice_is_refused(test, 1); });
  add(to, "PE-3.3.2.3.4-a/different", "Two Topic Aliases in one PUBLISH end the connection",
      {v5("PE-3.3.2.3.4-a")}, "accept-topic-alias-twice",
      [](context& test) { twice_is_refused(test, 2); });
}

}  // namespace gauntlet::conformance
