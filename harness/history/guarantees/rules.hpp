#pragma once

// The rules of docs/guarantees.md, a function each group. Each puts its question to the whole
// history and adds what it finds.

#include "harness/history/evidence_index.hpp"
#include "harness/history/finding.hpp"

namespace gauntlet::history {

/// Nothing is delivered that was never sent, or to nobody who asked for it. As with the functions
/// below: `to` is told each question that was asked, and each answer that breaks a rule.
void check_nothing_made_up(const evidence_index& history, findings& to);       // D1
void check_nothing_changed(const evidence_index& history, findings& to);       // D2
void check_nothing_lost(const evidence_index& history, findings& to);          // D3, D10
void check_duplicates(const evidence_index& history, findings& to);            // D4, D5, D6, D8
void check_qos0_losses(const evidence_index& history, findings& to);           // D6
void check_redelivery(const evidence_index& history, findings& to);            // D7
void check_flow_control(const evidence_index& history, findings& to);          // D9
void check_answers(const evidence_index& history, findings& to);               // D8, D10, O3
void check_order(const evidence_index& history, findings& to);                 // O1, O2, O4
void check_retained(const evidence_index& history, findings& to);              // R1 to R4
void check_wills(const evidence_index& history, findings& to);                 // W1 to W7
void check_sessions(const evidence_index& history, findings& to);              // S1 to S5
void check_expiry(const evidence_index& history, findings& to);                // E1 to E4
void check_shared_subscriptions(const evidence_index& history, findings& to);  // H1 to H6
void check_offline_queues(const evidence_index& history, findings& to);        // Q1 to Q3

}  // namespace gauntlet::history
