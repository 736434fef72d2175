// The keys that say what a fault does: one reader each.

#include <charconv>
#include <optional>

#include "harness/fault_config/rule_reader.hpp"

namespace gauntlet::fault_config {
namespace {

using config::object;
using namespace fault;

config::reader<std::uint32_t> count_from(std::uint32_t min, std::uint32_t max = 1'000'000) {
  return config::integer<std::uint32_t>(min, max);
}

config::reader<ending> ending_reader() {
  return config::one_of<ending>(
      {{"fin", ending::fin}, {"reset", ending::reset}, {"silent", ending::silent}});
}

config::reader<history::direction> direction_reader() {
  return config::one_of<history::direction>(
      {{"to_broker", history::direction::to_broker}, {"to_client", history::direction::to_client}});
}

config::reader<double> part_reader() {
  return config::converted<double, share>(config::percentage(),
                                          [](share part) { return part.fraction(); });
}

config::reader<std::uint64_t> bytes_reader() {
  return config::size_in_bytes(0, std::uint64_t{1} << 40U);
}

/// Bytes in hexadecimal, with or without spaces.
config::reader<byte_buffer> hex_reader() {
  return config::parsed_scalar<byte_buffer>(
      R"({"type":"string","pattern":"^([0-9A-Fa-f]{2} ?)+$"})",
      [](std::string_view text) -> unit_result<byte_buffer> {
        byte_buffer bytes;
        std::string digits;
        for (const char c : text) {
          if (c != ' ') digits += c;
        }
        for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
          std::uint8_t value = 0;
          const char* end = digits.data() + i + 2;
          const auto read = std::from_chars(digits.data() + i, end, value, 16);
          if (read.ec != std::errc{} || read.ptr != end) break;
          bytes.push_back(value);
        }
        if (bytes.empty() || bytes.size() * 2 != digits.size()) {
          return unit_error{
              "expected the bytes of a packet in hexadecimal, such as '40 02 00 07', "
              "not '" +
              std::string(text) + "'"};
        }
        return bytes;
      },
      {});
}

config::reader<mqtt::packet_type> packet_reader() {
  using enum mqtt::packet_type;
  return config::one_of<mqtt::packet_type>({{"connect", connect},
                                            {"connack", connack},
                                            {"publish", publish},
                                            {"puback", puback},
                                            {"pubrec", pubrec},
                                            {"pubrel", pubrel},
                                            {"pubcomp", pubcomp},
                                            {"subscribe", subscribe},
                                            {"suback", suback},
                                            {"unsubscribe", unsubscribe},
                                            {"unsuback", unsuback},
                                            {"pingreq", pingreq},
                                            {"pingresp", pingresp},
                                            {"disconnect", disconnect},
                                            {"auth", auth}});
}

config::reader<rewrite::field> field_reader() {
  using enum rewrite::field;
  return config::one_of<rewrite::field>({{"packet_identifier", packet_identifier},
                                         {"reason_code", reason_code},
                                         {"dup", dup},
                                         {"qos", qos},
                                         {"retain", retain},
                                         {"topic_name", topic_name},
                                         {"payload", payload},
                                         {"session_present", session_present},
                                         {"keep_alive", keep_alive},
                                         {"clean_start", clean_start},
                                         {"client_id", client_id},
                                         {"protocol_level", protocol_level},
                                         {"remaining_length", remaining_length},
                                         {"first_byte", first_byte}});
}

/// Properties by their names in the standard, as in "message_expiry_interval".
config::reader<mqtt::property_id> property_reader() {
  std::vector<std::pair<std::string, mqtt::property_id>> words;
  for (const mqtt::property_info& each : mqtt::property_table) {
    std::string name;
    for (const char c : each.name) {
      const bool is_upper = c >= 'A' && c <= 'Z';
      name += c == ' ' ? '_' : is_upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
    words.emplace_back(std::move(name), each.id);
  }
  return config::one_of<mqtt::property_id>(std::move(words));
}

/// A single value of any kind, as its text.
config::reader<std::string> any_text() {
  config::reader<std::string> made;
  made.schema = R"({"type":["string","number","boolean"]})";
  made.read = [](const config::node& from, std::string& to, config::diagnostics& wrong) {
    if (from.is == config::node::type::scalar) {
      to = from.scalar;
      return true;
    }
    wrong.add(from, "expected a single value, not " + from.describe());
    return false;
  };
  return made;
}

template <class Fault>
config::reader<action> as_action(config::reader<Fault> of) {
  return config::converted<action, Fault>(std::move(of), [](Fault made) { return action(made); });
}

template <class Fault>
config::reader<action> plain(const std::string& doc) {
  return as_action(object<Fault>(doc).build());
}

config::reader<action> cut_reader() {
  using moment = cut::moment;
  object<cut> table("Ends the connection at a packet");
  table
      .optional("moment", &cut::when,
                config::one_of<moment>(
                    {{"before", moment::before}, {"mid", moment::mid}, {"after", moment::after}}),
                "The packet is swallowed, passes in part, or passes")
      .optional("bytes", &cut::bytes, count_from(1), "So many bytes of it pass, with moment: mid")
      .optional("fraction", &cut::fraction, part_reader(), "Or so much of it")
      .optional("how", &cut::how, ending_reader(), "What the peers see")
      .optional("at_broker", &cut::at_broker, ending_reader(),
                "What the broker sees, if not the same as the client");
  return as_action(table.build());
}

config::reader<action> delay_reader() {
  object<delay> table("The packet is late");
  table.optional("by", &delay::by, fault_time(), "How late")
      .optional("jitter", &delay::jitter, fault_time(), "Up to that much more or less")
      .optional("keep_order", &delay::keep_order, config::boolean(),
                "Whether packets behind it wait as well");
  return as_action(table.build());
}

config::reader<action> duplicate_reader() {
  object<duplicate> table("The packet arrives more than once");
  table.optional("copies", &duplicate::copies, count_from(1, 1'000), "Copies beside itself")
      .optional("set_dup", &duplicate::set_dup, config::boolean(),
                "DUP is set in copies of PUBLISH")
      .optional("gap", &duplicate::gap, fault_time(), "Before each copy");
  return as_action(table.build());
}

config::reader<action> reorder_reader() {
  object<reorder> table("Packets selected one after the other change places");
  table.optional("window", &reorder::window, count_from(2, 10'000), "So many at a time")
      .optional("at_most", &reorder::at_most, fault_time(), "Wait no longer for a window to fill");
  return as_action(table.build());
}

config::reader<action> hold_reader() {
  object<hold> table("The packet waits until another one has passed");
  table.required("until", &hold::until, packet_reader(), "Which packet")
      .optional("direction", &hold::towards, direction_reader(), "Which way that one goes")
      .optional("at_most", &hold::at_most, fault_time(), "And no longer");
  return as_action(table.build());
}

config::reader<action> rewrite_reader() {
  object<rewrite> table("A field of the packet gets another value");
  table.required("field", &rewrite::which, field_reader(), "Which one")
      .required("value", &rewrite::value, any_text(), "Its value");
  return as_action(table.build());
}

config::reader<action> corrupt_reader() {
  object<corrupt> table("Bits of the packet flip");
  table.optional("bits", &corrupt::bits, count_from(1), "How many")
      .optional("keep_length", &corrupt::keep_length, config::boolean(),
                "The fixed header stays as it is");
  return as_action(table.build());
}

config::reader<action> inject_reader() {
  object<inject> table("A packet out of the blue");
  table.required("packet", &inject::packet, hex_reader(), "Its bytes in hexadecimal")
      .optional("direction", &inject::towards, direction_reader(), "Which way it goes")
      .optional("before", &inject::before, config::boolean(), "Before the packet selected");
  return as_action(table.build());
}

config::reader<action> split_reader() {
  object<split> table("The packet arrives in pieces");
  table.optional("bytes", &split::bytes, count_from(1), "Of each piece")
      .optional("gap", &split::gap, fault_time(), "Between pieces");
  return as_action(table.build());
}

config::reader<action> coalesce_reader() {
  object<coalesce> table("Packets arrive together");
  table.optional("packets", &coalesce::packets, count_from(2, 10'000), "How many")
      .optional("at_most", &coalesce::at_most, fault_time(), "Wait no longer for them");
  return as_action(table.build());
}

config::reader<action> stall_reader() {
  object<stall> table("Nothing moves in the packet's direction for a while");
  table.optional("for", &stall::lasting, fault_time(), "How long");
  return as_action(table.build());
}

config::reader<action> latency_reader() {
  object<latency> table("Every byte is late");
  table.optional("by", &latency::by, fault_time(), "How late")
      .optional("jitter", &latency::jitter, fault_time(), "Up to that much more or less");
  return as_action(table.build());
}

template <class Fault>
config::reader<action> rate_reader(const std::string& doc) {
  object<Fault> table(doc);
  table.required("rate", &Fault::bytes_per_second, bytes_reader(), "Bytes a second, such as 1KB");
  return as_action(table.build());
}

config::reader<action> slow_close_reader() {
  object<slow_close> table("The end of a connection is told late");
  table.optional("by", &slow_close::by, fault_time(), "How late");
  return as_action(table.build());
}

template <class Fault>
config::reader<action> after_reader(const std::string& doc) {
  object<Fault> table(doc);
  table.optional("after", &Fault::after, fault_time(), "How long the connection still stands");
  return as_action(table.build());
}

config::reader<action> slicer_reader() {
  object<slicer> table("The stream is cut into small pieces");
  table.optional("bytes", &slicer::average_bytes, count_from(1), "Of a piece, on average")
      .optional("variation", &slicer::variation_bytes, count_from(0), "So many more or less")
      .optional("gap", &slicer::gap, fault_time(), "Between pieces");
  return as_action(table.build());
}

config::reader<action> limit_data_reader() {
  object<limit_data> table("The connection ends after so many bytes");
  table.required("bytes", &limit_data::bytes, bytes_reader(), "How many");
  return as_action(table.build());
}

config::reader<action> packet_loss_reader() {
  object<packet_loss> table("Segments of the network get lost and are sent again");
  table.optional("share", &packet_loss::share, part_reader(), "How many of them")
      .optional("retransmission", &packet_loss::retransmission, fault_time(),
                "How long that takes each time");
  return as_action(table.build());
}

config::reader<action> down_reader() {
  object<down> table("The connection is cut when the fault begins, and none comes up meanwhile");
  table.optional("how", &down::how, ending_reader(), "What the peers see");
  return as_action(table.build());
}

}  // namespace

config::reader<fault::selection> selection_reader() {
  using scope = selection::scope;
  object<selection> table("Which packets");
  table
      .optional("packet", &selection::packets, config::one_or_list_of(packet_reader()),
                "Of these kinds; without it any")
      .optional("direction", &selection::towards, direction_reader(), "Which way they go")
      .optional("topic", &selection::topic_filter,
                config::text({.length_min = 1, .length_max = 65'535}),
                "PUBLISH to topics that this filter matches")
      .derived<std::uint8_t>(
          "qos", config::integer<std::uint8_t>(0, 2),
          [](selection& to, std::uint8_t level) { to.qos = static_cast<mqtt::qos>(level); },
          "PUBLISH at this QoS")
      .optional("identifier", &selection::packet_identifier,
                config::integer<std::uint16_t>(1, 65'535), "With this Packet Identifier")
      .optional("reason_code", &selection::reason_code, config::integer<std::uint8_t>(0, 255),
                "With this Reason Code, as a number")
      .optional("property", &selection::property, property_reader(),
                "With this property of MQTT 5.0")
      .optional("connect", &selection::connect, count_from(1),
                "Only on the k-th connection of each client")
      .optional("nth", &selection::nth, count_from(1), "Only the n-th of these packets")
      .optional("every", &selection::every, count_from(1), "Each k-th of them")
      .derived<double>(
          "probability", part_reader(), [](selection& to, double part) { to.probability = part; },
          "So many of them, at random")
      .optional("times", &selection::times, count_from(1), "No more than so often")
      .optional(
          "per", &selection::counted,
          config::one_of<scope>(
              {{"connection", scope::connection}, {"client", scope::client}, {"all", scope::all}}),
          "What is counted over");
  return table.build();
}

std::vector<action_key> action_readers() {
  std::vector<action_key> all;
  const auto add = [&](std::string name, std::string doc, config::reader<action> read) {
    all.push_back({std::move(name), std::move(doc), std::move(read)});
  };
  add("cut", "Ends the connection before, within or after a packet", cut_reader());
  add("drop", "The packet never arrives", plain<drop>("The packet never arrives"));
  add("delay", "The packet is late, or is overtaken", delay_reader());
  add("duplicate", "The packet arrives more than once", duplicate_reader());
  add("reorder", "Packets change places", reorder_reader());
  add("hold", "The packet waits for another", hold_reader());
  add("withhold", "Acknowledgements never arrive",
      plain<withhold>("PUBACK, PUBREC, PUBREL and PUBCOMP never arrive"));
  add("rewrite", "A field of the packet gets another value", rewrite_reader());
  add("corrupt", "Bits of the packet flip", corrupt_reader());
  add("inject", "A packet out of the blue", inject_reader());
  add("split", "The packet arrives in pieces", split_reader());
  add("coalesce", "Packets arrive together", coalesce_reader());
  add("stall", "Nothing moves for a while", stall_reader());
  add("half_open", "From the packet on its direction is dead",
      plain<half_open>("From the packet on, bytes of its direction go nowhere"));
  add("latency", "Every byte is late", latency_reader());
  add("bandwidth", "Few bytes a second", rate_reader<bandwidth>("At most so many bytes a second"));
  add("slow_close", "The end of a connection is told late", slow_close_reader());
  add("timeout", "Nothing gets through, and then the connection ends",
      after_reader<timeout>("Nothing gets through; ends after the time, never if it is zero"));
  add("reset_peer", "Nothing gets through, and then the connection is reset",
      after_reader<reset_peer>("Nothing gets through, and then a reset"));
  add("slicer", "The stream is cut into pieces", slicer_reader());
  add("limit_data", "The connection ends after so many bytes", limit_data_reader());
  add("packet_loss", "The stream stalls at random", packet_loss_reader());
  add("slow_reader", "The receiver reads slowly",
      rate_reader<slow_reader>("The receiver reads so many bytes a second"));
  add("down", "Connections are cut, and none comes up", down_reader());
  add("partition", "Nothing passes, and nobody is told",
      plain<partition>("Nothing passes in either direction while it lasts"));
  return all;
}

}  // namespace gauntlet::fault_config
