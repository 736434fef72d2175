#include "harness/broker_config/option_readers.hpp"

#include "harness/broker_config/field_readers.hpp"
#include "harness/config/object.hpp"

namespace gauntlet::broker_config {
namespace {

using config::boolean;
using config::object;
using config::text;

constexpr duration long_time = std::chrono::hours(24 * 365);

}  // namespace

config::reader<broker::limits> limits() {
  using of = broker::limits;
  return object<of>("What the broker holds at most")
      .optional("connections_max", &of::connections_max, count(1),
                "Network connections at a time; further ones are closed at once")
      .optional("connections_per_address_max", &of::connections_per_address_max, count(0),
                "The same from one network address; 0 for no limit of its own")
      .optional("sessions_max", &of::sessions_max, count(1),
                "Sessions, connected or not; a CONNECT that would need one more is refused")
      .optional("connect_timeout", &of::connect_timeout,
                config::time_span(std::chrono::milliseconds(1), long_time),
                "How long a connection may take until its CONNECT is complete, enhanced "
                "authentication included")
      .optional("inflight_max", &of::inflight_max, config::integer<std::uint16_t>(1),
                "Unacknowledged messages towards one client, if its Receive Maximum is not lower")
      .optional("queued_messages_max", &of::queued_messages_max, count(0),
                "Messages waiting for one client; what comes beyond is dropped")
      .optional("queued_bytes_max", &of::queued_bytes_max, bytes(0),
                "The same in bytes of topic, properties and payload")
      .optional("output_bytes_max", &of::output_bytes_max, bytes(1),
                "Bytes on their way to one connection; beyond it messages wait in the queue, and a "
                "client that does not read is not read from")
      .optional("retained_messages_max", &of::retained_messages_max, count(0),
                "Retained messages; beyond it a new one is not kept")
      .optional("retained_bytes_max", &of::retained_bytes_max, bytes(0), "The same in bytes")
      .optional("subscriptions_per_session_max", &of::subscriptions_per_session_max, count(0),
                "Subscriptions of one session; further ones are refused with 0x97")
      .optional("outbound_topic_aliases_max", &of::outbound_topic_aliases_max,
                config::integer<std::uint16_t>(),
                "Topic aliases towards one client, if its Topic Alias Maximum permits; 0 for none")
      .optional("messages_per_second_max", &of::messages_per_second_max,
                config::integer<std::uint32_t>(),
                "Messages from one client within a second; more end its connection with 0x96; 0 "
                "for no limit")
      .optional("connects_per_second_max", &of::connects_per_second_max,
                config::integer<std::uint32_t>(),
                "Clients let in within a second; more are refused with 0x9F; 0 for no limit")
      .optional("connect_time_max", &of::connect_time_max,
                config::time_span(duration::zero(), long_time),
                "How long a connection may last until it ends with 0xA0; 0s for no limit")
      .build();
}

config::reader<broker::capabilities> capabilities() {
  using of = broker::capabilities;
  return object<of>("What clients are told that the broker does, in CONNACK")
      .optional("receive_maximum", &of::receive_maximum, config::integer<std::uint16_t>(1),
                "QoS 1 and 2 messages that a client may have outstanding")
      .optional("maximum_packet_size", &of::maximum_packet_size,
                config::converted<std::uint32_t, std::uint64_t>(
                    config::size_in_bytes(128, 268'435'460),
                    [](std::uint64_t size) { return static_cast<std::uint32_t>(size); }),
                "Largest packet taken")
      .optional("topic_alias_maximum", &of::topic_alias_maximum, config::integer<std::uint16_t>(),
                "Topic aliases that a client may use on a connection; 0 for none")
      .optional("maximum_qos", &of::maximum_qos, config::integer<std::uint8_t>(0, 2),
                "Highest QoS: 0, 1 or 2")
      .optional("retain_available", &of::retain_available, boolean(), "Retained messages")
      .optional("wildcard_subscription_available", &of::wildcard_subscription_available, boolean(),
                "Topic Filters with wildcards")
      .optional("subscription_identifier_available", &of::subscription_identifier_available,
                boolean(), "Subscription Identifiers")
      .optional("shared_subscription_available", &of::shared_subscription_available, boolean(),
                "Shared subscriptions")
      .optional("session_expiry_interval_max", &of::session_expiry_interval_max_s,
                seconds<std::uint32_t>(0xFFFF'FFFE, 0xFFFF'FFFF),
                "Longest Session Expiry Interval granted, also to a 3.1.1 client without "
                "CleanSession; never: no limit")
      .optional("keep_alive_max", &of::keep_alive_max_s, seconds<std::uint16_t>(65'535),
                "Longest Keep Alive granted, as Server Keep Alive; 0s leaves it to the client")
      .optional("response_information_prefix", &of::response_information_prefix, text(),
                "Response Information for a client that asks: this, a slash and its Client "
                "Identifier; empty: none")
      .build();
}

config::reader<broker::redirection> redirection() {
  using of = broker::redirection;
  using broker::redirection_time;
  return object<of>("Another server for all clients")
      .optional("server_reference", &of::server_reference, text(),
                "Server Reference, such as b.example:1883; empty: nobody is sent elsewhere")
      .optional("permanent", &of::permanent, boolean(),
                "Say that this server has moved (0x9D), not only to use another one (0x9C)")
      .optional(
          "when", &of::when,
          config::one_of<redirection_time>({{"at_connect", redirection_time::at_connect},
                                            {"after_connect", redirection_time::after_connect},
                                            {"at_shutdown", redirection_time::at_shutdown}}),
          "at_connect: in the CONNACK that refuses them; after_connect: in a DISCONNECT right "
          "after it let them in; at_shutdown: when the broker ends")
      .build();
}

config::reader<broker::persistence_settings> persistence() {
  using of = broker::persistence_settings;
  using how = broker::store_synchronization;
  return object<of>("Where sessions and retained messages are kept over a restart")
      .optional("directory", &of::directory, file_path(),
                "Folder, made if it is missing; empty: all is in memory, and gone with the broker")
      .optional("synchronization", &of::synchronization,
                config::one_of<how>({{"full", how::full}, {"normal", how::normal}}),
                "full: what was acknowledged survives a loss of power; normal: the broker's death, "
                "not that of the machine")
      .build();
}

config::reader<broker::defect_switch> defect() {
  return config::parsed_scalar<broker::defect_switch>(
      R"({"type":"string"})",
      [](std::string_view name) -> unit_result<broker::defect_switch> {
        auto parsed = broker::parse_defect(name);
        if (!parsed) return unit_error{parsed.error().message};
        return *parsed;
      },
      {});
}

config::reader<broker::log_level> log_level() {
  using broker::log_level;
  std::vector<std::pair<std::string, log_level>> words;
  for (const auto level :
       {log_level::none, log_level::error, log_level::warning, log_level::info, log_level::debug}) {
    words.emplace_back(broker::to_string(level), level);
  }
  return config::one_of<log_level>(std::move(words));
}

}  // namespace gauntlet::broker_config
