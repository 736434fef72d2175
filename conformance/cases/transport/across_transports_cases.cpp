// Clients over TCP and clients over WebSocket or TLS on one broker. MQTT 5.0 §6

#include <fmt/format.h>

#include "conformance/cases/support/deliveries.hpp"
#include "conformance/cases/transport/transport_cases.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;
using elsewhere = const net::endpoint& (*)(context&);

const net::endpoint& over_websocket(context& test) { return *test.where().websocket; }
const net::endpoint& over_tls(context& test) { return *test.where().tls_endpoint; }

void into_tcp(context& test, elsewhere where) {
  client& to = test.connected("subscriber");
  to.subscribe(test.topic("t"), qos::at_least_once);
  test.connected_at(where(test), "publisher").publish(test.topic("t"), "x");
  to.acknowledge(to.expect_publish("x"));
}

void out_of_tcp(context& test, elsewhere where) {
  client& to = test.connected_at(where(test), "subscriber");
  to.subscribe(test.topic("t"), qos::at_least_once);
  test.connected("publisher").publish(test.topic("t"), "x");
  to.acknowledge(to.expect_publish("x"));
}

void retained(context& test, elsewhere where) {
  test.connected_at(where(test), "publisher")
      .publish(test.topic("t"), "kept", qos::at_least_once, true);
  client& to = test.connected("subscriber");
  to.subscribe(test.topic("t"), qos::at_least_once);
  to.acknowledge(to.expect_publish("kept"));
}

void taken_over(context& test, elsewhere where) {
  client& existing = test.connected("device");
  client& next = test.connected_at(where(test), "device");
  existing.expect_close({{mqtt::reason_code::session_taken_over}});
  next.ping();
}

void session(context& test, elsewhere where) {
  client& before = test.connected("device", lasting_connect(test.version(), true));
  before.subscribe(test.topic("t"), qos::at_least_once);
  before.disconnect();
  test.connected("publisher").publish(test.topic("t"), "x");
  client& device = test.connected_at(where(test), "device", lasting_connect(test.version()));
  device.acknowledge(device.expect_publish("x"));
}

struct crossing {
  const char* word;
  const char* title;
  std::vector<caught_defect> defects;
  void (*body)(context&, elsewhere);
};

}  // namespace

void add_across_transports_cases(suite& to) {
  const std::vector<crossing> crossings = {
      {"into-tcp", "A message gets from {} to TCP", {"lose-qos1-delivery"}, into_tcp},
      {"out-of-tcp", "A message gets from TCP to {}", {"lose-qos1-delivery"}, out_of_tcp},
      {"retained",
       "A message retained over {} is there for TCP",
       {"forget-retained-message"},
       retained},
      {"takeover",
       "A client over {} takes over from one over TCP",
       {"leave-existing-client-connected"},
       taken_over},
      {"session",
       "A session begun over TCP is resumed over {}",
       {"forget-session-at-disconnect", "forget-queued-messages"},
       session},
  };
  for (const crossing& each : crossings) {
    for (const bool websocket : {true, false}) {
      const elsewhere where = websocket ? over_websocket : over_tls;
      const std::vector<statement_name> covers =
          websocket ? std::vector<statement_name>{v5("PR5-6-a"), v3("PR3-6-a")}
                    : std::vector<statement_name>{v5("MQTT-4.2-1"), v3("MQTT-7.1.1-1")};
      to.add({.id = fmt::format("PR5-6-a/{}-{}", each.word, websocket ? "websocket" : "tls"),
              .title = fmt::format(fmt::runtime(each.title), websocket ? "WebSocket" : "TLS"),
              .covers = covers,
              .needs = {need::qos1, need::retained, websocket ? need::websocket : need::tls},
              .defects = each.defects,
              .body = [each, where](context& test) { each.body(test, where); }});
    }
  }
}

}  // namespace gauntlet::conformance
