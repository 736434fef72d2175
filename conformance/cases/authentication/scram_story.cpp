#include "conformance/cases/authentication/scram_story.hpp"

namespace gauntlet::conformance {

using mqtt::property_id;

mqtt::property_list authentication(std::string_view data, std::string_view method) {
  mqtt::property_list properties{mqtt::authentication_method(std::string(method))};
  const byte_view bytes = as_bytes(data);
  if (!data.empty()) properties.add(mqtt::authentication_data({bytes.begin(), bytes.end()}));
  return properties;
}

scram_story begin_authentication(context& test, std::string_view name, std::string_view password) {
  const guarded_listener& guard = *test.where().guarded;
  if (guard.authentication_method != auth::scram_mechanism) {
    test.skip("its Authentication Method is not SCRAM-SHA-256");
  }
  if (password.empty()) password = guard.user.password;
  client& c = test.open_at(guard.where, name);
  scram_story story{
      &c, auth::scram_client(guard.user.user_name, as_bytes(password), auth::draw_nonce())};
  c.send(mqtt::connect{.client_id = test.client_id(name),
                       .properties = authentication(story.scram.first())});
  return story;
}

mqtt::auth take_challenge(context& test, client& from) {
  const script::arrival what = from.next(test.answer_limit());
  if (const auto* const challenge = script::packet_of<mqtt::auth>(what)) return *challenge;
  const std::string observed = script::to_text(what, from.version());
  test.block({.client = from.name(),
              .expected = "AUTH with a challenge",
              .observed = observed,
              .signature = "AUTH with a challenge -> otherwise"});
  return {};
}

mqtt::auth answer_to(context& test, scram_story& story, const mqtt::auth& challenge) {
  if (test.over()) return {};
  const auto answer = story.scram.respond(data_of(challenge.properties));
  if (!answer) test.leave_undecided("the challenge cannot be answered");
  return {.reason_code = mqtt::reason_code::continue_authentication,
          .properties = authentication(answer ? std::string_view(*answer) : std::string_view())};
}

client& authenticated(context& test, std::string_view name) {
  scram_story story = begin_authentication(test, name);
  story.c->send(answer_to(test, story, take_challenge(test, *story.c)));
  story.c->take_connack();
  return *story.c;
}

std::string method_of(const mqtt::property_list& properties) {
  return std::string(properties.find<property_id::authentication_method>().value_or(""));
}

std::string data_of(const mqtt::property_list& properties) {
  const auto data = properties.find<property_id::authentication_data>();
  return data ? std::string(as_text(*data)) : std::string();
}

}  // namespace gauntlet::conformance
