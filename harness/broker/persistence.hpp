#pragma once

// What rules call when they change something that survives a restart. Without a store each of
// these costs a test of a pointer. What was told is on disk before any byte that follows from it
// leaves (commit_changes), so that a broker never acknowledges what it may forget.

#include "harness/broker/state.hpp"

namespace gauntlet::broker {

wall_time to_wall_time(const broker_state& broker, time_point when);
time_point from_wall_time(const broker_state& broker, wall_time when);

// The same under these names, where there is a store and the session is one that it keeps.
namespace stored {
void session_changed(broker_state& broker, session& of);
void session_ended(broker_state& broker, session& gone);
void subscription_made(broker_state& broker, const session& of, std::string_view filter,
                       const subscription& made);
void delivery_changed(broker_state& broker, const session& to, delivery& what);
void delivery_over(broker_state& broker, delivery& what);
void will_set(broker_state& broker, session& of);
void will_started(broker_state& broker, const session& of);
void will_over(broker_state& broker, session& of);
void retained_set(broker_state& broker, const retained_message& kept, const message_ref& replaced);
void retained_over(broker_state& broker, const message_ref& gone);
bool commit(broker_state& broker);
}  // namespace stored

/// One more Client Identifier was assigned.
inline void persist_assigned_identifiers(broker_state& broker) {
  if (broker.store != nullptr) broker.store->put_assigned_identifiers(broker.assigned_identifiers);
}

/// A session began, was resumed, or its connection ended; also when its expiry interval changed.
inline void persist_session(broker_state& broker, session& of) {
  if (broker.store != nullptr) stored::session_changed(broker, of);
}
/// A session ends, with everything in it.
inline void forget_session(broker_state& broker, session& gone) {
  if (broker.store != nullptr) stored::session_ended(broker, gone);
}

inline void persist_subscription(broker_state& broker, const session& of, std::string_view filter,
                                 const subscription& made) {
  if (broker.store != nullptr && of.durable) stored::subscription_made(broker, of, filter, made);
}
inline void forget_subscription(broker_state& broker, const session& of, std::string_view filter) {
  if (broker.store != nullptr && of.durable) broker.store->erase_subscription(of.serial, filter);
}

/// A delivery was queued or sent for the first time, or its state has changed; those of QoS 0 are
/// no part of a session. It must be in the order in which deliveries to the session go out.
inline void persist_delivery(broker_state& broker, const session& to, delivery& what) {
  if (broker.store != nullptr && to.durable && what.qos != mqtt::qos::at_most_once) {
    stored::delivery_changed(broker, to, what);
  }
}
/// A delivery is complete, or dropped.
inline void forget_delivery(broker_state& broker, delivery& what) {
  if (what.durable_number != 0) stored::delivery_over(broker, what);
}

/// All deliveries to a session are dropped.
void forget_deliveries(broker_state& broker, session& of);

inline void persist_inbound_qos2(broker_state& broker, const session& of,
                                 std::uint16_t packet_identifier) {
  if (broker.store != nullptr && of.durable) {
    broker.store->put(inbound_record{of.serial, packet_identifier});
  }
}
inline void forget_inbound_qos2(broker_state& broker, const session& of,
                                std::uint16_t packet_identifier) {
  if (broker.store != nullptr && of.durable) {
    broker.store->erase_inbound(of.serial, packet_identifier);
  }
}

/// A connection has left a will with the broker. Call after the session is persisted.
inline void persist_will(broker_state& broker, session& of) {
  if (broker.store != nullptr && of.will) stored::will_set(broker, of);
}
/// The will's delay has begun.
inline void persist_will_delay(broker_state& broker, const session& of) {
  if (broker.store != nullptr) stored::will_started(broker, of);
}
/// The will is about to be published, replaced or dropped.
inline void forget_will(broker_state& broker, session& of) {
  if (broker.store != nullptr && of.will) stored::will_over(broker, of);
}

/// A retained message was stored, in place of `replaced` (may be empty).
inline void persist_retained(broker_state& broker, const retained_message& kept,
                             const message_ref& replaced) {
  if (broker.store != nullptr) stored::retained_set(broker, kept, replaced);
}
/// A retained message was removed.
inline void forget_retained(broker_state& broker, const message_ref& gone) {
  if (broker.store != nullptr) stored::retained_over(broker, gone);
}

/// Makes what was told so far durable. False: the store has failed, and nothing may be sent any
/// more (broker_state::storage_failure says why).
inline bool commit_changes(broker_state& broker) {
  return broker.store == nullptr ? !broker.storage_failure : stored::commit(broker);
}

}  // namespace gauntlet::broker
