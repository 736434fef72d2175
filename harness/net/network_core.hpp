#pragma once

// Inside harness/net only: what all sockets of one asio_network share.

#include "harness/base/bytes.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/net/closing_streams.hpp"
#include "harness/net/deadlines.hpp"
#include "harness/net/host_resolver.hpp"
#include "harness/net/readiness.hpp"

namespace gauntlet::net {

/// What all channels and listeners of one network share.
struct network_core {
  network_core(asio_loop& the_loop, asio_network_options the_options)
      : loop(the_loop),
        options(std::move(the_options)),
        descriptors(loop.descriptors()),
        limits(loop),
        names(loop),
        read_buffer(std::size_t{64} * 1024),
        closing(descriptors, limits, read_buffer, options.closing_timeout) {}

  asio_loop& loop;
  asio_network_options options;
  readiness& descriptors;
  deadlines limits;
  host_resolver names;
  byte_buffer read_buffer;  // one for all: filled and handed out within one event
  closing_streams closing;
};

}  // namespace gauntlet::net
