// Goal: over TLS and secure WebSocket a certificate is believed only for a reason, and whoever is
// refused reads whose certificate it was and what is wrong with it.

#include "tests/end_to_end/end_to_end.hpp"
#include "tests/support/certificates.hpp"

namespace gauntlet::test {
namespace {

class SecureTarget : public end_to_end, public testing::WithParamInterface<const char*> {
 protected:
  running_broker start_secure(const identity_files& identity, const words& more = {}) const {
    words arguments{"--listen", std::string(GetParam()) + "://127.0.0.1:0",
                    "--cert",   identity.certificate_file,
                    "--key",    identity.key_file};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return start_broker(arguments);
  }

  program_end run_on(const running_broker& broker, const words& more = {}) {
    words arguments{"--target", broker.url};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_small({.duration = "500ms"}, arguments);
  }

  certificate_authority authority{folder, "Test Authority"};
  identity_files server = authority.issue("server", {.common_name = "the-broker"});
};

INSTANTIATE_TEST_SUITE_P(Over, SecureTarget, testing::Values("mqtts", "wss"),
                         [](const auto& each) { return std::string(each.param); });

TEST_P(SecureTarget, IsBelievedThroughItsAuthority) {
  const running_broker broker = start_secure(server);
  EXPECT_THAT(run_on(broker, {"--ca-file", authority.ca_file()}), ends_with(0, "PASSED"));
}

TEST_P(SecureTarget, IsBelievedByEveryWorkerProcess) {
  const running_broker broker = start_secure(server);
  EXPECT_THAT(run_on(broker, {"--ca-file", authority.ca_file(), "--workers", "2"}),
              ends_with(0, "PASSED"));
}

TEST_P(SecureTarget, IsNotBelievedByItself) {
  const running_broker broker = start_secure(server);
  EXPECT_THAT(run_on(broker), fails_with(3, "the target " + std::string(GetParam()), "the-broker",
                                         "unable to get local issuer certificate"));
  EXPECT_THAT(run_on(broker, {"--insecure-tls"}), ends_with(0, "PASSED"));
}

TEST_P(SecureTarget, IsNotBelievedAfterItsTime) {
  const running_broker broker = start_secure(authority.issue(
      "old", {.common_name = "old-broker", .valid_from_days = -9, .valid_to_days = -2}));
  EXPECT_THAT(run_on(broker, {"--ca-file", authority.ca_file()}),
              fails_with(3, "old-broker", "certificate has expired"));
}

TEST_P(SecureTarget, IsNotBelievedUnderAnotherName) {
  const running_broker broker = start_secure(server);
  EXPECT_THAT(run_on(broker, {"--ca-file", authority.ca_file(), "--server-name", "other.example"}),
              fails_with(3, "the-broker", "other.example"));
  EXPECT_THAT(run_on(broker, {"--ca-file", authority.ca_file(), "--server-name", "localhost"}),
              ends_with(0, "PASSED"));
}

TEST_P(SecureTarget, MayDemandACertificateOfItsClients) {
  const running_broker broker = start_secure(server, {"--client-ca", authority.ca_file()});
  EXPECT_THAT(run_on(broker, {"--ca-file", authority.ca_file()}),
              fails_with(3, "the target " + std::string(GetParam()), "certificate required"));

  const identity_files client = authority.issue("client");
  EXPECT_THAT(run_on(broker, {"--ca-file", authority.ca_file(), "--cert", client.certificate_file,
                              "--key", client.key_file}),
              ends_with(0, "PASSED"));
}

TEST_P(SecureTarget, NeedsFilesThatCanBeRead) {
  const running_broker broker = start_secure(server);
  EXPECT_THAT(run_on(broker, {"--ca-file", "none.pem"}), fails_with(2, "none.pem"));
  EXPECT_THAT(run_on(broker, {"--cert", "none.pem", "--key", "none.key"}),
              fails_with(2, "none.pem"));
  folder.write("text.pem", "no certificate");
  EXPECT_THAT(run_on(broker, {"--ca-file", "text.pem"}), fails_with(2, "text.pem"));
}

TEST_P(SecureTarget, IsNoPlainTarget) {
  const running_broker broker = start_broker();
  const std::string secure = GetParam() + broker.url.substr(broker.url.find(':'));
  EXPECT_THAT(run_small({}, {"--target", secure}), fails_with(3, "the target " + secure));
}

class WebSocketTarget : public end_to_end {};

TEST_F(WebSocketTarget, CarriesTheFleet) {
  const running_broker broker = start_broker({"--listen", "ws://127.0.0.1:0"});
  EXPECT_THAT(run_small({}, {"--target", broker.url}),
              ends_with(0, "PASSED", "on ws://127.0.0.1:"));
}

TEST_F(WebSocketTarget, MustAnswerTheUpgrade) {
  const running_broker broker = start_broker();
  const std::string url = "ws" + broker.url.substr(4);
  EXPECT_THAT(run_small({}, {"--target", url}), fails_with(3, "the target " + url));
}

class SecureBroker : public end_to_end {};

TEST_F(SecureBroker, NeedsACertificate) {
  EXPECT_THAT(
      run({"broker", "--listen", "mqtts://127.0.0.1:0"}),
      fails_with(2, "mqtts://127.0.0.1:0 needs a certificate_file and a key_file (--cert, --key)"));
  EXPECT_THAT(run({"broker", "--listen", "wss://127.0.0.1:0", "--cert", "none.pem", "--key", "k"}),
              fails_with(2, "none.pem"));
}

}  // namespace
}  // namespace gauntlet::test
