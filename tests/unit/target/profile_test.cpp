// Goal: the profiles that come with Gauntlet load, and every mistake in one is told with its place.

#include "harness/target/profile.hpp"

#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::target {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string minimal =
    "name: tiny\n"
    "title: Tiny broker\n"
    "install: make tiny\n"
    "command: tinyd\n"
    "arguments: [-p, \"{port}\"]\n"
    "listeners:\n"
    "  - { port: port, transport: tcp, versions: [\"3.1.1\"] }\n";

/// The minimal profile with one piece of text replaced.
std::string with(const std::string& old_text, const std::string& new_text) {
  std::string yaml = minimal;
  const std::size_t at = yaml.find(old_text);
  EXPECT_NE(at, yaml.npos) << old_text;
  return yaml.replace(at, old_text.size(), new_text);
}

std::string diagnosis(const std::string& yaml) {
  const auto result = parse_profile(yaml, "tiny.yaml");
  if (result) return "no error";
  EXPECT_EQ(result.error().code, exit_code::bad_input);
  return result.error().message;
}

TEST(Profile, OfMosquittoIsBuiltIn) {
  const auto found = find_profile("mosquitto", {});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->command, "mosquitto");
  EXPECT_EQ(found->install, "apt-get install mosquitto");
  ASSERT_EQ(found->listeners.size(), 3U);
  EXPECT_EQ(found->listeners[0].transport, net::transport::tcp);
  EXPECT_THAT(found->listeners[0].versions,
              ElementsAre(mqtt::protocol_version::v3_1_1, mqtt::protocol_version::v5));
  EXPECT_EQ(found->listeners[1].transport, net::transport::ws);
  EXPECT_EQ(found->listeners[2].transport, net::transport::tls);
  EXPECT_EQ(found->certificate_authority, "certificate.pem");
  ASSERT_TRUE(found->guarded);
  EXPECT_EQ(found->guarded->denied_topic, "forbidden/topic");
  EXPECT_TRUE(found->is_persistent);
  EXPECT_THAT(found->files.at(0).content, HasSubstr("listener {port} 127.0.0.1"));
}

TEST(Profile, TakesWhatIsLeftOutFromDefaults) {
  const auto tiny = parse_profile(minimal, "tiny.yaml");
  ASSERT_TRUE(tiny) << tiny.error().message;
  EXPECT_EQ(tiny->ready_within, std::chrono::seconds(10));
  EXPECT_EQ(tiny->stop_within, std::chrono::seconds(5));
  EXPECT_FALSE(tiny->login);
  EXPECT_TRUE(tiny->files.empty());
  EXPECT_TRUE(tiny->preparation.empty());
  EXPECT_FALSE(tiny->guarded);
  EXPECT_FALSE(tiny->is_persistent);
}

TEST(Profile, ReadsEveryKey) {
  const auto tiny = parse_profile(minimal +
                                      "login: { user_name: me, password: secret }\n"
                                      "environment: { HOME: \"{directory}\" }\n"
                                      "version_arguments: [--version]\n"
                                      "files: { a.conf: \"x {port} {guarded} {own} {cache}\" }\n"
                                      "preparation: [[make, \"{directory}\"], [\"{cache}/x\"]]\n"
                                      "guarded_listener:\n"
                                      "  port: guarded\n"
                                      "  user: { user_name: you, password: secret }\n"
                                      "  denied_topic: a/b\n"
                                      "  authentication_method: SCRAM-SHA-256\n"
                                      "further_ports: [own]\n"
                                      "persistent: true\n"
                                      "ready_within: 90s\n"
                                      "stop_within: 1s\n",
                                  "tiny.yaml");
  ASSERT_TRUE(tiny) << tiny.error().message;
  ASSERT_TRUE(tiny->login);
  EXPECT_EQ(tiny->login->password, "secret");
  EXPECT_EQ(tiny->environment.at("HOME"), "{directory}");
  EXPECT_EQ(tiny->ready_within, std::chrono::seconds(90));
  ASSERT_EQ(tiny->preparation.size(), 2U);
  EXPECT_THAT(tiny->preparation[0], ElementsAre("make", "{directory}"));
  ASSERT_TRUE(tiny->guarded);
  EXPECT_EQ(tiny->guarded->user.user_name, "you");
  EXPECT_EQ(tiny->guarded->denied_topic, "a/b");
  EXPECT_EQ(tiny->guarded->authentication_method, "SCRAM-SHA-256");
  EXPECT_THAT(tiny->further_ports, ElementsAre("own"));
  EXPECT_TRUE(tiny->is_persistent);
}

TEST(Profile, FindsItsProgramInTheCache) {
  const auto tiny = parse_profile(with("command: tinyd", "command: \"{cache}/tiny/run\"") +
                                      "version_arguments: [\"{cache}/tiny/version\"]\n",
                                  "tiny.yaml");
  ASSERT_TRUE(tiny) << tiny.error().message;
  EXPECT_EQ(tiny->command, broker_cache() / "tiny/run");
  EXPECT_THAT(tiny->version_arguments, ElementsAre(broker_cache() / "tiny/version"));
}

TEST(Profile, RefusesAPlaceholderThatItsCommandCannotKnow) {
  EXPECT_THAT(diagnosis(with("command: tinyd", "command: \"{directory}/tinyd\"")),
              HasSubstr("unknown placeholder {directory}"));
}

TEST(Profile, NamesAPlaceholderInItsPreparation) {
  EXPECT_THAT(diagnosis(minimal + "preparation: [[make, \"{prt}\"]]\n"),
              HasSubstr("unknown placeholder {prt}, did you mean 'port'?"));
}

TEST(Profile, TellsTheBrokerItsGuardedPort) {
  EXPECT_THAT(diagnosis(minimal + "guarded_listener:\n"
                                  "  port: guarded\n"
                                  "  user: { user_name: you, password: secret }\n"),
              HasSubstr("no argument or file tells the broker its {guarded}"));
}

TEST(Profile, HasAnAuthorityIfItHasTls) {
  EXPECT_THAT(diagnosis(with("tcp", "tls")),
              HasSubstr("a TLS listener needs a certificate_authority"));
  EXPECT_THAT(diagnosis(minimal + "certificate_authority: ca.pem\n"),
              HasSubstr("no listener has TLS"));
}

TEST(Profile, NamesAnUnknownKeyWithItsPlace) {
  EXPECT_THAT(diagnosis(with("install:", "instal:")), HasSubstr("tiny.yaml:3:1"));
}

TEST(Profile, NamesAMissingKey) {
  EXPECT_THAT(diagnosis(with("command: tinyd\n", "")), HasSubstr("command"));
}

TEST(Profile, NamesAWrongTransportAndVersion) {
  EXPECT_THAT(diagnosis(with("tcp", "tpc")), HasSubstr("tiny.yaml:7:30"));
  EXPECT_THAT(diagnosis(with("3.1.1", "3.1")), HasSubstr("tiny.yaml:7"));
}

TEST(Profile, NamesAnUnknownPlaceholder) {
  const std::string message = diagnosis(with("{port}", "{prt}"));
  EXPECT_THAT(message, HasSubstr("tiny.yaml:5:17"));
  EXPECT_THAT(message, HasSubstr("unknown placeholder {prt}, did you mean 'port'?"));
}

TEST(Profile, NamesAPortThatTheBrokerIsNotTold) {
  EXPECT_THAT(diagnosis(with("\"{port}\"", "\"1883\"")),
              HasSubstr("no argument or file tells the broker its {port}"));
}

TEST(Profile, NamesAPortUsedTwice) {
  EXPECT_THAT(diagnosis(minimal + "  - { port: port, transport: ws, versions: [\"5.0\"] }\n"),
              HasSubstr("tiny.yaml:8:13"));
}

TEST(Profile, RefusesFilesOutsideItsFolder) {
  EXPECT_THAT(diagnosis(minimal + "files: { ../evil.conf: x }\n"),
              HasSubstr("'../evil.conf' must be a plain file name"));
}

TEST(Profile, TellsAllMistakesAtOnce) {
  const std::string message =
      diagnosis("name: Tiny\ntitle: x\ninstall: y\nlisteners: []\nmore: 1\n");
  EXPECT_THAT(message, HasSubstr("tiny.yaml:1:7"));
  EXPECT_THAT(message, HasSubstr("command"));
  EXPECT_THAT(message, HasSubstr("tiny.yaml:5:1"));
}

TEST(Profile, OfAnUnknownNameSaysWhichThereAre) {
  const auto found = find_profile("mosquito", {});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, exit_code::bad_input);
  EXPECT_EQ(found.error().message,
            "no broker profile is named 'mosquito', did you mean 'mosquitto'?");
}

TEST(BrokerCache, IsWhereTheVariableSays) {
  const auto home = std::filesystem::path(std::getenv("HOME") ? std::getenv("HOME") : "");
  ::unsetenv("GAUNTLET_BROKERS");
  ::unsetenv("XDG_CACHE_HOME");
  EXPECT_EQ(broker_cache(), home / ".cache/gauntlet/brokers");
  ::setenv("XDG_CACHE_HOME", "/var/cache/me", 1);
  EXPECT_EQ(broker_cache(), "/var/cache/me/gauntlet/brokers");
  ::setenv("GAUNTLET_BROKERS", "/opt/brokers", 1);
  EXPECT_EQ(broker_cache(), "/opt/brokers");
}

TEST(Profiles, AreListedByName) {
  const auto all = list_profiles({});
  ASSERT_TRUE(all) << all.error().message;
  ASSERT_FALSE(all->empty());
  for (std::size_t i = 1; i < all->size(); ++i) EXPECT_LT((*all)[i - 1].name, (*all)[i].name);
}

TEST(Profiles, OfAMissingFolderAreBadInput) {
  const auto all = list_profiles("no/such/folder");
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().code, exit_code::bad_input);
  EXPECT_THAT(all.error().message, HasSubstr("no/such/folder"));
}

}  // namespace
}  // namespace gauntlet::target
