#include "harness/broker/persistence.hpp"

namespace gauntlet::broker {
namespace {

// A message is put when the first record names it, and erased with the last.
std::uint64_t hold(broker_state& broker, const message_ref& message) {
  durable_mark& mark = message.durable();
  if (mark.records++ > 0) return mark.number;
  mark.number = ++broker.durable_messages;
  broker.store->put(message_record{.number = mark.number,
                                   .topic = message->topic,
                                   .payload = message->payload,
                                   .properties = message->properties,
                                   .qos = static_cast<std::uint8_t>(message->qos),
                                   .retain = message->retain,
                                   .message_expiry_interval_s = message->message_expiry_interval,
                                   .received_at = to_wall_time(broker, message->received_at)});
  return mark.number;
}

void let_go(broker_state& broker, const message_ref& message) {
  durable_mark& mark = message.durable();
  if (mark.records == 0 || --mark.records > 0) return;
  broker.store->erase_message(mark.number);
  mark.number = 0;
}

void put_will(broker_state& broker, const session& of, std::optional<wall_time> due) {
  broker.store->put(will_record{.session = of.serial,
                                .message = of.will.durable().number,
                                .will_delay_interval_s = of.will_delay_interval_s,
                                .due = due});
}

void forget_all(broker_state& broker, ring<delivery>& deliveries) {
  for (std::size_t i = 0; i < deliveries.size(); ++i) forget_delivery(broker, deliveries[i]);
}

}  // namespace

wall_time to_wall_time(const broker_state& broker, time_point when) {
  return wall_time(
      std::chrono::floor<std::chrono::milliseconds>(when.time_since_epoch() + broker.wall_offset));
}

time_point from_wall_time(const broker_state& broker, wall_time when) {
  return time_point(when.time_since_epoch() - broker.wall_offset);
}

void forget_deliveries(broker_state& broker, session& of) {
  forget_all(broker, of.outbound.in_flight);
  forget_all(broker, of.outbound.queued);
}

namespace stored {

// A session that ends with its connection is never stored: nothing of it outlives a restart.
void session_changed(broker_state& broker, session& of) {
  if (of.session_expiry_interval_s == 0 && !of.durable) return;
  of.durable = true;
  session_record record{.serial = of.serial,
                        .client_id = of.client_id,
                        .session_expiry_interval_s = of.session_expiry_interval_s};
  if (of.attached == nullptr) record.left_at = to_wall_time(broker, broker.now);
  broker.store->put(record);
}

void session_ended(broker_state& broker, session& gone) {
  if (!gone.durable) return;
  forget_deliveries(broker, gone);
  broker.store->erase_session(gone.serial);
  gone.durable = false;
}

void subscription_made(broker_state& broker, const session& of, std::string_view filter,
                       const subscription& made) {
  broker.store->put(subscription_record{
      .session = of.serial,
      .filter = filter,
      .shared = made.group != nullptr,
      .maximum_qos = static_cast<std::uint8_t>(made.options.maximum_qos),
      .no_local = made.options.no_local,
      .retain_as_published = made.options.retain_as_published,
      .retain_handling = static_cast<std::uint8_t>(made.options.retain_handling),
      .identifier = made.identifier});
}

void delivery_changed(broker_state& broker, const session& to, delivery& what) {
  if (what.durable_number == 0) {
    what.durable_number = ++broker.durable_deliveries;
    hold(broker, what.message);
  }
  delivery_record record{.number = what.durable_number,
                         .session = to.serial,
                         .message = what.message.durable().number,
                         .packet_identifier = what.packet_identifier,
                         .qos = static_cast<std::uint8_t>(what.qos),
                         .retain = what.retain,
                         .state = static_cast<std::uint8_t>(what.state)};
  if (what.identifiers) record.subscription_identifiers = *what.identifiers;
  if (what.group != 0) record.shared_filter = broker.subscriptions.filter_of_group(what.group);
  broker.store->put(record);
}

void delivery_over(broker_state& broker, delivery& what) {
  if (broker.store == nullptr) return;
  broker.store->erase_delivery(what.durable_number);
  what.durable_number = 0;
  let_go(broker, what.message);
}

void will_set(broker_state& broker, session& of) {
  hold(broker, of.will);
  put_will(broker, of, std::nullopt);
}

void will_started(broker_state& broker, const session& of) {
  put_will(broker, of, to_wall_time(broker, of.will_delay.due()));
}

void will_over(broker_state& broker, session& of) {
  broker.store->erase_will(of.serial);
  let_go(broker, of.will);
}

void retained_set(broker_state& broker, const retained_message& kept, const message_ref& replaced) {
  const std::uint64_t number = hold(broker, kept.message);
  broker.store->put(retained_record{
      .topic = kept.message->topic, .message = number, .publisher = kept.publisher});
  if (replaced) let_go(broker, replaced);
}

void retained_over(broker_state& broker, const message_ref& gone) {
  broker.store->erase_retained(gone->topic);
  let_go(broker, gone);
}

bool commit(broker_state& broker) {
  constexpr duration lateness = std::chrono::milliseconds(250);
  if (broker.now - broker.last_commit < lateness &&
      broker.defects.strikes(defect::acknowledge_before_store)) {
    return true;
  }
  broker.last_commit = broker.now;
  auto committed = broker.store->commit();
  if (committed) return true;
  broker.log(log_level::error, "store-failed why={}", committed.error().message);
  broker.storage_failure = committed.error();
  broker.store = nullptr;
  return false;
}

}  // namespace stored
}  // namespace gauntlet::broker
