#pragma once

// The late joiner: once a run has drained, a client of our own subscribes to every topic that the
// fleet published retained messages to, and compares what it gets with the last value that the
// broker acknowledged.
//
// Not expected are topics whose last message is uncertain, refused, of QoS 0 (a broker may drop it,
// MQTT 5.0 §3.3.1.3), expiring, empty or unstamped, and topics that several devices publish to or
// that a retained will may have come to, for which nobody knows what was last.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.hpp"
#include "harness/history/ledger.hpp"
#include "harness/net/network.hpp"
#include "harness/record/measurements.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// One topic, and the message that it must retain.
struct retained_value {
  std::string topic_name;
  std::uint32_t stream = 0;
  std::uint32_t sequence = 0;
};

/// How many topics one late joiner looks at.
inline constexpr std::size_t retained_topics_max = 100'000;

/// The topics of which it is known what they must retain, in order of name.
std::vector<retained_value> expected_retained(const fleet_plan& plan,
                                              const std::vector<const history::ledger*>& books);

/// As whom to look, and where.
struct late_joiner {
  net::endpoint where;
  std::shared_ptr<net::tls_client_context> tls;
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  std::optional<net::identity_files> certificate;
  device_identity login;  ///< user name and password; the client identifier is its own
  std::uint32_t run_id = 0;
  duration timeout = std::chrono::seconds(10);  ///< without any progress
};

/// Looks. Runs the network's loop until all came, nothing comes any more, or the time is over. The
/// failure says why nothing could be seen, as a sentence.
outcome<record::retained_account> check_retained(net::network& network, const late_joiner& who,
                                                 const std::vector<retained_value>& expected);

}  // namespace gauntlet::sim
