#include "cli/broker_flags.hpp"

#include <array>
#include <string_view>

#include "harness/broker_config/overrides.hpp"

namespace gauntlet::cli {
namespace {

using broker_config::notation;

enum class flag_form { value, text, list, on };

struct flag {
  const char* name;
  const char* key;  ///< of the file
  flag_form form;
  const char* group;
  const char* value;  ///< what help calls its value; empty if it has none
  const char* help;
};

constexpr std::array flags_of_keys = {
    flag{"--listen", "listen", flag_form::list, "Listening", "ADDRESS",
         "HOST:PORT or a URL (mqtt, mqtts, ws, wss); port 0 picks a free one; may be repeated"},
    flag{"--cert", "tls.certificate_file", flag_form::text, "Listening", "FILE",
         "Server certificate (PEM), for mqtts and wss"},
    flag{"--key", "tls.key_file", flag_form::text, "Listening", "FILE", "Key to --cert (PEM)"},
    flag{"--client-ca", "tls.client_ca_file", flag_form::text, "Listening", "FILE",
         "Demand client certificates signed by this CA (PEM)"},
    flag{"--user", "users", flag_form::list, "Clients", "NAME:PASSWORD",
         "Who may connect, the password plain or as SCRAM-SHA-256$...; may be repeated"},
    flag{"--allow-anonymous", "allow_anonymous", flag_form::on, "Clients", "",
         "With --user: also let clients in that name no user"},
    flag{"--max-connections", "limits.connections_max", flag_form::value, "Limits", "N",
         "Network connections at a time"},
    flag{"--connect-timeout", "limits.connect_timeout", flag_form::value, "Limits", "TIME",
         "How long a connection may take until its CONNECT is complete, such as 10s"},
    flag{"--max-inflight", "limits.inflight_max", flag_form::value, "Limits", "N",
         "Unacknowledged messages towards one client"},
    flag{"--max-queued-messages", "limits.queued_messages_max", flag_form::value, "Limits", "N",
         "Messages waiting for one client"},
    flag{"--max-queued-bytes", "limits.queued_bytes_max", flag_form::value, "Limits", "SIZE",
         "The same in bytes, such as 64MiB"},
    flag{"--max-packet-size", "capabilities.maximum_packet_size", flag_form::value, "Limits",
         "SIZE", "Largest packet taken, such as 4MiB"},
    flag{"--max-qos", "capabilities.maximum_qos", flag_form::value, "Limits", "QOS",
         "Highest QoS: 0, 1 or 2"},
    flag{"--max-session-expiry", "capabilities.session_expiry_interval_max", flag_form::value,
         "Limits", "TIME", "Longest life of a session without connection, such as 1h, or never"},
    flag{"--persist", "persistence.directory", flag_form::text, "Persistence", "FOLDER",
         "Keep sessions and retained messages in this folder over a restart"},
    flag{"--persist-sync", "persistence.synchronization", flag_form::value, "Persistence", "WORD",
         "full: what is acknowledged survives a loss of power; normal: a kill"},
    flag{"--sys-interval", "sys_interval", flag_form::value, "Behaviour", "TIME",
         "How often the values below $SYS/ are published, such as 10s; 0s for never"},
    flag{"--defect", "defects", flag_form::list, "Behaviour", "NAME[:1/N]",
         "Misbehave: a defect's name, with :1/N for one time in N; may be repeated"},
    flag{"--seed", "seed", flag_form::value, "Behaviour", "N", "Seed of where defects strike"},
    flag{"--log-level", "log_level", flag_form::value, "Behaviour", "LEVEL",
         "none, error, warning, info or debug"},
};

outcome<void> apply_flag(broker_config::configuration& to, const flag& given,
                         const std::vector<std::string>& values) {
  if (given.form == flag_form::list) return apply(to, {given.key, values, given.name});
  const auto as = given.form == flag_form::text ? notation::text : notation::scalar;
  const std::string& value = given.form == flag_form::on ? "true" : values.back();
  return apply(to, {given.key, value, given.name, as});
}

outcome<void> apply_setting(broker_config::configuration& to, const std::string& setting) {
  const std::size_t equals = setting.find('=');
  if (equals == std::string::npos || equals == 0) return bad_input("--set wants KEY=VALUE");
  const std::string key = setting.substr(0, equals);
  return apply(to, {key, setting.substr(equals + 1), "--set " + key, notation::yaml});
}

}  // namespace

void add_broker_flags(CLI::App& command, broker_flags& into) {
  command.add_option("--config", into.config_file, "Configuration file (YAML); flags win over it")
      ->option_text("FILE")
      ->group("Configuration");
  command
      .add_option("--set", into.settings,
                  "Any key of the file, such as limits.sessions_max=10; may be repeated")
      ->allow_extra_args(false)
      ->option_text("KEY=VALUE")
      ->group("Configuration");
  for (const flag& each : flags_of_keys) {
    std::vector<std::string>& values = into.values[each.name];
    if (each.form == flag_form::on) {
      command
          .add_flag_callback(
              each.name, [&values] { values = {"true"}; }, each.help)
          ->group(each.group);
      continue;
    }
    CLI::Option* added = command.add_option(each.name, values, each.help)
                             ->allow_extra_args(false)
                             ->option_text(each.value)
                             ->group(each.group);
    if (each.form != flag_form::list) added->take_last();
  }
}

outcome<broker_config::configuration> load_broker_configuration(const broker_flags& flags) {
  broker_config::configuration chosen;
  if (!flags.config_file.empty()) {
    auto loaded = broker_config::load_configuration(flags.config_file);
    if (!loaded) return config::to_failure(loaded.error());
    chosen = std::move(*loaded);
  }
  for (const std::string& setting : flags.settings) {
    if (auto done = apply_setting(chosen, setting); !done) return done.error();
  }
  for (const flag& each : flags_of_keys) {
    const std::vector<std::string>& values = flags.values.at(each.name);
    if (values.empty()) continue;
    if (auto done = apply_flag(chosen, each, values); !done) return done.error();
  }
  return chosen;
}

}  // namespace gauntlet::cli
