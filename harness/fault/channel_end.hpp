#pragma once

// Inside harness/fault only: an end of a link that is a channel of a network.

#include <memory>

#include "harness/fault/link.hpp"
#include "harness/net/channel.hpp"

namespace gauntlet::fault {

/// The channel may come after the link, and everything is lost until it is there.
struct channel_end : link_end {
  void send(byte_view bytes) override {
    if (channel != nullptr) channel->send(bytes);
  }
  std::size_t backlog_bytes() const override {
    return channel != nullptr ? channel->backlog_bytes() : 0;
  }
  void close() override {
    if (channel != nullptr) channel->close();
  }
  void abort() override {
    if (channel != nullptr) channel->abort();
  }
  void pause_reading() override {
    if (channel != nullptr) channel->pause_reading();
  }
  void resume_reading() override {
    if (channel != nullptr) channel->resume_reading();
  }

  std::unique_ptr<net::channel> channel;
};

}  // namespace gauntlet::fault
