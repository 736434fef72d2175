// The control interface, request by request, and once over a network in memory.

#include "harness/fault_control/control_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/virtual_loop.hpp"
#include "harness/fault_control/control_server.hpp"
#include "harness/net/memory_network.hpp"

namespace gauntlet::fault_control {
namespace {

using testing::HasSubstr;

class ControlApi : public testing::Test {
 protected:
  ControlApi() { faults.start(loop.now()); }
  http_answer ask(std::string method, std::string path, std::string body = {}) {
    return answer(about, {.method = std::move(method),
                          .path = std::move(path),
                          .user_agent = "curl/7",
                          .body = std::move(body)});
  }

  virtual_loop loop;
  fault::injector faults{loop, {}};
  const control_subject about{faults, [] { return fault::proxy_counts{5, 1, 3}; }, "1.2.3"};
};

TEST_F(ControlApi, AddsListsAndRemovesFaults) {
  EXPECT_EQ(ask("GET", "/faults").body, "{\"faults\":[]}\n");
  const http_answer added =
      ask("POST", "/faults", R"({"name": "lost", "when": {"packet": "puback"}, "drop": {}})");
  EXPECT_EQ(added.status, 201) << added.body;
  EXPECT_EQ(ask("GET", "/faults/lost").body,
            "{\"name\":\"lost\",\"number\":1,\"kind\":\"drop\",\"does\":\"drop of PUBACK\","
            "\"enabled\":true,\"active\":true,\"strikes\":0}\n");
  EXPECT_EQ(ask("POST", "/faults", "- drop: {}\n- drop: {}\n- latency: {by: 5ms}\n").status, 201);
  EXPECT_EQ(faults.rules().size(), 4U);
  EXPECT_EQ(ask("DELETE", "/faults/lost").status, 204);
  EXPECT_EQ(ask("DELETE", "/faults/lost").status, 404);
  EXPECT_EQ(ask("POST", "/reset").status, 204);
  EXPECT_EQ(ask("GET", "/faults").body, "{\"faults\":[]}\n");
}

TEST_F(ControlApi, NamesFaultsThatHaveNoName) {
  ask("POST", "/faults", "drop: {}");
  EXPECT_EQ(ask("POST", "/faults", "drop: {}").status, 201);
  EXPECT_EQ(ask("GET", "/faults/drop").status, 200);
  EXPECT_EQ(ask("GET", "/faults/drop-2").status, 200);
}

TEST_F(ControlApi, ChangesAndSwitchesFaults) {
  ask("POST", "/faults", "{name: it, latency: {by: 5ms}}");
  EXPECT_THAT(ask("PUT", "/faults/it", "latency: {by: 9ms}").body, HasSubstr("9ms"));
  EXPECT_EQ(ask("PUT", "/faults/it", "{name: other, drop: {}}").status, 400);
  EXPECT_EQ(ask("PUT", "/faults/none", "drop: {}").status, 404);
  EXPECT_THAT(ask("POST", "/faults/it/disable").body, HasSubstr("\"enabled\":false"));
  EXPECT_FALSE(faults.rules().front().active);
  EXPECT_THAT(ask("POST", "/faults/it/enable").body, HasSubstr("\"active\":true"));
}

TEST_F(ControlApi, CountsTimesFromTheRequest) {
  loop.run_until([] { return false; }, loop.now() + std::chrono::seconds(60));
  ask("POST", "/faults", "{name: it, at: 5s, for: 1s, drop: {}}");
  EXPECT_FALSE(faults.rules().front().active);
  loop.run_until([] { return false; }, loop.now() + std::chrono::milliseconds(5'500));
  EXPECT_TRUE(faults.rules().front().active);
}

TEST_F(ControlApi, SaysWhatIsWrong) {
  EXPECT_EQ(ask("POST", "/faults", "drop: {}\nlatency: {by: 1s}").status, 400);
  EXPECT_EQ(ask("POST", "/faults", "").status, 400);
  EXPECT_THAT(ask("POST", "/faults", "{dorp: {}}").body, HasSubstr("drop"));
  ask("POST", "/faults", "{name: it, drop: {}}");
  EXPECT_EQ(ask("POST", "/faults", "{name: it, drop: {}}").status, 409);
  EXPECT_EQ(ask("PATCH", "/faults").status, 405);
  EXPECT_EQ(ask("GET", "/faults/it/enable").status, 405);
  EXPECT_EQ(ask("POST", "/faults/it/explode").status, 404);
  EXPECT_EQ(ask("GET", "/nothing").status, 404);
}

TEST_F(ControlApi, LetsNoBrowserIn) {
  EXPECT_EQ(answer(about, {.method = "GET", .path = "/faults", .user_agent = "Mozilla/5.0"}).status,
            403);
}

TEST_F(ControlApi, TellsCountsAndVersion) {
  EXPECT_EQ(ask("GET", "/connections").body, "{\"accepted\":5,\"open\":3,\"unreachable\":1}\n");
  EXPECT_EQ(ask("GET", "/version").body, "{\"version\":\"1.2.3\"}\n");
}

TEST_F(ControlApi, AnswersOnItsPort) {
  net::memory_network network(loop);
  const net::endpoint where{.host = "localhost", .port = 8474};
  const auto server = control_server::start(network, where, about);
  ASSERT_TRUE(server);
  const auto second = std::chrono::seconds(1);
  const auto answered =
      fault_control::ask(network, where, {.method = "GET", .path = "/version"}, second);
  ASSERT_TRUE(answered) << answered.error().message;
  EXPECT_EQ(answered->body, "{\"version\":\"1.2.3\"}\n");
  const auto nobody = fault_control::ask(network, {.host = "localhost", .port = 1},
                                         {.method = "GET", .path = "/version"}, second);
  ASSERT_FALSE(nobody);
  EXPECT_THAT(nobody.error().message, HasSubstr("refused"));
}

}  // namespace
}  // namespace gauntlet::fault_control
