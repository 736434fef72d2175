// Requests and answers, whole and in pieces.

#include "harness/fault_control/http.hpp"

#include <gtest/gtest.h>

namespace gauntlet::fault_control {
namespace {

using state = http_reader::state;

TEST(Http, ReadsARequestByteByByte) {
  const std::string text =
      to_text({.method = "POST", .path = "/faults", .user_agent = "curl/7", .body = "{drop: {}}"},
              "localhost:8474");
  http_reader reader;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const state now = reader.take(as_bytes(std::string_view(text).substr(i, 1)));
    EXPECT_EQ(now, i + 1 < text.size() ? state::unfinished : state::complete);
  }
  const auto request = reader.request();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->method, "POST");
  EXPECT_EQ(request->path, "/faults");
  EXPECT_EQ(request->user_agent, "curl/7");
  EXPECT_EQ(request->body, "{drop: {}}");
}

TEST(Http, ReadsARequestWithoutBodyAndIgnoresTheQuery) {
  http_reader reader;
  EXPECT_EQ(reader.take(as_bytes("GET /faults?x=1 HTTP/1.1\r\nhost: a\r\n\r\n")), state::complete);
  EXPECT_EQ(reader.request()->path, "/faults");
  EXPECT_EQ(reader.request()->body, "");
}

TEST(Http, ReadsAnAnswer) {
  http_reader reader;
  EXPECT_EQ(reader.take(as_bytes(to_text(http_answer{409, "{}"}))), state::complete);
  EXPECT_EQ(reader.answer()->status, 409);
  EXPECT_EQ(reader.answer()->body, "{}");
  http_reader without_length;
  EXPECT_EQ(without_length.take(as_bytes("HTTP/1.1 200 OK\r\n\r\nab")), state::unfinished);
  EXPECT_EQ(without_length.take_end(), state::complete);
  EXPECT_EQ(without_length.answer()->body, "ab");
}

TEST(Http, RefusesWhatIsNone) {
  const auto take = [](std::string_view text) {
    http_reader reader;
    return reader.take(as_bytes(text));
  };
  EXPECT_EQ(take(std::string(20'000, 'a')), state::malformed);
  EXPECT_EQ(take("POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n"), state::malformed);
  EXPECT_EQ(take("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n"), state::malformed);
  EXPECT_EQ(take("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"), state::malformed);
  http_reader reader;
  EXPECT_EQ(reader.take(as_bytes("hello\r\n\r\n")), state::complete);
  EXPECT_FALSE(reader.request());
  EXPECT_FALSE(reader.answer());
}

}  // namespace
}  // namespace gauntlet::fault_control
