#include "harness/history/judge.hpp"

#include "harness/history/evidence_index.hpp"
#include "harness/history/guarantees/rules.hpp"

namespace gauntlet::history {

findings judge(const evidence& all) {
  const evidence_index history(all);
  findings found;
  check_nothing_made_up(history, found);
  check_nothing_changed(history, found);
  check_nothing_lost(history, found);
  check_duplicates(history, found);
  check_qos0_losses(history, found);
  check_redelivery(history, found);
  check_flow_control(history, found);
  check_answers(history, found);
  check_order(history, found);
  check_retained(history, found);
  check_wills(history, found);
  check_sessions(history, found);
  check_expiry(history, found);
  check_shared_subscriptions(history, found);
  check_offline_queues(history, found);
  return found;
}

}  // namespace gauntlet::history
