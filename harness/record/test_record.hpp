#pragma once

// One conformance test on one protocol version, with the evidence for its verdict. Plain structs;
// what is empty or zero is left out of the JSON, so that thousands of passes stay small.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/record/test_verdict.hpp"

namespace gauntlet::record {

/// How a test came to be.
enum class test_kind : std::uint8_t {
  scenario,   ///< a story of packets, written by hand
  vector,     ///< one of a generated family
  invariant,  ///< what held on all packets of all tests
};
std::string_view name(test_kind value);
std::optional<test_kind> test_kind_of(std::string_view name);

/// RFC 2119.
enum class requirement_level : std::uint8_t { must, should, may };
std::string_view name(requirement_level value);
std::optional<requirement_level> requirement_level_of(std::string_view name);

/// A statement by version and id: the same id means different things in 3.1.1 and 5.0.
struct statement_ref {
  std::string version;  ///< "3.1.1" or "5.0"
  std::string id;       ///< "MQTT-3.1.0-2"

  auto operator<=>(const statement_ref&) const = default;
};

/// The first place where the broker did otherwise.
struct divergence_record {
  std::string client;    ///< whose connection; empty if none in particular
  std::string expected;  ///< "PUBACK for packet 1"
  std::string observed;  ///< "nothing for 5s"
  /// Without identifiers, times and names: equal for equal causes.
  std::string signature;

  bool operator==(const divergence_record&) const = default;
};

/// How the broker did what it did, apart from whether: never a failure.
struct manner_record {
  std::string expected;  ///< "DISCONNECT 0x82 (Protocol error) before the close"
  std::string observed;

  bool operator==(const manner_record&) const = default;
};

/// What happened on a connection.
enum class wire_event : std::uint8_t {
  opened,
  open_failed,
  sent,           ///< by the test
  received,       ///< by the test, from the broker
  peer_finished,  ///< the broker closed
  peer_reset,     ///< the broker or the network broke the connection
  we_closed,
  we_aborted,
  waited,  ///< nothing came for as long as the text says
  remark,  ///< what the test was doing
};
std::string_view name(wire_event value);
std::optional<wire_event> wire_event_of(std::string_view name);

/// One event of a connection.
struct wire_record {
  duration at{};  ///< since the test began
  wire_event what = wire_event::remark;
  std::string hex;               ///< the bytes in hexadecimal, maybe with blanks; may be cut
  std::uint64_t size_bytes = 0;  ///< how many bytes there were
  std::string text;              ///< the packet with its fields, or the reason of an end

  bool operator==(const wire_record&) const = default;
};

/// All of one connection.
struct transcript_record {
  std::string connection;  ///< the test's word for it: "publisher"
  /// 0 for the attempt that was judged, 1 and up for repetitions.
  std::uint32_t attempt = 0;
  std::vector<wire_record> entries;
  std::uint64_t left_out = 0;  ///< events that were not kept because there were too many

  bool operator==(const transcript_record&) const = default;
};

/// How somebody without this test sees the same.
struct reproducer_record {
  std::string netcat;   ///< a line for a shell: printf ... | nc
  std::string python;   ///< a short script
  std::string command;  ///< our own command line

  bool operator==(const reproducer_record&) const = default;
};

/// A packet of the broker that broke an invariant.
struct breach_record {
  std::string id;  ///< the invariant's
  std::vector<statement_ref> statements;
  std::string sentence;  ///< what is wrong with the packet
  std::string client;    ///< on whose connection
  duration at{};         ///< since the test began
  std::string packet;    ///< with its fields
  std::string hex;

  bool operator==(const breach_record&) const = default;
};

/// A test on one version.
struct test_record {
  std::string id;
  std::string title;
  std::string theme;    ///< "Sessions"
  std::string chapter;  ///< section of the standard: "3.1.2"
  test_kind kind = test_kind::scenario;
  std::string version;  ///< "3.1.1" or "5.0"
  requirement_level level = requirement_level::must;
  test_verdict verdict = test_verdict::pass;
  std::string reason;  ///< of skipped, blocked, inconclusive, variant
  std::vector<statement_ref> statements;
  std::optional<divergence_record> divergence;  ///< of all verdicts but pass and skipped
  /// What was served on the same path before the breach: "the same packet with QoS 1 was accepted".
  std::string control;
  std::vector<manner_record> manners;
  std::uint32_t runs = 1;    ///< how often it ran
  std::uint32_t passes = 0;  ///< and passed, counted where it ran more than once
  duration took{};
  duration waited{};  ///< part of it that went into showing that nothing comes
  std::vector<transcript_record> transcripts;  ///< of all verdicts but pass and skipped
  std::optional<reproducer_record> reproducer;
  std::vector<breach_record> breaches;

  bool operator==(const test_record&) const = default;
};

/// What tells the ways apart in which a test can come out otherwise than with a pass: the signature
/// of its divergence, or its reason. Empty for a pass.
std::string signature_of(const test_record& test);

}  // namespace gauntlet::record
