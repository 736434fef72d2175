#include "fuzz/model/live_lane.hpp"

#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"

namespace gauntlet::fuzz::model {
namespace {

class live_lane final : public lane {
 public:
  explicit live_lane(const target::target_handle& broker) : broker_(broker) {}

  net::network& network() override { return network_; }
  outcome<net::endpoint> endpoint_for(mqtt::protocol_version version) const override {
    return broker_.endpoint_for(version);
  }
  net::dial_options dial() const override { return {.tls = broker_.tls()}; }
  std::optional<target::credentials> login() const override { return broker_.login(); }

 private:
  const target::target_handle& broker_;
  net::asio_loop loop_;
  net::asio_network network_{loop_};
};

}  // namespace

std::unique_ptr<lane> open_live_lane(const target::target_handle& broker) {
  return std::make_unique<live_lane>(broker);
}

}  // namespace gauntlet::fuzz::model
