// Goal: mosquitto_pub and mosquitto_sub do with the reference broker what they do with any broker,
// in both versions; and its defects show to them.

#include "tests/integration/broker/mosquitto_clients.hpp"

#include <algorithm>

namespace gauntlet::broker {
namespace {

class MosquittoClients : public mosquitto_clients,
                         public testing::WithParamInterface<mqtt::protocol_version> {
 protected:
  mqtt::protocol_version version() const { return GetParam(); }
  bool is_v5() const { return version() == mqtt::protocol_version::v5; }
};
INSTANTIATE_TEST_SUITE_P(Versions, MosquittoClients,
                         testing::Values(mqtt::protocol_version::v3_1_1,
                                         mqtt::protocol_version::v5),
                         [](const auto& of) {
                           return of.param == mqtt::protocol_version::v5 ? "V5" : "V3";
                         });

std::size_t lines(const std::string& output) {
  return static_cast<std::size_t>(std::ranges::count(output, '\n'));
}

TEST_P(MosquittoClients, PublishAndSubscribeAtEachQos) {
  start_broker();
  for (const char* qos : {"0", "1", "2"}) {
    auto reader = subscribe(version(), {"-t", "a/+", "-q", qos, "-C", "200", "-F", "%t %q %p"});
    publish(version(), {"-t", "a/b", "-q", qos, "-m", "x", "--repeat", "200"});
    const auto end = reader.finish();
    EXPECT_EQ(end.code, 0);
    EXPECT_EQ(lines(end.output), 200U);
    EXPECT_EQ(end.output.substr(0, 8), std::string("a/b ") + qos + " x\n");
  }
}

TEST_P(MosquittoClients, GetRetainedMessages) {
  start_broker();
  publish(version(), {"-t", "a/b", "-q", "1", "-m", "kept", "-r"});
  const auto end = run("mosquitto_sub", version(), {"-t", "#", "-C", "1", "-F", "%r %p"}).finish();
  EXPECT_EQ(end.output, "1 kept\n");
}

TEST_P(MosquittoClients, LeaveTheirWills) {
  start_broker();
  auto watcher = subscribe(version(), {"-t", "will", "-C", "1"});
  auto dying =
      subscribe(version(), {"-t", "other", "--will-topic", "will", "--will-payload", "gone"});
  dying.kill();
  EXPECT_EQ(watcher.finish().output, "gone\n");
}

TEST_P(MosquittoClients, ResumeTheirSessions) {
  start_broker();
  const arguments session = {"-i", "resumer", "-c", "-q", "2", "-t", "t"};
  arguments once = session;
  once.insert(once.end(), {"-E"});
  EXPECT_EQ(run("mosquitto_sub", version(), once).finish().code, 0);
  publish(version(), {"-t", "t", "-q", "2", "-m", "meanwhile", "--repeat", "3"});
  arguments again = session;
  again.insert(again.end(), {"-C", "3"});
  EXPECT_EQ(run("mosquitto_sub", version(), again).finish().output,
            "meanwhile\nmeanwhile\nmeanwhile\n");
}

TEST_P(MosquittoClients, AreRefusedWithTheWrongPassword) {
  start_broker({.users = {make_user("ann", "secret")}});
  const auto wrong =
      run("mosquitto_pub", version(), {"-t", "t", "-m", "x", "-u", "ann", "-P", "no"}).finish();
  EXPECT_NE(wrong.code, 0);
  EXPECT_NE(wrong.output.find("assword"), std::string::npos) << wrong.output;
  publish(version(), {"-t", "t", "-m", "x", "-u", "ann", "-P", "secret"});
}

TEST_P(MosquittoClients, SeeMessagesLost) {
  start_broker({.defects = {{defect::lose_qos1_delivery, 10}}});
  auto reader = subscribe(version(), {"-t", "t", "-q", "1", "-C", "90", "-F", "%p"});
  publish(version(), {"-t", "t", "-q", "1", "-m", "x", "--repeat", "100"});
  EXPECT_EQ(lines(reader.finish().output), 90U);
  EXPECT_EQ(broker->statistics().messages_received[1], 100U);
  EXPECT_EQ(broker->statistics().messages_sent[1], 90U);
}

TEST_P(MosquittoClients, SeeMessagesTwice) {
  start_broker({.defects = {{defect::deliver_qos2_twice, 10}}});
  auto reader = subscribe(version(), {"-t", "t", "-q", "2", "-C", "110", "-F", "%p"});
  publish(version(), {"-t", "t", "-q", "2", "-m", "x", "--repeat", "100"});
  EXPECT_EQ(lines(reader.finish().output), 110U);
}

TEST_P(MosquittoClients, SeeMessagesReordered) {
  start_broker({.defects = {{defect::reorder_deliveries, 1}}});
  auto reader = subscribe(version(), {"-t", "t", "-q", "1", "-C", "2", "-F", "%p"});
  publish(version(), {"-t", "t", "-q", "1", "-m", "1"});
  publish(version(), {"-t", "t", "-q", "1", "-m", "2"});
  EXPECT_EQ(reader.finish().output, "2\n1\n");
}

}  // namespace
}  // namespace gauntlet::broker
