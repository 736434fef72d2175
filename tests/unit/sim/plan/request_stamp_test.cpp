// Goal: the stamp of a request is found where its answer carries it, and nowhere else.

#include "sim/plan/request_stamp.hpp"

#include <gtest/gtest.h>

namespace gauntlet::sim {
namespace {

constexpr stamp request{.run_id = 7,
                        .stream = 300,
                        .sequence = 41,
                        .scheduled = std::chrono::seconds(3),
                        .sent = std::chrono::milliseconds(3'004)};

byte_buffer with_request(std::string_view payload) {
  byte_buffer made(payload.begin(), payload.end());
  append_request_stamp(request, made);
  return made;
}

TEST(RequestStamp, IsCorrelationData) {
  byte_buffer data;
  append_correlation(request, data);
  EXPECT_EQ(data.size(), stamp_size_bytes);
  EXPECT_EQ(read_correlation(data), request);
  for (std::size_t at = 0; at < data.size(); ++at) {
    byte_buffer damaged = data;
    damaged[at] ^= 1U;
    EXPECT_FALSE(read_correlation(damaged)) << at;
    EXPECT_FALSE(read_correlation(byte_view(data).first(at))) << at;
  }
  data.push_back(0);
  EXPECT_FALSE(read_correlation(data));
}

TEST(RequestStamp, StandsAtTheEndOfJsonAndText) {
  for (const std::string_view payload :
       {"{}", R"({"_g":"00"})", R"({"a":{"b":1}})", "", "some text"}) {
    const byte_buffer made = with_request(payload);
    EXPECT_EQ(read_request_stamp(made), request) << payload;
  }
  const byte_buffer empty = with_request("{}");
  EXPECT_TRUE(as_text(empty).starts_with(R"({"_r":")"));
  const byte_buffer full = with_request(R"({"a":1})");
  EXPECT_TRUE(as_text(full).starts_with(R"({"a":1,"_r":")"));
  EXPECT_TRUE(as_text(full).ends_with("\"}"));
}

TEST(RequestStamp, IsFoundNowhereElse) {
  for (const std::string_view payload : {"", "{}", "\"}", "some text", R"({"_r":"0011"})"}) {
    EXPECT_FALSE(read_request_stamp(as_bytes(payload))) << payload;
  }
  byte_buffer damaged = with_request(R"({"a":1})");
  damaged[damaged.size() - 10] ^= 1U;
  EXPECT_FALSE(read_request_stamp(damaged));
  const byte_buffer whole = with_request("x");
  EXPECT_FALSE(read_request_stamp(byte_view(whole).first(whole.size() - 1)));
}

}  // namespace
}  // namespace gauntlet::sim
