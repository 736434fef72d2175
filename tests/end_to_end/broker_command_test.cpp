// Goal: the small commands: the reference broker on its own, the lists, the schema.

#include <csignal>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class BrokerCommand : public end_to_end, public testing::WithParamInterface<const char*> {};

TEST_P(BrokerCommand, ServesOtherClients) {
  const running_broker broker = start_broker();
  const words common{"-h", "127.0.0.1", "-p", broker.port(), "-V", GetParam(), "-t", "house/door"};
  words publish{"mosquitto_pub", "-q", "2", "-r", "-m", "open"};
  publish.insert(publish.end(), common.begin(), common.end());
  EXPECT_EQ(run_other(publish).code, 0);

  words subscribe{"mosquitto_sub", "-q", "2", "-C", "1", "-W", "10", "-v"};
  subscribe.insert(subscribe.end(), common.begin(), common.end());
  EXPECT_THAT(run_other(subscribe), ends_with(0, "house/door open\n"));
}

INSTANTIATE_TEST_SUITE_P(, BrokerCommand, testing::Values("mqttv311", "mqttv5"),
                         [](const auto& each) { return std::string(each.param); });

class SmallCommands : public end_to_end {};

TEST_F(SmallCommands, BrokerNamesThePortThatIsTaken) {
  const running_broker first = start_broker();
  EXPECT_THAT(run({"broker", "--listen", "127.0.0.1:" + first.port()}),
              fails_with(3, "gauntlet: cannot listen on 127.0.0.1:" + first.port() +
                                ": the port is in use"));
}

TEST_F(SmallCommands, BrokerListensInSeveralPlaces) {
  const running_broker broker =
      start_broker({"--listen", "127.0.0.1:0", "--listen", "ws://127.0.0.1:0/mqtt"});
  EXPECT_TRUE(await([&] {
    const std::string said = broker.process.out();
    return said.find("on mqtt://127.0.0.1:") != said.npos && said.find("on ws://") != said.npos;
  }));
}

TEST_F(SmallCommands, BrokerNamesWhatItDoesNotUnderstand) {
  EXPECT_THAT(run({"broker", "--listen", "127.0.0.1:99999"}),
              fails_with(2, "has the port 99999: ports run from 0 to 65535"));
  EXPECT_THAT(run({"broker", "--user", "ali"}),
              fails_with(2, "--user: a user is written as NAME:PASSWORD"));
  EXPECT_THAT(run({"broker", "--log-level", "loud"}),
              fails_with(2, "--log-level: expected one of none, error, warning, info, debug"));
  EXPECT_THAT(run({"broker", "--defect", "lose-wills"}),
              fails_with(2, "did you mean 'lose-will'?"));
}

TEST_F(SmallCommands, BrokerReadsItsFileAndFlagsWinOverIt) {
  folder.write("broker.yaml",
               "listen: [\"127.0.0.1:0\"]\nusers: [\"ali:sesame\"]\nlog_level: error\n");
  const running_broker broker =
      start_broker({"--config", "broker.yaml", "--log-level", "info", "--listen", "127.0.0.1:0"});
  const words hello{"mosquitto_pub", "-h", "127.0.0.1", "-p", broker.port(), "-t", "a", "-m", "b"};
  EXPECT_NE(run_other(hello).code, 0);
  words ali = hello;
  ali.insert(ali.end(), {"-i", "a b", "-u", "ali", "-P", "sesame"});
  EXPECT_EQ(run_other(ali).code, 0);
  EXPECT_TRUE(await([&] {
    return broker.process.err().find("Z info connect peer=127.0.0.1:") != std::string::npos &&
           broker.process.err().find(" client=\"a b\" version=3.1.1") != std::string::npos;
  })) << broker.process.err();
}

TEST_F(SmallCommands, BrokerChecksItsConfiguration) {
  folder.write("good.yaml", "listen: [ws://127.0.0.1:0]\n");
  EXPECT_THAT(run({"broker", "--config", "good.yaml", "--check"}),
              ends_with(0, "good.yaml: in order\n", "would listen on ws://127.0.0.1:0/mqtt"));
  folder.write("bad.yaml", "limits:\n  inflight_mx: 3\nseeed: 1\n");
  EXPECT_THAT(run({"broker", "--config", "bad.yaml"}),
              fails_with(2, "bad.yaml:2:3: limits: unknown key 'inflight_mx', did you mean"));
  EXPECT_THAT(run({"broker", "--config", "none.yaml", "--check"}),
              fails_with(2, "none.yaml: there is no such file"));
  EXPECT_THAT(run({"broker", "--set", "limits.inflight_mx=3"}),
              fails_with(2, "did you mean 'inflight_max'?"));
  EXPECT_THAT(run({"broker", "--listen", "mqtts://127.0.0.1:0"}),
              fails_with(2, "mqtts://127.0.0.1:0 needs a certificate_file"));
  EXPECT_THAT(run({"broker", "--check", "--listen", "mqtts://127.0.0.1:0", "--cert", "c.pem",
                   "--key", "k.pem"}),
              fails_with(2, "c.pem"));
}

TEST_F(SmallCommands, BrokerHashesPasswordsAndTakesTheHash) {
  const program_end hashed =
      run_other({"sh", "-c", "echo sesame | '" GAUNTLET_PROGRAM "' broker --hash-password"});
  ASSERT_THAT(hashed, ends_with(0, "SCRAM-SHA-256$4096:"));
  const std::string verifier = hashed.out.substr(0, hashed.out.find('\n'));
  const running_broker broker = start_broker({"--user", "ali:" + verifier});
  words hello{"mosquitto_pub", "-h", "127.0.0.1", "-p", broker.port(), "-t", "a", "-m", "b", "-u",
              "ali",           "-P", "sesame"};
  EXPECT_EQ(run_other(hello).code, 0);
  hello.back() = verifier;
  EXPECT_NE(run_other(hello).code, 0);
  EXPECT_THAT(run({"broker", "--hash-password"}), fails_with(2, "reads a password from standard"));
}

TEST_F(SmallCommands, BrokerPrintsAnExampleThatItTakes) {
  const program_end printed = run({"broker", "--print-config"});
  EXPECT_THAT(printed, ends_with(0, "\nlimits:\n", "\n  connect_timeout: 10s\n"));
  folder.write("example.yaml", printed.out);
  EXPECT_THAT(run({"broker", "--config", "example.yaml", "--check"}), ends_with(0, "in order"));
}

TEST_F(SmallCommands, BrokerListsItsDefects) {
  EXPECT_THAT(run({"broker", "--list-defects"}),
              ends_with(0, "lose-qos1-delivery\n", "deliver-qos2-twice\n", "reorder-deliveries\n",
                        "violates MQTT-"));
}

TEST_F(SmallCommands, BrokersListsTheProfiles) {
  EXPECT_THAT(run({"brokers"}), ends_with(0, "embedded ", "mosquitto      Eclipse Mosquitto 2."));
}

TEST_F(SmallCommands, ScenarioCheckSaysWhatItAmountsTo) {
  folder.write("small.yaml", small_fleet().yaml());
  EXPECT_THAT(run({"scenario", "check", "small.yaml"}),
              ends_with(0, "small.yaml: in order\n", "12 devices", "about 300 messages"));
}

TEST_F(SmallCommands, ScenarioListNamesTheLibrary) {
  EXPECT_THAT(run({"scenario", "list"}), ends_with(0, "quickstart ", "ten-thousand "));
  EXPECT_THAT(run({"scenario", "check", "quickstart"}), ends_with(0, "1,000 devices"));
  EXPECT_THAT(run({"scenario", "check", "ten-thousand"}), ends_with(0, ": in order"));
}

TEST_F(SmallCommands, ScenarioSchemaIsTheOneBesideTheLibrary) {
  const program_end shown = run({"scenario", "schema"});
  EXPECT_EQ(shown.code, 0);
  boost::json::parse_options deep;
  deep.max_depth = 100;
  EXPECT_EQ(boost::json::parse(shown.out, {}, deep),
            boost::json::parse(read_file(GAUNTLET_SOURCE_FOLDER "/scenarios/scenario.schema.json"),
                               {}, deep));
}

}  // namespace
}  // namespace gauntlet::test
