#include "sim/scenario/publication_reader.hpp"

#include <utility>

#include "harness/config/object.hpp"
#include "sim/scenario/field_readers.hpp"
#include "sim/scenario/group_checks.hpp"
#include "sim/scenario/limits.hpp"
#include "sim/scenario/payload_checks.hpp"
#include "sim/scenario/payload_reader.hpp"
#include "sim/scenario/reaction_reader.hpp"
#include "sim/scenario/schedule_reader.hpp"

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
      .optional("burst", &publication::burst, burst_reader(),
                "Several messages at each due time instead of one")
      .optional("aligned", &publication::aligned, config::boolean(),
                "Whether all devices publish at the same moments: where the time of day is a "
                "multiple of the interval, whatever the load")
      .derived<std::vector<load_point>>(
          "load_curve", load_curve_reader(),
          [](publication& to, std::vector<load_point> points) {
            to.load_curve = std::move(points);
          },
          "Load by the time of day, as {0h: 20%, 8h: 100%, 18h30m: 60%}; it multiplies that of "
          "the stages")
      .optional("on_change", &publication::on_change, change_reader(),
                "Messages are due when a sensor has changed, instead of 'every'")
      .optional("topic_alias", &publication::topic_alias, config::boolean(),
                "Whether the topic is sent once a connection and its alias from then on, if the "
                "broker takes aliases; MQTT 5.0 only")
      .optional("qos", &publication::qos, qos_level(), "QoS of the messages")
      .optional("retain", &publication::retain, config::boolean(), "Whether the broker keeps them")
      .optional("expiry", &publication::properties, &message_properties::expiry,
                whole_seconds(four_byte_seconds_max),
                "How long the broker may keep a message that it could not deliver; MQTT 5.0 only")
      .optional("content_type", &publication::properties, &message_properties::content_type,
                template_text(), "What the payload is, as application/json; MQTT 5.0 only")
      .optional("utf8", &publication::properties, &message_properties::is_utf8, config::boolean(),
                "Whether messages are marked as text (Payload Format Indicator); MQTT 5.0 only")
      .optional("user_properties", &publication::properties, &message_properties::user_properties,
                user_properties_reader(), "Names and values with placeholders; MQTT 5.0 only")
      .optional("stamp", &publication::stamp, stamp_place_reader(),
                "Where the stamp stands by which deliveries are recognised")
      .optional("request", &publication::request, request_reader(),
                "Makes each message a request that wants an answer")
      .derived<std::string>(
          "name", identifier(),
          [](publication& to, std::string name) { to.name = std::move(name); },
          "A name for reactions that change the interval; its topic does as well")
      .placed(&publication::where)
      .check(check_stamp)
      .check(check_schedule)
      .build();
}

}  // namespace gauntlet::sim
