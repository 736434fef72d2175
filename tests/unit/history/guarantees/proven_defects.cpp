#include "tests/unit/history/guarantees/proven_defects.hpp"

namespace gauntlet::history::proof {

const std::vector<proven_defect>& proven_defects() {
  static const std::vector<proven_defect> list = {
      // Delivery.
      {"lose-qos1-delivery:1/300", "lost"},
      {"lose-qos2-delivery:1/300", "lost"},
      {"lose-qos1-while-disconnected:1/20", "lost"},
      {"lose-qos2-while-disconnected:1/20", "lost"},
      {"drop-qos1-message-with-dup", "lost"},
      {"deliver-qos2-twice:1/200", "duplicate"},
      {"deliver-repeated-qos2-message", "taken-twice"},
      {"forget-inbound-identifiers-at-resume", "taken-twice"},
      {"deliver-qos0-twice:1/200", "duplicate-qos0"},
      {"redeliver-on-open-connection", "gratuitous-duplicate"},
      {"omit-redelivery", "not-redelivered"},
      {"omit-pubrel-at-resume", "not-redelivered"},
      {"redeliver-without-dup", "redelivered-changed"},
      {"redeliver-after-pubrec", "redelivered-changed"},
      {"redeliver-with-new-identifier", "gratuitous-duplicate"},
      {"redeliver-in-reverse-order", "redelivered-out-of-order"},
      {"omit-puback:1/50", "unanswered"},
      {"omit-pubrec:1/50", "unanswered"},
      {"omit-pubcomp:1/50", "unanswered"},
      {"omit-pubrel:1/50", "unanswered"},
      {"exceed-receive-maximum", "receive-maximum-exceeded"},
      {"send-identifier-zero:1/100", "malformed"},
      {"send-identifier-in-use:1/100", "identifier-in-use"},
      {"keep-quota-after-puback", "stuck"},
      {"ignore-unsubscribe", "after-unsubscribe"},
      {"drop-user-properties:1/100", "corrupt"},
      {"reverse-user-properties:1/100", "corrupt"},
      {"drop-content-type:1/100", "corrupt"},
      {"drop-correlation-data:1/100", "corrupt"},
      {"cut-payload-at-zero-byte", "corrupt"},
      {"exceed-granted-qos", "corrupt"},
      // Order.
      {"reorder-deliveries:1/200", "reordered"},
      {"reverse-queued-messages", "reordered"},
      // Sessions.
      {"forget-queued-messages", "amnesia"},
      {"forget-subscriptions-at-resume", "amnesia"},
      {"forget-session-at-disconnect", "session-lost"},
      {"keep-session-after-expiry", "session-kept"},
      {"keep-subscriptions-at-clean-start", "wrong-session"},
      {"keep-session-at-clean-start", "not-clean"},
      {"leave-existing-client-connected", "old-connection-open"},
      {"claim-session-present", "amnesia"},
      {"deny-session-present", "session-lost"},
      {"end-session-early", "session-lost"},
      // Retained messages.
      {"forget-retained-message:1/20", "retained-missing"},
      {"keep-older-retained-message:1/20", "stale-retained"},
      {"keep-retained-on-empty-payload", "resurrected"},
      {"store-empty-retained-message", "empty-retained"},
      {"delete-retained-after-delivery", "retained-missing"},
      {"store-message-without-retain:1/50", "retain-flag"},
      {"ignore-retain-handling", "retain-handling"},
      {"send-retained-without-flag", "retain-flag"},
      {"forward-retain-flag", "retain-flag"},
      {"ignore-retain-as-published", "retain-flag"},
      {"keep-expired-retained-message", "expired-retained"},
      // Wills.
      {"lose-will:1/3", "will-missing"},
      {"publish-will-twice:1/3", "will-twice"},
      {"publish-will-after-disconnect", "will-although-cancelled"},
      {"publish-will-after-resume", "will-although-cancelled"},
      {"publish-will-at-connect:1/3", "will-early"},
      {"ignore-will-delay-interval", "will-early"},
      {"double-will-delay-interval", "will-missing"},
      {"publish-will-late", "will-missing"},
      {"lose-will-at-disconnect-with-will", "will-missing"},
      {"lose-will-at-takeover", "will-missing"},
      {"forward-will-delay-interval", "malformed"},
      {"lose-will-properties", "will-altered"},
      {"publish-will-at-qos0", "will-altered"},
      // Expiry.
      {"keep-expired-message", "expired-delivered"},
      {"forward-full-message-expiry", "expiry-wrong"},
      {"drop-message-expiry-interval", "expiry-missing"},
      {"drop-expired-message-in-flight", "expired-in-flight"},
      // Shared subscriptions.
      {"deliver-to-all-members", "shared-second-member"},
      {"deliver-to-no-member:1/50", "shared-lost"},
      {"send-retained-to-shared-subscription", "shared-retained"},
  };
  return list;
}

}  // namespace gauntlet::history::proof
