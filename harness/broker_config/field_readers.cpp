#include "harness/broker_config/field_readers.hpp"

#include <chrono>

#include "harness/base/units.hpp"

namespace gauntlet::broker_config {

config::reader<std::size_t> count(std::size_t min, std::size_t max) {
  return config::converted<std::size_t, std::int64_t>(
      config::whole_number(static_cast<std::int64_t>(min), static_cast<std::int64_t>(max)),
      [](std::int64_t value) { return static_cast<std::size_t>(value); });
}

config::reader<std::size_t> bytes(std::size_t min, std::size_t max) {
  return config::size_in_bytes(min, max);
}

template <class Int>
config::reader<Int> seconds(Int max_s, Int never) {
  const std::string expected = std::string("expected a duration in whole seconds up to ") +
                               format_duration(std::chrono::seconds(max_s)) +
                               (never != 0 ? ", or never" : "");
  return config::parsed_scalar<Int>(
      "{\"type\":\"string\",\"description\":" + config::json_quote(expected.substr(9)) + "}",
      [=](std::string_view text) -> unit_result<Int> {
        if (never != 0 && text == "never") return never;
        const auto value = parse_duration(text);
        if (!value) return unit_error{value.error().message};
        if (*value % std::chrono::seconds(1) != duration::zero() || *value < duration::zero() ||
            *value > std::chrono::seconds(max_s)) {
          return unit_error{expected + ", not '" + std::string(text) + "'"};
        }
        return static_cast<Int>(std::chrono::duration_cast<std::chrono::seconds>(*value).count());
      },
      [never](const Int& value) {
        return never != 0 && value == never ? "never"
                                            : format_duration(std::chrono::seconds(value));
      });
}

template config::reader<std::uint16_t> seconds(std::uint16_t, std::uint16_t);
template config::reader<std::uint32_t> seconds(std::uint32_t, std::uint32_t);

config::reader<std::string> file_path() { return config::text({.length_max = 4'096}); }

}  // namespace gauntlet::broker_config
