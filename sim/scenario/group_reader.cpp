#include "sim/scenario/group_reader.hpp"

#include <utility>

#include "harness/config/object.hpp"
#include "sim/scenario/field_readers.hpp"
#include "sim/scenario/group_checks.hpp"
#include "sim/scenario/life_cycle_reader.hpp"
#include "sim/scenario/limits.hpp"
#include "sim/scenario/publication_reader.hpp"
#include "sim/scenario/reaction_checks.hpp"
#include "sim/scenario/reaction_reader.hpp"
#include "sim/scenario/sensor_reader.hpp"
#include "sim/scenario/sparkplug_reader.hpp"
#include "sim/scenario/subscription_reader.hpp"

namespace gauntlet::sim {
namespace {

using config::object;
using std::chrono::seconds;

constexpr std::uint32_t in_flight_max = 1'024;
// A SUBACK for a hundred filters and every acknowledgement still fit.
constexpr std::uint32_t packet_size_min = 128;

config::reader<protocol_mix> protocol_reader() {
  struct shares {
    share v3_1_1;
    share v5;
  };
  config::reader<protocol_mix> single;
  single.schema = R"({"enum":["3.1.1","5.0",5.0]})";
  single.read = [](const config::node& from, protocol_mix& to, config::diagnostics& wrong) {
    if (from.scalar != "3.1.1" && from.scalar != "5.0") {
      wrong.add(from, "expected 3.1.1 or 5.0, or shares like {3.1.1: 50%, 5.0: 50%}, not " +
                          from.describe());
      return false;
    }
    to.v5_percent = from.scalar == "5.0" ? 100 : 0;
    return true;
  };
  single.show = [](const protocol_mix& mix) {
    return std::string(mix.v5_percent > 0 ? "\"5.0\"" : "\"3.1.1\"");
  };
  auto mixed =
      object<shares>("Shares of the protocol versions; together 100%")
          .required("3.1.1", &shares::v3_1_1, config::percentage(), "Speak MQTT 3.1.1")
          .required("5.0", &shares::v5, config::percentage(), "Speak MQTT 5.0")
          .check([](const shares& made, const config::node& from, config::diagnostics& wrong) {
            const double sum = made.v3_1_1.percent + made.v5.percent;
            if (sum > 99.999999 && sum < 100.000001) return;
            wrong.add(from, "the shares must add up to 100%, not " + format_number(sum) + "%");
          })
          .build();
  return config::scalar_or(single, config::converted<protocol_mix, shares>(mixed, [](shares of) {
                             return protocol_mix{of.v5.percent};
                           }));
}

config::reader<will_settings> will_reader() {
  return object<will_settings>("What the broker publishes when the device is lost")
      .required("topic", &will_settings::topic, template_text(), "Topic name, with placeholders")
      .optional("payload", &will_settings::payload, template_text(0), "Text, with placeholders")
      .optional("qos", &will_settings::qos, qos_level(), "QoS of the message")
      .optional("retain", &will_settings::retain, config::boolean(), "Whether the broker keeps it")
      .optional("delay", &will_settings::delay, whole_seconds(four_byte_seconds_max),
                "How long the broker waits before; MQTT 5.0 only")
      .optional("stamp", &will_settings::stamp,
                config::one_of<stamp_place>({{"payload", stamp_place::payload},
                                             {"user_property", stamp_place::user_property},
                                             {"none", stamp_place::none}}),
                "Where the stamp stands by which the will is recognised")
      .build();
}

config::reader<consumption> consumption_reader() {
  return object<consumption>("How fast a device takes messages at most")
      .derived<rate>(
          "rate", config::frequency(),
          [](consumption& to, rate value) { to.messages_per_second = value.per_second(); },
          "Messages")
      .derived<std::uint64_t>(
          "bytes_per_second", config::size_in_bytes(1, std::uint64_t{1} << 40U),
          [](consumption& to, std::uint64_t size) {
            to.bytes_per_second = static_cast<double>(size);
          },
          "Bytes of PUBLISH packets")
      .exactly_one({"rate", "bytes_per_second"})
      .build();
}

config::reader<device_group> written_group_reader() {
  return object<device_group>("Devices of one kind")
      .required("group", &device_group::name, identifier(), "Its name")
      .required("count", &device_group::count, count_from(1, fleet_size_max), "How many devices")
      .optional("scale", &device_group::scale, config::boolean(),
                "Whether --scale changes the count; false for the one dashboard of a large fleet")
      .optional("protocol", &device_group::protocol, protocol_reader(),
                "MQTT version, or the shares of both")
      .optional("client_id", &device_group::client_id, template_text(),
                "Client identifier, with placeholders")
      .optional("user_name", &device_group::user_name, template_text(), "With placeholders")
      .optional("password", &device_group::password, template_text(), "With placeholders")
      .optional("credentials", &device_group::credentials, credential_list_reader(),
                "User names, passwords and client identifiers out of a file")
      .optional("certificate", &device_group::certificate, client_certificate_reader(),
                "The certificate of each device, for brokers that ask for one")
      .optional("keep_alive", &device_group::keep_alive, whole_seconds(seconds(65'535)),
                "0s turns it off")
      .optional("clean_start", &device_group::clean_start, config::boolean(),
                "Whether an earlier session is dropped; Clean Session of MQTT 3.1.1")
      .optional("session_expiry", &device_group::session_expiry,
                whole_seconds(four_byte_seconds_max),
                "How long the broker keeps the session after the connection; MQTT 5.0 only")
      .optional("in_flight", &device_group::session, &session_settings::in_flight,
                count_from(1, in_flight_max),
                "Messages of QoS 1 and 2 that a device has under way at most")
      .optional("receive_maximum", &device_group::session, &session_settings::receive_maximum,
                config::integer<std::uint16_t>(1),
                "Deliveries of QoS 1 and 2 that a device takes at a time; MQTT 5.0 only")
      .optional("maximum_packet_size", &device_group::session,
                &session_settings::maximum_packet_size, count_from(packet_size_min),
                "Bytes of the largest packet that a device takes; MQTT 5.0 only")
      .optional("consume", &device_group::consume, consumption_reader(),
                "How fast a device takes messages at most; without it as fast as they come")
      .optional("topic_alias_maximum", &device_group::session,
                &session_settings::topic_alias_maximum, config::integer<std::uint16_t>(1),
                "Topic aliases that the broker may use; MQTT 5.0 only")
      .optional("user_properties", &device_group::session, &session_settings::user_properties,
                user_properties_reader(),
                "What a device says about itself in CONNECT; MQTT 5.0 only")
      .optional("life_cycle", &device_group::life, life_cycle_reader(),
                "When the devices are there")
      .optional("reconnect", &device_group::reconnect, reconnect_reader(),
                "When a device connects again after it was refused or lost")
      .optional("offline", &device_group::offline, offline_reader(),
                "What a device keeps of the messages due without a connection; without it all")
      .optional("will", &device_group::will, will_reader(), "Will message")
      .optional("sensors", &device_group::sensors, sensors_reader(),
                "What each device measures, by name")
      .optional("sparkplug", &device_group::sparkplug, sparkplug_reader(),
                "Edge nodes of Sparkplug B: what they and the devices behind them report")
      .optional("sparkplug_host", &device_group::sparkplug_host, sparkplug_host_reader(),
                "Host applications of Sparkplug B, which judge the edge nodes of a group")
      .optional("publish", &device_group::publish, config::list_of(publication_reader(), 0, 100),
                "What each device publishes")
      .optional("subscribe", &device_group::subscribe,
                config::list_of(subscription_reader(), 0, 100), "What each device is subscribed to")
      .optional("on_message", &device_group::on_message, config::list_of(reaction_reader(), 0, 100),
                "What each device does when messages come")
      .placed(&device_group::where)
      .check(check_group)
      .check(check_sparkplug)
      .check(check_reactions)
      .build();
}

}  // namespace

config::reader<device_group> group_reader() {
  auto made = written_group_reader();
  made.read = [read = std::move(made.read)](const config::node& from, device_group& to,
                                            config::diagnostics& wrong) {
    if (!read(from, to, wrong)) return false;
    if (to.credentials && to.credentials->client_ids) {
      to.client_id = text_template::listed(to.credentials->client_ids);
    }
    add_sparkplug(to);
    add_sparkplug_host(to);
    complete_reactions(to);
    return true;
  };
  return made;
}

}  // namespace gauntlet::sim
