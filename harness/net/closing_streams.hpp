#pragma once

// Inside harness/net only: connections whose owner has let go. They send the rest, end our
// direction and read to the peer's end, because closing with unread bytes would be a reset, and a
// reset loses what the peer has not read yet.

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "harness/net/deadlines.hpp"
#include "harness/net/readiness.hpp"
#include "harness/net/stream.hpp"

namespace gauntlet::net {

/// The connections that are closing, each for a bounded time.
class closing_streams {
 public:
  /// `scratch` receives what peers still send.
  closing_streams(readiness& descriptors, deadlines& limits, std::span<std::uint8_t> scratch,
                  duration limit);
  ~closing_streams();
  closing_streams(const closing_streams&) = delete;
  closing_streams& operator=(const closing_streams&) = delete;

  /// Takes over a stream whose socket `from` watches; it may still be flushing.
  void add(stream closing, ready_watcher& from);
  std::size_t size() const { return all_.size(); }

 private:
  class closing_stream;
  void remove(const closing_stream& over);

  readiness& descriptors_;
  deadlines& limits_;
  std::span<std::uint8_t> scratch_;
  duration limit_;
  std::vector<std::unique_ptr<closing_stream>> all_;
};

}  // namespace gauntlet::net
