#pragma once

// What a client has sent and not yet seen acknowledged, by Packet Identifier, and the choice of
// identifiers. Knows no packets: only stages, the caller's tags and the order of sending.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace gauntlet::mqtt {

/// What the client waits for.
enum class in_flight_stage : std::uint8_t {
  none,
  puback,    ///< sent PUBLISH of QoS 1
  pubrec,    ///< sent PUBLISH of QoS 2
  pubcomp,   ///< sent PUBREL
  suback,    ///< sent SUBSCRIBE
  unsuback,  ///< sent UNSUBSCRIBE
};

/// One identifier in use.
struct in_flight_item {
  std::uint16_t identifier = 0;
  in_flight_stage stage = in_flight_stage::none;
  std::uint64_t tag = 0;
  std::uint16_t filters = 0;  ///< of a SUBSCRIBE or UNSUBSCRIBE: how many filters it holds
};

/// The identifiers in use of one session. A single publication is kept in place; more of them, and
/// subscriptions, in a table on the heap that release_memory() gives back once it is empty.
/// Looking up, adding and removing take constant time. 16 bytes.
class in_flight {
 public:
  in_flight() noexcept = default;
  in_flight(in_flight&& other) noexcept;
  in_flight& operator=(in_flight&& other) noexcept;
  ~in_flight();

  /// Takes the next free identifier, counting up from the last one taken and around after 65535;
  /// 0 if all are in use. Publications keep the order in which they were added.
  std::uint16_t add(in_flight_stage stage, std::uint64_t tag, std::uint16_t filters = 0);
  /// The identifier's item; none if it is not in use.
  std::optional<in_flight_item> find(std::uint16_t identifier) const;
  /// PUBREC has come for an identifier in stage pubrec: it goes to stage pubcomp and to the end of
  /// the order.
  void released(std::uint16_t identifier);
  /// Frees an identifier in use.
  void remove(std::uint16_t identifier);
  /// Frees all identifiers of SUBSCRIBE and UNSUBSCRIBE packets.
  void remove_subscriptions();
  /// Frees all identifiers.
  void clear() noexcept;

  /// All identifiers in stages puback, pubrec and pubcomp, in the order in which their packets have
  /// to be sent again: first pubcomp in the order of the PUBRECs, then the others as first sent.
  std::vector<std::uint16_t> in_order() const;

  bool empty() const noexcept { return size() == 0; }
  /// Identifiers in use.
  std::size_t size() const noexcept;

  /// Publications that wait to be sent again until the server's quota permits it, first to last.
  void set_waiting(std::vector<std::uint16_t> identifiers);
  bool has_waiting() const noexcept;
  /// Takes the first waiting identifier; 0 if there is none. It may have been removed meanwhile.
  std::uint16_t take_waiting() noexcept;

  /// Gives memory back if nothing is in flight.
  void release_memory() noexcept;

 private:
  struct table;

  bool has_table() const noexcept { return in_table_; }
  table& make_table();

  union {
    std::uint64_t tag_ = 0;  ///< of the single publication, if not in_table_
    table* table_;           ///< owned, if in_table_
  };
  std::uint16_t identifier_ = 0;  ///< of the single publication; 0: there is none
  std::uint16_t last_identifier_ = 0;
  in_flight_stage stage_ = in_flight_stage::none;
  bool in_table_ = false;
};

}  // namespace gauntlet::mqtt
