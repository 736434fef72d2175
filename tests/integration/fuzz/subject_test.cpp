// Goal: what happens to a real broker's process is told by its right name, and a fresh broker has
// nothing of it.

#include "fuzz/campaign/subject.hpp"

#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fuzz/campaign/triage.hpp"
#include "fuzz/mutation/generate.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::fuzz {
namespace {

using record::finding_kind;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class FuzzSubject : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = subject::open({.target = {.target = "mosquitto", .run_folder = folder.path()}});
    ASSERT_TRUE(opened) << opened.error().message;
    broker = std::move(*opened);
  }

  /// Something that a broker understands.
  static input legal() {
    seeded_stream draws(5, "test", "", 0);
    return generate(draws, profile::depth);
  }

  /// The only child of this process is the broker.
  static pid_t broker_process() {
    std::ifstream file("/proc/self/task/" + std::to_string(getpid()) + "/children");
    pid_t found = -1;
    file >> found;
    return found;
  }

  test::temporary_directory folder;
  std::unique_ptr<subject> broker;
};

TEST_F(FuzzSubject, ServesAndHarmsNobody) {
  ASSERT_TRUE(broker->has_witness());
  for (int i = 0; i < 20; ++i) {
    const observation& seen = broker->play(legal());
    EXPECT_EQ(seen.life, broker_life::serves);
    EXPECT_FALSE(broker->check_quickly());
    EXPECT_FALSE(broker->check_witness());
  }
  EXPECT_FALSE(broker->check_thoroughly());
  EXPECT_EQ(broker->false_alarms(), 0U);
  EXPECT_EQ(broker->restarts(), 0U);
}

TEST_F(FuzzSubject, AnEndOfTheProcessIsACrash) {
  ASSERT_EQ(kill(broker_process(), SIGSEGV), 0);
  broker->play(legal());
  const auto found = broker->check_quickly();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, finding_kind::crash);
  EXPECT_THAT(found->sentence, HasSubstr("signal"));
  EXPECT_THAT(finding_id(*found), StartsWith("crash-"));
}

TEST_F(FuzzSubject, SilenceIsAHang) {
  const pid_t process = broker_process();
  ASSERT_EQ(kill(process, SIGSTOP), 0);
  broker->play(legal());
  const auto found = broker->check_quickly();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, finding_kind::hang);
  EXPECT_THAT(found->sentence, HasSubstr("it does nothing"));
}

TEST_F(FuzzSubject, AFreshBrokerServesAgain) {
  ASSERT_EQ(kill(broker_process(), SIGKILL), 0);
  broker->play(legal());
  ASSERT_TRUE(broker->check_quickly());
  const auto fresh = broker->restart();
  ASSERT_TRUE(fresh) << fresh.error().message;
  EXPECT_EQ(broker->play(legal()).life, broker_life::serves);
  EXPECT_FALSE(broker->check_thoroughly());
  EXPECT_EQ(broker->restarts(), 1U);
}

TEST_F(FuzzSubject, AnInputThatDoesNoHarmIsNotBlamed) {
  for (const auto kind : {finding_kind::crash, finding_kind::disturbance, finding_kind::leak}) {
    EXPECT_FALSE(play_again(*broker, {legal(), legal()}, kind)) << name(kind);
  }
}

TEST(FuzzSubjectOwnership, ABrokerElsewhereIsLeftAlone) {
  // An address that the standards keep for documents: nobody is there.
  const auto refused = subject::open({.target = {.target = "mqtt://192.0.2.1:1883"}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, exit_code::bad_input);
  EXPECT_THAT(refused.error().message, HasSubstr("is not on this machine"));
}

}  // namespace
}  // namespace gauntlet::fuzz
