// The tables of reason codes and properties, the typed property list, and text.

#include <gtest/gtest.h>

#include "harness/mqtt/property.hpp"
#include "harness/mqtt/reason_code.hpp"
#include "harness/mqtt/utf8.hpp"

namespace gauntlet::mqtt {
namespace {

constexpr auto client = sender::client;
constexpr auto server = sender::server;

TEST(ReasonCodes, AreInOrderAndAllUsed) {
  int previous = -1;
  for (const reason_code_info& info : reason_codes()) {
    EXPECT_GT(static_cast<int>(info.code), previous);
    previous = static_cast<int>(info.code);
    EXPECT_NE(info.by_client | info.by_server, 0) << info.name;
    EXPECT_EQ(find_reason_code(static_cast<std::uint8_t>(info.code)), &info);
  }
  EXPECT_EQ(reason_codes().size(), 43U);
  EXPECT_EQ(find_reason_code(0x55), nullptr);
}

/// How many codes each packet's own table in the standard has.
TEST(ReasonCodes, AreAsManyAsEachPacketHas) {
  const auto count = [](packet_type type, sender from) {
    int found = 0;
    for (const reason_code_info& info : reason_codes())
      found += may_stand_in(info.code, type, from);
    return found;
  };
  EXPECT_EQ(count(packet_type::connack, server), 22);     // Table 3-1
  EXPECT_EQ(count(packet_type::puback, client), 9);       // Table 3-4
  EXPECT_EQ(count(packet_type::pubrec, server), 9);       // Table 3-5
  EXPECT_EQ(count(packet_type::pubrel, client), 2);       // Table 3-6
  EXPECT_EQ(count(packet_type::pubcomp, server), 2);      // Table 3-7
  EXPECT_EQ(count(packet_type::suback, server), 12);      // Table 3-8
  EXPECT_EQ(count(packet_type::unsuback, server), 7);     // Table 3-9
  EXPECT_EQ(count(packet_type::disconnect, client), 14);  // Table 3-10
  EXPECT_EQ(count(packet_type::auth, client), 2);         // §3.15.2.1
  EXPECT_EQ(count(packet_type::auth, server), 2);
  EXPECT_EQ(count(packet_type::suback, client), 0);
}

TEST(ReasonCodes, DependOnTheSender) {
  EXPECT_TRUE(may_stand_in(reason_code::session_taken_over, packet_type::disconnect, server));
  EXPECT_FALSE(may_stand_in(reason_code::session_taken_over, packet_type::disconnect, client));
  EXPECT_TRUE(
      may_stand_in(reason_code::disconnect_with_will_message, packet_type::disconnect, client));
  EXPECT_FALSE(
      may_stand_in(reason_code::disconnect_with_will_message, packet_type::disconnect, server));
}

TEST(ReasonCodes, HaveNamesByPacket) {
  EXPECT_EQ(reason_code_name(reason_code::success), "Success");
  EXPECT_EQ(reason_code_name(reason_code::success, packet_type::disconnect),
            "Normal disconnection");
  EXPECT_EQ(reason_code_name(reason_code::success, packet_type::suback), "Granted QoS 0");
  EXPECT_EQ(reason_code_name(reason_code::banned, packet_type::connack), "Banned");
  EXPECT_EQ(reason_code_name(static_cast<reason_code>(0x55)), "undefined");
}

TEST(ReturnCodes, CorrespondBothWays) {
  for (std::uint8_t i = 0; i <= 5; ++i) {
    const auto code = static_cast<connect_return_code>(i);
    EXPECT_EQ(connect_return_code_of(reason_code_of(code)), code);
  }
  EXPECT_EQ(connect_return_code_of(reason_code::quota_exceeded), std::nullopt);
}

TEST(PropertyTable, IsInOrderAndFindsItsRows) {
  int previous = 0;
  for (const property_info& info : property_table) {
    EXPECT_GT(static_cast<int>(info.id), previous);
    previous = static_cast<int>(info.id);
    EXPECT_EQ(find_property_info(static_cast<std::uint32_t>(info.id)), &info);
    EXPECT_EQ(&info_of(info.id), &info);
  }
  EXPECT_EQ(property_table.size(), 27U);
  for (const std::uint32_t id : {0U, 4U, 0x2BU, 0x7FU, 0x80U, 0xFFFFFFFFU}) {
    EXPECT_EQ(find_property_info(id), nullptr) << id;
  }
}

/// How many properties Table 2-4 allows in each packet.
TEST(PropertyTable, HasAsManyPropertiesAsEachPacket) {
  const auto count = [](property_place place) {
    int found = 0;
    for (const property_info& info : property_table) found += info.may_stand_in(place);
    return found;
  };
  EXPECT_EQ(count(property_place::will), 7);
  EXPECT_EQ(count(property_place::connect), 9);
  EXPECT_EQ(count(property_place::connack), 17);
  EXPECT_EQ(count(property_place::publish), 8);
  for (const auto place : {property_place::puback, property_place::pubrec, property_place::pubrel,
                           property_place::pubcomp, property_place::suback,
                           property_place::unsuback, property_place::subscribe}) {
    EXPECT_EQ(count(place), 2) << place_name(place);
  }
  EXPECT_EQ(count(property_place::unsubscribe), 1);
  EXPECT_EQ(count(property_place::disconnect), 4);
  EXPECT_EQ(count(property_place::auth), 5 - 1);
}

TEST(PropertyTable, LetsTwoPropertiesRepeat) {
  EXPECT_TRUE(info_of(property_id::user_property).may_repeat_in(property_place::auth));
  const property_info& identifier = info_of(property_id::subscription_identifier);
  EXPECT_TRUE(identifier.may_repeat_in(property_place::publish));
  EXPECT_FALSE(identifier.may_repeat_in(property_place::subscribe));
}

TEST(PropertyList, FindsByType) {
  using id = property_id;
  property_list list{receive_maximum(2), user_property("a", "1"), reason_string("why"),
                     user_property("b", "2"), correlation_data({7})};
  EXPECT_EQ(list.find<id::receive_maximum>(), 2);
  EXPECT_EQ(list.find<id::reason_string>(), "why");
  EXPECT_EQ(list.find<id::user_property>(), (string_pair_view{"a", "1"}));
  EXPECT_EQ(list.find<id::correlation_data>()->front(), 7);
  EXPECT_EQ(list.find<id::topic_alias>(), std::nullopt);
  EXPECT_EQ(list.find_all<id::user_property>().size(), 2U);
  EXPECT_EQ(list.remove(id::user_property), 2U);
  EXPECT_FALSE(list.contains(id::user_property));
  EXPECT_EQ(list.size(), 3U);
}

TEST(PropertyList, AnswersNothingForAValueOfAnotherType) {
  const property_list list{property{property_id::receive_maximum, std::uint8_t{1}}};
  EXPECT_EQ(list.find<property_id::receive_maximum>(), std::nullopt);
}

struct text_case {
  std::string_view text;
  text_fault fault;
  std::size_t offset;
};

TEST(Text, IsCheckedToTheByte) {
  using fault = text_fault;
  const text_case cases[] = {
      {"", fault::none, 0},
      {"plain", fault::none, 0},
      {"\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", fault::none, 0},
      {"\xed\x9f\xbf\xee\x80\x80", fault::none, 0},  // beside the surrogates
      {"\xef\xbb\xbf", fault::none, 0},              // U+FEFF
      {std::string_view("a\0", 2), fault::null_character, 1},
      {"ab\x80", fault::ill_formed, 2},            // continuation alone
      {"\xc0\x80", fault::ill_formed, 0},          // overlong U+0000
      {"\xc1\xbf", fault::ill_formed, 0},          // overlong
      {"\xe0\x9f\xbf", fault::ill_formed, 0},      // overlong
      {"\xf0\x8f\xbf\xbf", fault::ill_formed, 0},  // overlong
      {"\xed\xa0\x80", fault::ill_formed, 0},      // U+D800
      {"x\xed\xbf\xbf", fault::ill_formed, 1},     // U+DFFF
      {"\xf4\x90\x80\x80", fault::ill_formed, 0},  // above U+10FFFF
      {"\xf5\x80\x80\x80", fault::ill_formed, 0},
      {"\xff", fault::ill_formed, 0},
      {"\xe2\x82", fault::ill_formed, 0},  // cut off
      {"\xf0\x9f\x8c", fault::ill_formed, 0},
      {"\xe2\x28\xa1", fault::ill_formed, 0},
  };
  for (const text_case& one : cases) {
    const text_check found = check_text(one.text);
    EXPECT_EQ(found.fault, one.fault) << to_hex(as_bytes(one.text));
    EXPECT_EQ(found.offset, one.offset) << to_hex(as_bytes(one.text));
  }
}

/// The eight-bytes-at-a-time check agrees with the slow one wherever the odd byte stands.
TEST(Text, FastCheckSeesEachByteOfEachSize) {
  for (std::size_t size = 1; size <= 40; ++size) {
    const std::string plain(size, 'a');
    EXPECT_TRUE(is_plain_ascii(plain));
    EXPECT_TRUE(is_plain_topic_name(plain));
    for (std::size_t at = 0; at < size; ++at) {
      for (int c = 0; c < 256; ++c) {
        std::string text = plain;
        text[at] = static_cast<char>(c);
        ASSERT_EQ(is_plain_ascii(text), c > 0 && c < 128) << size << " " << at << " " << c;
        ASSERT_EQ(is_plain_topic_name(text), c > 0 && c < 128 && c != '+' && c != '#')
            << size << " " << at << " " << c;
      }
    }
  }
}

}  // namespace
}  // namespace gauntlet::mqtt
