#pragma once

// One SHA-256 over everything that a scenario plans to publish, to see that two machines, two
// versions or two numbers of workers would do the same:
//
//   device digest = SHA-256 over its messages in order of due time (then of publication), each as
//                   due 8 | sizes of client id, topic, payload 3 x 4 | QoS 1 | retain 1 | the three
//                   texts; payloads with run id and send time zero. Edge nodes of Sparkplug as if
//                   their connections were never lost
//                   then its planned absences (the first 1,000), each as from 8 | until 8 |
//                   disturbance 4 | departure 1
//   plan digest   = SHA-256 over the device digests in order of device number
//
// Numbers are little endian. Devices are digested on their own, so any split among workers gives
// the same result.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/sha256.hpp"
#include "sim/plan/fleet_plan.hpp"
#include "sim/plan/plan_summary.hpp"

namespace gauntlet::sim {

/// One message as it is planned. Views are valid only during the call that hands it out.
struct planned_publish {
  duration due{};
  std::uint32_t sequence = 0;
  std::uint32_t publication = 0;
  std::string_view client_id;
  std::string_view topic;
  byte_view payload;
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool retain = false;
};

/// Calls `visit` for the first `depth` messages of one device, in order of due time, then of
/// publication.
void for_each_planned(const fleet_plan& plan, device_number device,
                      const std::function<void(const planned_publish&)>& visit,
                      std::uint64_t depth = UINT64_MAX);

/// How many messages of each device a digest covers: all of them (whole_plan) up to 2,000,000
/// messages with 1 GB of payloads in all; of a longer plan so many of the first ones of each, at
/// least one, that it stays about there. It follows from the plan, so that all workers agree.
std::uint64_t digest_depth(const plan_summary& summary);
inline constexpr std::uint64_t whole_plan = UINT64_MAX;

/// The digest of one device's messages, of the first `depth` alone.
sha256_digest digest_device(const fleet_plan& plan, device_number device,
                            std::uint64_t depth = whole_plan);

/// The digests of devices [first, last), for one worker.
std::vector<sha256_digest> digest_devices(const fleet_plan& plan, device_number first,
                                          device_number last, std::uint64_t depth = whole_plan);

/// Combines the digests of all devices in order of device number.
sha256_digest combine_digests(std::span<const sha256_digest> devices);

/// The whole in one go.
sha256_digest digest_plan(const fleet_plan& plan, std::uint64_t depth = whole_plan);

}  // namespace gauntlet::sim
