#include "harness/broker/session_life.hpp"

#include <algorithm>
#include <utility>

#include "harness/base/assert.hpp"
#include "harness/broker/delivery_outbound.hpp"
#include "harness/broker/persistence.hpp"
#include "harness/broker/redistribution.hpp"
#include "harness/broker/retained.hpp"
#include "harness/broker/wills.hpp"
#include "harness/broker/wrong_delivery.hpp"

namespace gauntlet::broker {

opened_session open_session(broker_state& broker, std::string_view client_id, bool clean_start) {
  session* stored = broker.sessions.find(client_id);
  decltype(stored->subscriptions) kept;
  if (stored != nullptr && clean_start &&
      !broker.defects.strikes(defect::keep_session_at_clean_start)) {
    if (broker.defects.strikes(defect::lose_will_at_clean_start)) drop_will(broker, *stored);
    if (broker.defects.strikes(defect::keep_subscriptions_at_clean_start)) {
      kept = stored->subscriptions;
    }
    end_session(broker, *stored);
    stored = nullptr;
  }
  if (stored == nullptr) {
    session& created = broker.sessions.create(std::string(client_id));
    for (const auto& [filter, each] : kept) {
      broker.subscriptions.subscribe(created, filter, each.group != nullptr, each.options,
                                     each.identifier);
    }
    return {&created, false};
  }
  GAUNTLET_ASSERT(stored->attached == nullptr);
  broker.deadlines.cancel(stored->expiry);
  if (broker.defects.strikes(defect::forget_subscriptions_at_resume)) {
    broker.subscriptions.unsubscribe_all(*stored);
  }
  if (broker.defects.any()) alter_resumed_session(broker, *stored);
  return {stored, true};
}

namespace {

// How long the session lives without a connection (§3.1.2.11.2).
std::uint32_t interval_of(broker_state& broker, const session& of) {
  const std::uint32_t interval = of.session_expiry_interval_s;
  if (interval == 0 && broker.defects.strikes(defect::keep_session_that_ends)) return never_expires;
  if (interval == never_expires && broker.defects.strikes(defect::end_session_that_never_expires)) {
    return 0;
  }
  const bool halved =
      interval != never_expires && broker.defects.strikes(defect::end_session_early);
  return halved ? interval / 2 : interval;
}

}  // namespace

void leave_session(broker_state& broker, connection& from) {
  session* const left = std::exchange(from.bound, nullptr);
  if (left == nullptr) return;
  left->attached = nullptr;
  --broker.statistics.clients;
  start_will(broker, *left);

  const std::uint32_t interval = interval_of(broker, *left);
  if (interval == 0 || broker.defects.strikes(defect::forget_session_at_disconnect)) {
    end_session(broker, *left);
  } else {
    persist_session(broker, *left);
    redistribute_at_disconnect(broker, *left);
    drop_qos0_deliveries(broker, *left);
    if (interval == never_expires) return;
    broker.deadlines.arm(left->expiry, deadline_kind::session_expiry,
                         broker.now + std::chrono::seconds(interval));
  }
}

void discard_session_while_connected(broker_state& broker, session& of) {
  if (!broker.defects.strikes(defect::discard_session_while_connected)) return;
  const bool ends = of.session_expiry_interval_s != never_expires;
  const std::uint32_t interval = ends ? std::max(of.session_expiry_interval_s, 2U) : 2U;
  broker.deadlines.arm(of.expiry, deadline_kind::session_expiry,
                       broker.now + std::chrono::seconds(interval));
}

void end_session(broker_state& broker, session& gone) {
  if (gone.attached != nullptr) {  // only by the defect discard-session-while-connected
    broker.subscriptions.unsubscribe_all(gone);
    return;
  }
  if (broker.defects.strikes(defect::lose_will_at_session_end)) drop_will(broker, gone);
  publish_will(broker, gone);
  // Retained messages are no part of a session (§4.1).
  if (broker.defects.strikes(defect::delete_retained_with_session)) {
    delete_retained_of(broker, gone);
  }
  broker.subscriptions.unsubscribe_all(gone);
  redistribute_at_session_end(broker, gone);
  forget_session(broker, gone);
  broker.log(log_level::debug, "session-end client={}", gone.client_id);
  broker.sessions.erase(gone);
}

}  // namespace gauntlet::broker
