#include "harness/net/asio_loop.hpp"

#include <utility>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "harness/base/assert.hpp"
#include "harness/net/asio_loop_parts.hpp"

namespace gauntlet::net {
namespace {

using clock = std::chrono::steady_clock;

clock::time_point to_clock(time_point at) {
  return clock::time_point(std::chrono::duration_cast<clock::duration>(at.time_since_epoch()));
}

class asio_timer final : public timer {
 public:
  asio_timer(boost::asio::io_context& context, event_loop::task on_due)
      : state_(std::make_shared<state>(context, std::move(on_due))) {}
  ~asio_timer() override { asio_timer::cancel(); }
  asio_timer(const asio_timer&) = delete;
  asio_timer& operator=(const asio_timer&) = delete;

  void arm(time_point due) override {
    state_->expiry.expires_at(to_clock(due));
    state_->expiry.async_wait(
        [kept = state_, number = ++state_->armed](const boost::system::error_code& error) {
          // A wait that was over before it could be cancelled comes with success all the same.
          if (!error && kept->armed == number) kept->on_due();
        });
  }
  void cancel() override {
    ++state_->armed;
    state_->expiry.cancel();
  }

 private:
  // Outlives the timer while its call is queued or running.
  struct state {
    state(boost::asio::io_context& context, event_loop::task call)
        : expiry(context), on_due(std::move(call)) {}
    boost::asio::basic_waitable_timer<clock, boost::asio::wait_traits<clock>,
                                      asio_loop::parts::executor>
        expiry;
    event_loop::task on_due;
    std::uint64_t armed = 0;  // number of the wait that counts
  };
  std::shared_ptr<state> state_;
};

class readable_watch final : public descriptor_watch, private ready_watcher {
 public:
  readable_watch(readiness& descriptors, int descriptor, event_loop::task on_readable)
      : descriptors_(descriptors),
        descriptor_(descriptor),
        on_readable_(std::make_shared<event_loop::task>(std::move(on_readable))) {
    GAUNTLET_ASSERT(descriptors_.add(descriptor_, *this, trigger::readable) == 0);
  }
  ~readable_watch() override { descriptors_.remove(descriptor_, *this); }
  readable_watch(const readable_watch&) = delete;
  readable_watch& operator=(const readable_watch&) = delete;

 private:
  void on_ready(std::uint32_t) override {
    const auto kept = on_readable_;  // the call may destroy this watch
    (*kept)();
  }

  readiness& descriptors_;
  int descriptor_;
  std::shared_ptr<event_loop::task> on_readable_;
};

}  // namespace

asio_loop::asio_loop() : parts_(std::make_unique<parts>()) {
  parts_->descriptors = std::make_unique<readiness>(*this);
}

asio_loop::~asio_loop() = default;

time_point asio_loop::now() const {
  return time_point(std::chrono::duration_cast<duration>(clock::now().time_since_epoch()));
}

std::chrono::system_clock::time_point asio_loop::wall_now() const {
  return std::chrono::system_clock::now();
}

std::unique_ptr<timer> asio_loop::make_timer(task on_due) {
  return std::make_unique<asio_timer>(parts_->context, std::move(on_due));
}

void asio_loop::post(task call) { boost::asio::post(parts_->context, std::move(call)); }

void asio_loop::run() {
  // A context that once ran out of work counts as stopped. What really was a stop() is in our own
  // flag, so that one which comes before the run is not lost.
  parts_->context.restart();
  if (!parts_->stopping) parts_->context.run();
  parts_->stopping = false;
}

bool asio_loop::run_until(const std::function<bool()>& done, time_point deadline) {
  const auto waits_to_the_deadline = boost::asio::make_work_guard(parts_->context);
  parts_->context.restart();
  bool met = done();
  while (!met && !parts_->stopping && now() < deadline) {
    parts_->context.run_one_until(to_clock(deadline));
    met = done();
  }
  parts_->stopping = false;
  return met;
}

void asio_loop::stop() {
  parts_->stopping = true;
  parts_->context.stop();
}

void asio_loop::on_signal(int number, task call) {
  parts_->signal_waits.emplace_back(parts_->context, number, std::move(call));
  parts_->signal_waits.back().wait();
}

std::unique_ptr<descriptor_watch> asio_loop::watch_readable(int descriptor, task on_readable) {
  return std::make_unique<readable_watch>(*parts_->descriptors, descriptor, std::move(on_readable));
}

readiness& asio_loop::descriptors() { return *parts_->descriptors; }

void asio_loop::parts::signal_wait::wait() {
  signals.async_wait([this](const boost::system::error_code& error, int) {
    if (error) return;
    call();
    wait();
  });
}

}  // namespace gauntlet::net
