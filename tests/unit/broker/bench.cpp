#include "tests/unit/broker/bench.hpp"

#include <utility>

namespace gauntlet::broker {

peer::peer(bench& on, mqtt::protocol_version version) : bench_(on), version_(version) {
  connection_ = bench_.core.open(*this, bench_.now);
  if (!connection_) closed_ = true;
}

void peer::send(const mqtt::packet& packet) {
  byte_buffer bytes;
  const auto encoded = mqtt::encode(packet, version_, bytes);
  ASSERT_TRUE(encoded.has_value()) << mqtt::describe(encoded.error());
  send_raw(bytes);
}

void peer::send_raw(byte_view bytes) {
  ASSERT_FALSE(closed_) << "the broker has closed already";
  bench_.core.received(*connection_, bytes, bench_.now);
  bench_.core.flush();
}

void peer::drop() {
  bench_.core.ended(*connection_, "reset", bench_.now);
  bench_.core.flush();
}

void peer::expect(const mqtt::packet& expected) {
  ASSERT_FALSE(received_.empty()) << "nothing came instead of " << show(expected);
  mqtt::packet next = take();
  const bool plain = std::visit(
      [](const auto& fields) {
        if constexpr (requires { fields.properties; }) return fields.properties.empty();
        return true;
      },
      expected);
  if (plain) remove_explanation(next);
  EXPECT_EQ(show(next), show(expected));
}

mqtt::packet peer::expect() {
  EXPECT_FALSE(received_.empty()) << "nothing came";
  return received_.empty() ? mqtt::packet{} : take();
}

mqtt::publish peer::expect_publish(std::string_view payload) {
  auto came = expect<mqtt::publish>();
  EXPECT_EQ(as_text(came.payload), payload);
  return came;
}

void peer::expect_nothing() {
  EXPECT_TRUE(received_.empty()) << "came: " << show(received_.front());
}

void peer::expect_closed() {
  expect_nothing();
  EXPECT_TRUE(closed_);
}

void peer::expect_refusal(mqtt::reason_code reason) {
  if (version_ == v5) expect(mqtt::disconnect{.reason_code = reason});
  expect_closed();
}

mqtt::connack peer::connect(mqtt::connect packet) {
  packet.protocol_version = version_;
  send(packet);
  return expect<mqtt::connack>();
}

void peer::subscribe(std::string filter, mqtt::qos maximum_qos,
                     mqtt::subscription_options options) {
  options.maximum_qos = maximum_qos;
  mqtt::subscribe packet;
  packet.packet_identifier = ++last_identifier_;
  packet.subscriptions.push_back({std::move(filter), options});
  send(packet);
  const auto answer = expect<mqtt::suback>();
  EXPECT_EQ(answer.packet_identifier, last_identifier_);
  EXPECT_EQ(answer.reason_codes, std::vector{static_cast<mqtt::reason_code>(maximum_qos)});
}

void peer::publish(std::string topic, std::string_view payload, mqtt::qos qos, bool retain) {
  mqtt::publish packet;
  packet.topic_name = std::move(topic);
  packet.payload.assign(payload.begin(), payload.end());
  packet.qos = qos;
  packet.retain = retain;
  publish_with(std::move(packet));
}

mqtt::publish peer::publish_with(mqtt::publish packet) {
  if (packet.qos != qos0 && packet.packet_identifier == 0) {
    last_identifier_ = static_cast<std::uint16_t>(last_identifier_ % 65'535 + 1);
    packet.packet_identifier = last_identifier_;
  }
  send(packet);
  if (packet.qos == qos1) {
    EXPECT_EQ(expect<mqtt::puback>().packet_identifier, packet.packet_identifier);
  } else if (packet.qos == qos2) {
    EXPECT_EQ(expect<mqtt::pubrec>().packet_identifier, packet.packet_identifier);
    send(mqtt::pubrel{.packet_identifier = packet.packet_identifier});
    expect(mqtt::pubcomp{.packet_identifier = packet.packet_identifier});
  }
  return packet;
}

void peer::unblock() {
  blocked_ = false;
  const byte_buffer late = std::exchange(unsent_, {});
  decode(late);
  bench_.core.drained(*connection_, bench_.now);
  bench_.core.flush();
}

std::size_t peer::send(byte_view bytes) {
  if (!blocked_) {
    decode(bytes);
  } else {
    unsent_.insert(unsent_.end(), bytes.begin(), bytes.end());
  }
  return unsent_.size();
}

void peer::close() {
  EXPECT_FALSE(closed_) << "closed twice";
  closed_ = true;
}

void peer::remove_explanation(mqtt::packet& packet) {
  if (std::holds_alternative<mqtt::publish>(packet)) return;
  std::visit(
      [](auto& fields) {
        if constexpr (requires { fields.properties; }) {
          fields.properties.remove(mqtt::property_id::reason_string);
          fields.properties.remove(mqtt::property_id::user_property);
        }
      },
      packet);
}

std::string peer::show(const mqtt::packet& packet) {
  byte_buffer bytes;
  const auto encoded = mqtt::encode(packet, v5, bytes);
  if (!encoded.has_value()) return mqtt::describe(encoded.error());
  return std::string(mqtt::packet_type_name(mqtt::type_of(packet))) + ": " + to_hex(bytes, 200);
}

mqtt::packet peer::take() {
  mqtt::packet next = std::move(received_.front());
  received_.pop_front();
  return next;
}

void peer::decode(byte_view bytes) {
  for (;;) {
    const auto frame = reader_.next(bytes);
    ASSERT_TRUE(frame.has_value());
    if (frame->empty()) return;
    auto packet = mqtt::decode(*frame, version_, mqtt::sender::server);
    ASSERT_TRUE(packet.has_value()) << mqtt::describe(packet.error());
    received_.push_back(std::move(*packet));
  }
}

bench::bench(options chosen) : core(std::move(chosen)) {}

peer& bench::open(mqtt::protocol_version version) {
  peers_.push_back(std::make_unique<peer>(*this, version));
  return *peers_.back();
}

peer& bench::connected(std::string client_id, mqtt::protocol_version version,
                       mqtt::connect packet) {
  peer& opened = open(version);
  packet.client_id = std::move(client_id);
  EXPECT_EQ(opened.connect(std::move(packet)).reason_code, mqtt::reason_code::success);
  return opened;
}

void bench::advance(duration by) {
  const time_point until = now + by;
  while (core.next_due() && *core.next_due() <= until) {
    now = std::max(now, *core.next_due());
    core.time_passed(now);
    core.flush();
  }
  now = until;
}

std::string version_suffix(const testing::TestParamInfo<mqtt::protocol_version>& info) {
  return info.param == v5 ? "V5" : "V3";
}

}  // namespace gauntlet::broker
