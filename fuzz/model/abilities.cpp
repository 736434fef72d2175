#include "fuzz/model/abilities.hpp"

#include <optional>

#include "fuzz/model/connection.hpp"

namespace gauntlet::fuzz::model {
namespace {

using mqtt::property_id;

outcome<mqtt::connack> ask(lane& on, mqtt::protocol_version version, const std::string& client_id,
                           duration patience) {
  const auto where = on.endpoint_for(version);
  if (!where) return where.error();
  std::optional<mqtt::connack> answer;
  connection::listener hears;
  hears.on_packet = [&answer](const mqtt::packet& packet) {
    if (const auto* connack = std::get_if<mqtt::connack>(&packet)) answer = *connack;
  };
  hears.on_malformed = [](const std::string&) {};
  hears.on_end = [](const net::channel_end&) {};
  connection link(version, std::move(hears));
  link.open(on.network(), *where, on.dial());
  event_loop& loop = on.network().loop();
  loop.run_until([&] { return link.is_open() || link.has_ended(); }, loop.now() + patience);
  mqtt::connect hello{.protocol_version = version, .client_id = client_id};
  if (const auto login = on.login()) {
    hello.user_name = login->user_name;
    hello.password = byte_buffer(login->password.begin(), login->password.end());
  }
  link.send(hello);
  loop.run_until([&] { return answer.has_value() || link.has_ended(); }, loop.now() + patience);
  if (answer && answer->reason_code == mqtt::reason_code::success) {
    link.send(mqtt::disconnect{});
    link.close();
    return *answer;
  }
  return environment_failed(net::to_string(*where) + " lets no client of MQTT " +
                            std::string(mqtt::version_name(version)) + " in");
}

}  // namespace

outcome<void> ask_abilities(lane& on, generator_options& draws, const std::string& client_id,
                            duration patience) {
  const bool wants_v5 = draws.versions != version_choice::v3_1_1;
  const bool wants_v3_1_1 = draws.versions != version_choice::v5;
  std::optional<failure> first;
  bool has_v5 = false;
  bool has_v3_1_1 = false;
  if (wants_v5) {
    const auto answer = ask(on, mqtt::protocol_version::v5, client_id, patience);
    if (!answer) first = answer.error();
    if (answer) {
      has_v5 = true;
      const mqtt::property_list& said = answer->properties;
      broker_abilities& can = draws.abilities;
      can.maximum_qos = static_cast<mqtt::qos>(said.find<property_id::maximum_qos>().value_or(2));
      can.retain = said.find<property_id::retain_available>().value_or(1) != 0;
      can.wildcards = said.find<property_id::wildcard_subscription_available>().value_or(1) != 0;
      can.subscription_identifiers =
          said.find<property_id::subscription_identifier_available>().value_or(1) != 0;
    }
  }
  if (wants_v3_1_1) {
    const auto answer = ask(on, mqtt::protocol_version::v3_1_1, client_id, patience);
    if (!answer) first = answer.error();
    has_v3_1_1 = answer.has_value();
  }
  if (!has_v5 && !has_v3_1_1) return *first;
  if (!has_v5) draws.versions = version_choice::v3_1_1;
  if (!has_v3_1_1) draws.versions = version_choice::v5;
  return {};
}

}  // namespace gauntlet::fuzz::model
