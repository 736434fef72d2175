#pragma once

// CONNECT field by field, for those that are wrong in one of them, and the story that they share.

#include <functional>
#include <optional>
#include <string>

#include "conformance/suite/breach.hpp"
#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {

/// A CONNECT of which each part can be changed or left out. MQTT 5.0 §3.1
struct raw_connect {
  mqtt::protocol_version version = mqtt::protocol_version::v5;  ///< whose fields it has
  std::uint8_t first_byte = 0x10;
  std::string protocol_name = "MQTT";
  std::uint8_t protocol_level = 5;
  std::uint8_t flags = 0x02;                     ///< Clean Start
  mqtt::raw_fields properties;                   ///< in 5.0, without their length
  std::optional<std::uint32_t> property_length;  ///< claimed in place of theirs
  mqtt::raw_fields client_id;
  mqtt::raw_fields will;
  mqtt::raw_fields user_name;
  mqtt::raw_fields password;
  mqtt::raw_fields surplus;  ///< behind the last field

  byte_buffer bytes() const;
};

/// One that this broker accepts from this client, with a login if it asks for one.
raw_connect right_connect(const context& test, const client& from);

/// Puts a will of QoS 0 in. `properties` are for 5.0.
void give_will(raw_connect& packet, std::string_view topic, const mqtt::raw_fields& properties = {},
               std::string_view payload = "gone");

/// Changes to a right CONNECT.
using connect_change = std::function<void(const context&, raw_connect&)>;

/// Demands that a CONNECT with `wrong` after `right` is refused, and one with `right` alone taken.
void expect_connect_refused(context& test, const connect_change& right, const connect_change& wrong,
                            const refusal& manner);

/// Gives a test that story.
test_case refused_connect(test_case of, refusal manner, connect_change wrong,
                          connect_change right = {});

}  // namespace gauntlet::conformance
