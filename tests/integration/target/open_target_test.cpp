// Goal: everything that --target accepts leads to a broker that answers, or to a failure that says
// what to do.

#include <csignal>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/target/managed_broker.hpp"
#include "harness/target/port_choice.hpp"
#include "harness/target/probe.hpp"
#include "harness/target/target.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::target {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr auto v3_1_1 = mqtt::protocol_version::v3_1_1;
constexpr auto v5 = mqtt::protocol_version::v5;

class OpenTarget : public ::testing::Test {
 protected:
  outcome<std::unique_ptr<target_handle>> open(const std::string& target) {
    return open_target({.target = target, .run_folder = folder.path() / "run"}, network);
  }

  /// The message of a failure with that code.
  std::string failure_of(const std::string& target, exit_code code) {
    const auto opened = open(target);
    if (opened) return "no failure";
    EXPECT_EQ(opened.error().code, code);
    return opened.error().message;
  }

  test::temporary_directory folder;
  net::asio_loop loop;
  net::asio_network network{loop};
};

TEST_F(OpenTarget, StartsTheBrokerOfAProfile) {
  auto target = open("mosquitto");
  ASSERT_TRUE(target) << target.error().message;
  EXPECT_THAT((*target)->description(), AllOf(StartsWith("mosquitto 2."), HasSubstr("127.0.0.1")));
  EXPECT_NE((*target)->managed(), nullptr);

  const auto plain = (*target)->endpoint_for(v5);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->transport, net::transport::tcp);
  EXPECT_EQ(probe(network, *plain, {.version = v5}).answer, probe_answer::accepted);

  const auto web = (*target)->endpoint_for(v3_1_1, net::transport::ws);
  ASSERT_TRUE(web);
  EXPECT_NE(web->port, plain->port);
  EXPECT_EQ(probe(network, *web, {.version = v3_1_1}).answer, probe_answer::accepted);

  const auto secure_web = (*target)->endpoint_for(v5, net::transport::wss);
  ASSERT_FALSE(secure_web);
  EXPECT_EQ(secure_web.error().code, exit_code::bad_input);
}

TEST_F(OpenTarget, TrustsTheCertificateOfTheBrokerThatItStarts) {
  auto target = open("mosquitto");
  ASSERT_TRUE(target) << target.error().message;
  const auto where = (*target)->endpoint_for(v5, net::transport::tls);
  ASSERT_TRUE(where);
  EXPECT_EQ(probe(network, *where, {.version = v5, .tls = (*target)->tls()}).answer,
            probe_answer::accepted);
  const auto stranger = network.prepare_tls({});
  ASSERT_TRUE(stranger);
  EXPECT_NE(probe(network, *where, {.version = v5, .tls = *stranger}).answer,
            probe_answer::accepted);
}

TEST_F(OpenTarget, KnowsTheListenerThatAsksForALogin) {
  auto target = open("mosquitto");
  ASSERT_TRUE(target) << target.error().message;
  const auto guarded = (*target)->guarded();
  ASSERT_TRUE(guarded);
  EXPECT_EQ(guarded->denied_topic, "forbidden/topic");
  EXPECT_EQ(probe(network, guarded->where, {.login = guarded->user}).answer,
            probe_answer::accepted);
  EXPECT_EQ(probe(network, guarded->where, {}).answer, probe_answer::refused);
  const credentials wrong{guarded->user.user_name, "wrong"};
  EXPECT_EQ(probe(network, guarded->where, {.login = wrong}).answer, probe_answer::refused);
}

TEST_F(OpenTarget, KnowsThatTheBrokerKeepsItsData) {
  auto target = open("mosquitto");
  ASSERT_TRUE(target) << target.error().message;
  EXPECT_TRUE((*target)->is_persistent());
}

TEST_F(OpenTarget, StartsTheEmbeddedBroker) {
  auto target = open("embedded");
  ASSERT_TRUE(target) << target.error().message;
  EXPECT_THAT((*target)->description(), StartsWith("the embedded reference broker"));
  for (const auto transport : {net::transport::tcp, net::transport::ws}) {
    const auto where = (*target)->endpoint_for(v5, transport);
    ASSERT_TRUE(where);
    EXPECT_EQ(probe(network, *where, {.version = v5}).answer, probe_answer::accepted);
  }
  EXPECT_FALSE((*target)->endpoint_for(v5, net::transport::tls));

  const net::endpoint where = *(*target)->endpoint_for(v3_1_1);
  (*target)->stop();
  EXPECT_EQ(probe(network, where, {}).answer, probe_answer::unreachable);
}

TEST_F(OpenTarget, GivesTheEmbeddedBrokerItsUsers) {
  target_options options{.target = "embedded", .run_folder = folder.path()};
  options.embedded.users = {broker::make_user("me", "secret")};
  const auto refused = open_target(options, network);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, exit_code::environment_failed);
  EXPECT_THAT(refused.error().message, HasSubstr("refused the CONNECT: 0x0"));

  options.login = credentials{"me", "secret"};
  const auto accepted = open_target(options, network);
  EXPECT_TRUE(accepted) << accepted.error().message;
}

TEST_F(OpenTarget, ReportsTheDeathOfAManagedBroker) {
  auto target = open("mosquitto");
  ASSERT_TRUE(target) << target.error().message;
  std::optional<exit_report> report;
  (*target)->on_exit([&report](const exit_report& seen) { report = seen; });
  ASSERT_EQ(::kill((*target)->managed()->pid(), SIGKILL), 0);
  ASSERT_TRUE(loop.run_until([&report] { return report.has_value(); }, loop.now() + 10s));
  EXPECT_FALSE(report->expected);
  EXPECT_EQ(report->how, "mosquitto was killed by signal 9 (Killed)");
  EXPECT_THAT(report->log_tail, HasSubstr("mosquitto"));
}

TEST_F(OpenTarget, ConnectsToAUrl) {
  auto managed = open("mosquitto");
  ASSERT_TRUE(managed) << managed.error().message;
  const auto port = std::to_string((*managed)->endpoint_for(v5)->port);

  auto target = open("mqtt://me:secret@127.0.0.1:" + port);
  ASSERT_TRUE(target) << target.error().message;
  EXPECT_THAT((*target)->description(),
              AllOf(HasSubstr(port), ::testing::Not(HasSubstr("secret"))));
  ASSERT_TRUE((*target)->login());
  EXPECT_EQ((*target)->login()->password, "secret");
  EXPECT_EQ((*target)->managed(), nullptr);
  EXPECT_TRUE((*target)->endpoint_for(v3_1_1));
  EXPECT_FALSE((*target)->endpoint_for(v3_1_1, net::transport::ws));

  (*target)->stop();
  EXPECT_TRUE((*managed)->managed()->is_running()) << "a URL's broker is not ours to stop";
}

TEST_F(OpenTarget, TellsThatNobodyListens) {
  const auto port = std::to_string(choose_ports(1)->front());
  EXPECT_THAT(
      failure_of("mqtt://127.0.0.1:" + port, exit_code::environment_failed),
      AllOf(HasSubstr("127.0.0.1:" + port), HasSubstr("cannot be reached"), HasSubstr("refused")));
}

TEST_F(OpenTarget, TellsThatAPortBelongsToSomethingElse) {
  const std::uint16_t port = choose_ports(1)->front();
  struct closing_handler : net::channel_handler {
    void on_bytes(net::channel& channel, byte_view) override {
      channel.send(as_bytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
    }
    void on_end(net::channel&, const net::channel_end&) override {}
  } handler;
  std::vector<std::unique_ptr<net::channel>> channels;
  const auto web_server = network.listen({.host = "127.0.0.1", .port = port}, std::nullopt,
                                         [&](std::unique_ptr<net::channel> accepted) {
                                           accepted->set_handler(handler);
                                           channels.push_back(std::move(accepted));
                                         });
  ASSERT_TRUE(web_server);
  EXPECT_THAT(failure_of("mqtt://127.0.0.1:" + std::to_string(port), exit_code::environment_failed),
              HasSubstr("answered the CONNECT with no CONNACK"));
}

TEST_F(OpenTarget, TellsABadUrl) {
  EXPECT_THAT(failure_of("http://127.0.0.1", exit_code::bad_input), HasSubstr("http"));
}

TEST_F(OpenTarget, TellsThatAHostNeedsAScheme) {
  EXPECT_EQ(failure_of("127.0.0.1:1883", exit_code::bad_input),
            "'127.0.0.1:1883' is neither a URL nor a profile; for a broker there, write "
            "mqtt://127.0.0.1:1883");
}

TEST_F(OpenTarget, TellsAnUnknownProfile) {
  EXPECT_THAT(failure_of("mosquito", exit_code::bad_input), HasSubstr("did you mean 'mosquitto'?"));
}

TEST_F(OpenTarget, TakesProfilesFromAFolder) {
  folder.write("absent.yaml",
               "name: absent\n"
               "title: Absent broker\n"
               "install: make absent\n"
               "command: no-such-broker\n"
               "arguments: [\"{port}\"]\n"
               "listeners: [{ port: port, transport: tcp, versions: [\"5.0\"] }]\n");
  const auto opened = open_target(
      {.target = "absent", .run_folder = folder.path() / "run", .profiles_folder = folder.path()},
      network);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, exit_code::bad_input);
  EXPECT_EQ(opened.error().message, "Absent broker is not installed; install it with: make absent");
}

}  // namespace
}  // namespace gauntlet::target
