// Goal: a target that cannot be had is named, with the reason and what to do; the exit code tells
// input (2) from environment (3).

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::HasSubstr;

class TargetErrors : public end_to_end {
 protected:
  program_end run_on(const std::string& target, const words& more = {}) {
    words arguments{"--target", target};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_small({}, arguments);
  }

  /// A profile of mosquitto with this configuration.
  std::string mosquitto_profile(const std::string& name, const std::string& configuration) {
    std::filesystem::create_directories(folder.path() / "profiles");
    return folder.write("profiles/" + name + ".yaml", "name: " + name + R"(
title: Mosquitto in trouble
install: apt-get install mosquitto
command: mosquitto
arguments: [-c, "{directory}/broker.conf"]
files:
  broker.conf: |
)" + configuration + R"(
listeners:
  - { port: port, transport: tcp, versions: ["3.1.1", "5.0"] }
ready_within: 2s
)");
  }
};

TEST_F(TargetErrors, ClosedPort) {
  const std::string port = closed_port();
  EXPECT_THAT(run_on("mqtt://127.0.0.1:" + port),
              fails_with(3, "gauntlet: the target mqtt://127.0.0.1:" + port + " cannot be reached",
                         "connection refused by 127.0.0.1:" + port));
  EXPECT_FALSE(exists("out")) << "a run that never began has left a folder";
}

TEST_F(TargetErrors, OfDurabilityLeaveNoEmptyFolder) {
  EXPECT_THAT(run({"durability", "--target", "nobody", "--out", "kept"}), fails_with(2, "nobody"));
  EXPECT_FALSE(exists("kept"));
}

TEST_F(TargetErrors, HostThatDoesNotResolve) {
  EXPECT_THAT(run_on("mqtt://no-such-host.invalid"),
              fails_with(3, "the target mqtt://no-such-host.invalid:1883 cannot be reached",
                         "cannot resolve the host name no-such-host.invalid"));
}

TEST_F(TargetErrors, BadUrl) {
  EXPECT_THAT(run_on("http://127.0.0.1"),
              fails_with(2,
                         "the URL 'http://127.0.0.1' has the unknown scheme 'http': use mqtt, "
                         "mqtts, ws or wss"));
  EXPECT_THAT(run_on("mqtt://127.0.0.1:99999"),
              fails_with(2, "has the port 99999: ports run from 1 to 65535"));
  EXPECT_THAT(run_on("mqtt://127.0.0.1/topic"), fails_with(2, "has the path '/topic'"));
  EXPECT_THAT(run_on("mqtt://"), fails_with(2, "has no host"));
}

TEST_F(TargetErrors, UnknownProfile) {
  EXPECT_THAT(run_on("someothermq"), fails_with(2, "no broker profile is named 'someothermq'",
                                                "known here: ", "mosquitto", "embedded"));
  EXPECT_THAT(run_on("mosquito"), fails_with(2, "did you mean 'mosquitto'?"));
  EXPECT_FALSE(exists("out"));
}

TEST_F(TargetErrors, ProfileFolderThatIsNotThere) {
  EXPECT_THAT(run_on("mosquitto", {"--profiles", "nowhere"}),
              fails_with(2, "cannot read the profiles in nowhere: No such file or directory"));
}

TEST_F(TargetErrors, BadProfile) {
  std::filesystem::create_directories(folder.path() / "profiles");
  folder.write("profiles/odd.yaml", "name: odd\ncommnad: x\n");
  EXPECT_THAT(run_on("odd", {"--profiles", "profiles"}),
              fails_with(2, "odd.yaml:2:1: unknown key 'commnad', did you mean 'command'?"));
}

TEST_F(TargetErrors, BrokerThatIsNotInstalled) {
  std::filesystem::create_directories(folder.path() / "profiles");
  folder.write("profiles/absent.yaml", R"(name: absent
title: Absent MQ
install: apt-get install absent-mq
command: no-such-broker
arguments: [--port, "{port}"]
listeners:
  - { port: port, transport: tcp, versions: ["3.1.1", "5.0"] }
)");
  EXPECT_THAT(
      run_on("absent", {"--profiles", "profiles"}),
      fails_with(2, "Absent MQ is not installed; install it with: apt-get install absent-mq"));
  EXPECT_THAT(run({"brokers", "--profiles", "profiles"}),
              ends_with(0, "not installed; install it with: apt-get install absent-mq"));
}

TEST_F(TargetErrors, BrokerThatRefusesItsConfiguration) {
  mosquitto_profile("broken", "    listener {port} 127.0.0.1\n    nonsense true\n");
  EXPECT_THAT(
      run_on("broken", {"--profiles", "profiles"}),
      fails_with(3, "gauntlet: broken exited with status 3 before it was ready",
                 "out/broken.log ends with:", "Unknown configuration variable \"nonsense\""));
  EXPECT_TRUE(exists("out/broken.log")) << "its log is gone";
}

TEST_F(TargetErrors, BrokerThatNeverListensWhereItShould) {
  mosquitto_profile("elsewhere",
                    "    # not on {port}\n    user root\n    listener 0 {directory}/socket\n");
  EXPECT_THAT(run_on("elsewhere", {"--profiles", "profiles", "--json"}),
              fails_with(3, "elsewhere was not ready within",
                         "connection refused by 127.0.0.1:", "out/elsewhere.log ends with:"));
}

}  // namespace
}  // namespace gauntlet::test
