// Goal: every URL a user is likely to write is understood, and every mistake is named.

#include "harness/net/url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::net {
namespace {

using testing::HasSubstr;
using testing::Not;

struct accepted {
  std::string_view text;
  transport kind;
  std::string_view host;
  std::uint16_t port;
  std::string_view path = "/mqtt";
};

class AcceptedUrl : public testing::TestWithParam<accepted> {};

TEST_P(AcceptedUrl, NamesAnEndpoint) {
  const auto url = parse_url(GetParam().text);
  ASSERT_TRUE(url) << url.error().message;
  EXPECT_EQ(url->where.transport, GetParam().kind);
  EXPECT_EQ(url->where.host, GetParam().host);
  EXPECT_EQ(url->where.port, GetParam().port);
  EXPECT_EQ(url->where.path, GetParam().path);
  EXPECT_EQ(url->user_name, std::nullopt);
  EXPECT_EQ(url->password, std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    , AcceptedUrl,
    testing::Values(
        accepted{"mqtt://localhost", transport::tcp, "localhost", 1883},
        accepted{"mqtts://broker.example", transport::tls, "broker.example", 8883},
        accepted{"tcp://127.0.0.1:1884/", transport::tcp, "127.0.0.1", 1884},
        accepted{"ssl://h", transport::tls, "h", 8883},
        accepted{"MQTT://Host:1", transport::tcp, "Host", 1},
        accepted{"ws://h", transport::ws, "h", 80}, accepted{"wss://h/", transport::wss, "h", 443},
        accepted{"ws://h:8083/mqtt/v2", transport::ws, "h", 8083, "/mqtt/v2"},
        accepted{"wss://h/mqtt?token=a%20b", transport::wss, "h", 443, "/mqtt?token=a%20b"},
        accepted{"wss://h?token=a", transport::wss, "h", 443, "/mqtt?token=a"},
        accepted{"mqtt://[::1]", transport::tcp, "::1", 1883},
        accepted{"wss://[2001:db8::7]:8084/x", transport::wss, "2001:db8::7", 8084, "/x"}));

TEST(ParseUrl, DecodesUserNameAndPassword) {
  const auto url = parse_url("mqtt://sensor%407:p%3Aw%25d@h:1884");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->user_name, "sensor@7");
  EXPECT_EQ(url->password, "p:w%d");
  EXPECT_EQ(url->where.host, "h");
}

TEST(ParseUrl, TellsAnEmptyPasswordFromNone) {
  EXPECT_EQ(parse_url("mqtt://u@h")->password, std::nullopt);
  EXPECT_EQ(parse_url("mqtt://u:@h")->password, "");
  EXPECT_EQ(parse_url("mqtt://:token@h")->user_name, std::nullopt);
  EXPECT_EQ(parse_url("mqtt://:token@h")->password, "token");
}

struct refused {
  std::string_view text;
  std::string_view message;
};

class RefusedUrl : public testing::TestWithParam<refused> {};

TEST_P(RefusedUrl, IsToldWhatIsWrong) {
  const auto url = parse_url(GetParam().text);
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().code, exit_code::bad_input);
  EXPECT_THAT(url.error().message, HasSubstr(std::string(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    , RefusedUrl,
    testing::Values(refused{"", "has no scheme"}, refused{"localhost:1883", "has no scheme"},
                    refused{"://h", "has no scheme"},
                    refused{"http://h", "unknown scheme 'http': use mqtt, mqtts, ws or wss"},
                    refused{"mqtt://", "has no host"}, refused{"mqtt://:1883", "has no host"},
                    refused{"mqtt://h:", "a colon but no port"},
                    refused{"mqtt://h:0", "the port 0: ports run from 1 to 65535"},
                    refused{"mqtt://h:65536", "the port 65536"},
                    refused{"mqtt://h:99999", "the port 99999"},
                    refused{"mqtt://h:port", "the port 'port', which is not a number"},
                    refused{"mqtt://::1:1883", "without brackets; write it as [::1:1883]"},
                    refused{"mqtt://[::g]", "no valid IPv6 address between the brackets"},
                    refused{"mqtt://[v1.x]", "neither IPv4 nor IPv6"},
                    refused{"mqtt://h/topic", "the path '/topic': only ws and wss"},
                    refused{"ws://h/#x", "a fragment"}, refused{"mqtt://a b", "white space"},
                    refused{"mqtt://h\xc3\xbc", "plain ASCII"},
                    refused{"mqtt://%EAh", "a '%' in the host"},
                    refused{"mqtt://h%20h", "a '%' in the host"},
                    refused{"mqtt://u%4:p@h", "a '%' without two hexadecimal digits"},
                    refused{"mqtt://u:p%00@h", "a null character in the password"},
                    refused{"mqtt://u:p@w@h", "must be percent-encoded"}));

TEST(ParseUrl, NeverShowsThePassword) {
  for (const std::string_view text : {"mqtt://user:secret@h:0", "http://user:secret@h",
                                      "user:secret@h", "mqtt://user:sec@ret@h"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url);
    EXPECT_THAT(url.error().message, Not(HasSubstr("sec"))) << text;
    EXPECT_THAT(url.error().message, HasSubstr("user"));
  }
  EXPECT_EQ(to_string(*parse_url("wss://user:secret@[::1]/x")), "wss://user@[::1]:443/x");
}

TEST(WithoutPassword, LeavesTheRestAsItIs) {
  EXPECT_EQ(without_password("mqtt://user:sec:ret@h:1883"), "mqtt://user@h:1883");
  for (const std::string_view text : {"embedded", "mqtt://h:1883", "mqtt://user@h:1883", ""}) {
    EXPECT_EQ(without_password(text), text);
  }
}

TEST(ParseListenUrl, TakesAnyFreePortAndNeedsNoScheme) {
  const auto plain = parse_listen_url("127.0.0.1:0");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->transport, transport::tcp);
  EXPECT_EQ(plain->port, 0);
  const auto secure = parse_listen_url("wss://[::1]:0/x");
  ASSERT_TRUE(secure);
  EXPECT_EQ(secure->transport, transport::wss);
  EXPECT_EQ(secure->path, "/x");
  EXPECT_THAT(parse_listen_url("h:65536").error().message,
              HasSubstr("has the port 65536: ports run from 0 to 65535"));
}

}  // namespace
}  // namespace gauntlet::net
