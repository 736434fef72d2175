#include "fuzz/execution/executor.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "fuzz/execution/connack_code.hpp"
#include "fuzz/input/name_space.hpp"
#include "fuzz/input/packet_script.hpp"

namespace gauntlet::fuzz {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds connect_wait{1000};
constexpr std::chrono::milliseconds send_wait{1000};
constexpr std::uint32_t packet_size_max = 1U << 20U;
/// Broken packets fall apart into many; most brokers have ended the connection by then.
constexpr std::uint32_t barrier_rounds_max = 16;
constexpr std::uint8_t connect_byte = 0x10;
constexpr std::uint8_t pingreq_byte = 0xC0;
constexpr std::uint8_t pingresp_byte = 0xD0;
/// A broker that serves connections side by side has answered by then, or will not.
constexpr std::chrono::milliseconds ask_wait{20};

bool is_pingreq(byte_view packet) {
  return packet.size() == 2 && packet[0] == pingreq_byte && packet[1] == 0;
}

bool is_pingresp(byte_view packet) { return packet.size() == 2 && packet[0] == pingresp_byte; }

/// Whether a packet of this kind may make a broker send something on another connection, or end
/// one: all but requests about the client's own session, and acknowledgements.
bool reaches_others(std::uint8_t first_byte) {
  switch (static_cast<mqtt::packet_type>(first_byte >> 4U)) {
    case mqtt::packet_type::subscribe:
    case mqtt::packet_type::unsubscribe:
    case mqtt::packet_type::puback:
    case mqtt::packet_type::pubrec:
    case mqtt::packet_type::pubcomp:
    case mqtt::packet_type::pingreq:
      return false;
    default:
      return true;
  }
}

/// How many packets end within the bytes; what cannot be cut counts as one.
std::uint32_t count_packets(mqtt::frame_reader& reader, byte_view bytes) {
  std::uint32_t count = 0;
  for (;;) {
    const auto frame = reader.next(bytes);
    if (!frame) return count + 1;
    if (frame->empty()) return count;
    count += 1;
  }
}

}  // namespace

void observation::clear() {
  steps.clear();
  arrivals.clear();
  ends.clear();
  bytes.clear();
  states.fill({});
  life = broker_life::serves;
  connections_opened = 0;
  packets_sent = 0;
}

bool executor::connect_control(seeded_stream& draws) {
  return control_.connect(how_.where, unguessable_name(draws), true, how_.barrier_wait);
}

const observation& executor::play(const input& of, std::uint32_t name_space) {
  seen_.clear();
  name_space_ = name_space;
  seen_.name_space = name_space;
  has_opened_ = false;
  reaches_others_ = false;
  for (std::size_t i = 0; i < of.steps.size() && seen_.life == broker_life::serves; ++i) {
    const step& each = of.steps[i];
    play_step(each);
    const bool is_last = i + 1 == of.steps.size();
    if ((each.barrier || is_last) && seen_.life == broker_life::serves) {
      pass_barrier();
    }
  }
  if (seen_.life == broker_life::serves) linger();
  finish();
  return seen_;
}

void executor::play_step(const step& each) {
  line& on = lines_.at(each.connection);
  abstract_state& state = seen_.states.at(each.connection);
  const std::uint8_t first_byte =
      each.kind == step_kind::send && !each.bytes.empty() ? each.bytes[0] : std::uint8_t{0};
  if (each.kind == step_kind::send && !on.socket.is_open()) state = {};
  seen_.steps.push_back({.connection = each.connection,
                         .first_byte = first_byte,
                         .state = state.bits(),
                         .row = state.row(),
                         .opening = on.opening,
                         .version = state.version()});
  if (each.kind != step_kind::send) on.turns_due += 1;
  reaches_others_ = reaches_others_ || reaches_others(first_byte);
  switch (each.kind) {
    case step_kind::send:
      send(each);
      return;
    case step_kind::close:
      on.socket.close();
      state.ended();
      return;
    case step_kind::half_close:
      on.socket.half_close();
      on.is_open_ended = true;
      on.is_half_closed = true;
      on.has_acted = true;
      return;
    case step_kind::reset:
      on.socket.reset();
      state.ended();
      return;
  }
}

bool executor::open_line(std::uint8_t connection) {
  line& on = lines_.at(connection);
  if (on.socket.is_open()) return true;
  on.reader = mqtt::frame_reader(packet_size_max);
  on.sent = mqtt::frame_reader(packet_size_max);
  on.turns_due = 0;
  on.has_connect = false;
  on.is_connected = false;
  on.is_open_ended = false;
  on.is_half_closed = false;
  on.has_acted = false;
  on.is_asked = false;
  on.pings_due = 0;
  on.version = mqtt::protocol_version::v5;
  on.received.clear();
  on.is_lost = false;
  on.socket.open(how_.where, connect_wait);
  seen_.connections_opened += 1;
  on.opening = seen_.connections_opened;
  has_opened_ = true;
  return on.socket.is_open();
}

void executor::send(const step& each) {
  if (!open_line(each.connection)) {
    seen_.steps.back().was_accepted = false;
    seen_.life = broker_life::refuses;
    return;
  }
  line& on = lines_.at(each.connection);
  enter_name_space(each.bytes, name_space_, scratch_);
  seen_.states.at(each.connection).sent(scratch_);
  seen_.steps.back().opening = on.opening;
  seen_.packets_sent += 1;
  on.turns_due += count_packets(on.sent, scratch_);
  on.is_open_ended = on.sent.pending() > 0 || !on.sent.unanswered().empty();
  on.has_acted = true;
  if (is_pingreq(scratch_)) on.pings_due += 1;
  if (each.piece_size > 0)
    on.turns_due += static_cast<std::uint32_t>(scratch_.size()) / each.piece_size;
  // A broker that passes over what comes before speaks the version of the first CONNECT.
  const bool is_connect = each.bytes.size() > 1 && each.bytes[0] == connect_byte;
  if (!on.has_connect && is_connect) {
    on.has_connect = true;
    on.version = version_of_connect(scratch_, on.version);
  }
  seen_.steps.back().version = on.version;
  byte_view rest = scratch_;
  const std::size_t piece = each.piece_size > 0 ? each.piece_size : rest.size();
  while (!rest.empty() && on.socket.is_open()) {
    const std::size_t size = std::min(piece, rest.size());
    on.socket.send(rest.first(size), on.received, send_wait);
    rest = rest.subspan(size);
  }
  seen_.steps.back().was_accepted = on.socket.is_open();
}

/// A broker may take one packet, or one piece, or the end of each ready connection in a turn, us
/// first, and take up a new connection in a turn of its own. PINGREQ n is sent after PINGRESP n - 1
/// and is therefore answered in turn n at the earliest, when n - 1 turns are over.
std::uint32_t executor::barrier_rounds() {
  std::uint32_t turns = 0;
  for (line& each : lines_) turns = std::max(turns, std::exchange(each.turns_due, 0));
  const bool has_opened = std::exchange(has_opened_, false);
  return std::min(turns, barrier_rounds_max) + (has_opened ? 2 : 1);
}

bool executor::pass_barrier() {
  std::uint32_t rounds = barrier_rounds();
  // Connections that have answered themselves need no turns of another.
  if (how_.answer_wait.count() > 0 && settle_all()) rounds = 1;
  for (std::uint32_t i = 0; i < rounds; ++i) {
    const auto begun = clock::now();
    const bool has_come = control_.ping(how_.barrier_wait);
    waits_.add(wait_kind::barrier, has_come, clock::now() - begun);
    if (has_come) continue;
    const bool is_silent = control_.is_connected();
    seen_.life = is_silent ? broker_life::control_silent : broker_life::control_ended;
    return false;
  }
  for (std::uint8_t i = 0; i < connections_max; ++i) collect(i);
  return true;
}

/// Where connections are served side by side, the control connection says little of the others.
/// They are asked themselves: first those of the steps, then those on which these may have caused
/// something. Whether all that had a step have reacted to it.
bool executor::settle_all() {
  bool all_have = true;
  std::array<bool, connections_max> is_settled{};
  for (std::uint8_t i = 0; i < connections_max; ++i) {
    if (!std::exchange(lines_.at(i).has_acted, false)) continue;
    is_settled.at(i) = true;
    if (!settle(i)) all_have = false;
    if (!lines_.at(i).socket.is_open()) reaches_others_ = true;  // by its will
  }
  if (!std::exchange(reaches_others_, false)) return all_have;
  std::array<bool, connections_max> is_asked{};
  for (std::uint8_t i = 0; i < connections_max; ++i) {
    is_asked.at(i) = !is_settled.at(i) && send_ping(i);
  }
  for (std::uint8_t i = 0; i < connections_max; ++i) {
    if (is_asked.at(i)) wait_ping(i);
  }
  return all_have;
}

/// Waits for what the connection's own steps bring about. False if nothing can be known to be over.
bool executor::settle(std::uint8_t connection) {
  line& on = lines_.at(connection);
  if (!on.socket.is_open()) return false;
  if (on.is_half_closed) return wait_until(connection, wait_kind::farewell, [] { return false; });
  if (on.has_connect && !on.is_connected && !on.is_open_ended) {
    // CONNACK with success, or the end, which may come after another CONNACK.
    return wait_until(connection, wait_kind::connack, [&] { return on.is_connected; });
  }
  if (on.pings_due > 0 && on.is_connected && !on.is_open_ended) {
    const bool has_come =
        wait_until(connection, wait_kind::pingresp, [&] { return on.pings_due == 0; });
    on.pings_due = 0;
    return has_come;
  }
  if (send_ping(connection)) return wait_ping(connection);
  return wait_readable(connection, wait_kind::reaction, how_.answer_wait);
}

/// Whether a PINGREQ on it tells anything.
bool executor::can_ask(std::uint8_t connection) const {
  const line& on = lines_.at(connection);
  return on.socket.is_open() && on.is_connected && !on.is_open_ended && !on.is_asked &&
         !on.is_lost && on.pings_due == 0;
}

/// Sends a PINGREQ whose PINGRESP is nobody else's to see. False if it would tell nothing.
bool executor::send_ping(std::uint8_t connection) {
  if (!can_ask(connection)) return false;
  line& on = lines_.at(connection);
  static constexpr std::array<std::uint8_t, 2> pingreq = {pingreq_byte, 0};
  on.is_asked = true;
  on.socket.send(pingreq, on.received, send_wait);
  return true;
}

bool executor::wait_ping(std::uint8_t connection) {
  const line& on = lines_.at(connection);
  return wait_until(connection, wait_kind::pingresp, [&] { return !on.is_asked; });
}

/// Takes what comes until the condition is met, or the connection has ended, which is as good.
bool executor::wait_until(std::uint8_t connection, wait_kind kind,
                          const std::function<bool()>& condition) {
  const auto begun = clock::now();
  const plain_socket& socket = lines_.at(connection).socket;
  const auto is_over = [&] { return !socket.is_open() || condition(); };
  collect(connection);
  while (!is_over()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(begun + ask_wait - clock::now());
    if (left.count() <= 0 || !socket.wait_readable(left)) break;
    collect(connection);
  }
  const bool has_come = is_over();
  waits_.add(kind, has_come, clock::now() - begun);
  return has_come;
}

bool executor::wait_readable(std::uint8_t connection, wait_kind kind,
                             std::chrono::milliseconds wait) {
  const auto begun = clock::now();
  const bool has_come = lines_.at(connection).socket.wait_readable(wait);
  waits_.add(kind, has_come, clock::now() - begun);
  return has_come;
}

void executor::collect(std::uint8_t connection) {
  line& on = lines_.at(connection);
  if (on.socket.is_open()) on.socket.receive(on.received);
  take_packets(connection);
  const socket_state now = on.socket.state();
  if (now != socket_state::ended && now != socket_state::aborted) return;
  seen_.ends.push_back({static_cast<std::uint16_t>(seen_.steps.size() - 1), connection, now});
  seen_.states.at(connection).ended();
  on.socket.reset();
}

void executor::take_packets(std::uint8_t connection) {
  line& on = lines_.at(connection);
  byte_view rest = on.received;
  while (!on.is_lost && !rest.empty()) {
    const auto frame = on.reader.next(rest);
    arrival each{.step = static_cast<std::uint16_t>(seen_.steps.size() - 1),
                 .connection = connection,
                 .opening = on.opening,
                 .version = on.version,
                 .is_framed = frame.has_value(),
                 .offset = seen_.bytes.size()};
    on.is_lost = !frame.has_value();
    if (frame && frame->empty()) break;
    const byte_view bytes = frame ? *frame : on.reader.unanswered();
    if (frame && is_pingresp(bytes)) {
      // Answers come in the order of the requests, and ours is sent when no other is due.
      if (std::exchange(on.is_asked, false)) continue;
      on.pings_due -= on.pings_due > 0 ? 1 : 0;
    }
    on.is_connected = on.is_connected || connack_code(bytes) == 0;
    each.size = bytes.size();
    seen_.bytes.insert(seen_.bytes.end(), bytes.begin(), bytes.end());
    if (frame) seen_.states.at(connection).received(bytes);
    seen_.arrivals.push_back(each);
  }
  on.received.clear();
}

void executor::linger() {
  if (patience_.count() == 0) return;
  const auto begun = clock::now();
  // Who answers has read all that came before; only an end that is already on its way may follow.
  for (std::uint8_t i = 0; i < connections_max; ++i) {
    const bool answers = send_ping(i) && wait_ping(i) && lines_.at(i).socket.is_open();
    lines_.at(i).is_patient = !answers;
  }
  for (std::uint8_t i = 0; i < connections_max; ++i) {
    const line& on = lines_.at(i);
    const auto deadline = begun + (on.is_patient ? patience_ : patience_ / 4);
    while (on.socket.is_open()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now());
      if (left.count() <= 0 || !wait_readable(i, wait_kind::patience, left)) break;
      collect(i);
    }
  }
  // Those that were waited for last had all of the time, and none of it here.
  for (std::uint8_t i = 0; i < connections_max; ++i) {
    if (lines_.at(i).socket.is_open()) collect(i);
  }
}

void executor::finish() {
  for (line& each : lines_) each.socket.reset();
}

}  // namespace gauntlet::fuzz
