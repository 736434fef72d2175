#pragma once

// The reference broker without I/O: connections opened and ended, bytes, and the time go in; bytes
// and closes come out through each connection's carrier. Runs the same over sockets, in memory,
// under virtual time and inside a fuzzer. Not thread-safe.

#include <memory>
#include <optional>
#include <string_view>

#include "harness/broker/connection.hpp"
#include "harness/broker/durable_store.hpp"
#include "harness/broker/options.hpp"
#include "harness/broker/statistics.hpp"

namespace gauntlet::broker {

struct broker_state;

/// A broker. After one or more inputs call flush(), once a turn: it sends what the inputs led to.
class broker_core {
 public:
  explicit broker_core(options chosen);
  ~broker_core();
  broker_core(const broker_core&) = delete;
  broker_core& operator=(const broker_core&) = delete;

  /// Takes over what `from` holds of an earlier run, and tells it of every change from now on; it
  /// must outlive this. Before anything else. Expiries have gone on counting meanwhile. The failure
  /// says what is wrong with the store.
  outcome<void> recover(durable_store& from, time_point now, wall_time wall_now);
  /// Why the store has failed. From then on nothing is sent, connections are cut and refused:
  /// the broker cannot promise anything any more.
  const std::optional<failure>& storage_failure() const;

  /// A new network connection over `carried_by`, which must outlive it. Null if there are too many
  /// already: the caller closes it. The caller owns the connection, and may destroy it after
  /// ended(), or after the core has closed it, and the next flush().
  std::unique_ptr<connection> open(carrier& carried_by, time_point now);
  /// Bytes have come; ignored once the connection is closed.
  void received(connection& from, byte_view bytes, time_point now);
  /// The network has taken all bytes sent.
  void drained(connection& to, time_point now);
  /// The network connection is gone, and not by the core's own close. `how` is for the log.
  void ended(connection& gone, std::string_view how, time_point now);

  /// Whether flush() has anything to do.
  bool has_output() const;
  /// Makes all changes durable, then hands collected bytes to the carriers.
  void flush();

  /// When time_passed() is next to be called; nullopt: not before another input.
  std::optional<time_point> next_due() const;
  /// Does what is due at `now`: time-outs, expiries, wills.
  void time_passed(time_point now);

  /// Tells all clients that the broker goes (5.0: DISCONNECT 0x8B) and closes their connections.
  void shut_down(time_point now);

  broker::statistics statistics() const;

 private:
  std::unique_ptr<broker_state> state_;
};

}  // namespace gauntlet::broker
