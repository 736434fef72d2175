// Errors that properties share, checked for each row of the property table.

#include "harness/mqtt/raw_packet.hpp"
#include "tests/unit/mqtt/decode_error.hpp"

namespace gauntlet::mqtt {
namespace {

constexpr auto v5 = protocol_version::v5;
constexpr auto client = sender::client;

TEST(PropertyError, Shape) {
  expect_errors(
      {{"30 05 00 01 't' 02 01", 5, malformed, "2.2.2.1", "", "Property Length"},
       {"30 07 00 01 't' 80 80 80 80", 5, malformed, "1.5.5", "", "Property Length"},
       {"30 05 00 01 't' 80 00", 5, malformed, "1.5.5", "MQTT-1.5.5-1", "Property Length"},
       {"30 08 00 01 't' 04 02 00 00 00", 7, malformed, "2.2.2.1", "", "Message Expiry Interval"},
       {"30 08 00 01 't' 04 03 00 09 'a'", 7, malformed, "2.2.2.1", "", "Content Type"},
       {"30 08 00 01 't' 01 03 00 01 'a'", 7, malformed, "2.2.2.1", "", "Content Type"},
       {"30 0a 00 01 't' 06 26 00 01 'k' 00 05", 10, malformed, "2.2.2.1", "", "User Property"},
       {"30 06 00 01 't' 02 00 00", 6, malformed, "2.2.2.2", "", "property identifier"},
       {"30 06 00 01 't' 02 7f 00", 6, malformed, "2.2.2.2", "", "property identifier"},
       {"30 07 00 01 't' 03 80 01 00", 6, malformed, "2.2.2.2", "", "property identifier"},
       {"30 07 00 01 't' 03 81 00 01", 6, malformed, "1.5.5", "MQTT-1.5.5-1",
        "property identifier"},
       {"30 08 00 01 't' 04 03 00 01 ff", 9, malformed, "1.5.4", "MQTT-1.5.4-1", "Content Type"},
       {"30 0a 00 01 't' 06 26 00 01 00 00 00", 9, malformed, "1.5.4", "MQTT-1.5.4-2",
        "User Property"},
       {"30 0a 00 01 't' 06 26 00 00 00 01 00", 11, malformed, "1.5.4", "MQTT-1.5.4-2",
        "User Property"}},
      v5, client);
}

const golden_packet& golden_of(const std::vector<golden_packet>& all, const property_info& info,
                               property_place place) {
  const std::string name = "v5 " + std::string(info.name) + " in " + std::string(place_name(place));
  for (const golden_packet& golden : all) {
    if (golden.name == name) return golden;
  }
  ADD_FAILURE() << "no golden packet named " << name;
  return all.front();
}

/// The property list of a golden property packet.
property_list& properties_of(packet& holder, property_place place) {
  if (place == property_place::will) return std::get<connect>(holder).will->properties;
  return std::visit(
      [](auto& held) -> property_list& {
        if constexpr (requires { held.properties; }) return held.properties;
        static property_list none;
        return none;
      },
      holder);
}

/// An error for the packet with these properties in place of its own.
decode_error error_with(const golden_packet& golden, property_place place,
                        const property_list& list) {
  packet changed = golden.packet;
  properties_of(changed, place) = list;
  byte_buffer bytes;
  EXPECT_TRUE(encode(changed, v5, bytes).has_value());
  const auto decoded = decode(bytes, v5, golden.from);
  EXPECT_FALSE(decoded.has_value());
  return decoded ? decode_error{} : decoded.error();
}

TEST(PropertyError, TwiceIsAProtocolErrorInTheSectionOfTheProperty) {
  const auto all = golden_properties();
  int checked = 0;
  for (const property_info& info : property_table) {
    for (std::size_t i = 0; i < info.home_count; ++i) {
      const auto [place, section] = info.homes[i];
      if (info.may_repeat_in(place)) continue;
      const golden_packet& golden = golden_of(all, info, place);
      SCOPED_TRACE(golden.name);
      packet original = golden.packet;
      property_list list = properties_of(original, place);
      list.add(*(list.end() - 1));
      const decode_error error = error_with(golden, place, list);
      EXPECT_EQ(error.kind, breach);
      EXPECT_EQ(error.reason_code, reason_code::protocol_error);
      EXPECT_EQ(error.section, section);
      EXPECT_EQ(error.subject, info.name);
      ++checked;
    }
  }
  EXPECT_EQ(checked, 49);
}

TEST(PropertyError, NotAtHomeIsMalformed) {
  const auto all = golden_properties();
  int checked = 0;
  for (const property_info& holder : property_table) {
    for (std::size_t i = 0; i < holder.home_count; ++i) {
      const property_place place = holder.homes[i].place;
      const golden_packet& golden = golden_of(all, holder, place);
      for (const property_info& info : property_table) {
        if (info.may_stand_in(place)) continue;
        packet donor = golden_of(all, info, info.homes[0].place).packet;
        const property item = *(properties_of(donor, info.homes[0].place).end() - 1);
        const decode_error error = error_with(golden, place, {item});
        EXPECT_EQ(error.kind, malformed) << golden.name << " and " << info.name;
        EXPECT_EQ(error.section, "2.2.2.2");
        EXPECT_EQ(error.subject, info.name);
        ++checked;
      }
    }
  }
  EXPECT_GT(checked, 500);
}

TEST(PropertyError, ValuesOutOfRangeAreProtocolErrors) {
  const auto all = golden_properties();
  int checked = 0;
  for (const property_info& info : property_table) {
    if (info.values == property_values::any || info.values == property_values::topic_name) continue;
    for (std::size_t i = 0; i < info.home_count; ++i) {
      const auto [place, section] = info.homes[i];
      const golden_packet& golden = golden_of(all, info, place);
      SCOPED_TRACE(golden.name);
      packet original = golden.packet;
      property item = *(properties_of(original, place).end() - 1);
      std::visit(
          [&](auto& held) {
            if constexpr (std::is_integral_v<std::decay_t<decltype(held)>>) {
              held = info.values == property_values::not_zero ? 0 : 2;
            }
          },
          item.value);
      const decode_error error = error_with(golden, place, {item});
      EXPECT_EQ(error.kind, breach);
      EXPECT_EQ(error.section, section);
      EXPECT_EQ(error.subject, info.name);
      ++checked;
    }
  }
  EXPECT_EQ(checked, 16);
}

TEST(PropertyError, EveryStringIsCheckedForNull) {
  const auto all = golden_properties();
  int checked = 0;
  for (const property_info& info : property_table) {
    if (info.type != property_type::utf8_string) continue;
    for (std::size_t i = 0; i < info.home_count; ++i) {
      const property_place place = info.homes[i].place;
      const golden_packet& golden = golden_of(all, info, place);
      const decode_error error =
          error_with(golden, place, {property{info.id, std::string("a\0b", 3)}});
      EXPECT_EQ(error.kind, malformed) << golden.name;
      EXPECT_EQ(error.statement, "MQTT-1.5.4-2") << golden.name;
      EXPECT_EQ(error.subject, info.name);
      ++checked;
    }
  }
  EXPECT_EQ(checked, 20);
}

}  // namespace
}  // namespace gauntlet::mqtt
