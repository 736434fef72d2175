// All 256 bytes of Subscription Options (3.1.1: Requested QoS), in the first and in the second
// subscription of a packet, and for a shared one. MQTT 5.0 §3.8.3.1

#include <fmt/format.h>

#include "conformance/vectors/all_vectors.hpp"
#include "conformance/vectors/vector.hpp"

namespace gauntlet::conformance {
namespace {

enum class place : std::uint8_t { first, second, shared };

byte_buffer subscribe_with(std::uint8_t options, place where, const occasion& at) {
  mqtt::raw_fields body;
  body.two_byte_integer(at.packet_identifier);
  if (at.is_v5()) body.byte(0);
  const std::string prefix = where == place::shared ? "$share/group/" : "";
  body.utf8_string(prefix + at.topic + "/a").byte(where == place::second ? 0 : options);
  if (where == place::second) body.utf8_string(at.topic + "/b").byte(options);
  return mqtt::raw_packet{.first_byte = 0x82, .body = body}.bytes();
}

canonical_packet subscribe_like(std::uint8_t options, place where) {
  canonical_packet like = subscribe_packet();
  constexpr std::uint8_t no_local = 0x04;
  if (where == place::shared) {
    like.needs = {need::shared_subscriptions};
    like.make = [](const occasion& at) {
      return mqtt::subscribe{.packet_identifier = at.packet_identifier,
                             .subscriptions = {{"$share/group/" + at.topic + "/a", {}}}};
    };
  }
  like.expect_effect = [options, where](context& test, client& c, const occasion& at) {
    const std::size_t count = where == place::second ? 2 : 1;
    const auto requested = static_cast<mqtt::reason_code>(options & 0x03U);
    const auto answer = c.expect<mqtt::suback>(
        "SUBACK that grants no more than was asked for", {}, [&](const mqtt::suback& came) {
          if (came.reason_codes.size() != count) return false;
          return came.reason_codes.back() <= requested || mqtt::is_error(came.reason_codes.back());
        });
    if (test.over()) return;
    if (mqtt::is_error(answer.reason_codes.back())) {
      return test.leave_undecided("the subscription was refused, which a server may do");
    }
    client& publisher = (options & no_local) != 0 && at.is_v5() ? test.connected("other") : c;
    publisher.publish(at.topic + (where == place::second ? "/b" : "/a"), "message",
                      mqtt::qos::at_most_once);
    c.expect_publish("message");
  };
  return like;
}

void add_options(suite& to, unsigned options, place where, std::string_view name,
                 std::string_view subject) {
  const auto byte = static_cast<std::uint8_t>(options);
  const packet_maker packet = [byte, where](const occasion& at) {
    return subscribe_with(byte, where, at);
  };
  const canonical_packet like = subscribe_like(byte, where);
  std::vector<vector_half> halves;
  for (const auto version : both_versions) {
    if (version == only_v3 && where == place::shared) continue;
    halves.push_back(refused_or_accepted(version, like, packet,
                                         version == only_v5 ? "MQTT-3.8.4-7" : "MQTT-3.8.4-5"));
  }
  add_vector(to, "subscription-options", fmt::format("{}/{}", name, hex(options)),
             fmt::format("{} with options {}", subject, hex(options)), std::move(halves));
}

}  // namespace

void add_subscription_option_vectors(suite& to) {
  for (unsigned options = 0; options < 256; ++options) {
    add_options(to, options, place::first, "first", "A subscription");
    add_options(to, options, place::second, "second", "A second subscription");
  }
  for (unsigned options = 0; options < 64; ++options) {
    add_options(to, options, place::shared, "shared", "A shared subscription");
  }
}

}  // namespace gauntlet::conformance
