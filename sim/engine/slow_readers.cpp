#include "sim/engine/slow_readers.hpp"

#include <algorithm>
#include <utility>

#include "harness/mqtt/fixed_header.hpp"

namespace gauntlet::sim {
namespace {

// The size of the packet at the front, 0 if it is not whole yet. What cannot be a packet counts as
// one, for the session to complain of.
std::size_t packet_size(byte_view bytes) {
  if (bytes.empty()) return 0;
  const auto length = mqtt::read_remaining_length(bytes.subspan(1));
  if (length.found == mqtt::remaining_length_field::state::too_long) return bytes.size();
  if (length.found == mqtt::remaining_length_field::state::unfinished) return 0;
  const std::size_t size = std::size_t{1} + length.size + length.value;
  return size <= bytes.size() ? size : 0;
}

duration cost_of(byte_view packet, const consumption& pace) {
  if ((packet.front() >> 4U) != static_cast<std::uint8_t>(mqtt::packet_type::publish)) return {};
  const double seconds = pace.messages_per_second > 0
                             ? 1 / pace.messages_per_second
                             : static_cast<double>(packet.size()) / pace.bytes_per_second;
  return std::chrono::duration_cast<duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

slow_readers::slow_readers(event_loop& loop, std::function<void(std::uint32_t local)> on_ready)
    : loop_(loop), wheel_(loop, [ready = std::move(on_ready)](std::uint32_t local, std::uint8_t) {
        ready(local);
      }) {}

void slow_readers::set_holds(waiting& of, bool value) {
  if (of.holds == value) return;
  of.holds = value;
  holding_ += value ? 1 : std::size_t(-1);
}

void slow_readers::add(std::uint32_t local, byte_view bytes) {
  waiting& of = all_[local];
  if (!of.holds) of.free_at = std::max(of.free_at, loop_.now());
  of.bytes.erase(of.bytes.begin(), of.bytes.begin() + static_cast<std::ptrdiff_t>(of.taken));
  of.taken = 0;
  of.bytes.insert(of.bytes.end(), bytes.begin(), bytes.end());
}

std::optional<byte_view> slow_readers::next(std::uint32_t local, const consumption& pace) {
  const auto found = all_.find(local);
  if (found == all_.end()) return std::nullopt;
  waiting& of = found->second;
  const byte_view rest = byte_view(of.bytes).subspan(of.taken);
  const std::size_t size = packet_size(rest);
  set_holds(of, size > 0);
  if (size == 0) return std::nullopt;
  const byte_view packet = rest.first(size);
  // A message has been taken when its time is over.
  const time_point taken_at = of.free_at + cost_of(packet, pace);
  if (taken_at > loop_.now()) {
    wheel_.arm(local, 0, taken_at);
    return std::nullopt;
  }
  of.free_at = taken_at;
  of.taken += size;
  return packet;
}

bool slow_readers::holds(std::uint32_t local) const {
  const auto found = all_.find(local);
  return found != all_.end() && found->second.holds;
}

void slow_readers::drop(std::uint32_t local) {
  const auto found = all_.find(local);
  if (found == all_.end()) return;
  set_holds(found->second, false);
  if (wheel_.armed(local, 0)) wheel_.cancel(local, 0);
  all_.erase(found);
}

}  // namespace gauntlet::sim
