// The QoS of a delivery: the lower of what was published and what was granted. MQTT 5.0 §3.8.4

#include <algorithm>

#include <fmt/format.h>

#include "conformance/cases/subscribe/subscribe_cases.hpp"
#include "conformance/cases/support/deliveries.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

std::function<bool(const mqtt::publish&)> has_qos(qos wanted) {
  return [wanted](const mqtt::publish& came) { return came.qos == wanted; };
}

void delivered_at_the_lower(context& test, qos published, qos asked) {
  client& to = test.connected("subscriber");
  to.subscribe(test.topic("t"), asked);
  test.connected("publisher").publish(test.topic("t"), "x", published);
  const qos wanted = std::min(published, asked);
  to.acknowledge(
      to.expect_publish("x", has_qos(wanted), fmt::format("QoS {}", static_cast<int>(wanted))));
  if (wanted != qos::at_least_once) to.expect_quiet();
}

std::vector<caught_defect> defects_of(int published, int asked) {
  if (published > asked) return {"exceed-granted-qos"};
  if (published < asked) return {"raise-qos-to-granted"};
  if (published == 0) return {"lose-qos0-delivery", "deliver-qos0-twice"};
  if (published == 1) return {"deliver-at-qos0", "lose-qos1-delivery"};
  return {"deliver-at-qos0", "deliver-qos2-at-qos1", "lose-qos2-delivery", "deliver-qos2-twice"};
}

void each_subscriber_at_its_own(context& test) {
  std::vector<client*> subscribers;
  for (const qos granted : {qos::at_most_once, qos::at_least_once, qos::exactly_once}) {
    client& to = test.connected(fmt::format("subscriber {}", static_cast<int>(granted)));
    to.subscribe(test.topic("t"), granted);
    subscribers.push_back(&to);
  }
  test.connected("publisher").publish(test.topic("t"), "x", qos::exactly_once);
  qos wanted = qos::at_most_once;
  for (client* const to : subscribers) {
    to->acknowledge(to->expect_publish("x", has_qos(wanted), "the QoS granted to this client"));
    wanted = static_cast<qos>(static_cast<int>(wanted) + 1);
  }
}

void each_filter_at_its_own(context& test) {
  client& to = test.connected("subscriber");
  to.subscribe(mqtt::subscribe{.subscriptions = {{test.topic("zero"), {qos::at_most_once}},
                                                 {test.topic("one"), {qos::at_least_once}}}});
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic("zero"), "0");
  publisher.publish(test.topic("one"), "1");
  to.expect_publish("0", has_qos(qos::at_most_once), "QoS 0");
  to.acknowledge(to.expect_publish("1", has_qos(qos::at_least_once), "QoS 1"));
}

void wills_too(context& test) {
  client& to = test.connected("subscriber");
  to.subscribe(test.topic("will"), qos::at_most_once);
  test.connected("device", {.will = mqtt::will{.topic_name = test.topic("will"),
                                               .payload = {'x'},
                                               .qos = qos::at_least_once}})
      .drop();
  to.expect_publish("x", has_qos(qos::at_most_once), "QoS 0");
}

}  // namespace

void add_subscribe_qos_cases(suite& to) {
  for (const qos published : {qos::at_most_once, qos::at_least_once, qos::exactly_once}) {
    for (const qos asked : {qos::at_most_once, qos::at_least_once, qos::exactly_once}) {
      const int from = static_cast<int>(published);
      const int up_to = static_cast<int>(asked);
      to.add(
          {.id = fmt::format("MQTT-3.8.4-8/published-{}-granted-{}", from, up_to),
           .title = fmt::format("A message of QoS {} comes at QoS {} to a subscription of QoS {}",
                                from, std::min(from, up_to), up_to),
           .covers = {v5("MQTT-3.8.4-8"), v3("MQTT-3.8.4-6")},
           .needs = {need::qos2},
           .defects = defects_of(from, up_to),
           .body = [published, asked](context& test) {
             delivered_at_the_lower(test, published, asked);
           }});
    }
  }
  to.add({.id = "MQTT-3.8.4-8/each-subscriber",
          .title = "Each subscriber gets a message at the QoS granted to it",
          .covers = {v5("MQTT-3.8.4-8"), v3("MQTT-3.8.4-6")},
          .needs = {need::qos2},
          .defects = {"exceed-granted-qos", "deliver-at-qos0", "deliver-qos2-at-qos1"},
          .body = each_subscriber_at_its_own});
  to.add({.id = "MQTT-3.8.4-8/each-filter",
          .title = "Each subscription of a client has its own QoS",
          .covers = {v5("MQTT-3.8.4-8"), v3("MQTT-3.8.4-6")},
          .needs = {need::qos1},
          .defects = {"exceed-granted-qos", "deliver-at-qos0"},
          .body = each_filter_at_its_own});
  to.add({.id = "MQTT-3.8.4-8/will",
          .title = "A will comes at the QoS granted, too",
          .covers = {v5("MQTT-3.8.4-8"), v3("MQTT-3.8.4-6")},
          .needs = {need::qos1},
          .defects = {"exceed-granted-qos"},
          .body = wills_too});
}

}  // namespace gauntlet::conformance
