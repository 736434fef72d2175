#pragma once

// The faults of a run: keeps the rules, knows which are active, tells links when that changes, and
// writes the trace of what they did. One for all links of a loop.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/base/result.hpp"
#include "harness/fault/rule.hpp"
#include "harness/history/packet_observer.hpp"

namespace gauntlet::fault {

class link;
struct rule_state;

/// What an injector is made with.
struct injector_options {
  std::uint64_t seed = 1;
  /// Hears of every packet, end and fault; must outlive the injector. Null: nobody listens.
  history::packet_observer* observer = nullptr;
  /// Takes a line each time that a fault begins, strikes or ends. Equal seeds and equal traffic
  /// give equal lines, byte for byte. Empty: no trace.
  std::function<void(std::string_view line)> trace;
};

/// A rule and its number.
struct numbered_rule {
  history::fault_index number = 0;
  rule what;
  bool active = false;        ///< now
  std::uint64_t strikes = 0;  ///< packets it has acted on, and streams that it has begun to act on
};

/// Belongs to its loop's thread; must outlive its links.
class injector {
 public:
  injector(event_loop& loop, injector_options options);
  ~injector();
  injector(const injector&) = delete;
  injector& operator=(const injector&) = delete;

  /// Adds a rule; numbers count from 1. A name that another rule has, or an empty one, is bad
  /// input.
  outcome<history::fault_index> add(rule what);
  /// Replaces a rule; its counters begin anew. False: there is none of that name.
  bool change(std::string_view name, rule what);
  /// Takes a rule away; what it holds back is let go.
  bool remove(std::string_view name);
  bool enable(std::string_view name, bool enabled);
  std::vector<numbered_rule> rules() const;

  /// Active times count from `origin` on. Without this call no rule is ever active.
  void start(time_point origin);
  /// Takes all rules away, lets go what is held back, and resets connections that were left silent.
  void clear();
  /// How long ago that origin was; zero before start().
  duration since_start() const;
  /// Ends every fault for good and lets go what is held back; connections that were left silent are
  /// reset.
  void heal();

  event_loop& loop() const { return loop_; }
  std::uint64_t seed() const { return options_.seed; }
  history::packet_observer* observer() const { return options_.observer; }
  /// What happens to a client that dials now, as far as faults about all clients decide it; who the
  /// client is shows only later.
  enum class dial_answer : std::uint8_t { connects, refused, unanswered };
  dial_answer answer_to_dial() const;

  /// Links that have a connection.
  std::size_t links() const;

 private:
  friend class link;

  void join(link& who);
  void leave(link& who);
  history::connection_index next_connection() { return connections_++; }
  /// The number of the next connection of that client, from 1.
  std::uint32_t next_connect(const std::string& client_id);
  const std::vector<std::shared_ptr<rule_state>>& states() const { return states_; }
  bool any_rules() const { return !states_.empty(); }
  void tell(history::fault_seen::moment moment, rule_state& fault,
            history::connection_index connection, std::string_view text);

  rule_state* find(std::string_view name) const;
  void tell_that_it_ends(rule_state& fault);
  void look_at_clock();
  void tell_links();

  event_loop& loop_;
  injector_options options_;
  struct parts;
  std::unique_ptr<parts> parts_;
  std::vector<std::shared_ptr<rule_state>> states_;
  history::connection_index connections_ = 0;
  history::fault_index last_number_ = 0;
};

}  // namespace gauntlet::fault
