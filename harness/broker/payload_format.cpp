#include "harness/broker/payload_format.hpp"

#include "harness/mqtt/utf8.hpp"

namespace gauntlet::broker {

bool is_utf8_payload(byte_view payload) {
  std::string_view rest = as_text(payload);
  for (;;) {
    if (mqtt::is_plain_ascii(rest)) return true;
    const mqtt::text_check check = mqtt::check_text(rest);
    if (check.fault == mqtt::text_fault::none) return true;
    if (check.fault == mqtt::text_fault::ill_formed) return false;
    rest.remove_prefix(check.offset + 1);
  }
}

}  // namespace gauntlet::broker
