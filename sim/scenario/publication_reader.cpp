#include "sim/scenario/publication_reader.hpp"

#include <utility>

#include "harness/config/object.hpp"
#include "sim/scenario/field_readers.hpp"
#include "sim/scenario/group_checks.hpp"
#include "sim/scenario/limits.hpp"
#include "sim/scenario/payload_reader.hpp"

namespace gauntlet::sim {
namespace {

using config::object;

constexpr duration interval_min = std::chrono::microseconds(1);

}  // namespace

config::reader<publication> publication_reader() {
  return object<publication>("Messages that each device of the group publishes")
      .required("topic", &publication::topic, template_text(), "Topic name, with placeholders")
      .required("payload", &publication::payload, payload_reader(), "What each message carries")
      .optional("every", &publication::every, config::time_span(interval_min, scenario_time_max),
                "Interval between messages; the mean one if 'poisson'")
      .derived<share>(
          "jitter", config::percentage(),
          [](publication& to, share part) { to.jitter = part.fraction(); },
          "Each message is late by a random part of the interval up to this")
      .optional("poisson", &publication::poisson, config::boolean(),
                "Exponential intervals, as of independent events")
      .optional("first", &publication::first,
                config::time_span(duration::zero(), scenario_time_max),
                "When the first message is due, after the device's start; by default the devices "
                "are spread over the interval")
      .optional("count", &publication::count, count_from(1), "At most this many messages a device")
      .optional("qos", &publication::qos, qos_level(), "QoS of the messages")
      .optional("retain", &publication::retain, config::boolean(), "Whether the broker keeps them")
      .placed(&publication::where)
      .check(check_publication)
      .build();
}

}  // namespace gauntlet::sim
