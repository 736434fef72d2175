// Goal: a fleet of edge nodes keeps the rules of Sparkplug over a day with link failures and
// rebirths on command, as a host application sees it. Method: worker, reference broker and host in
// memory under virtual time; links fail by somebody else taking over the client identifier.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/virtual_loop.hpp"
#include "harness/broker/server.hpp"
#include "harness/net/memory_network.hpp"
#include "sim/engine/fleet_worker.hpp"
#include "sim/sparkplug/edge_node.hpp"
#include "sim/sparkplug/host_application.hpp"
#include "tests/unit/sim/parsed_scenario.hpp"

namespace gauntlet::sim {
namespace {

using sparkplug::data_type;
using sparkplug::message_type;
using namespace std::chrono_literals;

const net::endpoint broker_address{.host = "broker", .port = 1883};

/// A client that hands what it is subscribed to to a function; answers of that are sent as NCMD.
class plain_client final : public net::channel_handler, private mqtt::session_handler {
 public:
  using message_function = std::function<std::optional<std::string>(const mqtt::publish_view&)>;

  plain_client(net::network& network, std::string client_id, std::string filter = {},
               message_function on_message = {})
      : client_id_(std::move(client_id)),
        filter_(std::move(filter)),
        on_message_(std::move(on_message)),
        channel_(network.dial(broker_address, {}, *this)) {}
  ~plain_client() override { channel_->close(); }

  void command_rebirth(const std::string& topic) {
    byte_buffer out;
    send_command(topic, out);
    channel_->send(out);
  }
  /// An NCMD or DCMD that writes to a metric.
  void write(const std::string& topic, const sparkplug::metric_view& metric) {
    sparkplug::payload_writer writer;
    writer.begin(0, std::nullopt);
    writer.add(metric);
    byte_buffer payload;
    writer.finish(payload);
    byte_buffer out;
    ASSERT_TRUE(session_.publish({.topic_name = topic, .payload = payload}, 0, out));
    channel_->send(out);
  }

  bool is_connected = false;

 private:
  void on_open(net::channel&) override {
    byte_buffer out;
    ASSERT_TRUE(session_.connect({.protocol_version = mqtt::protocol_version::v5,
                                  .client_id = client_id_,
                                  .clean_start = true},
                                 out));
    channel_->send(out);
  }
  void on_bytes(net::channel&, byte_view bytes) override {
    out_.clear();
    ASSERT_TRUE(session_.receive(bytes, *this, out_));
    if (!out_.empty()) channel_->send(out_);
  }
  void on_end(net::channel&, const net::channel_end&) override { is_connected = false; }

  void on_connack(const mqtt::connack&) override {
    is_connected = true;
    if (filter_.empty()) return;
    mqtt::subscribe wanted;
    wanted.subscriptions.push_back(
        {.topic_filter = filter_, .options = {.maximum_qos = mqtt::qos::at_least_once}});
    ASSERT_TRUE(session_.subscribe(std::move(wanted), 0, out_));
  }
  void on_publish(const mqtt::publish_view& message, bool) override {
    if (const auto topic = on_message_(message)) send_command(*topic, out_);
  }
  void on_acknowledged(std::uint64_t, mqtt::qos, mqtt::reason_code) override {}
  mqtt::publish_view on_resend(std::uint64_t, std::uint16_t) override { return {}; }
  void on_discarded(std::uint64_t, mqtt::qos, bool) override {}

  void send_command(const std::string& topic, byte_buffer& out) {
    byte_buffer payload;
    sparkplug::append_rebirth_command(0, payload);
    ASSERT_TRUE(session_.publish({.topic_name = topic, .payload = payload}, 0, out));
  }

  std::string client_id_;
  std::string filter_;
  message_function on_message_;
  mqtt::client_session session_{mqtt::protocol_version::v5};
  byte_buffer out_;
  std::unique_ptr<net::channel> channel_;
};

/// A fleet, a broker and a host application.
struct edge_fleet {
  explicit edge_fleet(const std::string& yaml) : plan(parsed_scenario(yaml)) {
    broker::server_options options;
    options.listen.push_back({.where = broker_address});
    auto started = broker::server::start(network, std::move(options));
    EXPECT_TRUE(started) << started.error().message;
    server = std::move(*started);
    listener = std::make_unique<plain_client>(
        network, "host", "spBv1.0/#", [this](const mqtt::publish_view& message) {
          const auto parts = sparkplug::parse_topic(message.topic_name);
          if (parts)
            messages[std::string(to_string(parts->type))].emplace_back(message.payload.begin(),
                                                                       message.payload.end());
          return host.on_message(message.topic_name, message.payload, message.retain);
        });
    pass(1s);
    worker = std::make_unique<fleet_worker>(plan, network,
                                            worker_settings{.run_id = 1,
                                                            .target_v3_1_1 = broker_address,
                                                            .target_v5 = broker_address,
                                                            .run_start = loop.now(),
                                                            .measure_machine = false});
    worker->start();
    worker->publish(loop.now());
  }

  void pass(duration time) {
    loop.run_until([] { return false; }, loop.now() + time);
  }
  /// Takes the connection of a client away from it.
  void cut(const std::string& client_id) {
    plain_client thief(network, client_id);
    loop.run_until([&] { return thief.is_connected; }, loop.now() + 5s);
    EXPECT_TRUE(thief.is_connected);
  }
  void expect_no_faults() {
    EXPECT_EQ(host.faults(), 0U);
    for (const sparkplug::fault_finding& each : host.findings()) {
      ADD_FAILURE() << each.topic << ": " << to_string(each.what) << " " << each.detail;
    }
  }

  virtual_loop loop;
  net::memory_network network{loop, {.delay_min = 1ms, .delay_max = 20ms}};
  fleet_plan plan;
  std::unique_ptr<broker::server> server;
  sparkplug::host_application host;
  std::map<std::string, std::vector<byte_buffer>> messages;  // payloads by type
  std::unique_ptr<plain_client> listener;
  std::unique_ptr<fleet_worker> worker;
};

std::string line_with(const std::string& keys) {
  return R"(
name: line
duration: 25h
fleet:
  - group: line
    count: 3
)" + keys +
         R"(
    sparkplug:
      group_id: plant
      every: 10s
      metrics:
        temperature: {walk: {start: 21, step: 0.1}, every: 10s}
        position: {gps: {waypoints: [[48.1, 11.5], [48.2, 11.6]], speed_kmh: 5}}
      devices:
        - id: "motor-{n}"
          count: 2
          metrics:
            speed: {normal: {mean: 1500, stddev: 50}}
            parts: {counter: {}, every: 60s}
            running: {switch: {on: 10m, off: 1m}}
        - id: press
          metrics:
            state: {machine: {states: {idle: {dwell: 5m, next: busy}, busy: {dwell: 5m, next: idle}}}}
            load: {uniform: {min: 0, max: 10}, anomalies: [{kind: drop_out, rate: 20/h, for: 30s}]}
)";
}

TEST(EdgeFleet, KeepsTheRulesOverADayWithLinkFailures) {
  for (const std::string keys : {"    protocol: 5.0", "    protocol: 3.1.1"}) {
    edge_fleet fleet(line_with(keys));
    for (int cycle = 0; cycle < 24 * 6; ++cycle) {
      fleet.pass(7min);
      fleet.cut("line-" + std::to_string(cycle % 3));
      fleet.pass(3min);
      fleet.listener->command_rebirth("spBv1.0/plant/NCMD/line-" + std::to_string(cycle % 2));
    }
    fleet.pass(1min);
    fleet.expect_no_faults();
    EXPECT_EQ(fleet.host.nodes_alive(), 3U);
    EXPECT_EQ(fleet.host.devices_alive(), 9U);
    EXPECT_EQ(fleet.host.rebirths_requested(), 0U);
    // Births: at first, after each cut, and on each command.
    EXPECT_EQ(fleet.host.messages(message_type::nbirth), 3U + 144 + 144);
    EXPECT_EQ(fleet.host.messages(message_type::dbirth), 3 * (3U + 144 + 144));
    EXPECT_EQ(fleet.host.messages(message_type::ndeath), 144U);
    // What was due while a link was down came after the birth: nothing but what a cut connection
    // had under way is missing.
    const auto planned = 24 * 360 * 3;
    EXPECT_NEAR(static_cast<double>(fleet.host.messages(message_type::ndata)), planned, 150);
    EXPECT_NEAR(static_cast<double>(fleet.host.messages(message_type::ddata)), 3 * planned, 450);
    fleet.worker->finish();
    fleet.pass(1s);
    fleet.expect_no_faults();
    EXPECT_EQ(fleet.host.nodes_alive(), 0U) << "each NDEATH comes when the fleet goes";
  }
}

TEST(EdgeFleet, TellsTypesAndValuesInBirths) {
  edge_fleet fleet(line_with(""));
  fleet.pass(5s);
  const auto birth = sparkplug::read_payload(fleet.messages["NBIRTH"].at(0));
  ASSERT_TRUE(birth);
  const auto type_of = [](const sparkplug::payload& in, std::string_view name) {
    const sparkplug::metric* found = in.find(name);
    return found == nullptr ? data_type::unknown : found->type;
  };
  EXPECT_EQ(type_of(*birth, "bdSeq"), data_type::int64);
  EXPECT_EQ(type_of(*birth, "Node Control/Rebirth"), data_type::boolean);
  EXPECT_EQ(type_of(*birth, "temperature"), data_type::real64);
  EXPECT_EQ(type_of(*birth, "position/lat"), data_type::real64);
  EXPECT_EQ(*fleet.host.find("plant", "line-0", "", "temperature"), sparkplug::value(21.0));
  const auto* state = fleet.host.find("plant", "line-1", "press", "state");
  EXPECT_THAT(std::get<std::string>(*state), testing::AnyOf("idle", "busy"));
  const auto* running = fleet.host.find("plant", "line-2", "motor-2", "running");
  EXPECT_TRUE(std::holds_alternative<bool>(*running));
  EXPECT_EQ(*fleet.host.find("plant", "line-2", "motor-2", "parts"),
            sparkplug::value(std::int64_t{0}));
  EXPECT_NE(*fleet.host.find("plant", "line-2", "motor-2", "speed"),
            *fleet.host.find("plant", "line-2", "motor-1", "speed"));
}

TEST(EdgeFleet, ReportsWhatHasChangedOrAll) {
  for (const bool all : {false, true}) {
    edge_fleet fleet("name: a\nduration: 1h\nfleet:\n  - group: g\n    count: 1\n    sparkplug: {" +
                     std::string(all ? "report: all, " : "") +
                     "group_id: p, every: 1s, metrics: {fixed: {constant: 5}, slow: {counter: {}, "
                     "every: 10s}, fast: {counter: {}}}}\n");
    fleet.pass(100s);
    std::size_t metrics = 0;
    for (const byte_buffer& each : fleet.messages["NDATA"]) {
      metrics += sparkplug::read_payload(each)->metrics.size() - 1;  // less the stamp
    }
    const std::size_t count = fleet.messages["NDATA"].size();
    EXPECT_NEAR(static_cast<double>(count), 100, 2);
    if (all) {
      EXPECT_EQ(metrics, 3 * count);
    } else {
      EXPECT_NEAR(static_cast<double>(metrics), 110, 4);  // fast each time, slow each tenth
    }
    fleet.expect_no_faults();
  }
}

TEST(EdgeFleet, TellsDeathsOfDevicesToo) {
  edge_fleet fleet(
      "name: a\nduration: 25h\nfleet:\n  - group: g\n    count: 2\n    sparkplug: "
      "{group_id: p, every: 10s, devices: [{id: 'm-{n}', count: 5, metrics: {x: {counter: {}}}, "
      "outages: {every: 10m, for: 1m}}]}\n");
  for (int cycle = 0; cycle < 24 * 3; ++cycle) {
    fleet.pass(13min);
    fleet.cut("g-" + std::to_string(cycle % 2));
    fleet.pass(7min);
    fleet.listener->command_rebirth("spBv1.0/p/NCMD/g-0");
  }
  fleet.expect_no_faults();
  // 10 devices die every 11 minutes on average.
  EXPECT_NEAR(static_cast<double>(fleet.host.messages(message_type::ddeath)), 10 * 24 * 60 / 11.,
              150);
  EXPECT_NEAR(static_cast<double>(fleet.host.messages(message_type::ddata)), 10 * 24 * 360, 900);
}

TEST(EdgeFleet, ObeysCommandsThatWrite) {
  edge_fleet fleet(line_with(""));
  fleet.pass(15s);
  const auto value_of = [&](const std::string& device, const std::string& metric) {
    return *fleet.host.find("plant", "line-1", device, metric);
  };
  const std::uint64_t before = fleet.host.messages(message_type::ddata);
  const std::string device = "spBv1.0/plant/DCMD/line-1/motor-2";
  fleet.listener->write(
      device, {.name = "speed", .type = data_type::real64, .names_type = true, .value = 750.0});
  fleet.pass(1s);
  EXPECT_EQ(value_of("motor-2", "speed"), sparkplug::value(750.0));
  EXPECT_NE(value_of("motor-1", "speed"), sparkplug::value(750.0));
  EXPECT_EQ(fleet.host.messages(message_type::ddata), before + 1) << "the answer, out of turn";

  fleet.listener->write(
      "spBv1.0/plant/NCMD/line-1",
      {.name = "temperature", .type = data_type::real64, .names_type = true, .value = 5.5});
  fleet.listener->write(
      device, {.name = "running", .type = data_type::boolean, .names_type = true, .value = false});
  fleet.listener->write("spBv1.0/plant/DCMD/line-1/press", {.name = "state",
                                                            .type = data_type::string,
                                                            .names_type = true,
                                                            .value = std::string_view("broken")});
  fleet.pass(1s);
  EXPECT_EQ(value_of("", "temperature"), sparkplug::value(5.5));
  EXPECT_EQ(value_of("motor-2", "running"), sparkplug::value(false));
  EXPECT_EQ(value_of("press", "state"), sparkplug::value(std::string("broken")));

  // It stays, also over a rebirth and a lost connection.
  fleet.listener->command_rebirth("spBv1.0/plant/NCMD/line-1");
  fleet.pass(1min);
  fleet.cut("line-1");
  fleet.pass(1min);
  EXPECT_EQ(value_of("motor-2", "speed"), sparkplug::value(750.0));
  EXPECT_EQ(value_of("", "temperature"), sparkplug::value(5.5));
  fleet.expect_no_faults();
}

TEST(EdgeFleet, RefusesWhatItCannotWrite) {
  edge_fleet fleet(line_with(""));
  fleet.pass(15s);
  const std::uint64_t before = fleet.host.messages(message_type::ddata);
  const std::string device = "spBv1.0/plant/DCMD/line-1/motor-2";
  fleet.listener->write(device, {.name = "speed",
                                 .type = data_type::string,
                                 .names_type = true,
                                 .value = std::string_view("fast")});
  fleet.listener->write(
      device, {.name = "spede", .type = data_type::real64, .names_type = true, .value = 1.0});
  fleet.listener->write(
      "spBv1.0/plant/NCMD/line-1",
      {.name = "position/lat", .type = data_type::real64, .names_type = true, .value = 1.0});
  fleet.listener->write("spBv1.0/plant/DCMD/line-1/nobody", {.name = "speed", .value = 1.0});
  fleet.pass(1s);
  EXPECT_EQ(fleet.host.messages(message_type::ddata), before);
  std::size_t told = 0;
  for (const record::event& each : fleet.worker->books().measured.events.events()) {
    told += each.text.find("cannot be set, or has another type") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(told, 3U);
  fleet.expect_no_faults();
}

TEST(EdgeFleet, CallsHistoricalWhatWasDueBeforeTheBirth) {
  edge_fleet fleet(
      "name: a\nduration: 1h\nfleet:\n  - group: g\n    count: 1\n    sparkplug: "
      "{group_id: p, every: 100ms, metrics: {x: {counter: {}, every: 100ms}}}\n");
  fleet.pass(10s);
  fleet.cut("g-0");
  fleet.pass(10s);
  std::size_t historical = 0;
  for (const byte_buffer& each : fleet.messages["NDATA"]) {
    const auto read = sparkplug::read_payload(each);
    for (const sparkplug::metric& metric : read->metrics) historical += metric.is_historical;
  }
  EXPECT_GE(historical, 4U);  // the first reconnect comes after half a second or later
  EXPECT_LE(historical, 16U);
  fleet.expect_no_faults();
}

}  // namespace
}  // namespace gauntlet::sim
