#pragma once

// Rules that hold of every packet that a broker sends, whatever the test is about: an invariant is
// data and one small function. One observer asks all of them at each packet of each test; what it
// found goes into the test's result, and a run merges it into one verdict for each invariant.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "conformance/statements/caught_defect.hpp"
#include "conformance/statements/statement.hpp"
#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"

namespace gauntlet::conformance {

struct observed_packet;

/// What an invariant says of one packet.
struct finding {
  enum class kind : std::uint8_t {
    not_concerned,  ///< the rule says nothing of this packet
    holds,          ///< it does, and the packet keeps it
    broken,
  };
  kind what = kind::not_concerned;
  std::string how;  ///< of broken: what is wrong, for people

  static finding not_concerned() { return {}; }
  static finding holds() { return {kind::holds, {}}; }
  static finding broken(std::string how) { return {kind::broken, std::move(how)}; }
  /// For rules that concern the packet for sure.
  static finding demand(bool kept, std::string how_not) {
    return kept ? holds() : broken(std::move(how_not));
  }
};

/// What an invariant rests on, which tells when it has to be silent.
enum class invariant_basis : std::uint8_t {
  /// The packet itself and the client's CONNECT: counts whatever the client did after it.
  form,
  /// What went over the connection before: silent once the client itself broke a rule, since a
  /// broker may do then as it likes.
  story,
};

/// A rule of every packet.
struct invariant {
  std::string id;     ///< "invariant/" and words, such as "invariant/flags-of-puback"; unique
  std::string title;  ///< a sentence about the broker's duty
  std::vector<statement_name> covers;  ///< it counts on each version of which it covers one
  /// Defects of the reference broker that break it; some test of the suite shows each.
  std::vector<caught_defect> defects;
  invariant_basis basis = invariant_basis::form;
  requirement_level level = requirement_level::must;
  std::function<finding(const observed_packet&)> check;

  bool counts_on(mqtt::protocol_version version) const;
};

/// An invariant on one version.
struct invariant_name {
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  std::string id;

  auto operator<=>(const invariant_name&) const = default;
};

/// A packet that broke an invariant; the first one on its connection to break it.
struct invariant_breach {
  invariant_name invariant;
  std::string client;  ///< the connection, as its transcript is named
  byte_buffer packet;  ///< its bytes, cut as in transcripts
  std::string text;    ///< what is wrong with it
  time_point at{};
};

/// How often each invariant concerned a packet. What is not in here was never exercised.
using invariant_counts = std::map<invariant_name, std::uint64_t>;

}  // namespace gauntlet::conformance
