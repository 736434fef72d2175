// WebSocket channels over a carrier that is played by the test: what they send, and how they take
// what comes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/net/channel_layers.hpp"
#include "harness/net/websocket_digest.hpp"
#include "harness/ws/frame_decoder.hpp"
#include "harness/ws/handshake.hpp"
#include "harness/ws/http_head.hpp"
#include "harness/ws/raw_frame.hpp"

namespace gauntlet::net {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

/// What was done to a carrier, which outlives it.
struct carrier_log {
  byte_buffer sent;
  std::vector<std::string> calls;
  std::size_t backlog_bytes = 7;
  channel_handler* handler = nullptr;
};

class played_carrier final : public carrier_channel {
 public:
  explicit played_carrier(carrier_log& log) : log_(log) {}
  ~played_carrier() override { log_.calls.push_back("destroyed"); }
  std::size_t send(byte_view bytes) override {
    log_.sent.insert(log_.sent.end(), bytes.begin(), bytes.end());
    return backlog_bytes();
  }
  std::size_t backlog_bytes() const override { return log_.backlog_bytes; }
  void close() override { log_.calls.push_back("close"); }
  void abort() override { log_.calls.push_back("abort"); }
  void pause_reading() override { log_.calls.push_back("pause"); }
  void resume_reading() override { log_.calls.push_back("resume"); }
  void set_handler(channel_handler& handler) override { log_.handler = &handler; }
  std::string peer_name() const override { return "peer"; }
  void confirm_open() override { log_.calls.push_back("confirm"); }

 private:
  carrier_log& log_;
};

/// The user of a WebSocket channel; notes events as lines, and may destroy the channel in one.
struct user final : channel_handler {
  std::unique_ptr<channel> used;
  std::vector<std::string> events;
  std::string destroy_at;

  void on_open(channel&) override { note("open"); }
  void on_bytes(channel&, byte_view bytes) override { note(std::string(as_text(bytes))); }
  void on_drained(channel&) override { note("drained"); }
  void on_end(channel&, const channel_end& end) override {
    note("end " + std::string(to_string(end.kind)) + ": " + end.detail);
  }
  void note(const std::string& event) {
    events.push_back(event);
    if (event == destroy_at) used.reset();
  }
};

/// The frames in `bytes`, as lines; `us` is the end that receives them.
std::vector<std::string> frames_in(byte_buffer bytes, ws::role us) {
  ws::frame_decoder decoder(us);
  std::span<std::uint8_t> rest(bytes);
  std::vector<std::string> lines;
  while (true) {
    const auto event = decoder.next(rest);
    if (!event) return {"broken: " + to_string(event.error())};
    if (!*event) return lines;
    if (const auto* message = std::get_if<ws::message_bytes>(&**event)) {
      lines.push_back("binary " + std::string(as_text(message->bytes)));
    } else if (const auto* pong = std::get_if<ws::pong>(&**event)) {
      lines.push_back("pong " + std::string(as_text(pong->payload)));
    } else if (const auto* close = std::get_if<ws::close>(&**event)) {
      lines.push_back("close " + std::to_string(close->code.value_or(0)));
    } else {
      lines.push_back("ping");
    }
  }
}

class WebsocketClient : public testing::Test {
 protected:
  WebsocketClient() { dial({.transport = transport::ws, .host = "broker", .port = 8083}); }

  void dial(const endpoint& where) {
    user_.used.reset();
    log_ = {};
    user_.events.clear();
    user_.used = wrap_websocket_client(std::make_unique<played_carrier>(log_), where, 1, user_);
  }
  void request() { log_.handler->on_open(*user_.used); }
  std::string sent_text() const { return std::string(as_text(log_.sent)); }
  std::string answer() const { return ws::check_request(sent_text(), "", sha1)->response; }
  void open() {
    request();
    const std::string response = answer();
    log_.sent.clear();
    receive(response);
  }
  void receive(std::string_view text) { log_.handler->on_bytes(*user_.used, as_bytes(text)); }
  void receive(const ws::raw_frame& frame) {
    byte_buffer bytes;
    ws::append_raw(frame, bytes);
    receive(as_text(bytes));
  }
  void end(const channel_end& how) { log_.handler->on_end(*user_.used, how); }
  std::vector<std::string> sent_frames() const { return frames_in(log_.sent, ws::role::server); }

  carrier_log log_;
  user user_;
};

std::string frame_text(std::string_view payload, ws::opcode op = ws::opcode::binary,
                       std::optional<ws::mask_key> mask = {}) {
  byte_buffer bytes;
  ws::append_frame(op, as_bytes(payload), mask, bytes);
  return std::string(as_text(bytes));
}

TEST_F(WebsocketClient, AsksForTheUpgradeOnceTheCarrierIsOpen) {
  EXPECT_THAT(log_.sent, IsEmpty());
  request();
  EXPECT_THAT(sent_text(), StartsWith("GET /mqtt HTTP/1.1\r\nHost: broker:8083\r\n"));
  EXPECT_THAT(user_.events, IsEmpty());
}

TEST_F(WebsocketClient, WritesTheHostAsTheStandardSays) {
  const auto host_for = [this](const endpoint& where) {
    dial(where);
    request();
    return ws::parse_head(sent_text())->find("Host").value();
  };
  EXPECT_EQ(host_for({.transport = transport::ws, .host = "a", .port = 80}), "a");
  EXPECT_EQ(host_for({.transport = transport::ws, .host = "a", .port = 443}), "a:443");
  EXPECT_EQ(host_for({.transport = transport::wss, .host = "a", .port = 443}), "a");
  EXPECT_EQ(host_for({.transport = transport::wss, .host = "::1", .port = 8084}), "[::1]:8084");
}

TEST_F(WebsocketClient, OpensWhereverTheAnswerIsCut) {
  request();
  const std::string stream = answer() + frame_text("hello");
  for (std::size_t cut = 1; cut < stream.size(); ++cut) {
    dial({.transport = transport::ws, .host = "broker", .port = 8083});
    request();
    receive(stream.substr(0, cut));
    receive(stream.substr(cut));
    std::string bytes;
    ASSERT_FALSE(user_.events.empty());
    EXPECT_EQ(user_.events[0], "open");
    for (std::size_t i = 1; i < user_.events.size(); ++i) bytes += user_.events[i];
    EXPECT_EQ(bytes, "hello") << cut;
    EXPECT_THAT(log_.calls, ElementsAre("confirm"));
  }
}

TEST_F(WebsocketClient, SaysWithWhatTheServerRefused) {
  request();
  receive("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  EXPECT_THAT(user_.events,
              ElementsAre("end upgrade failed: the server answered \"404 Not Found\""));
  EXPECT_THAT(log_.calls, ElementsAre("close"));
  end({end_kind::reset, "late"});
  EXPECT_EQ(user_.events.size(), 1U);
}

TEST_F(WebsocketClient, NoticesAtOnceAPeerThatIsNoWebServer) {
  request();
  receive("SSH-2.0");
  EXPECT_THAT(user_.events, ElementsAre("end upgrade failed: the server does not talk HTTP"));
}

TEST_F(WebsocketClient, LimitsTheAnswersHead) {
  request();
  receive("HTTP/1.1 101 " + std::string(ws::head_bytes_max, 'x'));
  EXPECT_THAT(user_.events, ElementsAre(HasSubstr("longer than 8192 bytes")));
}

TEST_F(WebsocketClient, TellsAnEarlyEndFromOtherEnds) {
  request();
  end({end_kind::finished, ""});
  EXPECT_THAT(user_.events, ElementsAre(HasSubstr("end upgrade failed: the peer closed")));
  dial({});
  end({end_kind::connect_failed, "refused"});
  EXPECT_THAT(user_.events, ElementsAre("end connect failed: refused"));
}

TEST_F(WebsocketClient, SendsMaskedBinaryFrames) {
  open();
  EXPECT_EQ(user_.used->send(as_bytes("hello")), 7U);
  user_.used->send(as_bytes("there"));
  user_.used->send({});
  EXPECT_EQ(log_.sent[1] & 0x80, 0x80);
  // The masks differ from frame to frame.
  EXPECT_FALSE(std::equal(log_.sent.begin() + 2, log_.sent.begin() + 6, log_.sent.begin() + 13));
  EXPECT_THAT(sent_frames(), ElementsAre("binary hello", "binary there"));
}

TEST_F(WebsocketClient, SendsLargeMessagesInOneFrame) {
  open();
  for (const std::size_t size : {16383U, 16384U, 65535U, 65536U, 200000U}) {
    std::string payload(size, 'a');
    for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<char>('a' + i % 23);
    log_.sent.clear();
    user_.used->send(as_bytes(payload));
    EXPECT_EQ(sent_frames(), std::vector{"binary " + payload}) << size;
  }
}

TEST_F(WebsocketClient, SendsNothingBeforeItIsOpen) {
  user_.used->send(as_bytes("early"));
  EXPECT_THAT(log_.sent, IsEmpty());
}

TEST_F(WebsocketClient, JoinsTheFramesThatCameTogether) {
  open();
  receive(frame_text("one") + frame_text("") + frame_text("two") +
          frame_text("three").substr(0, 4));
  receive(frame_text("three").substr(4));
  EXPECT_THAT(user_.events, ElementsAre("open", "onetwoth", "ree"));
}

TEST_F(WebsocketClient, AnswersPings) {
  open();
  receive(frame_text("are you there", ws::opcode::ping) + frame_text("", ws::opcode::pong));
  EXPECT_THAT(sent_frames(), ElementsAre("pong are you there"));
  EXPECT_THAT(user_.events, ElementsAre("open"));
}

TEST_F(WebsocketClient, KeepsNoPongsForAPeerThatDoesNotRead) {
  open();
  log_.backlog_bytes = 65537;
  receive(frame_text("are you there", ws::opcode::ping));
  EXPECT_THAT(log_.sent, IsEmpty());
}

TEST_F(WebsocketClient, EndsByThePeersCloseFrameAfterTheBytesBeforeIt) {
  open();
  receive(frame_text("last") + frame_text("\x03\xE9 bye", ws::opcode::close) + frame_text("late"));
  EXPECT_THAT(user_.events,
              ElementsAre("open", "last", "end finished: close frame with code 1001:  bye"));
  EXPECT_THAT(sent_frames(), ElementsAre("close 1001"));
  EXPECT_THAT(log_.calls, ElementsAre("confirm", "close"));
}

TEST_F(WebsocketClient, TellsAnEndWithoutACloseFrameApart) {
  open();
  end({end_kind::finished, ""});
  EXPECT_THAT(user_.events.back(), "end finished: the peer ended without a WebSocket close frame");
  dial({.host = "broker"});
  open();
  receive(frame_text("cut").substr(0, 3));
  end({end_kind::finished, ""});
  EXPECT_THAT(user_.events.back(), "end finished: the peer ended inside a WebSocket message");
}

TEST_F(WebsocketClient, PassesOtherEndsOn) {
  open();
  end({end_kind::reset, "connection reset"});
  EXPECT_THAT(user_.events.back(), "end reset: connection reset");
}

TEST_F(WebsocketClient, ClosesWithTheCodeOfTheBrokenRule) {
  open();
  receive(frame_text("good") + frame_text("text", ws::opcode::text));
  EXPECT_THAT(user_.events, ElementsAre("open", "good",
                                        "end framing failed: text frame where MQTT demands binary "
                                        "([MQTT-6.0.0-1])"));
  EXPECT_THAT(sent_frames(), ElementsAre("close 1003"));
}

TEST_F(WebsocketClient, ClosesWithACloseFrame) {
  open();
  user_.used->close();
  user_.used->close();
  user_.used->send(as_bytes("late"));
  EXPECT_THAT(sent_frames(), ElementsAre("close 1000"));
  EXPECT_THAT(log_.calls, ElementsAre("confirm", "close"));
}

TEST_F(WebsocketClient, AbortsTheCarrier) {
  open();
  user_.used->abort();
  EXPECT_THAT(log_.sent, IsEmpty());
  EXPECT_THAT(log_.calls, ElementsAre("confirm", "abort"));
}

TEST_F(WebsocketClient, PassesFlowControlThrough) {
  open();
  user_.used->pause_reading();
  user_.used->resume_reading();
  log_.handler->on_drained(*user_.used);
  EXPECT_THAT(log_.calls, ElementsAre("confirm", "pause", "resume"));
  EXPECT_THAT(user_.events, ElementsAre("open", "drained"));
  EXPECT_EQ(user_.used->peer_name(), "peer");
  EXPECT_EQ(user_.used->backlog_bytes(), 7U);
}

TEST_F(WebsocketClient, MayBeDestroyedInAnyEvent) {
  for (const std::string event : {"open", "bytes", "end finished: close frame with code 1000"}) {
    dial({.host = "broker"});
    user_.destroy_at = event;
    request();
    receive(answer() + frame_text("bytes") + frame_text("\x03\xE8", ws::opcode::close));
    EXPECT_EQ(user_.events.back(), event);
    EXPECT_EQ(log_.calls.back(), "destroyed");
  }
}

class WebsocketServer : public testing::Test {
 protected:
  WebsocketServer() { accept(); }

  void accept() {
    user_.used.reset();
    pending_.reset();
    log_ = {};
    user_.events.clear();
    answers_ = 0;
    pending_ = accept_websocket(std::make_unique<played_carrier>(log_), {.path = "/mqtt"},
                                [this](std::unique_ptr<channel> accepted) {
                                  ++answers_;
                                  pending_.reset();
                                  user_.used = std::move(accepted);
                                  if (user_.used == nullptr) return;
                                  user_.used->set_handler(user_);
                                  if (user_.destroy_at == "accept") user_.used.reset();
                                });
  }
  static std::string request(std::string_view path = "/mqtt") {
    return ws::to_http({.host = "broker", .path = path, .key = "dGhlIHNhbXBsZSBub25jZQ=="});
  }
  void receive(std::string_view text) { log_.handler->on_bytes(unused_, as_bytes(text)); }
  std::string sent_text() const { return std::string(as_text(log_.sent)); }

  carrier_log log_;
  carrier_log unused_log_;
  played_carrier unused_{unused_log_};
  user user_;
  std::unique_ptr<pending_upgrade> pending_;
  int answers_ = 0;
};

constexpr ws::mask_key test_mask = {1, 2, 3, 4};

TEST_F(WebsocketServer, GrantsARightRequestWhereverItIsCut) {
  const std::string stream = request() + frame_text("hello", ws::opcode::binary, test_mask);
  for (std::size_t cut = 1; cut < stream.size(); ++cut) {
    accept();
    receive(stream.substr(0, cut));
    receive(stream.substr(cut));
    std::string bytes;
    for (const std::string& event : user_.events) bytes += event;
    EXPECT_EQ(bytes, "hello") << cut;
    EXPECT_EQ(answers_, 1);
    EXPECT_THAT(sent_text(), StartsWith("HTTP/1.1 101 "));
  }
}

TEST_F(WebsocketServer, SendsFramesWithoutMask) {
  receive(request());
  log_.sent.clear();
  user_.used->send(as_bytes("hello"));
  EXPECT_THAT(frames_in(log_.sent, ws::role::client), ElementsAre("binary hello"));
}

TEST_F(WebsocketServer, RefusesAnotherPathAndSaysSo) {
  receive(request("/other"));
  EXPECT_THAT(sent_text(), StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_EQ(answers_, 1);
  EXPECT_EQ(user_.used, nullptr);
  EXPECT_THAT(log_.calls, ElementsAre("close", "destroyed"));
}

TEST_F(WebsocketServer, RefusesAHeadThatIsTooLong) {
  receive("GET /mqtt HTTP/1.1\r\n" + std::string(ws::head_bytes_max, 'x'));
  EXPECT_THAT(sent_text(), StartsWith("HTTP/1.1 431 "));
  EXPECT_EQ(answers_, 1);
}

TEST_F(WebsocketServer, AnswersOnceWhenThePeerGoesAway) {
  log_.handler->on_end(unused_, {end_kind::reset, ""});
  EXPECT_EQ(answers_, 1);
  EXPECT_EQ(user_.used, nullptr);
}

TEST_F(WebsocketServer, RefusesUnmaskedFrames) {
  receive(request());
  receive(frame_text("hello"));
  EXPECT_THAT(user_.events, ElementsAre(HasSubstr("frame of a client without a mask")));
}

TEST_F(WebsocketServer, MayBeDestroyedByItsTaker) {
  user_.destroy_at = "accept";
  accept();
  receive(request() + frame_text("hello", ws::opcode::binary, test_mask));
  EXPECT_THAT(user_.events, IsEmpty());
  EXPECT_THAT(log_.calls, ElementsAre("destroyed"));
}

}  // namespace
}  // namespace gauntlet::net
