// CONNECT packets of which flags and fields do not fit. MQTT 5.0 §3.1.2.3, §3.1.3, §3.1.4

#include <fmt/format.h>

#include "conformance/cases/connect/connect_cases.hpp"
#include "conformance/cases/support/raw_connect.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::reason_code;

const refusal as_malformed{{reason_code::malformed_packet, reason_code::protocol_error}};
constexpr std::uint8_t user_name_flag = 0x80;
constexpr std::uint8_t password_flag = 0x40;
constexpr std::uint8_t will_retain_flag = 0x20;
constexpr std::uint8_t will_flag = 0x04;
constexpr unsigned will_qos_shift = 3;

void with_user_name(const context&, raw_connect& packet) {
  if ((packet.flags & user_name_flag) != 0) return;
  packet.flags |= user_name_flag;
  packet.user_name.utf8_string("user");
}

void with_will(const context& test, raw_connect& packet) { give_will(packet, test.topic("will")); }

void add_flags(suite& to) {
  to.add(refused_connect({.id = "MQTT-3.1.2-3/reserved-flag",
                          .title = "A CONNECT with the reserved Connect Flag set is refused",
                          .covers = {v5("MQTT-3.1.2-3"), v5("PE-3.1.2.3-a"), v3("MQTT-3.1.2-3")},
                          .defects = {"accept-reserved-connect-flag"}},
                         as_malformed, [](auto&, raw_connect& p) { p.flags |= 0x01U; }));
  to.add(refused_connect({.id = "MQTT-2.1.3-1/flags-of-connect",
                          .title = "A CONNECT with flags in its fixed header is refused",
                          .covers = {v5("MQTT-2.1.3-1"), v5("PE-2.1.3-a"), v3("MQTT-2.2.2-2")},
                          .defects = {"accept-reserved-flags-of-connect"}},
                         as_malformed, [](auto&, raw_connect& p) { p.first_byte = 0x11; }));
  for (unsigned qos = 1; qos <= 3; ++qos) {
    const std::string number = std::to_string(qos);
    to.add(
        refused_connect({.id = "MQTT-3.1.2-11/will-qos-" + number,
                         .title = "A CONNECT with Will QoS " + number + " and no will is refused",
                         .covers = {v5("MQTT-3.1.2-11"), v3("MQTT-3.1.2-11"), v3("MQTT-3.1.2-13")},
                         .defects = {"accept-will-qos-without-will"}},
                        as_malformed, [qos](auto&, raw_connect& p) {
                          p.flags = static_cast<std::uint8_t>(p.flags | qos << will_qos_shift);
                        }));
  }
  to.add(refused_connect({.id = "MQTT-3.1.2-13/will-retain",
                          .title = "A CONNECT with Will Retain 1 and no will is refused",
                          .covers = {v5("MQTT-3.1.2-13"), v3("MQTT-3.1.2-11"), v3("MQTT-3.1.2-15")},
                          .defects = {"accept-will-retain-without-will"}},
                         as_malformed, [](auto&, raw_connect& p) { p.flags |= will_retain_flag; }));
  to.add(refused_connect(
      {.id = "MQTT-3.1.2-12/will-qos-3",
       .title = "A CONNECT with Will QoS 3 is refused",
       .covers = {v5("MQTT-3.1.2-12"), v5("PE-3.1.2.6-a"), v3("MQTT-3.1.2-14")},
       .defects = {"accept-will-qos-3"}},
      as_malformed, [](auto&, raw_connect& p) { p.flags |= 3U << will_qos_shift; }, with_will));
  to.add(refused_connect({.id = "MQTT-3.1.2-22/password-without-user-name",
                          .title = "A CONNECT with a password and no user name is refused in 3.1.1",
                          .covers = {v3("MQTT-3.1.2-22")},
                          .defects = {"accept-password-without-user-name"}},
                         as_malformed, [](auto&, raw_connect& p) {
                           p.flags = password_flag | 0x02U;
                           p.user_name = {};
                           p.password = mqtt::raw_fields().utf8_string("secret");
                         }));
}

void add_missing_fields(suite& to) {
  to.add(refused_connect(
      {.id = "MQTT-3.1.3-3/no-client-identifier",
       .title = "A CONNECT without payload, so without Client Identifier, is refused",
       .covers = {v5("MQTT-3.1.3-3"), v5("PE-3.1.3-a"), v5("MQTT-3.1.4-1"), v3("MQTT-3.1.3-3"),
                  v3("MQTT-3.1.4-1")},
       .defects = {"accept-missing-client-identifier"}},
      as_malformed, [](auto&, raw_connect& p) {
        p.flags = 0x02;
        p.client_id = p.user_name = p.password = {};
      }));
  to.add(refused_connect({.id = "MQTT-3.1.2-9/no-will",
                          .title = "A CONNECT with the Will Flag set and no will is refused",
                          .covers = {v5("MQTT-3.1.2-9"), v5("PE-3.1.3-a"), v5("MQTT-3.1.4-1"),
                                     v3("MQTT-3.1.2-9"), v3("MQTT-3.1.4-1")},
                          .defects = {"accept-missing-will"}},
                         as_malformed, [](auto&, raw_connect& p) {
                           p.flags = 0x02U | will_flag;
                           p.user_name = p.password = {};
                           if (p.version == mqtt::protocol_version::v5)
                             p.will.byte(0);  // no Will Properties
                         }));
  to.add(refused_connect(
      {.id = "MQTT-3.1.2-9/no-will-payload",
       .title = "A CONNECT whose will ends after its topic is refused",
       .covers = {v5("MQTT-3.1.2-9"), v5("MQTT-3.1.4-1"), v3("MQTT-3.1.2-9"), v3("MQTT-3.1.4-1")},
       .defects = {"accept-truncated-connect"}},
      as_malformed,
      [](const context& test, raw_connect& p) {
        p.flags = 0x02U | will_flag;
        p.will = p.user_name = p.password = {};
        if (p.version == mqtt::protocol_version::v5) p.will.byte(0);  // no Will Properties
        p.will.utf8_string(test.topic("will"));
      },
      with_will));
  to.add(
      refused_connect({.id = "MQTT-3.1.2-17/no-user-name",
                       .title = "A CONNECT with the User Name Flag set and no user name is refused",
                       .covers = {v5("MQTT-3.1.2-17"), v5("PE-3.1.3-a"), v3("MQTT-3.1.2-19")},
                       .defects = {"accept-missing-user-name"}},
                      as_malformed, [](auto&, raw_connect& p) {
                        p.flags = 0x02U | user_name_flag;
                        p.user_name = p.password = {};
                      }));
  to.add(refused_connect(
      {.id = "MQTT-3.1.2-19/no-password",
       .title = "A CONNECT with the Password Flag set and no password is refused",
       .covers = {v5("MQTT-3.1.2-19"), v5("PE-3.1.3-a"), v3("MQTT-3.1.2-21")},
       .defects = {"accept-missing-password"}},
      as_malformed,
      [](auto&, raw_connect& p) {
        p.flags |= password_flag;
        p.password = {};
      },
      with_user_name));
}

void add_surplus_fields(suite& to) {
  to.add(refused_connect(
      {.id = "MQTT-3.1.2-16/user-name-unannounced",
       .title = "A CONNECT with a user name and the User Name Flag 0 is refused",
       .covers = {v5("MQTT-3.1.2-16"), v5("PE-3.1.3-a"), v3("MQTT-3.1.2-18"), v3("MQTT-3.1.4-1")},
       .defects = {"accept-surplus-in-connect"}},
      as_malformed, [](auto&, raw_connect& p) {
        p.flags = 0x02;
        p.user_name = mqtt::raw_fields().utf8_string("user");
        p.password = {};
      }));
  to.add(refused_connect(
      {.id = "MQTT-3.1.2-18/password-unannounced",
       .title = "A CONNECT with a password and the Password Flag 0 is refused",
       .covers = {v5("MQTT-3.1.2-18"), v5("PE-3.1.3-a"), v3("MQTT-3.1.2-20")},
       .defects = {"accept-surplus-in-connect"}},
      as_malformed,
      [](auto&, raw_connect& p) {
        p.flags &= static_cast<std::uint8_t>(~password_flag);
        p.password = mqtt::raw_fields().utf8_string("secret");
      },
      with_user_name));
  to.add(refused_connect(
      {.id = "MQTT-3.1.4-1/will-unannounced",
       .title = "A CONNECT with the fields of a will and the Will Flag 0 is refused",
       .covers = {v5("MQTT-3.1.4-1"), v5("PE-3.1.3-a"), v3("MQTT-3.1.2-11")},
       .defects = {"accept-surplus-in-connect"}},
      as_malformed, [](auto&, raw_connect& p) { p.flags &= static_cast<std::uint8_t>(~will_flag); },
      with_will));
  to.add(refused_connect({.id = "MQTT-3.1.4-1/surplus",
                          .title = "A CONNECT with bytes behind its last field is refused",
                          .covers = {v5("MQTT-3.1.4-1"), v5("PE-2.1.4-a"), v3("MQTT-3.1.4-1")},
                          .defects = {"accept-surplus-in-connect"}},
                         as_malformed, [](auto&, raw_connect& p) { p.surplus.byte(0).byte(0); }));
}

// A CONNECT of which only the first `size` bytes of its body are sent, with the right length. One
// that names no version cannot be answered in the form of any.
void expect_cut_refused(context& test, std::size_t size, bool has_version) {
  const auto begin = [&](client& c) { return right_connect(test, c); };
  expect_refused(test, {.control =
                            [&](client& c) {
                              c.send_bytes(begin(c).bytes());
                              c.take_connack();
                            },
                        .commit =
                            [&](client& c) {
                              mqtt::raw_packet cut{
                                  .first_byte = 0x10,
                                  .body = mqtt::raw_fields(byte_view(begin(c).bytes()).subspan(2))};
                              cut.body.truncate(size);
                              c.send_bytes(cut.bytes());
                            },
                        .manner = has_version ? as_malformed : refusal{},
                        .stage = breach_stage::opened});
}

void add_cut_packets(suite& to) {
  struct place {
    std::string_view word;
    std::string_view text;
    std::size_t size;
    bool has_version;
  };
  for (const auto& [word, text, size, has_version] :
       {place{"within-name", "within the Protocol Name", 4, false},
        place{"before-flags", "before its Connect Flags", 7, true},
        place{"within-keep-alive", "within the Keep Alive", 9, true}}) {
    std::vector<statement_name> covered{v5("MQTT-3.1.4-1"), v5("PE-2.1.4-a")};
    if (has_version) covered.push_back(v3("MQTT-3.1.4-1"));
    to.add({.id = fmt::format("MQTT-3.1.4-1/cut-{}", word),
            .title = fmt::format("A CONNECT that ends {} is refused", text),
            .covers = std::move(covered),
            .defects = {"accept-truncated-connect"},
            .body = [size = size, has_version = has_version](context& test) {
              expect_cut_refused(test, size, has_version);
            }});
  }
}

void no_connack_for_malformed(context& test) {
  client& control = test.open("control");
  control.send_bytes(right_connect(test, control).bytes());
  control.take_connack();
  client& wrong = test.open("wrong");
  raw_connect packet = right_connect(test, wrong);
  packet.flags |= 0x01U;
  wrong.send_bytes(packet.bytes());
  wrong.expect_bare_close();
  test.expect_served();
}

}  // namespace

void add_connect_field_cases(suite& to) {
  add_flags(to);
  add_missing_fields(to);
  add_surplus_fields(to);
  add_cut_packets(to);
  to.add({.id = "MQTT-3.1.4-1/no-connack",
          .title = "A CONNECT that is not well-formed gets no CONNACK in 3.1.1",
          .covers = {v3("MQTT-3.1.4-1"), v3("MQTT-3.2.2-6"), v3("MQTT-3.1.2-3")},
          .defects = {"send-connack-to-malformed-connect"},
          .body = no_connack_for_malformed});
}

}  // namespace gauntlet::conformance
