#include "conformance/cases/retained/retained_stories.hpp"

namespace gauntlet::conformance {

void retain(context& test, std::string_view tail, std::string_view payload, mqtt::qos qos) {
  client& publisher = test.connected("publisher");
  publisher.publish(test.topic(tail), payload, qos, true);
  publisher.ping();
  publisher.disconnect();
}

client& late_reader(context& test, std::string_view name, std::string_view tail,
                    mqtt::qos maximum_qos, mqtt::subscription_options options) {
  client& reader = test.connected(name);
  reader.subscribe(test.topic(tail), maximum_qos, options);
  return reader;
}

mqtt::publish expect_retained(client& to, std::string_view payload) {
  const mqtt::publish came = to.expect_publish(
      payload, [](const mqtt::publish& packet) { return packet.retain; }, "RETAIN 1");
  to.acknowledge(came);
  return came;
}

}  // namespace gauntlet::conformance
