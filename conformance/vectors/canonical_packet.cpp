#include "conformance/vectors/canonical_packet.hpp"

#include "harness/mqtt/packet_text.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::packet_type;
using mqtt::qos;
using mqtt::reason_code;

constexpr std::string_view text = "message";

byte_buffer payload_of(std::string_view of) {
  const byte_view bytes = as_bytes(of);
  return {bytes.begin(), bytes.end()};
}

// Refusals for reasons of its own; none says that the packet is wrong.
bool is_policy(reason_code code) {
  switch (code) {
    case reason_code::unspecified_error:
    case reason_code::implementation_specific_error:
    case reason_code::client_identifier_not_valid:
    case reason_code::bad_user_name_or_password:
    case reason_code::not_authorized:
    case reason_code::server_unavailable:
    case reason_code::server_busy:
    case reason_code::banned:
    case reason_code::packet_too_large:
    case reason_code::quota_exceeded:
    case reason_code::retain_not_supported:
    case reason_code::qos_not_supported:
    case reason_code::connection_rate_exceeded:
      return true;
    default:
      return false;
  }
}

mqtt::publish message(const occasion& at, qos level, std::string_view payload) {
  return {.qos = level,
          .topic_name = at.topic,
          .packet_identifier = level == qos::at_most_once ? std::uint16_t{0} : at.packet_identifier,
          .payload = payload_of(payload)};
}

void subscribe_own_topic(context&, client& c, occasion& at) {
  c.subscribe(at.topic, qos::at_most_once);
}

// A message of the client to itself that it has not acknowledged yet.
void take_own_message(context& test, client& c, occasion& at, qos level) {
  c.subscribe(at.topic, level);
  c.publish(at.topic, text, level);
  const mqtt::publish came = c.take(text);
  if (!test.over() && came.qos != level) test.leave_undecided("the message came at a lower QoS");
  at.packet_identifier = came.packet_identifier;
}

void take_qos1_message(context& test, client& c, occasion& at) {
  take_own_message(test, c, at, qos::at_least_once);
}

void take_qos2_message(context& test, client& c, occasion& at) {
  take_own_message(test, c, at, qos::exactly_once);
}

void await_pubrel(context& test, client& c, occasion& at) {
  take_qos2_message(test, c, at);
  c.send(mqtt::pubrec{.packet_identifier = at.packet_identifier});
  if (test.over()) return;
  const script::arrival what = c.next(test.answer_limit());
  if (test.over() || script::packet_of<mqtt::pubrel>(what) != nullptr) return;
  test.block({.client = c.name(),
              .expected = "PUBREL",
              .observed = script::to_text(what, c.version()),
              .signature = "no PUBREL"});
}

// In 5.0 one unacknowledged message uses up what the client takes, so that the next one shows
// whether the acknowledgement counted.
mqtt::connect one_at_a_time(const occasion& at) {
  mqtt::connect packet;
  if (at.is_v5()) packet.properties.add(mqtt::receive_maximum(1));
  return packet;
}

template <class T>
auto answers(const occasion& at) {
  return [id = at.packet_identifier](const T& packet) { return packet.packet_identifier == id; };
}

// PUBLISH and its acknowledgements, as the test's own subject.
void expect_taken(client& c, const occasion& at, qos level) {
  if (level == qos::at_least_once) c.expect<mqtt::puback>("PUBACK", answers<mqtt::puback>(at));
  if (level != qos::exactly_once) return;
  c.expect<mqtt::pubrec>("PUBREC", answers<mqtt::pubrec>(at));
  c.send(mqtt::pubrel{.packet_identifier = at.packet_identifier});
  c.expect<mqtt::pubcomp>("PUBCOMP", answers<mqtt::pubcomp>(at));
}

canonical_packet make_publish(qos level) {
  static constexpr std::string_view names[] = {"publish-qos0", "publish-qos1", "publish-qos2"};
  static constexpr std::string_view titles[] = {"PUBLISH at QoS 0", "PUBLISH at QoS 1",
                                                "PUBLISH at QoS 2"};
  static constexpr const char* defects[] = {"forget-subscription", "omit-puback", "omit-pubrec"};
  const auto number = static_cast<std::size_t>(level);
  canonical_packet made{.name = names[number],
                        .title = titles[number],
                        .type = packet_type::publish,
                        .to_see_effect = subscribe_own_topic,
                        .defects_if_legal = {defects[number]}};
  if (level == qos::at_least_once) made.needs = {need::qos1};
  if (level == qos::exactly_once) made.needs = {need::qos2};
  made.make = [level](const occasion& at) { return message(at, level, text); };
  made.expect_effect = [level](context&, client& c, const occasion& at) {
    expect_taken(c, at, level);
    c.expect_publish(
        text, [&](const mqtt::publish& came) { return came.topic_name == at.topic; },
        "the topic of the PUBLISH");
  };
  return made;
}

void expect_subscriptions(context& test, client& c, const occasion& at) {
  const auto answer = c.expect<mqtt::suback>("SUBACK", answers<mqtt::suback>(at));
  if (test.over()) return;
  for (const reason_code code : answer.reason_codes) {
    if (is_policy(code) && code != reason_code::unspecified_error) {
      return test.leave_undecided("a subscription was refused for reasons of the broker's own");
    }
  }
  c.publish(at.topic + "/a", text, qos::at_most_once);
  c.expect_publish(text);
}

void subscribe_to_both(context&, client& c, occasion& at) {
  for (const char* const tail : {"/a", "/b", "/end"})
    c.subscribe(at.topic + tail, qos::at_most_once);
}

void expect_no_subscriptions(context&, client& c, const occasion& at) {
  c.expect<mqtt::unsuback>("UNSUBACK", answers<mqtt::unsuback>(at));
  c.publish(at.topic + "/a", "gone", qos::at_most_once);
  c.publish(at.topic + "/b", "gone", qos::at_most_once);
  c.publish(at.topic + "/end", "end", qos::at_most_once);
  c.expect<mqtt::publish>("nothing but the message that ends the test", {},
                          [](const mqtt::publish& came) { return as_text(came.payload) == "end"; });
}

}  // namespace

void expect_next_message(client& c, const occasion& at, qos level) {
  const occasion next{.version = at.version, .topic = at.topic, .packet_identifier = 2'000};
  c.send(message(next, level, "next"));
  expect_taken(c, next, level);
  c.acknowledge(c.expect_publish("next"));
}

mqtt::raw_packet raw(const canonical_packet& of, const occasion& at) {
  return mqtt::raw_packet::of(of.make(at), at.version);
}

packet_maker bytes_of(const canonical_packet& of) {
  return [make = of.make](const occasion& at) {
    return mqtt::raw_packet::of(make(at), at.version).bytes();
  };
}

void judge_acceptance(context& test, const canonical_packet& like, const packet_maker& packet) {
  mqtt::connect session;
  if (like.session) session = like.session({.version = test.version()});
  client& c = like.stage == breach_stage::opened ? test.open("client")
                                                 : test.connected("client", std::move(session));
  occasion at = occasion_of(test, c);
  if (like.until_due) like.until_due(test, c, at);
  if (like.to_see_effect) like.to_see_effect(test, c, at);
  if (test.over()) return;
  c.send_bytes(packet(at));
  like.expect_effect(test, c, at);
}

void expect_admission(context& test, client& of) {
  const auto answer = of.expect<mqtt::connack>("CONNACK");
  if (test.over() || !mqtt::is_error(answer.reason_code)) return;
  const std::string observed = mqtt::to_text(answer, of.version());
  if (is_policy(answer.reason_code)) return test.leave_undecided("refused with " + observed);
  test.fail({.client = of.name(),
             .expected = "CONNACK with success",
             .observed = observed,
             .signature = "CONNECT refused"});
}

namespace {

// A broker may send one message at a time, so what the client owes it comes first.
void complete_deliveries(client& of) {
  while (of.has_arrivals()) {
    const script::arrival what = of.next({});
    const auto* const owed = script::packet_of<mqtt::pubrel>(what);
    if (owed != nullptr) of.send(mqtt::pubcomp{.packet_identifier = owed->packet_identifier});
    if (std::holds_alternative<script::arrived_end>(what)) return of.set_aside(what);
  }
}

}  // namespace

void expect_service(context& test, client& of) {
  if (test.over()) return;
  complete_deliveries(of);
  const std::string topic = test.topic(of.name()) + "/service";
  of.subscribe(topic, qos::at_most_once);
  of.publish(topic, "served", qos::at_most_once);
  of.expect_publish("served");
}

std::string_view statement_shown(packet_type type, mqtt::protocol_version version) {
  const bool is_v5 = version == mqtt::protocol_version::v5;
  switch (type) {
    case packet_type::connect:
      return is_v5 ? "MQTT-3.1.4-5" : "MQTT-3.1.4-4";
    case packet_type::publish:
      return "MQTT-4.5.0-1";
    case packet_type::puback:
    case packet_type::pubcomp:
      return is_v5 ? "PR5-4.9-a" : "";
    case packet_type::pubrec:
      return is_v5 ? "MQTT-4.3.3-4" : "MQTT-4.3.3-1";
    case packet_type::pubrel:
      return is_v5 ? "MQTT-4.3.3-11" : "MQTT-4.3.3-2";
    case packet_type::subscribe:
      return "MQTT-3.8.4-1";
    case packet_type::unsubscribe:
      return "MQTT-3.10.4-4";
    case packet_type::pingreq:
      return "MQTT-3.12.4-1";
    case packet_type::disconnect:
      return is_v5 ? "PR5-3.14.4-a" : "PR3-3.14.4-a";
    default:
      return "";
  }
}

const canonical_packet& connect_packet() {
  static const canonical_packet made{.name = "connect",
                                     .title = "CONNECT",
                                     .type = packet_type::connect,
                                     .stage = breach_stage::opened,
                                     .make =
                                         [](const occasion& at) {
                                           mqtt::connect packet{.protocol_version = at.version,
                                                                .client_id = at.client_id};
                                           if (at.login) {
                                             packet.user_name = at.login->user_name;
                                             packet.password = payload_of(at.login->password);
                                           }
                                           return packet;
                                         },
                                     .expect_effect =
                                         [](context& test, client& c, const occasion&) {
                                           expect_admission(test, c);
                                           expect_service(test, c);
                                         },
                                     .defects_if_legal = {"omit-connack"}};
  return made;
}

const canonical_packet& full_connect_packet() {
  static const canonical_packet made = [] {
    canonical_packet full = connect_packet();
    full.name = "full-connect";
    full.title = "CONNECT with will, user name and password";
    full.needs = {need::qos1};
    full.make = [](const occasion& at) {
      return mqtt::connect{.protocol_version = at.version,
                           .client_id = at.client_id,
                           .will = mqtt::will{.topic_name = at.topic + "/will",
                                              .payload = payload_of("gone"),
                                              .qos = qos::at_least_once},
                           .user_name = login_of(at).user_name,
                           .password = payload_of(login_of(at).password)};
    };
    return full;
  }();
  return made;
}

const canonical_packet& publish_packet(qos level) {
  static const canonical_packet made[] = {make_publish(qos::at_most_once),
                                          make_publish(qos::at_least_once),
                                          make_publish(qos::exactly_once)};
  return made[static_cast<std::size_t>(level)];
}

const canonical_packet& puback_packet() {
  static const canonical_packet made{
      .name = "puback",
      .title = "PUBACK",
      .type = packet_type::puback,
      .needs = {need::qos1},
      .session = one_at_a_time,
      .until_due = take_qos1_message,
      .make =
          [](const occasion& at) {
            return mqtt::puback{at.packet_identifier, {}, {}};
          },
      .expect_effect = [](context&, client& c,
                          const occasion& at) { expect_next_message(c, at, qos::at_least_once); },
      .defects_if_legal = {"keep-quota-after-puback"}};
  return made;
}

const canonical_packet& pubrec_packet() {
  static const canonical_packet made{
      .name = "pubrec",
      .title = "PUBREC",
      .type = packet_type::pubrec,
      .needs = {need::qos2},
      .session = one_at_a_time,
      .until_due = take_qos2_message,
      .make =
          [](const occasion& at) {
            return mqtt::pubrec{at.packet_identifier, {}, {}};
          },
      .expect_effect =
          [](context&, client& c, const occasion& at) {
            c.expect<mqtt::pubrel>("PUBREL", answers<mqtt::pubrel>(at));
            c.send(mqtt::pubcomp{.packet_identifier = at.packet_identifier});
          },
      .defects_if_legal = {"omit-pubrel"}};
  return made;
}

const canonical_packet& pubrel_packet() {
  static const canonical_packet made{
      .name = "pubrel",
      .title = "PUBREL",
      .type = packet_type::pubrel,
      .needs = {need::qos2},
      .until_due = [](context&, client& c,
                      occasion& at) { c.publish_unreleased(message(at, qos::exactly_once, text)); },
      .make =
          [](const occasion& at) {
            return mqtt::pubrel{at.packet_identifier, {}, {}};
          },
      .expect_effect =
          [](context& test, client& c, const occasion& at) {
            c.expect<mqtt::pubcomp>("PUBCOMP", answers<mqtt::pubcomp>(at));
            expect_service(test, c);
          },
      .defects_if_legal = {"omit-pubcomp"}};
  return made;
}

const canonical_packet& pubcomp_packet() {
  static const canonical_packet made{
      .name = "pubcomp",
      .title = "PUBCOMP",
      .type = packet_type::pubcomp,
      .needs = {need::qos2},
      .session = one_at_a_time,
      .until_due = await_pubrel,
      .make =
          [](const occasion& at) {
            return mqtt::pubcomp{at.packet_identifier, {}, {}};
          },
      .expect_effect = [](context&, client& c,
                          const occasion& at) { expect_next_message(c, at, qos::exactly_once); },
      .defects_if_legal = {"keep-quota-after-pubcomp"}};
  return made;
}

const canonical_packet& subscribe_packet() {
  static const canonical_packet made{
      .name = "subscribe",
      .title = "SUBSCRIBE",
      .type = packet_type::subscribe,
      .make =
          [](const occasion& at) {
            return mqtt::subscribe{
                .packet_identifier = at.packet_identifier,
                .subscriptions = {{at.topic + "/a", {.maximum_qos = qos::at_least_once}},
                                  {at.topic + "/b", {}}}};
          },
      .expect_effect = expect_subscriptions,
      .defects_if_legal = {"omit-suback", "forget-subscription"}};
  return made;
}

const canonical_packet& unsubscribe_packet() {
  static const canonical_packet made{.name = "unsubscribe",
                                     .title = "UNSUBSCRIBE",
                                     .type = packet_type::unsubscribe,
                                     .to_see_effect = subscribe_to_both,
                                     .make =
                                         [](const occasion& at) {
                                           return mqtt::unsubscribe{
                                               .packet_identifier = at.packet_identifier,
                                               .topic_filters = {at.topic + "/a", at.topic + "/b"}};
                                         },
                                     .expect_effect = expect_no_subscriptions,
                                     .defects_if_legal = {"omit-unsuback", "ignore-unsubscribe"}};
  return made;
}

const canonical_packet& pingreq_packet() {
  static const canonical_packet made{.name = "pingreq",
                                     .title = "PINGREQ",
                                     .type = packet_type::pingreq,
                                     .make = [](const occasion&) { return mqtt::pingreq{}; },
                                     .expect_effect =
                                         [](context& test, client& c, const occasion&) {
                                           c.expect<mqtt::pingresp>("PINGRESP");
                                           expect_service(test, c);
                                         },
                                     .defects_if_legal = {"omit-pingresp"}};
  return made;
}

const canonical_packet& disconnect_packet() {
  static const canonical_packet made{
      .name = "disconnect",
      .title = "DISCONNECT",
      .type = packet_type::disconnect,
      .to_see_effect = [](context& test, client& c, occasion&) { expect_service(test, c); },
      .make = [](const occasion&) { return mqtt::disconnect{}; },
      .expect_effect = [](context& test, client& c,
                          const occasion&) { c.expect_close_within(test.answer_limit()); },
      .defects_if_legal = {"ignore-disconnect"}};
  return made;
}

std::span<const canonical_packet* const> canonical_packets() {
  static const canonical_packet* const all[] = {&connect_packet(),
                                                &full_connect_packet(),
                                                &publish_packet(qos::at_most_once),
                                                &publish_packet(qos::at_least_once),
                                                &publish_packet(qos::exactly_once),
                                                &puback_packet(),
                                                &pubrec_packet(),
                                                &pubrel_packet(),
                                                &pubcomp_packet(),
                                                &subscribe_packet(),
                                                &unsubscribe_packet(),
                                                &pingreq_packet(),
                                                &disconnect_packet()};
  return all;
}

}  // namespace gauntlet::conformance
