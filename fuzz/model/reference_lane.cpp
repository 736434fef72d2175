#include "fuzz/model/reference_lane.hpp"

#include "harness/base/virtual_loop.hpp"
#include "harness/net/memory_network.hpp"
#include "harness/target/target.hpp"

namespace gauntlet::fuzz::model {
namespace {

class reference_lane final : public lane {
 public:
  outcome<void> open(const broker::options& how) {
    target::target_options options;
    options.embedded = how;
    if (!options.embedded.sink) options.embedded.sink = [](const auto&...) {};
    auto opened = target::open_in_memory(options, network_);
    if (!opened) return opened.error();
    broker_ = std::move(*opened);
    return {};
  }
  net::network& network() override { return network_; }
  outcome<net::endpoint> endpoint_for(mqtt::protocol_version version) const override {
    return broker_->endpoint_for(version);
  }

 private:
  virtual_loop loop_;
  net::memory_network network_{loop_};
  std::unique_ptr<target::target_handle> broker_;
};

}  // namespace

outcome<std::unique_ptr<lane>> open_reference_lane(const broker::options& how) {
  auto made = std::make_unique<reference_lane>();
  if (const auto opened = made->open(how); !opened) return opened.error();
  return std::unique_ptr<lane>(std::move(made));
}

}  // namespace gauntlet::fuzz::model
