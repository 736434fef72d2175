#include "harness/net/deadlines.hpp"

namespace gauntlet::net {

deadlines::deadlines(event_loop& loop)
    : loop_(loop),
      wheel_(loop, [this](std::uint32_t slot, std::uint8_t) { by_slot_[slot]->on_deadline(); }) {}

deadline::deadline(deadlines& all, duration limit) : all_(all) {
  if (all_.free_slots_.empty()) {
    all_.free_slots_.push_back(static_cast<std::uint32_t>(all_.by_slot_.size()));
    all_.by_slot_.push_back(nullptr);
  }
  slot_ = all_.free_slots_.back();
  all_.free_slots_.pop_back();
  all_.by_slot_[slot_] = this;
  all_.wheel_.arm(slot_, 0, all_.loop_.now() + limit);
}

deadline::~deadline() {
  all_.wheel_.cancel(slot_, 0);
  all_.by_slot_[slot_] = nullptr;
  all_.free_slots_.push_back(slot_);
}

}  // namespace gauntlet::net
