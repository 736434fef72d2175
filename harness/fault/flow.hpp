#pragma once

// Inside harness/fault only: one direction of a link. Takes bytes as they come from one end, and
// hands packets on to the other when their time has come.

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"
#include "harness/fault/packet_plan.hpp"
#include "harness/fault/stream_fault.hpp"
#include "harness/history/packet_observer.hpp"
#include "harness/mqtt/frame_reader.hpp"

namespace gauntlet::fault {

class link;
struct rule_state;

/// The ends of a direction.
constexpr history::side sender_of(history::direction towards) {
  return towards == history::direction::to_broker ? history::side::client : history::side::broker;
}
constexpr history::side receiver_of(history::direction towards) {
  return towards == history::direction::to_broker ? history::side::broker : history::side::client;
}

/// One direction. Never calls out of take() into the end that the bytes come from.
class flow {
 public:
  flow(link& owner, history::direction towards);

  void take(byte_view bytes);
  /// The sender has ended; what is under way still passes, then the other end is told.
  void take_end(bool reset);
  /// Hands on what is due.
  void pump();
  /// What is under way never arrives; nothing more is taken. With a fault, the sender does not know
  /// that, and what it goes on to send is told as swallowed.
  void close(history::fault_index sender_left_in_silence = 0);
  /// A rule is no longer there: what it alone holds back goes on.
  void let_go(history::fault_index rule);
  /// Lets go all that waits for something.
  void release();
  /// A packet of that kind has passed somewhere in the link.
  void packet_passed(mqtt::packet_type type, history::direction where);
  void put_forged(byte_buffer bytes, history::fault_index fault);
  /// The faults that act on the stream from now on.
  struct shape {
    std::unique_ptr<stream_fault> effect;
    std::shared_ptr<const rule_state> rule;
    time_point since{};
  };
  std::vector<shape>& shapes() { return shapes_; }
  /// Those have changed.
  void reshaped() { wake_at(now()); }
  void pause(bool paused);
  std::size_t waiting_bytes() const { return waiting_; }
  /// The fault for which something waits here, or goes nowhere; 0: nothing does.
  history::fault_index held_by() const;

 private:
  /// A packet, or bytes that are none, on its way.
  struct item {
    byte_buffer bytes;                // that pass
    std::optional<byte_buffer> sent;  // by the sender, if others
    std::size_t passed = 0;
    std::size_t limit = 0;  // of `bytes` that pass at all
    time_point sent_at{};
    time_point due{};
    history::packet_fate fate = history::packet_fate::passed;
    history::fault_index fault = 0;
    bool is_packet = true;
    bool joins_next = false;  // goes in one piece with what is behind it
    std::size_t piece_bytes = 0;
    duration piece_gap{};
    std::optional<planned_end> then_end;
    std::optional<hold> held;
  };
  struct window {
    std::vector<item> items;
    history::fault_index fault = 0;
    std::size_t wanted = 0;
    time_point until{};
    bool shuffle = false;
    seeded_stream draws;
  };

  void take_frame(byte_view frame, byte_view input);
  void take_rest(byte_view input);
  void take_into_silence(byte_view bytes);
  void pass_untouched(byte_view frame, byte_view input);
  bool is_clear() const;
  void flush_run();
  void carry_out(packet_plan plan, const packet_facts& packet);
  void put(item what, bool may_be_overtaken);
  void put_behind(item what);
  void open_window(item what, std::size_t wanted, duration at_most, bool shuffle);
  void close_window();
  bool pump_aside();
  bool pump_head();
  std::size_t may_pass(const item& head);
  void send(byte_view bytes);
  void send_joined();
  bool finish(item& done);
  void tell(const item& what, time_point passed_at, history::packet_fate fate);
  void tell_lost(const item& what);
  void apply_back_pressure();
  bool ends_by_fault();
  bool holds_ends() const;
  void wake_at(time_point when);
  bool is_idle() const;
  time_point now() const;

  link& link_;
  history::direction towards_;
  mqtt::frame_reader reader_;
  std::deque<item> queue_;
  std::vector<item> aside_;  // others may overtake them
  std::optional<window> window_;
  std::vector<shape> shapes_;
  time_point wake_ = time_point::max();
  std::unique_ptr<timer> timer_;
  time_point stalled_until_{};
  history::fault_index stalled_by_ = 0;
  time_point last_due_{};
  std::size_t waiting_ = 0;
  std::uint64_t windows_ = 0;
  byte_view run_;            // untouched packets, one behind the other in what is being taken
  byte_buffer joined_;       // has passed, and goes with what comes next
  std::optional<bool> end_;  // the sender has ended: with a reset?
  history::fault_index dead_ = 0;
  bool raw_ = false;  // no MQTT any more
  bool closed_ = false;
  bool paused_ = false;  // by the receiver
  bool sender_paused_ = false;
  bool pumping_ = false;
};

}  // namespace gauntlet::fault
