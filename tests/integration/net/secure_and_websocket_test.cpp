// Goal: TLS, WebSocket and both together carry bytes over real sockets between our own ends, and
// each way of failing is told in words that a user can act on.
#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/net/asio_network.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/recorder.hpp"

namespace gauntlet::net {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class LayeredChannel : public testing::TestWithParam<transport> {
 protected:
  LayeredChannel() {
    const test::identity_files identity = authority_.issue("server");
    server_options_ = {.certificate_file = identity.certificate_file,
                       .key_file = identity.key_file};
    client_options_.ca_file = authority_.ca_file();
  }

  bool eventually(const std::function<bool()>& done) {
    return loop_.run_until(done, loop_.now() + 5s);
  }
  void listen(transport kind, const std::string& path = "/mqtt") {
    auto listening = network_.listen({.transport = kind, .host = "127.0.0.1", .path = path},
                                     server_options_, [this](std::unique_ptr<channel> accepted) {
                                       server_ = std::make_unique<recorder>(std::move(accepted));
                                       if (when_accepted_) when_accepted_();
                                     });
    ASSERT_TRUE(listening) << listening.error().message;
    listener_ = std::move(*listening);
  }
  void dial(transport kind, duration timeout = 5s) {
    auto context = network_.prepare_tls(client_options_);
    ASSERT_TRUE(context) << context.error().message;
    client_.own = network_.dial({.transport = kind, .host = "127.0.0.1", .port = listener_->port()},
                                {.timeout = timeout, .tls = *context}, client_);
  }
  void connect() {
    listen(GetParam());
    dial(GetParam());
    ASSERT_TRUE(eventually([this] { return client_.opened && server_ != nullptr; }))
        << (client_.end ? client_.end->detail : "no event");
  }
  void expect_end(end_kind kind, const std::string& detail) {
    ASSERT_TRUE(eventually([this] { return client_.end.has_value(); }));
    EXPECT_EQ(client_.end->kind, kind);
    EXPECT_THAT(client_.end->detail, HasSubstr(detail));
  }

  test::temporary_directory directory_;
  test::certificate_authority authority_{directory_, "ca"};
  tls_client_options client_options_;
  tls_server_options server_options_;
  asio_loop loop_;
  asio_network network_{loop_};
  std::unique_ptr<listener> listener_;
  std::function<void()> when_accepted_;
  std::unique_ptr<recorder> server_;
  recorder client_;
};

const auto layered = testing::Values(transport::tls, transport::ws, transport::wss);

std::string name_of(const testing::TestParamInfo<transport>& info) {
  const char* names[] = {"Tcp", "Tls", "Ws", "Wss"};
  return names[static_cast<int>(info.param)];
}

INSTANTIATE_TEST_SUITE_P(Over, LayeredChannel, layered, name_of);

TEST_P(LayeredChannel, MovesBytesInBothDirections) {
  connect();
  client_.own->send(as_bytes("ping"));
  server_->own->send(as_bytes("pong"));
  EXPECT_TRUE(
      eventually([this] { return server_->received == "ping" && client_.received == "pong"; }));
}

TEST_P(LayeredChannel, MovesWhatIsSentAtTheFirstMoment) {
  client_.when_open = [this] { client_.own->send(as_bytes("first")); };
  when_accepted_ = [this] { server_->own->send(as_bytes("hello")); };
  connect();
  EXPECT_TRUE(
      eventually([this] { return server_->received == "first" && client_.received == "hello"; }));
}

TEST_P(LayeredChannel, MovesMoreThanTheSystemTakesAtOnce) {
  connect();
  std::string big(8'000'000, 'x');
  for (std::size_t i = 0; i < big.size(); i += 997) big[i] = static_cast<char>('a' + i % 26);
  EXPECT_GT(client_.own->send(as_bytes(big)), 0U);
  EXPECT_GT(server_->own->send(as_bytes(big)), 0U);
  EXPECT_TRUE(eventually([&] {
    return server_->received.size() == big.size() && client_.received.size() == big.size();
  }));
  EXPECT_EQ(server_->received, big);
  EXPECT_EQ(client_.received, big);
  EXPECT_EQ(client_.drained, 1);
}

TEST_P(LayeredChannel, CloseDeliversEverythingAndThenTheEnd) {
  connect();
  const std::string big(4'000'000, 'x');
  client_.own->send(as_bytes(big));
  client_.own->close();
  client_.own.reset();
  ASSERT_TRUE(eventually([this] { return server_->end.has_value(); }));
  EXPECT_EQ(server_->received.size(), big.size());
  EXPECT_EQ(server_->end->kind, end_kind::finished) << server_->end->detail;
  EXPECT_FALSE(client_.end);
  server_.reset();
  EXPECT_TRUE(eventually([this] { return network_.connections_closing() == 0; }));
}

TEST_P(LayeredChannel, AbortIsAReset) {
  connect();
  server_->own->abort();
  expect_end(end_kind::reset, "");
}

TEST_P(LayeredChannel, GivesUpOnAPeerThatSaysNothing) {
  listen(transport::tcp);
  dial(GetParam(), 50ms);
  expect_end(end_kind::timed_out, "within 50ms");
}

TEST_P(LayeredChannel, NeedsAPeerThatSpeaksTheSame) {
  listen(transport::tcp);
  when_accepted_ = [this] { server_->own->send(as_bytes("SSH-2.0-OpenSSH\r\n")); };
  dial(GetParam());
  if (GetParam() == transport::ws) {
    expect_end(end_kind::upgrade_failed, "the server does not talk HTTP");
  } else {
    expect_end(end_kind::tls_failed, "the peer does not talk TLS");
  }
}

class SecureChannel : public LayeredChannel {};
INSTANTIATE_TEST_SUITE_P(Over, SecureChannel, testing::Values(transport::tls, transport::wss),
                         name_of);

TEST_P(SecureChannel, NamesTheCertificateThatItRefuses) {
  const test::certificate_authority other(directory_, "other-ca");
  client_options_.ca_file = other.ca_file();
  listen(GetParam());
  dial(GetParam());
  expect_end(end_kind::tls_failed,
             "certificate of CN=localhost: unable to get local issuer certificate");
  EXPECT_FALSE(client_.opened);
}

TEST_P(SecureChannel, AcceptsAnyCertificateOnlyWhenInsecure) {
  client_options_.ca_file.clear();
  client_options_.insecure = true;
  connect();
}

TEST_P(SecureChannel, TellsTheServersReasonToAClientWithoutCertificate) {
  server_options_.client_ca_file = authority_.ca_file();
  client_.when_open = [this] { client_.own->send(as_bytes("CONNECT")); };
  listen(GetParam());
  dial(GetParam());
  expect_end(end_kind::tls_failed, "peer's alert: certificate required");
  EXPECT_EQ(server_, nullptr);
}

TEST_P(SecureChannel, LetsAClientInByItsCertificate) {
  const test::identity_files device = authority_.issue("device", {.common_name = "device-1"});
  client_options_.certificate_file = device.certificate_file;
  client_options_.key_file = device.key_file;
  server_options_.client_ca_file = authority_.ca_file();
  connect();
}

class WebsocketOverSockets : public LayeredChannel {};
INSTANTIATE_TEST_SUITE_P(Over, WebsocketOverSockets, testing::Values(transport::ws, transport::wss),
                         name_of);

TEST_P(WebsocketOverSockets, SaysThatThePathIsWrong) {
  listen(GetParam(), "/elsewhere");
  dial(GetParam());
  expect_end(end_kind::upgrade_failed, "the server answered \"404 Not Found\"");
  EXPECT_EQ(server_, nullptr);
}

TEST_P(WebsocketOverSockets, QuotesTheAnswerOfAPlainWebServer) {
  // A server of web pages: reads the request, answers, hangs up.
  listen(GetParam() == transport::ws ? transport::tcp : transport::tls);
  when_accepted_ = [this] {
    server_->when_bytes = [this] {
      if (server_->received.find("\r\n\r\n") == std::string::npos) return;
      server_->own->send(as_bytes("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"));
      server_->own->close();
    };
  };
  dial(GetParam());
  expect_end(end_kind::upgrade_failed, "the server answered \"403 Forbidden\"");
}

TEST_P(WebsocketOverSockets, EndsWithThePeersCloseFrame) {
  connect();
  server_->own->close();
  expect_end(end_kind::finished, "close frame with code 1000");
}

}  // namespace
}  // namespace gauntlet::net
