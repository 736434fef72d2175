// Goal: a run under virtual time is the same run: the devices, topics, payloads and figures of the
// real one. Method: one scenario both ways, with a recorder beside the fleet that is subscribed to
// everything.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "harness/base/virtual_loop.hpp"
#include "harness/broker/embedded.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/net/memory_network.hpp"
#include "sim/engine/fleet_run.hpp"
#include "tests/integration/sim/fleet.hpp"

namespace gauntlet::sim {
namespace {

// A client of its own that keeps all messages, without what differs from run to run.
class recorder final : public net::channel_handler, public mqtt::session_handler {
 public:
  using message = std::pair<std::string, byte_buffer>;

  void open(net::network& network, const net::endpoint& where) {
    channel_ = network.dial(where, {}, *this);
  }
  std::vector<message> sorted() {
    std::sort(messages_.begin(), messages_.end());
    return messages_;
  }

  void on_open(net::channel& to) override {
    byte_buffer out;
    EXPECT_TRUE(session_.connect({.client_id = "recorder"}, out));
    to.send(out);
  }
  void on_bytes(net::channel& from, byte_view bytes) override {
    byte_buffer out;
    out_ = &out;
    EXPECT_TRUE(session_.receive(bytes, *this, out));
    from.send(out);
  }
  void on_end(net::channel&, const net::channel_end&) override {}
  void on_connack(const mqtt::connack&) override {
    const mqtt::subscribe all{
        .subscriptions = {
            {.topic_filter = "#", .options = {.maximum_qos = mqtt::qos::exactly_once}}}};
    EXPECT_TRUE(session_.subscribe(all, 0, *out_));
  }
  void on_publish(const mqtt::publish_view& view, bool duplicate) override {
    if (duplicate) return;
    byte_buffer payload(view.payload.begin(), view.payload.end());
    auto mark = read_stamp(payload);
    ASSERT_TRUE(mark.has_value());
    mark->run_id = 0;
    mark->sent = {};
    // The scenario's payloads begin with their stamps; the random one has it in bytes.
    const bool random = view.topic_name.ends_with("q1");
    write_stamp(
        payload,
        {.as = random ? stamp_layout::encoding::binary : stamp_layout::encoding::hexadecimal},
        *mark);
    messages_.emplace_back(view.topic_name, std::move(payload));
  }
  void on_acknowledged(std::uint64_t, mqtt::qos, mqtt::reason_code) override {}
  mqtt::publish_view on_resend(std::uint64_t, std::uint16_t) override { return {}; }
  void on_discarded(std::uint64_t, mqtt::qos, bool) override {}

 private:
  mqtt::client_session session_{mqtt::protocol_version::v5};
  std::unique_ptr<net::channel> channel_;
  byte_buffer* out_ = nullptr;
  std::vector<message> messages_;
};

// Devices come slowly, so that the recorder is there before the first message.
std::string slow_scenario() { return small_scenario("arrival: {rate: 20/s}\n"); }

struct recorded_run {
  record::run_result result;
  std::vector<recorder::message> messages;
};

recorded_run record_run(const run_options& options, run_ground ground,
                        const net::endpoint& broker) {
  const fleet_plan plan(parsed_scenario(slow_scenario()));
  net::network& network = ground.network;
  ground.workers.push_back(make_local_worker(plan, network, false));
  recorder beside;
  bool opened = false;
  const run_observer observer{.on_progress = [&](const run_progress&) {
    if (!std::exchange(opened, true)) beside.open(network, broker);
  }};
  auto result = fleet_run(plan, options, observer, std::move(ground)).run();
  EXPECT_TRUE(result.has_value()) << result.error().message;
  return {.result = std::move(*result), .messages = beside.sorted()};
}

recorded_run run_really() {
  auto broker = broker::embedded_broker::start({.listen = {{.where = {.host = "127.0.0.1"}}}});
  EXPECT_TRUE(broker.has_value());
  const net::endpoint where{.host = "127.0.0.1", .port = (*broker)->ports().front()};
  net::asio_loop loop;
  net::asio_network network(loop);
  run_options options;
  options.target.target = net::to_string(where);
  return record_run(
      options, {.network = network, .flushed = [&] { return network.connections_closing() == 0; }},
      where);
}

recorded_run run_virtually() {
  virtual_loop loop;
  net::memory_network network(loop);
  return record_run({.simulate = true}, {.network = network, .flushed = [] { return true; }},
                    {.host = "memory", .port = 1883});
}

TEST(RealAndSimulated, AreTheSameRun) {
  const recorded_run real = run_really();
  const recorded_run simulated = run_virtually();
  EXPECT_EQ(real.messages.size(), 3U * 20U * 20U);
  EXPECT_EQ(real.messages, simulated.messages);

  ASSERT_EQ(real.result.measured.flows.size(), simulated.result.measured.flows.size());
  for (std::size_t i = 0; i < real.result.measured.flows.size(); ++i) {
    EXPECT_EQ(real.result.measured.flows[i].account, simulated.result.measured.flows[i].account);
  }
  ASSERT_EQ(real.result.measured.connections.size(), simulated.result.measured.connections.size());
  for (std::size_t i = 0; i < real.result.measured.connections.size(); ++i) {
    const record::connection_account& left = real.result.measured.connections[i];
    const record::connection_account& right = simulated.result.measured.connections[i];
    EXPECT_EQ(left.connected, right.connected);
    EXPECT_EQ(left.subscriptions_granted, right.subscriptions_granted);
    EXPECT_EQ(left.closed_by_us, right.closed_by_us);
  }
}

}  // namespace
}  // namespace gauntlet::sim
