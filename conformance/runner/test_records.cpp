#include "conformance/runner/test_records.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "conformance/invariants/all_invariants.hpp"
#include "conformance/runner/statement_records.hpp"
#include "harness/base/assert.hpp"
#include "harness/base/bytes.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/packet_text.hpp"

namespace gauntlet::conformance {
namespace {

record::test_verdict to_record(verdict what) {
  switch (what) {
    case verdict::pass:
      return record::test_verdict::pass;
    case verdict::fail:
      return record::test_verdict::fail;
    case verdict::variant:
      return record::test_verdict::variant;
    case verdict::skipped:
      return record::test_verdict::skipped;
    case verdict::blocked:
      return record::test_verdict::blocked;
    case verdict::inconclusive:
      return record::test_verdict::inconclusive;
    case verdict::unstable:
      return record::test_verdict::unstable;
  }
  GAUNTLET_ASSERT(false && "verdict out of range");
}

// Both enumerations are in the order of what can happen on a connection.
record::wire_event to_record(script::wire_event what) {
  static_assert(static_cast<int>(script::wire_event::remark) ==
                static_cast<int>(record::wire_event::remark));
  return static_cast<record::wire_event>(what);
}

time_point start_of(const case_result& result) {
  time_point first = time_point::max();
  for (const script::transcript& each : result.transcripts) {
    if (!each.entries().empty()) first = std::min(first, each.entries().front().at);
  }
  return first;
}

record::transcript_record to_record(const script::transcript& log, time_point start,
                                    std::uint32_t attempt) {
  record::transcript_record copy{
      .connection = log.name(), .attempt = attempt, .left_out = log.left_out()};
  for (const script::transcript_entry& each : log.entries()) {
    copy.entries.push_back({.at = each.at - start,
                            .what = to_record(each.what),
                            .hex = to_hex(each.bytes),
                            .size_bytes = each.size_bytes,
                            .text = each.text});
  }
  return copy;
}

std::vector<record::statement_ref> refs_of(const std::vector<statement_name>& covers,
                                           mqtt::protocol_version version) {
  std::vector<record::statement_ref> refs;
  for (const statement_name& each : covers) {
    if (each.version == version) refs.push_back(to_ref(each));
  }
  return refs;
}

std::string chapter_of(const std::vector<statement_name>& covers, mqtt::protocol_version version,
                       const catalogue& statements) {
  for (const statement_name& each : covers) {
    const statement* const found = statements.find(each);
    if (each.version == version && found != nullptr) return found->section;
  }
  return {};
}

// Its fields; of what cannot be read, why not.
std::string text_of(const invariant_breach& breach) {
  const mqtt::protocol_version version = breach.invariant.version;
  const auto packet = mqtt::decode(breach.packet, version, mqtt::sender::server);
  return packet.has_value() ? mqtt::to_text(*packet, version) : mqtt::describe(packet.error());
}

record::breach_record to_record(const invariant_breach& breach, time_point start) {
  const invariant* const broken = find_invariant(breach.invariant.id);
  return {.id = breach.invariant.id,
          .statements = broken == nullptr ? std::vector<record::statement_ref>{}
                                          : refs_of(broken->covers, breach.invariant.version),
          .sentence = breach.text,
          .client = breach.client,
          .at = breach.at - start,
          .packet = text_of(breach),
          .hex = to_hex(breach.packet)};
}

class test_recorder {
 public:
  test_recorder(const catalogue& statements, const reproducer_function& reproduce)
      : statements_(statements), reproduce_(reproduce) {}

  record::test_record record_of(const test_run& run) const {
    const test_case& test = *run.what.test;
    record::test_record made{.id = test.id,
                             .title = test.title,
                             .theme = test.theme,
                             .chapter = chapter_of(test.covers, run.what.version, statements_),
                             .kind = test.id.starts_with("vector/") ? record::test_kind::vector
                                                                    : record::test_kind::scenario,
                             .version = std::string(mqtt::version_name(run.what.version)),
                             .level = conformance::to_record(test.level),
                             .statements = refs_of(test.covers, run.what.version),
                             .runs = static_cast<std::uint32_t>(run.attempts.size()),
                             .passes = run.passes()};
    const auto concluded = run.concluded();
    if (!concluded) {
      made.verdict = record::test_verdict::inconclusive;
      made.reason = "it did not run to its end";
      return made;
    }
    made.verdict = to_record(*concluded);
    if (const case_result* const shown = run.telling()) add_what_was_seen(made, run, *shown);
    if (!run.broker_death.empty()) add_death(made, run);
    return made;
  }

 private:
  void add_what_was_seen(record::test_record& to, const test_run& run,
                         const case_result& shown) const {
    to.reason = shown.reason;
    to.control = shown.control;
    to.took = shown.took;
    to.waited = shown.waited_for_nothing;
    if (const auto& first = shown.first_divergence) {
      to.divergence = {.client = first->client,
                       .expected = first->expected,
                       .observed = first->observed,
                       .signature = first->signature};
    }
    for (const manner_finding& each : shown.manners) {
      to.manners.push_back({.expected = each.expected, .observed = each.observed});
    }
    for (const invariant_breach& each : shown.breaches) {
      to.breaches.push_back(to_record(each, start_of(shown)));
    }
    if (shown.verdict == verdict::pass && to.breaches.empty()) return;
    if (shown.verdict == verdict::skipped) return;
    add_transcripts(to, shown, 0);
    if (*run.concluded() == verdict::unstable) {
      for (const case_result& each : run.attempts) {
        if (each.verdict != verdict::pass) continue;
        add_transcripts(to, each, 1);
        break;
      }
    }
    if (reproduce_) to.reproducer = reproduce_(run.what, shown);
  }

  static void add_transcripts(record::test_record& to, const case_result& of,
                              std::uint32_t attempt) {
    const time_point start = start_of(of);
    for (const script::transcript& each : of.transcripts) {
      to.transcripts.push_back(to_record(each, start, attempt));
    }
  }

  static void add_death(record::test_record& to, const test_run& run) {
    std::string observed = run.broker_death;
    if (!run.log_tail.empty()) observed += "; its last lines: " + run.log_tail;
    to.divergence = {.client = {},
                     .expected = "a broker that keeps running",
                     .observed = std::move(observed),
                     .signature = "the broker dies"};
  }

  const catalogue& statements_;
  const reproducer_function& reproduce_;
};

// The first breach of an invariant, and where.
struct seen_breach {
  const test_run* run = nullptr;
  const case_result* result = nullptr;
  const invariant_breach* breach = nullptr;
  std::size_t tests = 0;
};

class invariant_recorder {
 public:
  explicit invariant_recorder(const suite_run& run) {
    for (const test_run& test : run.tests) {
      versions_.insert(test.what.version);
      for (const case_result& each : test.attempts) add(test, each);
    }
  }

  std::vector<record::test_record> records(const catalogue& statements) const {
    std::vector<record::test_record> made;
    for (const invariant& each : all_invariants()) {
      for (const mqtt::protocol_version version : versions_) {
        if (each.counts_on(version)) made.push_back(record_of(each, version, statements));
      }
    }
    return made;
  }

 private:
  void add(const test_run& test, const case_result& result) {
    for (const auto& [name, count] : result.invariants_checked) checked_[name] += count;
    for (const invariant_breach& each : result.breaches) {
      seen_breach& seen = breaches_[each.invariant];
      if (seen.run == nullptr) seen = {&test, &result, &each, 0};
      ++seen.tests;
    }
  }

  record::test_record record_of(const invariant& of, mqtt::protocol_version version,
                                const catalogue& statements) const {
    record::test_record made{.id = of.id,
                             .title = of.title,
                             .theme = "Invariants of every packet",
                             .chapter = chapter_of(of.covers, version, statements),
                             .kind = record::test_kind::invariant,
                             .version = std::string(mqtt::version_name(version)),
                             .level = conformance::to_record(of.level),
                             .statements = refs_of(of.covers, version)};
    const auto broken = breaches_.find({version, of.id});
    if (broken != breaches_.end()) {
      const seen_breach& seen = broken->second;
      made.verdict = record::test_verdict::fail;
      made.divergence = {.client = seen.breach->client,
                         .expected = of.title,
                         .observed = fmt::format("{} (in {}, and {} more)", seen.breach->text,
                                                 seen.run->what.test->id, seen.tests - 1),
                         .signature = of.id};
      made.breaches.push_back(to_record(*seen.breach, start_of(*seen.result)));
      for (const script::transcript& each : seen.result->transcripts) {
        made.transcripts.push_back(to_record(each, start_of(*seen.result), 0));
      }
      return made;
    }
    const auto checked = checked_.find({version, of.id});
    if (checked == checked_.end()) {
      made.verdict = record::test_verdict::skipped;
      made.reason = "no packet came that it concerns";
    } else {
      made.control = fmt::format("held for {} packets", checked->second);
    }
    return made;
  }

  std::set<mqtt::protocol_version> versions_;
  invariant_counts checked_;
  std::map<invariant_name, seen_breach> breaches_;
};

}  // namespace

std::vector<record::test_record> test_records(const suite_run& run, const catalogue& statements,
                                              const reproducer_function& reproduce) {
  const test_recorder recorder(statements, reproduce);
  std::vector<record::test_record> made;
  for (const test_run& each : run.tests) made.push_back(recorder.record_of(each));
  auto invariants = invariant_recorder(run).records(statements);
  std::move(invariants.begin(), invariants.end(), std::back_inserter(made));
  return made;
}

}  // namespace gauntlet::conformance
