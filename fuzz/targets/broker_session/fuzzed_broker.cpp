#include "fuzz/targets/broker_session/fuzzed_broker.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>

#include "harness/base/assert.hpp"
#include "harness/mqtt/packet_text.hpp"

namespace gauntlet::fuzz {

using namespace gauntlet::mqtt;

namespace {

/// Timers that fire without time going on would keep a real loop busy for ever.
constexpr int turns_max = 100'000;

/// How often the witness speaks.
constexpr std::chrono::seconds heartbeat{4};

connect as(std::string client_id) {
  return {.client_id = std::move(client_id), .clean_start = true};
}

template <class T>
T only_one(std::vector<packet> arrived) {
  GAUNTLET_ASSERT(arrived.size() == 1 && std::holds_alternative<T>(arrived.front()));
  return std::get<T>(arrived.front());
}

}  // namespace

fuzzed_broker::fuzzed_broker(broker::options settings)
    : core_(std::move(settings)),
      witness_(&all_.emplace_back(core_, protocol_version::v5,
                                  watch_.watch("witness", protocol_version::v5), now_)) {
  const std::string name(witness_name);
  witness_->send(as(name), now_);
  settle();
  GAUNTLET_ASSERT(only_one<connack>(witness_->take_arrived()).reason_code == reason_code::success);
  witness_->send(subscribe{.packet_identifier = 1,
                           .subscriptions = {{name, {.maximum_qos = qos::at_least_once}}}},
                 now_);
  settle();
  const auto granted = only_one<suback>(witness_->take_arrived());
  GAUNTLET_ASSERT(granted.reason_codes == std::vector{reason_code::granted_qos_1});
}

fuzzed_client& fuzzed_broker::open(std::size_t slot, protocol_version version) {
  if (clients_[slot] != nullptr) clients_[slot]->drop(now_);
  const std::string name = "slot " + std::to_string(slot);
  clients_[slot] = &all_.emplace_back(core_, version, watch_.watch(name, version), now_);
  GAUNTLET_ASSERT(clients_[slot]->is_open());
  return *clients_[slot];
}

void fuzzed_broker::settle() {
  core_.flush();
  GAUNTLET_ASSERT(!core_.has_output());
  judge_arrivals();
}

void fuzzed_broker::judge_arrivals() {
  for (fuzzed_client& each : all_) each.judge_arrivals(now_);
  for (const conformance::invariant_breach& each : watch_.breaches()) {
    std::fprintf(stderr, "%s, to %s: %s: %s\n", each.invariant.id.c_str(), each.client.c_str(),
                 each.text.c_str(), to_hex(each.packet, 100).c_str());
  }
  GAUNTLET_ASSERT(watch_.breaches().empty());
  check_counts();
}

void fuzzed_broker::check_counts() {
  const broker::statistics counts = core_.statistics();
  const auto open = std::count_if(all_.begin(), all_.end(),
                                  [](const fuzzed_client& each) { return each.is_open(); });
  GAUNTLET_ASSERT(counts.connections == static_cast<std::size_t>(open));
  GAUNTLET_ASSERT(counts.clients <= counts.connections);
  GAUNTLET_ASSERT(counts.clients <= counts.sessions && counts.clients <= counts.clients_max);
}

void fuzzed_broker::advance(duration by) {
  for (; by > duration(0); by -= std::min<duration>(by, heartbeat)) {
    advance_quietly(std::min<duration>(by, heartbeat));
    ping_witness();
  }
}

// A Server Keep Alive holds for the witness as well.
void fuzzed_broker::ping_witness() {
  GAUNTLET_ASSERT(witness_->may_send());
  for (const packet& each : witness_->take_arrived()) {
    std::fprintf(stderr, "the witness got %s\n", to_text(each, protocol_version::v5).c_str());
    GAUNTLET_ASSERT(false);
  }
  witness_->send(pingreq{}, now_);
  settle();
  only_one<pingresp>(witness_->take_arrived());
}

void fuzzed_broker::advance_quietly(duration by) {
  const time_point until = now_ + by;
  for (int turn = 0; core_.next_due() && *core_.next_due() <= until; ++turn) {
    GAUNTLET_ASSERT(turn < turns_max);
    now_ = std::max(now_, *core_.next_due());
    core_.time_passed(now_);
    settle();
  }
  now_ = until;
}

// Whatever the others did: it is still connected, and gets what is published for it, once.
void fuzzed_broker::check_witness() {
  ping_witness();
  fuzzed_client& publisher = open(0, protocol_version::v5);
  publisher.send(as("publisher of " + std::string(witness_name)), now_);
  settle();
  GAUNTLET_ASSERT(only_one<connack>(publisher.take_arrived()).reason_code == reason_code::success);
  const publish message{.qos = qos::at_least_once,
                        .topic_name = std::string(witness_name),
                        .packet_identifier = 1,
                        .payload = {1, 2, 3}};
  publisher.send(message, now_);
  settle();
  GAUNTLET_ASSERT(!is_error(only_one<puback>(publisher.take_arrived()).reason_code));
  const auto came = only_one<publish>(witness_->take_arrived());
  GAUNTLET_ASSERT(came.topic_name == message.topic_name && came.payload == message.payload);
  GAUNTLET_ASSERT(came.qos == qos::at_least_once && !came.dup && !came.retain);
  witness_->answer(now_);
  settle();
}

void fuzzed_broker::finish() {
  check_witness();
  core_.shut_down(now_);
  settle();
  GAUNTLET_ASSERT(core_.statistics().clients == 0);
  // Those who have never said who they are.
  for (fuzzed_client& each : all_) each.drop(now_);
  GAUNTLET_ASSERT(core_.statistics().connections == 0);
}

}  // namespace gauntlet::fuzz
