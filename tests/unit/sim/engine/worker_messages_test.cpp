// Goal: messages between coordinator and workers arrive whole, in order and unchanged.

#include <string>
#include <sys/socket.h>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "sim/engine/worker_orders.hpp"
#include "sim/engine/worker_pipe.hpp"

namespace gauntlet::sim {
namespace {

using message = std::pair<worker_message, std::string>;

std::vector<message> receive(worker_pipe& from, std::size_t count) {
  std::vector<message> got;
  while (got.size() < count) {
    const bool open = from.receive([&](worker_message kind, byte_view body) {
      got.emplace_back(kind, std::string(as_text(body)));
    });
    if (!open) break;
  }
  return got;
}

TEST(WorkerPipe, CarriesMessagesOfAnySizeInOrder) {
  auto ends = make_worker_pipe();
  ASSERT_TRUE(ends.has_value());
  auto& [left, right] = *ends;
  const std::string large(50'000, 'x');
  EXPECT_TRUE(left.send(worker_message::start, as_bytes("orders")));
  EXPECT_TRUE(left.send(worker_message::finish, {}));
  EXPECT_TRUE(left.send(worker_message::finished, as_bytes(large)));
  const std::vector<message> expected{{worker_message::start, "orders"},
                                      {worker_message::finish, ""},
                                      {worker_message::finished, large}};
  EXPECT_EQ(receive(right, 3), expected);
}

TEST(WorkerPipe, PutsMessagesTogetherFromSingleBytes) {
  auto ends = make_worker_pipe();
  ASSERT_TRUE(ends.has_value());
  auto& [left, right] = *ends;
  const std::string bytes{
      "\x03\x00\x00\x00\x05"
      "why",
      8};
  std::vector<message> got;
  for (const char byte : bytes) {
    ASSERT_EQ(::send(left.descriptor(), &byte, 1, 0), 1);
    right.receive([&](worker_message kind, byte_view body) {
      got.emplace_back(kind, std::string(as_text(body)));
    });
  }
  const std::vector<message> expected{{worker_message::failed, "why"}};
  EXPECT_EQ(got, expected);
}

TEST(WorkerPipe, TellsBothSidesWhenTheOtherIsGone) {
  auto ends = make_worker_pipe();
  ASSERT_TRUE(ends.has_value());
  ends->first = worker_pipe();
  EXPECT_FALSE(ends->second.receive([](worker_message, byte_view) {}));
  EXPECT_FALSE(ends->second.send(worker_message::progress, as_bytes("lost")));
}

worker_orders sample_orders() {
  return {.run_id = 77,
          .target_v3_1_1 = {.host = "127.0.0.1", .port = 1883},
          .target_v5 = {.transport = net::transport::wss,
                        .host = "::1",
                        .port = 8084,
                        .path = "/broker"},
          .user_name = "u",
          .connect_timeout = std::chrono::seconds(3),
          .tls =
              net::tls_client_options{
                  .ca_file = "ca.pem", .version_min = net::tls_version::tls1_3, .insecure = true},
          .source_addresses = {"127.0.0.2", "127.0.0.3"},
          .run_start = time_point(duration(12345))};
}

TEST(WorkerOrders, ComeBackAsTheyWere) {
  byte_buffer bytes;
  write_orders(sample_orders(), bytes);
  const auto orders = read_orders(bytes);
  ASSERT_TRUE(orders.has_value());
  EXPECT_EQ(orders->run_id, 77U);
  EXPECT_EQ(net::to_string(orders->target_v3_1_1), "mqtt://127.0.0.1:1883");
  EXPECT_EQ(net::to_string(orders->target_v5), "wss://[::1]:8084/broker");
  EXPECT_EQ(orders->user_name, "u");
  EXPECT_FALSE(orders->password.has_value());
  EXPECT_EQ(orders->connect_timeout, std::chrono::seconds(3));
  ASSERT_TRUE(orders->tls.has_value());
  EXPECT_EQ(orders->tls->ca_file, "ca.pem");
  EXPECT_EQ(orders->tls->version_min, net::tls_version::tls1_3);
  EXPECT_TRUE(orders->tls->insecure);
  EXPECT_EQ(orders->source_addresses.size(), 2U);
  EXPECT_EQ(orders->run_start, time_point(duration(12345)));
}

TEST(WorkerOrders, RefuseEveryTruncation) {
  byte_buffer bytes;
  write_orders(sample_orders(), bytes);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(read_orders(byte_view(bytes).first(size)).has_value()) << size;
  }
}

}  // namespace
}  // namespace gauntlet::sim
