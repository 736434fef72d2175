#include "tests/unit/conformance/proof_arena.hpp"

#include <utility>

#include <gtest/gtest.h>

namespace gauntlet::conformance {
namespace {

const net::endpoint address{.host = "broker", .port = 1883};

}  // namespace

proof_arena::proof_arena(broker::options how)
    : arena_{.network = network_, .endpoint_for = [](mqtt::protocol_version) { return address; }} {
  broker::server_options options;
  options.listen.push_back({.where = address});
  options.broker = std::move(how);
  auto started = broker::server::start(network_, std::move(options));
  EXPECT_TRUE(started.has_value());
  if (started) broker_ = std::move(*started);
}

}  // namespace gauntlet::conformance
