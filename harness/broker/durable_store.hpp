#pragma once

// What survives a restart, as records: the interface between the protocol core, which tells of
// each change, and a store that keeps them on disk. Plain data and numbers; a store knows no rule.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "harness/base/bytes.hpp"
#include "harness/base/result.hpp"

namespace gauntlet::broker {

/// Wall-clock time: unlike the loop's it goes on while the broker is down.
using wall_time = std::chrono::sys_time<std::chrono::milliseconds>;

/// An application message; stored once, and named by its number from the records that wait for it.
struct message_record {
  std::uint64_t number = 0;  ///< 1 or more, never used again
  std::string_view topic;
  byte_view payload;
  byte_view properties;  ///< as in message_view
  std::uint8_t qos = 0;
  bool retain = false;
  std::optional<std::uint32_t> message_expiry_interval_s;
  wall_time received_at{};
};

/// A session that may outlive its connection.
struct session_record {
  std::uint64_t serial = 0;  ///< names the session in other records
  std::string_view client_id;
  std::uint32_t session_expiry_interval_s = 0;
  /// When its connection ended; nullopt while it is connected.
  std::optional<wall_time> left_at;
};

/// A subscription; session and filter name it.
struct subscription_record {
  std::uint64_t session = 0;
  std::string_view filter;  ///< as the client sent it
  bool shared = false;      ///< "$share/" means a shared subscription: not so in 3.1.1
  std::uint8_t maximum_qos = 0;
  bool no_local = false;
  bool retain_as_published = false;
  std::uint8_t retain_handling = 0;
  std::uint32_t identifier = 0;  ///< 0 for none
};

/// A QoS 1 or 2 message on its way to one client.
struct delivery_record {
  std::uint64_t number = 0;  ///< ascends in the order of delivery within a session
  std::uint64_t session = 0;
  std::uint64_t message = 0;
  std::uint16_t packet_identifier = 0;  ///< 0 while queued
  std::uint8_t qos = 0;
  bool retain = false;
  std::uint8_t state = 0;  ///< delivery_state
  std::span<const std::uint32_t> subscription_identifiers;
  std::string_view shared_filter;  ///< of the shared subscription that it is for; empty for none
};

/// The Packet Identifier of a QoS 2 message taken over and not yet released by PUBREL.
struct inbound_record {
  std::uint64_t session = 0;
  std::uint16_t packet_identifier = 0;
};

/// The will of a connection, one a session. Its session need not be stored: one that ends with its
/// connection leaves no more than this.
struct will_record {
  std::uint64_t session = 0;
  std::uint64_t message = 0;
  std::uint32_t will_delay_interval_s = 0;
  /// When it is to be published; nullopt while the client is connected.
  std::optional<wall_time> due;
};

/// The retained message of a topic.
struct retained_record {
  std::string_view topic;
  std::uint64_t message = 0;
  std::string_view publisher;  ///< Client Identifier, or empty
};

/// Takes the records of a store; text and bytes are valid during the call. An answer of false says
/// that the record makes no sense, and ends the reading.
class record_reader {
 public:
  virtual ~record_reader() = default;
  virtual void assigned_identifiers(std::uint64_t count) = 0;
  virtual bool read(const message_record& record) = 0;
  virtual bool read(const session_record& record) = 0;
  virtual bool read(const subscription_record& record) = 0;
  virtual bool read(const delivery_record& record) = 0;
  virtual bool read(const inbound_record& record) = 0;
  virtual bool read(const will_record& record) = 0;
  virtual bool read(const retained_record& record) = 0;
};

/// Keeps records. Changes gather until commit(), which makes all of them durable together or none;
/// what is put replaces the record of the same name. An error shows at the next commit().
class durable_store {
 public:
  virtual ~durable_store() = default;

  /// Reads everything: messages first, then sessions, then the rest, deliveries by number.
  virtual outcome<void> read_all(record_reader& into) = 0;

  /// How many Client Identifiers the broker has assigned.
  virtual void put_assigned_identifiers(std::uint64_t count) = 0;
  virtual void put(const message_record& record) = 0;
  virtual void put(const session_record& record) = 0;
  virtual void put(const subscription_record& record) = 0;
  virtual void put(const delivery_record& record) = 0;
  virtual void put(const inbound_record& record) = 0;
  virtual void put(const will_record& record) = 0;
  virtual void put(const retained_record& record) = 0;

  virtual void erase_message(std::uint64_t number) = 0;
  /// With its subscriptions and inbound identifiers; deliveries and the will have been erased.
  virtual void erase_session(std::uint64_t serial) = 0;
  virtual void erase_subscription(std::uint64_t session, std::string_view filter) = 0;
  virtual void erase_delivery(std::uint64_t number) = 0;
  virtual void erase_inbound(std::uint64_t session, std::uint16_t packet_identifier) = 0;
  virtual void erase_will(std::uint64_t session) = 0;
  virtual void erase_retained(std::string_view topic) = 0;

  /// Succeeds at once if nothing has changed. After a failure nothing more is stored.
  virtual outcome<void> commit() = 0;
};

}  // namespace gauntlet::broker
