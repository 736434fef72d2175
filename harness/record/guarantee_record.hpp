#pragma once

// What was injected into a run and what its packets prove: one record for each fault and for each
// guarantee that was asked.

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/record/verdict.hpp"

namespace gauntlet::record {

/// One stretch of time in which a fault was active, since the start of the run.
struct fault_span {
  duration from{};
  duration until{};

  bool operator==(const fault_span&) const = default;
};

/// One fault of the scenario.
struct fault_record {
  std::string name;
  /// "cut after (reset) PUBACK to the client".
  std::string what;
  /// When it was active; at most the first 100 times.
  std::vector<fault_span> active;
  /// Packets and connections that it struck.
  std::uint64_t strikes = 0;

  bool operator==(const fault_record&) const = default;
};

/// One packet of a witness.
struct witness_record {
  /// Client Identifier and number of the connection: "meter-7#2".
  std::string connection;
  bool to_broker = true;
  /// Since the start of the run; -1: never.
  duration sent{-1};
  duration passed{-1};
  std::string packet;
  /// The fault that decided its fate; empty: none.
  std::string fault;

  bool operator==(const witness_record&) const = default;
};

/// One breach of a guarantee, or one question that stays open.
struct finding_record {
  /// The way in which it was broken: "lost", "duplicate".
  std::string class_name;
  record::verdict verdict = verdict::fail;
  std::string sentence;
  std::vector<witness_record> witness;

  bool operator==(const finding_record&) const = default;
};

/// How often one class was found.
struct class_count {
  std::string class_name;
  std::uint64_t count = 0;

  bool operator==(const class_count&) const = default;
};

/// One guarantee. docs/guarantees.md
struct guarantee_record {
  /// "D3".
  std::string rule;
  /// "QoS 1 and 2 lose nothing".
  std::string title;
  /// `skipped` if nothing in the run could show it.
  record::verdict verdict = verdict::skipped;
  /// How often it was put to the history.
  std::uint64_t asked = 0;
  std::vector<class_count> counts;
  /// The first findings of each class.
  std::vector<finding_record> findings;

  bool operator==(const guarantee_record&) const = default;
};

}  // namespace gauntlet::record
