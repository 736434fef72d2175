#include "conformance/cases/support/raw_subscribe.hpp"

#include <utility>

#include "conformance/cases/support/deliveries.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {

using mqtt::raw_fields;

byte_buffer raw_filters::bytes(mqtt::protocol_version version) const {
  raw_fields body;
  body.two_byte_integer(packet_identifier);
  if (version == mqtt::protocol_version::v5) body.properties(properties, property_length);
  body.append(payload);
  return mqtt::raw_packet{.first_byte = first_byte, .body = std::move(body)}.bytes();
}

raw_fields filter_with_options(std::string_view filter, std::uint8_t options) {
  return raw_fields().utf8_string(filter).byte(options);
}

void expect_filters_refused(context& test, const raw_filters& wrong, const refusal& manner) {
  const bool subscribes = (wrong.first_byte & 0xF0U) == 0x80U;
  expect_refused(test, {.control =
                            [&](client& c) {
                              c.subscribe(test.topic("t"), mqtt::qos::at_most_once);
                              if (!subscribes) c.unsubscribe(test.topic("t"));
                            },
                        .commit = [&](client& c) { c.send_bytes(wrong.bytes(c.version())); },
                        .manner = manner});
}

void expect_filter_not_granted(context& test, const std::string& valid,
                               const std::string& invalid) {
  client& control = test.connected("control");
  control.subscribe(valid, mqtt::qos::at_most_once);
  control.ping();
  prove_delivery(test, control, mqtt::qos::at_most_once);

  client& subscriber = test.connected("subscriber");
  subscriber.send(mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{invalid, {}}}});
  const script::arrival what = subscriber.next(test.answer_limit());
  if (test.over()) return;
  const auto* const answer = script::packet_of<mqtt::suback>(what);
  const auto* const farewell = script::packet_of<mqtt::disconnect>(what);
  if (answer != nullptr) {
    const bool granted =
        answer->reason_codes.size() != 1 || !mqtt::is_error(answer->reason_codes[0]);
    demand(test, subscriber, !granted, "no grant of an invalid filter",
           script::to_text(what, test.version()));
    if (!test.is_v5()) {
      test.note_manner("the end of the connection", script::to_text(what, test.version()));
    }
  } else if (farewell != nullptr) {
    subscriber.expect_close();
  } else if (!script::is_close(what)) {
    fail_with(test, subscriber, "an error in SUBACK or the end of the connection",
              script::to_text(what, test.version()));
  }
  test.expect_served();
}

}  // namespace gauntlet::conformance
