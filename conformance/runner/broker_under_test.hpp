#pragma once

// The broker that a run is about, opened and asked what it can do.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/runner/lane.hpp"
#include "harness/record/conformance_result.hpp"
#include "harness/target/target.hpp"

namespace gauntlet::conformance {

/// What the user asked for.
struct broker_request {
  target::target_options target;
  std::string second_target;  ///< another way into the same broker or cluster; empty: none
  bool v3_1_1 = true;
  bool v5 = true;
  double timeout_scale = 1;
};

/// An open broker. Belongs to the thread of its network's loop.
class broker_under_test {
 public:
  /// Opens it and asks it. For the embedded broker a second one is started, with users, since that
  /// is how it is guarded. The failure is bad input or one of the environment.
  static outcome<std::unique_ptr<broker_under_test>> open(const broker_request& wanted,
                                                          net::network& network);
  ~broker_under_test();

  target::target_handle& target() { return *target_; }
  const target::target_handle& target() const { return *target_; }
  const broker_access& access() const { return access_; }
  /// The card: what it can do, a line each.
  const std::vector<record::capability_record>& card() const { return card_; }
  record::target_record describe(const std::string& given) const;
  void stop();

 private:
  broker_under_test() = default;

  std::unique_ptr<target::target_handle> target_;
  std::unique_ptr<target::target_handle> guarded_;
  std::unique_ptr<target::target_handle> second_;
  broker_access access_;
  std::vector<record::capability_record> card_;
};

}  // namespace gauntlet::conformance
