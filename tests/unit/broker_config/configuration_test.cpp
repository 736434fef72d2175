// Goal: the broker's file says what the broker does, and every mistake in it is told with its
// place.

#include "harness/broker_config/configuration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/auth/password_verifier.hpp"
#include "harness/config/example.hpp"

namespace gauntlet::broker_config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

configuration read(std::string_view text) {
  auto loaded = parse_configuration(text, "broker.yaml");
  EXPECT_TRUE(loaded.has_value()) << config::to_failure(loaded.error()).message;
  return loaded ? std::move(*loaded) : configuration();
}

std::vector<std::string> errors(std::string_view text) {
  const auto loaded = parse_configuration(text, "broker.yaml");
  std::vector<std::string> lines;
  if (!loaded) {
    for (const config::diagnostic& each : loaded.error()) lines.push_back(to_string(each));
  }
  return lines;
}

TEST(BrokerConfiguration, SetsWhatItNamesAndLeavesTheRest) {
  const configuration made = read(R"(
listen: [mqtt://0.0.0.0:1884, {url: "wss://[::1]:8884/mqtt", tls: {certificate_file: own.pem, key_file: own.key}}]
tls: {certificate_file: all.pem, key_file: all.key, version_min: 1.3}
limits: {connections_max: 20, connect_timeout: 5s, queued_bytes_max: 1MiB}
capabilities: {maximum_qos: 1, session_expiry_interval_max: 1h, keep_alive_max: 60s}
users: [{name: ali, password: "12345"}, "baba:open:sesame"]
allow_anonymous: true
persistence: {directory: kept, synchronization: normal}
defects: [lose-qos1-delivery:1/3]
log_level: debug
)");
  EXPECT_EQ(made.listen.size(), 2U);
  EXPECT_EQ(made.listen[1].where.transport, net::transport::wss);
  EXPECT_EQ(made.listen[1].tls.certificate_file, "own.pem");
  EXPECT_EQ(made.tls.version_min, net::tls_version::tls1_3);
  const broker::limits& limits = made.broker.limits;
  EXPECT_EQ(limits.connections_max, 20U);
  EXPECT_EQ(limits.connect_timeout, std::chrono::seconds(5));
  EXPECT_EQ(limits.queued_bytes_max, 1U << 20U);
  EXPECT_EQ(limits.queued_messages_max, broker::limits{}.queued_messages_max);
  EXPECT_EQ(made.broker.capabilities.maximum_qos, 1);
  EXPECT_EQ(made.broker.capabilities.session_expiry_interval_max_s, 3'600U);
  EXPECT_EQ(made.broker.capabilities.keep_alive_max_s, 60);
  ASSERT_EQ(made.broker.users.size(), 2U);
  EXPECT_EQ(made.broker.users[1].name, "baba");
  EXPECT_TRUE(made.broker.allow_anonymous);
  EXPECT_EQ(made.broker.persistence.directory, "kept");
  EXPECT_EQ(made.broker.persistence.synchronization, broker::store_synchronization::normal);
  ASSERT_EQ(made.broker.defects.size(), 1U);
  EXPECT_EQ(made.broker.defects[0].one_in, 3U);
  EXPECT_EQ(made.broker.level, broker::log_level::debug);
}

TEST(BrokerConfiguration, NamesEveryMistakeWithItsPlace) {
  EXPECT_THAT(errors("limits:\n  conections_max: 5\n"),
              ElementsAre("broker.yaml:2:3: limits: unknown key 'conections_max', did you mean "
                          "'connections_max'?"));
  EXPECT_THAT(errors("limits: {connect_timeout: 5}\ncapabilities: {maximum_qos: 3}\n"),
              ElementsAre(HasSubstr("broker.yaml:1:27: limits.connect_timeout: "),
                          HasSubstr("broker.yaml:2:29: capabilities.maximum_qos: expected a whole "
                                    "number from 0 to 2, not '3'")));
  EXPECT_THAT(errors("listen: [mqtt://h:99999]"), ElementsAre(HasSubstr("ports run from 0")));
  EXPECT_THAT(errors("listen: []"), ElementsAre(HasSubstr("listen: expected 1 to 1000 elements")));
  EXPECT_THAT(errors("defects: [lose-wills]"), ElementsAre(HasSubstr("did you mean 'lose-will'?")));
  EXPECT_THAT(errors("capabilities: {session_expiry_interval_max: 1500ms}"),
              ElementsAre(HasSubstr("whole seconds")));
  EXPECT_THAT(errors("tls: {version_min: 1.3, version_max: 1.2}"),
              ElementsAre("broker.yaml:1:6: tls: version_min is above version_max"));
  EXPECT_THAT(errors("seed: 1\nseed: 2\n"), ElementsAre(HasSubstr("broker.yaml:2:1:")));
}

TEST(BrokerConfiguration, KeepsVerifiersInPlaceOfPasswords) {
  const auto verifier = auth::make_verifier(as_bytes(std::string_view("open sesame")));
  const configuration made =
      read("users: [{name: ali, password: \"" + auth::to_text(verifier) + "\"}, \"baba:x\"]");
  ASSERT_EQ(made.broker.users.size(), 2U);
  EXPECT_EQ(made.broker.users[0].password, verifier);
  EXPECT_TRUE(
      auth::verify_password(made.broker.users[1].password, as_bytes(std::string_view("x"))));
  EXPECT_THAT(errors("users: [{name: ali, password: SCRAM-SHA-256$1}]"),
              ElementsAre(HasSubstr("broker.yaml:1:31: users[0].password: ")));
}

TEST(BrokerConfiguration, ReadsAccessLists) {
  const configuration made = read(R"(
users:
  - name: ali
    password: secret
    access:
      rules: [allow publish sensors/%c/#, deny subscribe a b, "allow both #"]
      otherwise: allow
default_access: {rules: [allow subscribe news/#]}
)");
  ASSERT_EQ(made.broker.users.size(), 1U);
  ASSERT_TRUE(made.broker.users[0].access.has_value());
  const broker::access_list& list = *made.broker.users[0].access;
  ASSERT_EQ(list.rules.size(), 3U);
  EXPECT_EQ(list.rules[0].decision, broker::permission::allow);
  EXPECT_EQ(list.rules[0].kind, broker::access_kind::publish);
  EXPECT_EQ(list.rules[0].filter, "sensors/%c/#");
  EXPECT_EQ(list.rules[1].decision, broker::permission::deny);
  EXPECT_EQ(list.rules[1].kind, broker::access_kind::subscribe);
  EXPECT_EQ(list.rules[1].filter, "a b");
  EXPECT_EQ(list.rules[2].kind, broker::access_kind::both);
  EXPECT_EQ(list.otherwise, broker::permission::allow);
  ASSERT_TRUE(made.broker.default_access.has_value());
  EXPECT_EQ(made.broker.default_access->otherwise, broker::permission::deny);

  EXPECT_THAT(errors("default_access: {rules: [permit publish a, allow both]}"),
              ElementsAre(HasSubstr("broker.yaml:1:26: default_access.rules[0]: expected 'allow'"),
                          HasSubstr("default_access.rules[1]: expected 'allow'")));
}

TEST(BrokerConfiguration, DoesNotRepeatAPassword) {
  EXPECT_THAT(errors("users: [{name: ali, password: 12345}]"),
              ElementsAre(testing::AllOf(HasSubstr("users[0].password"), HasSubstr("quotes"),
                                         testing::Not(HasSubstr("12345")))));
}

TEST(BrokerConfiguration, GivesEachSecureListenerItsFilesOrThoseOfAll) {
  const auto made = to_server_options(read(R"(
listen: [mqtts://h:1, {url: "wss://h:2/mqtt", tls: {certificate_file: own.pem, key_file: own.key}}, ws://h:3]
tls: {certificate_file: all.pem, key_file: all.key}
)"));
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->listen[0].tls->certificate_file, "all.pem");
  EXPECT_EQ(made->listen[1].tls->key_file, "own.key");
  EXPECT_FALSE(made->listen[2].tls.has_value());

  const auto without = to_server_options(read("listen: [\"mqtts://h:1\"]"));
  ASSERT_TRUE(without.has_error());
  EXPECT_THAT(without.error().message, HasSubstr("mqtts://h:1 needs a certificate_file"));
}

// What is worth comparing of two.
void expect_same(const configuration& a, const configuration& b) {
  EXPECT_EQ(a.broker.limits, b.broker.limits);
  EXPECT_EQ(a.broker.capabilities, b.broker.capabilities);
  EXPECT_EQ(a.broker.redirection, b.broker.redirection);
  EXPECT_EQ(a.broker.sys_interval, b.broker.sys_interval);
  EXPECT_EQ(a.broker.seed, b.broker.seed);
  EXPECT_EQ(a.broker.level, b.broker.level);
  EXPECT_EQ(a.broker.allow_anonymous, b.broker.allow_anonymous);
  EXPECT_EQ(a.broker.explain_problems, b.broker.explain_problems);
  EXPECT_EQ(a.broker.check_payload_format, b.broker.check_payload_format);
  ASSERT_EQ(a.listen.size(), b.listen.size());
  EXPECT_EQ(net::to_string(a.listen[0].where), net::to_string(b.listen[0].where));
}

TEST(ExampleConfiguration, ReadsBackAsTheDefaults) {
  const configuration made = read(example_configuration());
  expect_same(made, configuration());
  EXPECT_THAT(made.broker.users, IsEmpty());
  EXPECT_THAT(made.broker.defects, IsEmpty());
}

TEST(ExampleConfiguration, ReadsBackWithWhatIsCommentedOut) {
  const configuration made = read(config::without_comment_marks(example_configuration()));
  ASSERT_EQ(made.broker.users.size(), 1U);
  EXPECT_EQ(made.broker.users[0].name, "fleet");
  EXPECT_EQ(made.listen.size(), 1U);
  EXPECT_EQ(made.listen[0].where.transport, net::transport::wss);
}

}  // namespace
}  // namespace gauntlet::broker_config
