#include "sim/scenario/subscription_reader.hpp"

#include <utility>

#include "harness/config/object.hpp"
#include "sim/scenario/field_readers.hpp"

namespace gauntlet::sim {
namespace {

using config::object;

config::reader<retain_handling> retain_handling_reader() {
  config::reader<retain_handling> made = config::converted<retain_handling, std::int64_t>(
      config::whole_number(0, 2),
      [](std::int64_t value) { return static_cast<retain_handling>(value); });
  made.schema = R"({"enum":[0,1,2]})";
  return made;
}

}  // namespace

config::reader<subscription> subscription_reader() {
  constexpr std::uint32_t identifier_max = 268'435'455;  // a Variable Byte Integer
  return object<subscription>("A subscription of each device of the group")
      .required("filter", &subscription::filter, template_text(), "Topic filter, with placeholders")
      .derived<text_template>(
          "share", template_text(),
          [](subscription& to, text_template name) {
            to.share = std::move(name);
            to.is_shared = true;
          },
          "Share name: each message goes to one of the devices that subscribe with it; MQTT 5.0 "
          "only")
      .optional("qos", &subscription::qos, qos_level(), "Largest QoS of the deliveries")
      .optional("no_local", &subscription::no_local, config::boolean(),
                "Whether the device's own messages stay away; MQTT 5.0 only")
      .optional("retain_as_published", &subscription::retain_as_published, config::boolean(),
                "Whether deliveries keep the publisher's RETAIN flag; MQTT 5.0 only")
      .optional("retain_handling", &subscription::retain_handling, retain_handling_reader(),
                "Retained messages: 0 sent, 1 sent if the subscription is new, 2 not sent; MQTT "
                "5.0 only")
      .optional("identifier", &subscription::identifier, count_from(1, identifier_max),
                "Subscription Identifier; MQTT 5.0 only")
      .placed(&subscription::where)
      .build();
}

}  // namespace gauntlet::sim
