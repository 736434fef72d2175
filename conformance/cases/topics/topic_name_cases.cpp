// A Topic Name goes out as it came in, whatever its characters and length. MQTT 5.0 §4.7.3
//
// 3.1.1 lets a broker override the Topic Name as long as the subscription matches (§3.3.2.1), so
// there the filter is the very topic.

#include <fmt/format.h>

#include "conformance/cases/support/deliveries.hpp"
#include "conformance/cases/topics/topics_cases.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

mqtt::publish expect_on(client& to, std::string_view payload, const std::string& topic) {
  const mqtt::publish came = to.expect_publish(
      payload, [&](const mqtt::publish& packet) { return packet.topic_name == topic; },
      "the Topic Name with which it was published");
  to.acknowledge(came);
  return came;
}

void passed_on(context& test, const std::string& topic) {
  client& to = test.connected("subscriber");
  to.subscribe(topic, qos::at_least_once);
  const std::string payload = test.client_id("payload");
  test.connected("publisher").publish(topic, payload);
  expect_on(to, payload, topic);
}

struct name_case {
  const char* word;
  const char* title;
  const char* defect;
  const char* before;  ///< of the test's own topic
  const char* after;
};

constexpr name_case names[] = {
    {"case", "The case of a Topic Name is kept", "put-topic-in-lower-case", "", "/Kitchen/Light"},
    {"leading-separator", "A separator in front of a Topic Name is kept",
     "drop-leading-topic-separator", "/", ""},
    {"trailing-separator", "A separator at the end of a Topic Name is kept",
     "drop-trailing-topic-separator", "", "/"},
    {"empty-levels", "Empty levels of a Topic Name are kept", "merge-adjacent-topic-separators", "",
     "/a//b///c"},
    {"spaces", "Spaces of a Topic Name are kept", "drop-spaces-in-topic", " ", " / a b "},
    {"byte-order-mark", "U+FEFF of a Topic Name is kept", "drop-byte-order-mark", "\xEF\xBB\xBF",
     "/a\xEF\xBB\xBF"},
    {"combining", "Combining characters of a Topic Name are kept", "compose-characters-in-topic",
     "", "/cafe\xCC\x81"},
    {"unassigned", "Characters that nobody knows are kept in a Topic Name", "cut-long-topic", "",
     "/\xCD\xB8/\xF0\x9F\x9A\xA8/\xF3\xA0\x80\x81"},
};

void only_a_separator(context& test) {
  client& to = test.connected("subscriber");
  to.subscribe("/", qos::at_least_once);
  const std::string payload = test.client_id("payload");
  test.connected("publisher").publish("/", payload);
  expect_on(to, payload, "/");
}

std::string long_topic(const context& test, std::size_t size_bytes) {
  std::string topic = test.topic("long/");
  topic.append(size_bytes - topic.size(), 'x');
  return topic;
}

std::string deep_topic(const context& test, int levels) {
  std::string topic = test.topic("deep");
  for (int i = 0; i < levels; ++i) topic += "/l";
  return topic;
}

// As passed_on(), but a broker may have a limit here and say so.
void passed_on_or_refused(context& test, const std::string& topic) {
  client& control = test.connected("control");
  control.subscribe(test.topic("short"), qos::at_least_once);
  control.publish(test.topic("short"), "control");
  control.receive("control");

  client& to = test.connected("subscriber");
  to.send(
      mqtt::subscribe{.packet_identifier = 9, .subscriptions = {{topic, {qos::at_least_once}}}});
  const script::arrival answer = to.next(test.answer_limit());
  if (test.over()) return;
  const auto* const granted = script::packet_of<mqtt::suback>(answer);
  if (granted == nullptr || granted->reason_codes.size() != 1 ||
      mqtt::is_error(granted->reason_codes[0])) {
    return test.leave_undecided(
        "the broker does not take the filter: " +
        (script::is_close(answer) ? "it closes" : script::to_text(answer, test.version())));
  }
  client& publisher = test.connected("publisher");
  mqtt::publish packet = message(topic, "x");
  packet.packet_identifier = 9;
  publisher.send(packet);
  const script::arrival taken = publisher.next(test.answer_limit());
  if (test.over()) return;
  const auto* const acknowledged = script::packet_of<mqtt::puback>(taken);
  if (acknowledged == nullptr || mqtt::is_error(acknowledged->reason_code)) {
    return test.leave_undecided("the broker does not take the message: " +
                                script::to_text(taken, test.version()));
  }
  expect_on(to, "x", topic);
}

}  // namespace

void add_topic_name_cases(suite& to) {
  for (const name_case& each : names) {
    const bool weak = std::string_view(each.word) == "unassigned";
    to.add({.id = fmt::format("MQTT-4.7.3-4/passed-on-{}", each.word),
            .title = each.title,
            .covers = {v5("MQTT-4.7.3-4"), v3("MQTT-4.7.3-4"), v5("PR5-4.7.3-a"), v3("PR3-4.7.3-a"),
                       v5("MQTT-1.5.4-3"), v3("MQTT-1.5.3-3")},
            .needs = {need::qos1},
            .defects = {weak ? "send-other-topic-name" : each.defect},
            .body = [each](context& test) {
              passed_on(test, each.before + test.topic("t") + each.after);
            }});
  }
  to.add({.id = "PR5-4.7.3-a/only-a-separator",
          .title = "\"/\" alone is a topic",
          .covers = {v5("PR5-4.7.3-a"), v3("PR3-4.7.3-a")},
          .needs = {need::qos1},
          .defects = {"lose-qos1-delivery"},
          .body = only_a_separator});
  for (const std::size_t size : {std::size_t{300}, std::size_t{65'535}}) {
    to.add(
        {.id = fmt::format("MQTT-4.7.3-3/{}-bytes", size),
         .title = fmt::format("A Topic Name of {} bytes goes out whole", size),
         .covers = {v5("MQTT-4.7.3-3"), v3("MQTT-4.7.3-3"), v5("PR5-1.5.4-a"), v3("PR3-1.5.3-b")},
         .needs = {need::qos1},
         .defects = {"cut-long-topic"},
         .body = [size](context& test) { passed_on_or_refused(test, long_topic(test, size)); }});
  }
  to.add({.id = "PR5-4.7.3-a/200-levels",
          .title = "A topic of 200 levels is taken",
          .covers = {v5("PR5-4.7.3-a"), v3("PR3-4.7.3-a")},
          .needs = {need::qos1},
          .defects = {"cut-long-topic"},
          .body = [](context& test) { passed_on_or_refused(test, deep_topic(test, 200)); }});
}

}  // namespace gauntlet::conformance
