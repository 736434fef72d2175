// Goal: Debian's mosquitto starts, is watched and ends as asked; and whatever goes wrong on the way
// is told with the broker's own words.

#include "harness/target/managed_broker.hpp"

#include <csignal>
#include <fstream>
#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/target/port_choice.hpp"
#include "harness/target/probe.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::target {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr auto v3_1_1 = mqtt::protocol_version::v3_1_1;
constexpr duration patience = 10s;

class ManagedBroker : public ::testing::Test {
 protected:
  static profile mosquitto() { return *find_profile("mosquitto", {}); }

  /// Prepared in a folder whose name has a space.
  std::unique_ptr<managed_broker> prepared(const profile& broker) {
    auto made = managed_broker::prepare(broker, folder.path() / "the broker", network);
    EXPECT_TRUE(made) << made.error().message;
    return made ? std::move(*made) : nullptr;
  }

  probe_result ask(const managed_broker& broker) {
    return probe(network, broker.endpoints().front(), {.timeout = 2s});
  }

  bool wait_for(const std::function<bool()>& done) {
    return loop.run_until(done, loop.now() + patience);
  }

  test::temporary_directory folder;
  net::asio_loop loop;
  net::asio_network network{loop};
};

TEST_F(ManagedBroker, StartsServesAndStops) {
  auto broker = prepared(mosquitto());
  std::vector<std::string> ends;
  broker->on_exit([&ends](const process_exit& how, bool expected) {
    ends.push_back(how.to_string() + (expected ? ", expected" : ""));
  });
  const auto started = broker->start(v3_1_1, patience);
  ASSERT_TRUE(started) << started.error().message;
  EXPECT_EQ(ask(*broker).answer, probe_answer::accepted);

  broker->stop();
  EXPECT_FALSE(broker->is_running());
  EXPECT_EQ(ends, std::vector<std::string>{"exited with status 0, expected"});
  EXPECT_EQ(ask(*broker).answer, probe_answer::unreachable);
  EXPECT_THAT(broker->log_tail(), HasSubstr("terminating"));
}

TEST_F(ManagedBroker, SpeaksBothVersionsAtOnce) {
  auto broker = prepared(mosquitto());
  ASSERT_TRUE(broker->start(mqtt::protocol_version::v5, patience));
  EXPECT_EQ(ask(*broker).answer, probe_answer::accepted);
}

TEST_F(ManagedBroker, IsMeasured) {
  auto broker = prepared(mosquitto());
  ASSERT_TRUE(broker->start(v3_1_1, patience));
  ASSERT_TRUE(wait_for([&] { return broker->usage().size() >= 2; }));
  const auto& usage = broker->usage();
  EXPECT_GT(usage.back().usage.resident_bytes, 1'000'000U);
  EXPECT_GE(usage[1].at - usage[0].at, 900ms);
}

TEST_F(ManagedBroker, NoticesThatItWasKilled) {
  auto broker = prepared(mosquitto());
  ASSERT_TRUE(broker->start(v3_1_1, patience));
  std::string end;
  broker->on_exit([&end](const process_exit& how, bool expected) {
    end = how.to_string() + (expected ? ", expected" : "");
  });
  // As somebody from outside would: the number is all he knows.
  ASSERT_EQ(::kill(broker->pid(), SIGKILL), 0);
  ASSERT_TRUE(wait_for([&] { return !end.empty(); }));
  EXPECT_EQ(end, "was killed by signal 9 (Killed)");
  EXPECT_FALSE(broker->is_running());
}

TEST_F(ManagedBroker, StartsAgainOnTheSamePorts) {
  auto broker = prepared(mosquitto());
  ASSERT_TRUE(broker->start(v3_1_1, patience));
  const auto port = broker->endpoints().front().port;
  broker->kill();
  const auto again = broker->start(v3_1_1, patience);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(broker->endpoints().front().port, port);
  EXPECT_EQ(ask(*broker).answer, probe_answer::accepted);
}

TEST_F(ManagedBroker, PausesAndResumes) {
  auto broker = prepared(mosquitto());
  ASSERT_TRUE(broker->start(v3_1_1, patience));
  broker->pause();
  EXPECT_EQ(probe(network, broker->endpoints().front(), {.timeout = 300ms}).answer,
            probe_answer::silent);
  broker->resume();
  EXPECT_EQ(ask(*broker).answer, probe_answer::accepted);
}

TEST_F(ManagedBroker, StopsEvenWhenPaused) {
  auto broker = prepared(mosquitto());
  ASSERT_TRUE(broker->start(v3_1_1, patience));
  broker->pause();
  const time_point asked = loop.now();
  broker->stop();
  EXPECT_LT(loop.now() - asked, 3s);
}

TEST_F(ManagedBroker, KillsWhatDoesNotStop) {
  profile stubborn = mosquitto();
  stubborn.command = "sh";
  // What a shell ignores, its children ignore; mosquitto sets its own handlers.
  stubborn.arguments = {"-c", "trap '' TERM; mosquitto -c \"$1/mosquitto.conf\" & exec sleep 600",
                        "sh", "{directory}"};
  stubborn.stop_within = 200ms;
  auto broker = prepared(stubborn);
  const auto started = broker->start(v3_1_1, patience);
  ASSERT_TRUE(started) << started.error().message;
  std::string end;
  broker->on_exit([&end](const process_exit& how, bool) { end = how.to_string(); });
  broker->stop();
  EXPECT_EQ(end, "was killed by signal 9 (Killed)");
}

TEST_F(ManagedBroker, ThatIsNotInstalledTellsHowToInstallIt) {
  profile missing = mosquitto();
  missing.command = "no-such-broker";
  const auto made = managed_broker::prepare(missing, folder.path(), network);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, exit_code::bad_input);
  EXPECT_EQ(made.error().message,
            "Eclipse Mosquitto is not installed; install it with: apt-get install mosquitto");
}

TEST_F(ManagedBroker, ThatEndsAtOnceTellsItsReason) {
  profile broken = mosquitto();
  broken.files.front().content += "\nno_such_option true\n";
  const auto started = prepared(broken)->start(v3_1_1, patience);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, exit_code::environment_failed);
  EXPECT_THAT(started.error().message,
              AllOf(HasSubstr("mosquitto exited with status"), HasSubstr("before it was ready"),
                    HasSubstr("mosquitto.log"), HasSubstr("no_such_option")));
}

TEST_F(ManagedBroker, WhosePreparationFailsSaysSo) {
  profile broken = mosquitto();
  broken.preparation = {{"sh", "-c", "echo no key for $1; exit 3", "sh", "{directory}"}};
  const auto made = managed_broker::prepare(broken, folder.path() / "run", network);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, exit_code::environment_failed);
  EXPECT_THAT(made.error().message,
              AllOf(HasSubstr("cannot prepare mosquitto: sh exited with status 3"),
                    HasSubstr("no key for " + (folder.path() / "run").string())));
}

TEST_F(ManagedBroker, WhosePortIsTakenSaysSo) {
  auto broker = prepared(mosquitto());
  const auto taken = network.listen(broker->endpoints().front(), std::nullopt,
                                    [](std::unique_ptr<net::channel>) {});
  ASSERT_TRUE(taken);
  const auto started = broker->start(v3_1_1, patience);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, exit_code::environment_failed);
  EXPECT_EQ(started.error().message, "cannot start mosquitto: port " +
                                         std::to_string(broker->endpoints().front().port) +
                                         " of 127.0.0.1 is taken");
}

TEST_F(ManagedBroker, ThatIsNeverReadySaysWhatHappenedLast) {
  profile silent = mosquitto();
  silent.command = "sh";
  silent.arguments = {"-c", "echo looking for my keys; exec sleep 600"};
  silent.ready_within = 300ms;
  const auto started = prepared(silent)->start(v3_1_1, 300ms);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, exit_code::environment_failed);
  EXPECT_THAT(started.error().message,
              AllOf(HasSubstr("was not ready within 300ms"), HasSubstr("looking for my keys")));
}

TEST_F(ManagedBroker, ThatRefusesTheProbeTellsTheCode) {
  profile closed = mosquitto();
  std::string& config = closed.files.front().content;
  const std::string open = "allow_anonymous true";
  config.replace(config.find(open), open.size(), "allow_anonymous false");
  const auto started = prepared(closed)->start(v3_1_1, patience);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, exit_code::environment_failed);
  EXPECT_THAT(started.error().message, HasSubstr("refused the CONNECT: 0x05 Not authorized"));
}

TEST_F(ManagedBroker, IsGoneWhenItsOwnerIs) {
  pid_t pid = -1;
  {
    auto broker = prepared(mosquitto());
    ASSERT_TRUE(broker->start(v3_1_1, patience));
    pid = broker->pid();
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(InstalledVersion, IsWhatTheBrokerPrints) {
  const auto version = installed_version(*find_profile("mosquitto", {}));
  ASSERT_TRUE(version);
  EXPECT_THAT(*version, ::testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
}

TEST(InstalledVersion, OfAMissingBrokerIsNothing) {
  profile missing = *find_profile("mosquitto", {});
  missing.command = "no-such-broker";
  EXPECT_FALSE(installed_version(missing));
}

}  // namespace
}  // namespace gauntlet::target
