#pragma once

// A broker on the bench with a store on disk, which is killed and started anew when told.

#include <memory>
#include <optional>

#include "harness/broker/store/sqlite_store.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {

/// The broker that runs now is `*this_one`, `this_one->...`; its clients are gone after a kill.
class store_bench {
 public:
  explicit store_bench(options chosen = {}) : options_(std::move(chosen)) { start(); }

  bench& operator*() { return *bench_; }
  bench* operator->() { return &*bench_; }

  /// Ends the broker as kill -9 does, and starts it again `later`. The new one's loop begins at
  /// another time, as after a reboot.
  void kill_and_restart(duration later = duration::zero()) {
    wall_ += bench_->now - started_ + later;
    bench_.reset();
    store_.reset();
    start();
  }

  std::string file() const { return folder_.file("broker.db"); }

 private:
  void start() {
    auto opened = open_sqlite_store(
        {.directory = folder_.path().string(), .synchronization = store_synchronization::normal});
    if (!opened) {
      ADD_FAILURE() << opened.error().message;
      return;
    }
    store_ = std::move(*opened);
    bench_.emplace(options_);
    started_ = bench_->now = time_point(std::chrono::hours(++starts_));
    const auto recovered = bench_->core.recover(
        *store_, bench_->now, wall_time(std::chrono::floor<std::chrono::milliseconds>(wall_)));
    EXPECT_TRUE(recovered) << recovered.error().message;
    bench_->core.flush();
  }

  const options options_;
  test::temporary_directory folder_;
  duration wall_ = std::chrono::hours(500'000);  // since 1970
  time_point started_{};
  int starts_ = 0;
  std::unique_ptr<durable_store> store_;  // outlives the broker
  std::optional<bench> bench_;
};

}  // namespace gauntlet::broker
