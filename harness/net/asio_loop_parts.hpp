#pragma once

// Inside harness/net only: what asio_loop is made of, for those who need Asio itself.

#include <atomic>
#include <list>
#include <memory>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "harness/net/asio_loop.hpp"
#include "harness/net/readiness.hpp"

namespace gauntlet::net {

/// What the loop is made of.
struct asio_loop::parts {
  using executor = boost::asio::io_context::executor_type;

  struct signal_wait {
    signal_wait(boost::asio::io_context& context, int number, task on_signal)
        : signals(context, number), call(std::move(on_signal)) {}
    void wait();

    boost::asio::basic_signal_set<executor> signals;
    task call;
  };

  // One thread runs the loop, so only what other threads may reach (the queue) is locked.
  boost::asio::io_context context{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  std::atomic<bool> stopping = false;  // stop() has been called and not been obeyed yet
  std::list<signal_wait> signal_waits;
  std::unique_ptr<readiness> descriptors;
};

}  // namespace gauntlet::net
