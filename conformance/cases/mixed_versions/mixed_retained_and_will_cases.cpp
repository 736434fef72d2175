// Retained messages and wills between the versions. Who receives is of the test's version.

#include "conformance/cases/mixed_versions/mixed_versions_cases.hpp"
#include "conformance/cases/mixed_versions/version_pair.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::qos;

constexpr auto v3_only = caught_defect::in::v3_1_1_only;

void expect_kept(client& to, std::string_view payload) {
  to.acknowledge(to.expect_publish(
      payload, [](const mqtt::publish& came) { return came.retain; }, "RETAIN 1"));
}

client& reader(context& test, std::string_view name) {
  client& to = test.connected(name);
  to.subscribe(test.topic("t"), qos::at_least_once);
  return to;
}

void retained_by_the_other(context& test) {
  other_client(test, "publisher").publish(test.topic("t"), "kept", qos::at_least_once, true);
  expect_kept(reader(test, "reader"), "kept");
}

void replaced_by_the_other(context& test) {
  test.connected("publisher").publish(test.topic("t"), "older", qos::at_least_once, true);
  other_client(test, "other publisher").publish(test.topic("t"), "newer", qos::at_least_once, true);
  client& to = reader(test, "reader");
  expect_kept(to, "newer");
  to.expect_quiet();
}

void cleared_by_the_other(context& test) {
  test.connected("publisher").publish(test.topic("t"), "kept", qos::at_least_once, true);
  expect_kept(reader(test, "before"), "kept");
  other_client(test, "other publisher").publish(test.topic("t"), "", qos::at_least_once, true);
  reader(test, "after").expect_quiet();
}

void flag_of_live_messages(context& test) {
  client& to = reader(test, "reader");
  other_client(test, "publisher").publish(test.topic("t"), "live", qos::at_least_once, true);
  to.acknowledge(to.expect_publish(
      "live", [](const mqtt::publish& came) { return !came.retain; }, "RETAIN 0"));
}

void properties_of_retained(context& test) {
  other_client(test, "publisher")
      .publish(message_with({mqtt::content_type("text"), mqtt::user_property("a", "1")},
                            test.topic("t"), "kept", qos::at_least_once, true));
  client& to = reader(test, "reader");
  expect_kept(to, "kept");
  to.ping();
}

// Through a 3.1.1 reader nothing of the message is lost for those of 5.0.
void properties_survive_a_3_1_1_reader(context& test) {
  const mqtt::property_list properties{mqtt::content_type("text"), mqtt::user_property("a", "1")};
  test.connected("publisher")
      .publish(message_with(properties, test.topic("t"), "kept", qos::at_least_once, true));
  client& other = other_client(test, "other reader");
  other.subscribe(test.topic("t"), qos::at_least_once);
  other.receive("kept");
  reader(test, "reader")
      .expect_publish(
          "kept", [&](const mqtt::publish& came) { return came.properties == properties; },
          "the properties with which it was published");
}

void as_published_by_3_1_1(context& test) {
  client& to = test.connected("reader");
  to.subscribe(test.topic("t"), qos::at_least_once, {.retain_as_published = true});
  other_client(test, "publisher").publish(test.topic("t"), "live", qos::at_least_once, true);
  expect_kept(to, "live");
}

void expired_for_3_1_1(context& test) {
  test.connected("publisher")
      .publish(message_with({mqtt::message_expiry_interval(1)}, test.topic("t"), "kept",
                            qos::at_least_once, true));
  client& before = other_client(test, "before");
  before.subscribe(test.topic("t"), qos::at_least_once);
  before.receive("kept");
  test.pause(std::chrono::seconds(3), "until the retained message of one second has expired");
  client& after = other_client(test, "after");
  after.subscribe(test.topic("t"), qos::at_least_once);
  after.expect_quiet();
}

mqtt::connect with_will(const context& test, bool retain = false) {
  return {.will = mqtt::will{.topic_name = test.topic("t"),
                             .payload = {'g', 'o', 'n', 'e'},
                             .qos = qos::at_least_once,
                             .retain = retain}};
}

void will_of_the_other(context& test) {
  client& watcher = reader(test, "watcher");
  other_client(test, "device", with_will(test)).drop();
  watcher.acknowledge(watcher.expect_publish("gone"));
}

void no_will_after_disconnect(context& test) {
  client& watcher = reader(test, "watcher");
  other_client(test, "control", with_will(test)).drop();
  watcher.receive("gone");
  other_client(test, "device", with_will(test)).disconnect();
  watcher.expect_quiet();
}

void retained_will(context& test) {
  client& watcher = reader(test, "watcher");
  other_client(test, "device", with_will(test, true)).drop();
  watcher.receive("gone");
  expect_kept(reader(test, "later"), "gone");
}

void will_properties(context& test) {
  client& watcher = reader(test, "watcher");
  mqtt::connect packet = with_will(test);
  packet.will->properties = {mqtt::content_type("text"), mqtt::user_property("a", "1")};
  other_client(test, "device", packet).drop();
  watcher.acknowledge(watcher.expect_publish("gone"));
  watcher.ping();
}

void will_at_takeover(context& test) {
  client& watcher = reader(test, "watcher");
  client& existing = other_client(test, "device", with_will(test));
  client& next = test.connected("device");
  existing.expect_close({{mqtt::reason_code::session_taken_over}});
  watcher.acknowledge(watcher.expect_publish("gone"));
  next.ping();
}

struct mixed_case {
  const char* id;
  const char* title;
  std::vector<statement_name> covers;
  std::vector<caught_defect> defects;
  void (*body)(context&);
};

}  // namespace

void add_mixed_retained_and_will_cases(suite& to) {
  const std::vector<mixed_case> cases = {
      {"MQTT-3.3.1-5/mixed",
       "A message retained in the other version comes",
       {v5("MQTT-3.3.1-5"), v3("MQTT-3.3.1-5")},
       {"forget-retained-message"},
       retained_by_the_other},
      {"MQTT-3.3.1-5/mixed-replaced",
       "A retained message can be replaced from the other version",
       {v5("MQTT-3.3.1-5"), v3("MQTT-3.3.1-6")},
       {"keep-older-retained-message"},
       replaced_by_the_other},
      {"MQTT-3.3.1-6/mixed",
       "A retained message can be cleared from the other version",
       {v5("MQTT-3.3.1-6"), v3("MQTT-3.3.1-10")},
       {"keep-retained-on-empty-payload"},
       cleared_by_the_other},
      {"MQTT-3.3.1-12/mixed",
       "A live message of the other version comes with RETAIN 0",
       {v5("MQTT-3.3.1-12"), v3("MQTT-3.3.1-9")},
       {"forward-retain-flag"},
       flag_of_live_messages},
      {"PR3-7.1.1-a/mixed-retained",
       "A 3.1.1 client gets a retained message without properties",
       {v3("PR3-7.1.1-a")},
       {{"send-properties-in-publish-of-3-1-1", v3_only}},
       properties_of_retained},
      {"MQTT-3.3.2-20/mixed-retained",
       "A 3.1.1 reader takes no properties from a retained message",
       {v5("MQTT-3.3.2-20"), v5("MQTT-3.3.2-17")},
       {"store-retained-without-properties"},
       properties_survive_a_3_1_1_reader},
      {"MQTT-3.3.1-13/mixed",
       "Retain As Published holds for messages of 3.1.1",
       {v5("MQTT-3.3.1-13")},
       {"ignore-retain-as-published"},
       as_published_by_3_1_1},
      {"PR5-3.3.1.3-c/mixed",
       "A retained message of 5.0 expires for 3.1.1 clients, too",
       {v5("PR5-3.3.1.3-c")},
       {"keep-expired-retained-message"},
       expired_for_3_1_1},
      {"MQTT-3.1.2-8/mixed",
       "The will of a client of the other version is published",
       {v5("MQTT-3.1.2-8"), v3("MQTT-3.1.2-8")},
       {"lose-will"},
       will_of_the_other},
      {"MQTT-3.14.4-3/mixed",
       "After DISCONNECT the will of the other version is not published",
       {v5("MQTT-3.14.4-3"), v3("MQTT-3.14.4-3")},
       {"publish-will-after-disconnect"},
       no_will_after_disconnect},
      {"MQTT-3.1.2-15/mixed",
       "The will of a client of the other version can be retained",
       {v5("MQTT-3.1.2-15"), v3("MQTT-3.1.2-17")},
       {"publish-will-without-retain"},
       retained_will},
      {"PR3-7.1.1-a/mixed-will",
       "A 3.1.1 client gets a will of 5.0 without its properties",
       {v3("PR3-7.1.1-a")},
       {{"send-properties-in-publish-of-3-1-1", v3_only}},
       will_properties},
      {"MQTT-3.1.2-8/mixed-takeover",
       "A takeover from the other version publishes the will",
       {v5("MQTT-3.1.2-8"), v3("MQTT-3.1.2-8")},
       {"lose-will", "leave-existing-client-connected"},
       will_at_takeover},
  };
  for (const mixed_case& each : cases) {
    to.add({.id = each.id,
            .title = each.title,
            .covers = each.covers,
            .needs = {need::qos1, need::retained},
            .defects = each.defects,
            .body = between_versions(each.body)});
  }
}

}  // namespace gauntlet::conformance
