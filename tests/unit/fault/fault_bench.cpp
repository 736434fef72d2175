#include "tests/unit/fault/fault_bench.hpp"

#include <gtest/gtest.h>

#include "harness/fault/packet_facts.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::fault {
namespace {

const net::endpoint broker_address{.host = "broker", .port = 1883};

std::string in_ms(time_point at) {
  return std::to_string(at.time_since_epoch() / std::chrono::milliseconds(1));
}

std::string text_of(byte_view packet, history::direction towards) {
  return packet.empty() ? "-" : short_text(facts_of(packet, towards, mqtt::protocol_version::v5));
}

std::string_view word(history::packet_fate fate) {
  using enum history::packet_fate;
  switch (fate) {
    case passed:
      return "passed";
    case rewritten:
      return "rewritten";
    case copied:
      return "copied";
    case forged:
      return "forged";
    case swallowed:
      return "swallowed";
    case truncated:
      return "truncated";
  }
  return "";
}

}  // namespace

void bench_peer::send(const mqtt::packet& packet) {
  byte_buffer bytes;
  ASSERT_TRUE(mqtt::encode(packet, version, bytes));
  channel->send(bytes);
}

void bench_peer::note(std::string_view what) {
  lines_.push_back(in_ms(loop_.now()) + " " + std::string(what));
}

void bench_peer::on_bytes(net::channel&, byte_view bytes) {
  pieces_.push_back(in_ms(loop_.now()) + " " + std::to_string(bytes.size()));
  received_.insert(received_.end(), bytes.begin(), bytes.end());
  for (byte_view input = bytes;;) {
    const auto frame = reader_.next(input);
    if (!frame) return note("malformed");
    if (frame->empty()) return;
    note(text_of(*frame, hears_));
  }
}

void bench_peer::on_end(net::channel&, const net::channel_end& end) {
  if (reader_.pending() > 0) note(std::to_string(reader_.pending()) + " bytes of a packet");
  note(net::to_string(end.kind));
}

void bench_observer::on_open(history::connection_index connection, time_point at) {
  lines_.push_back(in_ms(at) + " open " + std::to_string(connection));
}

void bench_observer::on_packet(const history::packet_seen& packet) {
  const bool to_broker = packet.direction == history::direction::to_broker;
  const bool never = packet.passed_at == time_point::max();
  const byte_view shown = packet.sent.empty() ? packet.passed : packet.sent;
  lines_.push_back(in_ms(packet.sent_at) + "-" + (never ? "never" : in_ms(packet.passed_at)) + " " +
                   text_of(shown, packet.direction) + (to_broker ? " > " : " < ") +
                   std::string(word(packet.fate)) +
                   (packet.fault != 0 ? " by " + std::to_string(packet.fault) : ""));
}

void bench_observer::on_end(const history::end_seen& end) {
  lines_.push_back(
      in_ms(end.at) + (end.side == history::side::client ? " client side " : " broker side ") +
      (end.by_link ? "ended by link" : "ended") + (end.reset ? ", reset" : "") +
      (end.silent ? ", silent" : "") + (end.fault != 0 ? " by " + std::to_string(end.fault) : ""));
}

fault_bench::fault_bench(bench_options options)
    : memory(loop, options.network),
      observer(loop),
      faults(loop, {.seed = options.seed,
                    .observer = &observer,
                    .trace = [this](std::string_view line) { trace += line; }}),
      network(memory, faults) {
  auto listener = network.listen(broker_address, std::nullopt, [this](auto channel) {
    bench_peer& broker = brokers_.emplace_back(loop, history::direction::to_broker);
    channel->set_handler(broker);
    broker.channel = std::move(channel);
  });
  listener_ = std::move(*listener);
  faults.start(loop.now());
}

void fault_bench::add(rule what) {
  if (what.name.empty()) what.name = std::string(name_of(what.what));
  const auto added = faults.add(std::move(what));
  ASSERT_TRUE(added) << added.error().message;
}

void fault_bench::add(action what, selection who) {
  rule whole;
  whole.what = std::move(what);
  whole.who = std::move(who);
  add(std::move(whole));
}

void fault_bench::pass(duration time) {
  const time_point until = loop.now() + time;
  loop.run_until([] { return false; }, until);
}

fault_bench::pair fault_bench::dialed() {
  bench_peer& client = clients_.emplace_back(loop, history::direction::to_client);
  const std::size_t before = brokers_.size();
  client.channel = network.dial(broker_address, {}, client);
  pass({});
  return {&client, brokers_.size() > before ? &brokers_.back() : nullptr};
}

fault_bench::pair fault_bench::connected(const std::string& client_id) {
  const pair peers = dialed();
  EXPECT_NE(peers.broker, nullptr);
  if (peers.broker == nullptr) return peers;
  peers.client->send(mqtt::connect{.client_id = client_id});
  pass({});
  peers.broker->send(mqtt::connack{});
  pass({});
  for (bench_peer* each : {peers.client, peers.broker}) {
    each->saw();
    each->pieces();
  }
  observer.saw();
  return peers;
}

mqtt::publish message(std::uint16_t identifier, const std::string& topic) {
  return {.qos = mqtt::qos::at_least_once, .topic_name = topic, .packet_identifier = identifier};
}

mqtt::puback acknowledgement(std::uint16_t identifier) { return {.packet_identifier = identifier}; }

}  // namespace gauntlet::fault
