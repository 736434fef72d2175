// Goal: the broker of every built-in profile that is installed here starts, answers on each of its
// listeners in each version that it speaks, keeps strangers out where it should, and stops.

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/target/managed_broker.hpp"
#include "harness/target/probe.hpp"
#include "harness/target/target.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::target {
namespace {

class RealBroker : public ::testing::TestWithParam<profile> {
 protected:
  test::temporary_directory folder;
  net::asio_loop loop;
  net::asio_network network{loop};
};

// Without the reference broker: its program is the one that runs, and that is this test here.
std::vector<profile> built_in() {
  auto all = list_profiles({});
  if (!all) return {};
  std::erase_if(*all, [](const profile& each) { return each.name == "reference"; });
  return *all;
}

TEST_P(RealBroker, AnswersOnEveryListener) {
  const profile& broker = GetParam();
  if (!find_command(broker.command)) GTEST_SKIP() << "not installed: " << broker.install;
  auto opened = open_target({.target = broker.name, .run_folder = folder.path() / "run"}, network);
  ASSERT_TRUE(opened) << opened.error().message;
  target_handle& target = **opened;
  EXPECT_THAT(target.product(), ::testing::MatchesRegex(broker.name + " [0-9.]+")) << "no version";

  for (const profile_listener& listener : broker.listeners) {
    for (const auto version : listener.versions) {
      const auto where = target.endpoint_for(version, listener.transport);
      ASSERT_TRUE(where) << where.error().message;
      const auto answer = probe(network, *where,
                                {.version = version, .login = target.login(), .tls = target.tls()});
      EXPECT_EQ(answer.answer, probe_answer::accepted)
          << net::to_string(*where) << ' ' << mqtt::version_name(version) << ' ' << answer.detail;
    }
  }
  if (const auto guarded = target.guarded()) {
    const auto version = broker.listeners.front().versions.front();
    const auto ask = [&](std::optional<credentials> login) {
      return probe(network, guarded->where, {.version = version, .login = std::move(login)}).answer;
    };
    EXPECT_EQ(ask(guarded->user), probe_answer::accepted);
    EXPECT_NE(ask(credentials{guarded->user.user_name, "wrong"}), probe_answer::accepted);
    EXPECT_NE(ask(std::nullopt), probe_answer::accepted);
  }
  target.stop();
  EXPECT_FALSE(target.managed()->is_running());
}

TEST_P(RealBroker, StartsAgainWithItsData) {
  const profile& broker = GetParam();
  if (!find_command(broker.command)) GTEST_SKIP() << "not installed: " << broker.install;
  if (!broker.is_persistent) GTEST_SKIP() << "keeps nothing";
  auto opened = open_target({.target = broker.name, .run_folder = folder.path() / "run"}, network);
  ASSERT_TRUE(opened) << opened.error().message;
  managed_broker& process = *(*opened)->managed();
  process.stop();
  const auto again = process.start(broker.listeners.front().versions.front(), broker.ready_within);
  EXPECT_TRUE(again) << again.error().message;
}

INSTANTIATE_TEST_SUITE_P(Profiles, RealBroker, ::testing::ValuesIn(built_in()),
                         [](const auto& tested) {
                           std::string name = tested.param.name;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace

/// What test reports show for a profile.
void PrintTo(const profile& broker, std::ostream* out) { *out << broker.name; }

}  // namespace gauntlet::target
