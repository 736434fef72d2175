#include "harness/broker/retained.hpp"

#include <algorithm>

#include "harness/broker/delivery_outbound.hpp"
#include "harness/broker/persistence.hpp"

namespace gauntlet::broker {

bool asks_for_retained(broker_state& broker, const subscription& subscribed, bool existed) {
  if (subscribed.group != nullptr) return false;
  const mqtt::retain_handling handling = subscribed.options.retain_handling;
  if (handling == mqtt::retain_handling::send_at_subscribe) return true;
  if (handling == mqtt::retain_handling::send_if_new && !existed) return true;
  return broker.defects.strikes(defect::ignore_retain_handling);
}

void retain(broker_state& broker, lazy_message& message, const session* publisher) {
  const message_view& view = message.view();
  if (view.payload.empty()) {
    if (!broker.defects.strikes(defect::keep_retained_on_empty_payload)) {
      const message_ref gone = broker.retained.remove(view.topic);
      if (gone) forget_retained(broker, gone);
    }
    return;
  }
  if (broker.defects.strikes(defect::forget_retained_message)) return;
  const limits& limits = broker.options.limits;
  retained_message kept{message.share(), publisher ? publisher->client_id : std::string{}};
  const auto done = broker.retained.store(std::move(kept), limits.retained_messages_max,
                                          limits.retained_bytes_max);
  if (done) {
    persist_retained(broker, *done.kept, done.replaced);
  } else {
    broker.log(log_level::warning, "retained-full topic={} messages={} bytes={}", view.topic,
               broker.retained.size(), broker.retained.size_bytes());
  }
}

void send_retained(broker_state& broker, session& to, std::string_view filter,
                   const subscription& subscribed, bool existed) {
  if (!asks_for_retained(broker, subscribed, existed)) return;
  const std::uint32_t identifier = subscribed.identifier;
  const std::span<const std::uint32_t> identifiers(&identifier, identifier != 0 ? 1U : 0U);
  const bool keep_expired = broker.defects.strikes(defect::keep_expired_message);
  const auto send = [&](const retained_message& kept) {
    if (subscribed.options.no_local && kept.publisher == to.client_id &&
        !broker.defects.strikes(defect::ignore_no_local)) {
      return;
    }
    lazy_message message(kept.message);
    // RETAIN is 1 because a subscribe made us send it, whatever Retain As Published says
    // (§3.3.1.3).
    deliver(broker, to, message,
            {.qos = std::min(message.view().qos, subscribed.options.maximum_qos),
             .retain = true,
             .subscription_identifiers = identifiers});
  };
  broker.retained.match(filter, broker.now, keep_expired, send,
                        [&](const message_ref& expired) { forget_retained(broker, expired); });
}

}  // namespace gauntlet::broker
