#include "harness/ws/handshake.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/ws/http_head.hpp"

namespace gauntlet::ws {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// The worked example of RFC 6455 §1.3: key, SHA-1 and the answer.
constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view accept_of_key = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

std::array<std::uint8_t, 20> sha1_of_example(byte_view bytes) {
  EXPECT_EQ(as_text(bytes), std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
  return {0xB3, 0x7A, 0x4F, 0x2C, 0xC0, 0x62, 0x4F, 0x16, 0x90, 0xF6,
          0x46, 0x06, 0xCF, 0x38, 0x59, 0x45, 0xB2, 0xBE, 0xC4, 0xEA};
}

/// A head made of a first line and fields, of which one may be left out or replaced.
struct head_builder {
  std::string first_line;
  std::vector<std::pair<std::string, std::string>> fields;

  head_builder without(const std::string& name) const {
    head_builder changed = *this;
    std::erase_if(changed.fields, [&](const auto& field) { return field.first == name; });
    return changed;
  }
  head_builder with(const std::string& name, const std::string& value) const {
    head_builder changed = without(name);
    changed.fields.emplace_back(name, value);
    return changed;
  }
  std::string text() const {
    std::string all = first_line + "\r\n";
    for (const auto& [name, value] : fields) {
      all.append(name).append(": ").append(value).append("\r\n");
    }
    return all + "\r\n";
  }
};

const head_builder good_response = {"HTTP/1.1 101 Switching Protocols",
                                    {{"Upgrade", "websocket"},
                                     {"Connection", "Upgrade"},
                                     {"Sec-WebSocket-Accept", std::string(accept_of_key)},
                                     {"Sec-WebSocket-Protocol", "mqtt"}}};

const head_builder good_request = {"GET /mqtt HTTP/1.1",
                                   {{"Host", "broker:8083"},
                                    {"Upgrade", "websocket"},
                                    {"Connection", "keep-alive, Upgrade"},
                                    {"Sec-WebSocket-Key", std::string(key)},
                                    {"Sec-WebSocket-Version", "13"},
                                    {"Sec-WebSocket-Protocol", "mqtt"}}};

std::string error_of_response(const head_builder& response) {
  const auto checked = check_response(response.text(), key, sha1_of_example);
  return checked ? "" : checked.error().message;
}

refused_upgrade refusal_of(const head_builder& request) {
  auto checked = check_request(request.text(), "/mqtt", sha1_of_example);
  return checked ? refused_upgrade{} : checked.error();
}

TEST(Handshake, ComputesTheAnswerOfTheStandardsExample) {
  EXPECT_EQ(accept_for(key, sha1_of_example), accept_of_key);
}

TEST(Handshake, MakesAKeyOfSixteenBytes) {
  std::array<std::uint8_t, 16> drawn{};
  std::ranges::copy(as_bytes("the sample nonce"), drawn.begin());
  EXPECT_EQ(make_key(drawn), key);
}

TEST(ClientHandshake, AsksForMqtt) {
  const std::string text = to_http({.host = "broker:8083", .path = "/mqtt", .key = key});
  const auto head = parse_head(text);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->start_line, "GET /mqtt HTTP/1.1");
  EXPECT_EQ(head->find("Host"), "broker:8083");
  EXPECT_EQ(head->find("Sec-WebSocket-Protocol"), "mqtt");
  EXPECT_TRUE(text.ends_with("\r\n\r\n"));
  EXPECT_TRUE(check_request(text, "/mqtt", sha1_of_example));
}

TEST(ClientHandshake, TakesARightAnswer) {
  EXPECT_EQ(error_of_response(good_response), "");
  EXPECT_EQ(error_of_response(good_response.with("Upgrade", "WebSocket")), "");
  head_builder no_reason = good_response;
  no_reason.first_line = "HTTP/1.1 101";
  EXPECT_EQ(error_of_response(no_reason), "");
}

TEST(ClientHandshake, QuotesTheStatusOfARefusal) {
  EXPECT_EQ(error_of_response({"HTTP/1.1 404 Not Found", {{"Content-Length", "0"}}}),
            "the server answered \"404 Not Found\"");
  EXPECT_EQ(error_of_response({"HTTP/1.1 1010 Odd", {}}), "the server answered \"1010 Odd\"");
  EXPECT_EQ(error_of_response({"HTTP/1.1", {}}), "the server answered \"\"");
  EXPECT_EQ(error_of_response({"HTTP/1.1 500 \x01" + std::string(100, 'x'), {}}),
            "the server answered \"500 ?" + std::string(75, 'x') + "...\"");
}

TEST(ClientHandshake, NamesTheFieldThatIsWrong) {
  EXPECT_THAT(error_of_response(good_response.without("Upgrade")), HasSubstr("field Upgrade"));
  EXPECT_THAT(error_of_response(good_response.with("Connection", "close")),
              HasSubstr("field Connection"));
  EXPECT_THAT(error_of_response(good_response.without("Sec-WebSocket-Accept")),
              HasSubstr("Sec-WebSocket-Accept of the answer is missing"));
  EXPECT_THAT(error_of_response(good_response.with("Sec-WebSocket-Accept", "AAAA")),
              HasSubstr("does not match the key: \"AAAA\""));
  EXPECT_THAT(error_of_response(good_response.with("Sec-WebSocket-Extensions", "deflate")),
              HasSubstr("not offered: \"deflate\""));
  EXPECT_THAT(error_of_response(good_response.without("Sec-WebSocket-Protocol")),
              HasSubstr("did not choose the subprotocol"));
  EXPECT_THAT(error_of_response(good_response.with("Sec-WebSocket-Protocol", "chat")),
              HasSubstr("the subprotocol \"chat\""));
}

TEST(ClientHandshake, KnowsEarlyThatAPeerDoesNotTalkHttp) {
  EXPECT_TRUE(may_begin_response(""));
  EXPECT_TRUE(may_begin_response("HT"));
  EXPECT_TRUE(may_begin_response("HTTP/1.1 404"));
  EXPECT_FALSE(may_begin_response("SSH-2.0"));
  EXPECT_FALSE(may_begin_response("HTTP/2"));
}

TEST(ServerHandshake, GrantsARightRequest) {
  const auto granted = check_request(good_request.text(), "/mqtt", sha1_of_example);
  ASSERT_TRUE(granted);
  EXPECT_EQ(granted->path, "/mqtt");
  EXPECT_EQ(granted->subprotocol, "mqtt");
  EXPECT_TRUE(check_response(granted->response, key, sha1_of_example));
}

TEST(ServerHandshake, ServesTheOldNameOfTheSubprotocolButPrefersMqtt) {
  const auto chosen_of = [](const std::string& offered) {
    const auto granted = check_request(good_request.with("Sec-WebSocket-Protocol", offered).text(),
                                       "", sha1_of_example);
    return granted ? granted->subprotocol : "";
  };
  EXPECT_EQ(chosen_of("mqttv3.1"), "mqttv3.1");
  EXPECT_EQ(chosen_of("mqttv3.1, mqtt"), "mqtt");
  EXPECT_EQ(chosen_of("chat,mqtt"), "mqtt");
  EXPECT_EQ(chosen_of("chat"), "");
}

TEST(ServerHandshake, IgnoresTheQueryWhenItComparesPaths) {
  head_builder request = good_request;
  request.first_line = "GET /mqtt?token=1 HTTP/1.1";
  const auto granted = check_request(request.text(), "/mqtt", sha1_of_example);
  ASSERT_TRUE(granted);
  EXPECT_EQ(granted->path, "/mqtt?token=1");
}

TEST(ServerHandshake, RefusesWithTheStatusThatFits) {
  head_builder request = good_request;
  request.first_line = "GET /other HTTP/1.1";
  EXPECT_THAT(refusal_of(request).response, StartsWith("HTTP/1.1 404 Not Found\r\n"));
  request.first_line = "POST /mqtt HTTP/1.1";
  EXPECT_THAT(refusal_of(request).response, HasSubstr("\r\nAllow: GET\r\n"));
  for (const char* line : {"GET /mqtt HTTP/1.0", "GET /mqtt", "GET", ""}) {
    request.first_line = line;
    EXPECT_THAT(refusal_of(request).response, StartsWith("HTTP/1.1 400 Bad Request\r\n")) << line;
  }
  EXPECT_THAT(refusal_of(good_request.with("Sec-WebSocket-Version", "8")).response,
              HasSubstr("\r\nSec-WebSocket-Version: 13\r\n"));
  EXPECT_THAT(refusal_of(good_request.without("Upgrade")).response,
              StartsWith("HTTP/1.1 426 Upgrade Required\r\n"));
}

TEST(ServerHandshake, NamesWhatIsMissing) {
  EXPECT_THAT(refusal_of(good_request.without("Host")).message, HasSubstr("Host"));
  EXPECT_THAT(refusal_of(good_request.with("Connection", "close")).message,
              HasSubstr("Connection"));
  EXPECT_THAT(refusal_of(good_request.without("Sec-WebSocket-Protocol")).message,
              HasSubstr("subprotocol \"mqtt\" is not offered"));
  for (const char* wrong : {"", "short", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25!ZQ=="}) {
    EXPECT_THAT(refusal_of(good_request.with("Sec-WebSocket-Key", wrong)).message,
                HasSubstr("Sec-WebSocket-Key"))
        << wrong;
  }
}

}  // namespace
}  // namespace gauntlet::ws
