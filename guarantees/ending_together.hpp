#pragma once

// One end of the broker that several scenarios share, each in its thread: once all of them have
// come to the point where it is to end, it ends and starts again, and all go on.

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "harness/history/evidence.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/target/broker_control.hpp"

namespace gauntlet::guarantees {

class ending_together {
 public:
  /// Belongs to the thread of `loop`, as the broker does; `scenarios` will come.
  ending_together(target::broker_control& broker, event_loop& loop, history::broker_event::kind how,
                  std::size_t scenarios);

  /// From a scenario's thread: turns its loop until the broker is back, and answers what was done.
  outcome<std::vector<history::broker_event>> ask(net::asio_loop& own);
  /// A scenario has ended, with or without having asked.
  void one_is_over() { ++over_; }
  /// The broker can be ended.
  bool all_have_come() const;
  /// Ends it and starts it again; not from inside the loop, which it turns.
  void end_now();

 private:
  struct request {
    net::asio_loop* from = nullptr;
    std::atomic<bool> done = false;
    outcome<std::vector<history::broker_event>> answer{environment_failed("not ended yet")};
  };
  outcome<std::vector<history::broker_event>> end_and_start();

  target::broker_control& broker_;
  event_loop& loop_;
  history::broker_event::kind how_;
  std::size_t scenarios_;
  std::size_t over_ = 0;
  bool ended_ = false;
  std::vector<std::shared_ptr<request>> waiting_;
};

}  // namespace gauntlet::guarantees
