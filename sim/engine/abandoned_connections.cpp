#include "sim/engine/abandoned_connections.hpp"

#include <utility>

namespace gauntlet::sim {
namespace {

// An end that came while nobody read is heard within this time.
constexpr duration hearing_time = std::chrono::seconds(2);

}  // namespace

abandoned_connections::abandoned_connections(event_loop& loop,
                                             std::function<void(std::uint16_t)> on_left_open)
    : loop_(loop),
      on_left_open_(std::move(on_left_open)),
      wheel_(loop, [this](std::uint32_t index, std::uint8_t) { on_due(index); }) {}

void abandoned_connections::keep(std::unique_ptr<net::channel> from, std::uint16_t group,
                                 time_point until, bool silent) {
  std::uint32_t index = static_cast<std::uint32_t>(entries_.size());
  if (free_.empty()) {
    entries_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  entry& made = entries_[index];
  made.owner = this;
  made.channel = std::move(from);
  made.index = index;
  made.group = group;
  made.silent = silent;
  made.channel->set_handler(made);
  if (silent) made.channel->pause_reading();
  wheel_.arm(index, 0, until);
}

void abandoned_connections::drop(std::uint32_t index) {
  wheel_.cancel(index, 0);
  entries_[index].channel.reset();
  free_.push_back(index);
}

void abandoned_connections::on_due(std::uint32_t index) {
  entry& each = entries_[index];
  if (each.silent) {
    each.silent = false;
    wheel_.arm(index, 0, loop_.now() + hearing_time);
    each.channel->resume_reading();
    return;
  }
  on_left_open_(each.group);
  each.channel->abort();
  drop(index);
}

void abandoned_connections::clear() {
  for (entry& each : entries_) {
    if (!each.channel) continue;
    each.channel->abort();
    drop(each.index);
  }
}

}  // namespace gauntlet::sim
