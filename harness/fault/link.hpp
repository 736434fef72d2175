#pragma once

// One connection with a client at one end and a broker at the other, and the faults between them.
// It moves bytes from end to end, cuts them into packets, and lets the rules of its injector do
// what they do to each.
//
//   client end --> flow to the broker --> broker end
//   client end <-- flow to the client <-- broker end

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"
#include "harness/base/seeded_stream.hpp"
#include "harness/fault/injector.hpp"
#include "harness/fault/matcher.hpp"
#include "harness/fault/packet_plan.hpp"
#include "harness/history/packet_observer.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::fault {

class flow;

/// How a link speaks to one of its ends; a channel, or something that looks like one. Calls may
/// come from inside link::from() for the other side, never for the same.
class link_end {
 public:
  virtual ~link_end() = default;
  virtual void send(byte_view bytes) = 0;
  /// Bytes that have been sent and that the system has not taken.
  virtual std::size_t backlog_bytes() const = 0;
  virtual void close() = 0;
  virtual void abort() = 0;
  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;
  /// Nothing that came from this end is under way any more.
  virtual void all_passed() {}
};

/// Belongs to the loop's thread. Its ends must outlive it.
class link {
 public:
  link(injector& faults, link_end& client, link_end& broker);
  ~link();
  link(const link&) = delete;
  link& operator=(const link&) = delete;

  /// Both ends stand.
  void open();
  /// Bytes of that side.
  void from(history::side who, byte_view bytes);
  /// That side has taken all that was sent to it.
  void drained(history::side who);
  /// That side has ended its connection.
  void ended(history::side who, bool reset);
  /// Whether that side is to be given nothing for now.
  void pause(history::side who, bool paused);

  /// Bytes under way to that side, those that its end keeps included.
  std::size_t backlog_to(history::side who) const;
  /// Nothing more will happen: both sides have ended, and nobody was left in silence.
  bool is_over() const;
  /// The fault that explains why this connection ended, or would explain it now: it ended it, took,
  /// changed or added something on the way, or was holding something back when a side ended. 0: the
  /// ends saw nothing of any fault.
  history::fault_index blamed() const;

  /// Called by the injector.
  void rules_changed();
  void heal();

 private:
  friend class flow;

  struct rule_here {
    std::shared_ptr<rule_state> rule;
    seeded_stream draws;
    tally on_connection;
  };

  flow& towards(history::side who);
  link_end& end_of(history::side who) { return *ends_[static_cast<std::size_t>(who)]; }
  void take_connect(byte_view packet);
  void take_connack(byte_view packet);
  void is_known_as(std::string client_id);
  void draw_anew();
  stream_key draws_of(const rule& what) const;
  void collect_rules();
  packet_plan plan_for(const packet_facts& packet);
  void passed(mqtt::packet_type type, history::direction towards);
  void cut(const planned_end& how, history::fault_index fault);
  void end(history::side who, ending how, history::fault_index fault);
  void end_in_order(history::side who, bool reset);
  void tell_end(history::side who, bool by_link, ending how, history::fault_index fault);
  void strike(rule_state& fault, const packet_facts& packet);
  void blame(history::fault_index fault);
  history::fault_index holding() const;
  std::string name() const;

  enum class end_state : std::uint8_t { open, over, silent };

  injector& faults_;
  std::array<link_end*, 2> ends_;
  std::array<end_state, 2> states_{end_state::open, end_state::open};
  std::array<std::unique_ptr<flow>, 2> flows_;  // by direction
  history::connection_index number_ = 0;
  bool opened_ = false;
  bool known_ = false;           // CONNECT has come
  bool to_be_assigned_ = false;  // it has no Client Identifier; that comes with CONNACK
  mqtt::protocol_version version_ = mqtt::protocol_version::v5;
  std::string client_id_;
  std::uint32_t connect_ = 0;
  std::vector<rule_here> rules_;
  history::fault_index ended_by_ = 0;
  history::fault_index spoiled_by_ = 0;  ///< the first that the ends could notice
};

}  // namespace gauntlet::fault
