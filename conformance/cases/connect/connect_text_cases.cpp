// Text in CONNECT that is no UTF-8, or holds U+0000. MQTT 5.0 §1.5.4, §3.1.3

#include <fmt/format.h>

#include "conformance/cases/connect/connect_cases.hpp"
#include "conformance/cases/support/publish_errors.hpp"
#include "conformance/cases/support/raw_connect.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::raw_fields;
using mqtt::reason_code;

// CONNECT may be refused for bad text as such, or for a Client Identifier or topic of that kind.
const refusal as_malformed{{reason_code::malformed_packet, reason_code::protocol_error,
                            reason_code::client_identifier_not_valid,
                            reason_code::topic_name_invalid}};

struct bad_text {
  std::string_view word;
  std::string_view description;
  std::string_view bytes;
  bool is_null;
};

constexpr bad_text bad_texts[] = {
    {"ill-formed", "ill-formed UTF-8", "x\xC3(", false},
    {"surrogate", "an encoded surrogate", "x\xED\xA0\x80", false},
    {"overlong", "an overlong form", "x\xC1\xBF", false},
    {"null", "U+0000", std::string_view("x\0y", 3), true},
};

// The statements on strings, and that of the field.
std::vector<statement_name> covered_by(const bad_text& text, std::string field_v5,
                                       std::string field_v3) {
  std::vector<statement_name> covered;
  if (text.is_null) {
    covered = {v5("MQTT-1.5.4-2"), v5("PE-1.5.4-b"), v3("MQTT-1.5.3-2")};
  } else {
    covered = {v5("MQTT-1.5.4-1"), v5("PE-1.5.4-a"), v3("MQTT-1.5.3-1")};
  }
  covered.push_back(v5(std::move(field_v5)));
  covered.push_back(v3(std::move(field_v3)));
  return covered;
}

test_case test_of(std::string_view field, const bad_text& text, std::string_view statement,
                  std::vector<statement_name> covers, const char* ill_formed, const char* null) {
  return {.id = fmt::format("{}/{}", statement, text.word),
          .title = fmt::format("A CONNECT with {} in its {} is refused", text.description, field),
          .covers = std::move(covers),
          .defects = {text.is_null ? null : ill_formed}};
}

void add_client_identifier(suite& to, const bad_text& text) {
  to.add(refused_connect(
      test_of("Client Identifier", text, "MQTT-3.1.3-4",
              covered_by(text, "MQTT-3.1.3-4", "MQTT-3.1.3-4"),
              "accept-ill-formed-client-identifier", "accept-null-in-client-identifier"),
      as_malformed,
      [text](auto&, raw_connect& p) { p.client_id = raw_fields().utf8_string(text.bytes); }));
}

void add_will_topic(suite& to, const bad_text& text) {
  to.add(refused_connect(
      test_of("Will Topic", text, "MQTT-3.1.3-11",
              covered_by(text, "MQTT-3.1.3-11", "MQTT-3.1.3-10"), "accept-ill-formed-will-topic",
              "accept-null-in-will-topic"),
      as_malformed,
      [text](const context& test, raw_connect& p) {
        give_will(p, test.topic("will") + std::string(text.bytes));
      },
      [](const context& test, raw_connect& p) { give_will(p, test.topic("will")); }));
}

void add_user_name(suite& to, const bad_text& text) {
  const auto named = [](raw_connect& p, std::string_view name) {
    p.flags |= 0x80U;
    p.user_name = raw_fields().utf8_string(name);
  };
  to.add(refused_connect(
      test_of("user name", text, "MQTT-3.1.3-12",
              covered_by(text, "MQTT-3.1.3-12", "MQTT-3.1.3-11"), "accept-ill-formed-user-name",
              "accept-null-in-user-name"),
      as_malformed, [=](auto&, raw_connect& p) { named(p, text.bytes); },
      [=](auto&, raw_connect& p) {
        if (p.user_name.size() == 0) named(p, "user");
      }));
}

void add_user_property(suite& to, const bad_text& text, bool in_name) {
  test_case added = test_of(in_name ? "User Property's name" : "User Property", text,
                            in_name ? "PE-1.5.7-a/connect-name" : "PE-1.5.7-a/connect-value",
                            {v5("MQTT-1.5.7-1"), v5("PE-1.5.7-a")},
                            "accept-ill-formed-user-property", "accept-null-in-user-property");
  const auto property = [](std::string_view name, std::string_view value) {
    return fields_of({mqtt::user_property(std::string(name), std::string(value))});
  };
  to.add(refused_connect(
      std::move(added), as_malformed,
      [=](auto&, raw_connect& p) {
        p.properties = in_name ? property(text.bytes, "v") : property("n", text.bytes);
      },
      [=](auto&, raw_connect& p) { p.properties = property("n", "v"); }));
}

void add_length_beyond(suite& to) {
  to.add(refused_connect(
      {.id = "MQTT-3.1.3-4/length-beyond-packet",
       .title = "A CONNECT whose Client Identifier runs past the packet is refused",
       .covers = {v5("MQTT-3.1.3-4"), v5("MQTT-3.1.4-1"), v3("MQTT-3.1.3-4"), v3("MQTT-3.1.4-1")},
       .defects = {"accept-missing-client-identifier"}},
      as_malformed, [](auto&, raw_connect& p) {
        p.flags = 0x02;
        p.client_id = raw_fields().utf8_string("device", 60'000);
        p.user_name = p.password = {};
      }));
}

}  // namespace

void add_connect_text_cases(suite& to) {
  for (const bad_text& text : bad_texts) {
    add_client_identifier(to, text);
    add_will_topic(to, text);
    add_user_name(to, text);
    add_user_property(to, text, true);
    add_user_property(to, text, false);
  }
  add_length_beyond(to);
}

}  // namespace gauntlet::conformance
