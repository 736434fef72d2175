#include "harness/net/readiness.hpp"

#include <algorithm>
#include <cerrno>
#include <unistd.h>
#include <utility>

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include "harness/base/assert.hpp"
#include "harness/net/asio_loop_parts.hpp"

namespace gauntlet::net {

struct readiness::outer_watch {
  boost::asio::posix::basic_stream_descriptor<asio_loop::parts::executor> set;
};

readiness::readiness(asio_loop& loop) : loop_(loop), set_(::epoll_create1(EPOLL_CLOEXEC)) {
  GAUNTLET_ASSERT(set_ >= 0);
  outer_.reset(new outer_watch{{loop.asio().context.get_executor(), set_}});
}

readiness::~readiness() { GAUNTLET_ASSERT(watched_ == 0); }

int readiness::add(int descriptor, ready_watcher& watcher, trigger when) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP;
  if (when == trigger::edges) event.events |= EPOLLOUT | EPOLLET;
  event.data.ptr = &watcher;
  if (::epoll_ctl(set_, EPOLL_CTL_ADD, descriptor, &event) != 0) return errno;
  ++watched_;
  wait();
  return 0;
}

void readiness::hand_over(int descriptor, ready_watcher& from, ready_watcher& to) {
  forget(from);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP | EPOLLOUT | EPOLLET;
  event.data.ptr = &to;
  GAUNTLET_ASSERT(::epoll_ctl(set_, EPOLL_CTL_MOD, descriptor, &event) == 0);
}

void readiness::remove(int descriptor, ready_watcher& watcher) {
  forget(watcher);
  // Closing alone would leave the descriptor watched if a child process held a copy.
  epoll_event unused{};
  GAUNTLET_ASSERT(::epoll_ctl(set_, EPOLL_CTL_DEL, descriptor, &unused) == 0);
  if (--watched_ == 0) outer_->set.cancel();  // so that the loop may run out of work
}

void readiness::soon(ready_watcher& watcher) {
  soon_.push_back(&watcher);
  if (soon_.size() == 1) loop_.post([this] { call_soon(); });
}

void readiness::forget(const ready_watcher& watcher) {
  if (current_ == &watcher) current_ = nullptr;
  for (std::size_t i = batch_begin_; i < batch_end_; ++i) {
    if (batch_[i].data.ptr == &watcher) batch_[i].data.ptr = nullptr;
  }
  std::replace_if(
      soon_.begin(), soon_.end(), [&](const auto* other) { return other == &watcher; }, nullptr);
  std::replace_if(
      soon_batch_.begin(), soon_batch_.end(), [&](const auto* other) { return other == &watcher; },
      nullptr);
}

void readiness::wait() {
  if (std::exchange(waiting_, true)) return;
  outer_->set.async_wait(boost::asio::posix::descriptor_base::wait_read,
                         [this](const boost::system::error_code&) {
                           waiting_ = false;
                           if (watched_ == 0) return;
                           // Answers to what was just sent are often there already, and asking for
                           // them is cheaper than going round Asio's loop.
                           for (int rounds = 0; rounds < 8 && call_ready(); ++rounds) continue;
                           if (watched_ > 0) wait();
                         });
}

bool readiness::call_ready() {
  const int count = ::epoll_wait(set_, batch_.data(), static_cast<int>(batch_.size()), 0);
  batch_end_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  batch_begin_ = 0;
  while (batch_begin_ < batch_end_) {
    const epoll_event& next = batch_[batch_begin_++];
    call(static_cast<ready_watcher*>(next.data.ptr), next.events);
  }
  return count > 0;
}

void readiness::call_soon() {
  soon_batch_.swap(soon_);
  for (std::size_t i = 0; i < soon_batch_.size(); ++i) {
    call(std::exchange(soon_batch_[i], nullptr), 0);
  }
  soon_batch_.clear();
}

void readiness::call(ready_watcher* watcher, std::uint32_t events) {
  if (watcher == nullptr) return;
  current_ = watcher;
  watcher->on_ready(events);
  current_ = nullptr;
}

}  // namespace gauntlet::net
