#include "harness/mqtt/packet_text.hpp"

#include <cctype>
#include <string_view>
#include <utility>
#include <variant>

namespace gauntlet::mqtt {
namespace {

std::string hex_byte(unsigned value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  return {digits[value >> 4U & 0xFU], digits[value & 0xFU]};
}

// Collects " name=value" pairs behind the packet's name.
class line {
 public:
  line(packet_type type, protocol_version version)
      : text_(packet_type_name(type)), type_(type), version_(version) {}

  line& number(std::string_view name, std::uint64_t value) {
    return add(name, std::to_string(value));
  }
  line& flag(std::string_view name, bool set) {
    if (set) text_.append(" ").append(name);
    return *this;
  }
  line& string(std::string_view name, std::string_view value) {
    return add(name, quoted(as_bytes(value)));
  }
  line& bytes(std::string_view name, byte_view value) {
    return add(name, quoted(value) + " (" + std::to_string(value.size()) + " bytes)");
  }
  line& code(reason_code value) {
    if (version_ == protocol_version::v5) return add("reason_code", code_text(value));
    if (type_ != packet_type::connack) return *this;  // 3.1.1 has no other codes of one byte
    const auto returned = connect_return_code_of(value);
    const unsigned code = static_cast<unsigned>(returned.value_or(connect_return_code{}));
    return add("return_code", returned ? "0x" + hex_byte(code) : code_text(value));
  }
  line& codes(const std::vector<reason_code>& values) {
    std::string all;
    for (const reason_code each : values) all += (all.empty() ? "" : ", ") + code_text(each);
    return add("reason_codes", "[" + all + "]");
  }
  line& properties(const property_list& items) {
    for (const property& item : items) text_ += " " + to_text(item);
    return *this;
  }
  line& add(std::string_view name, std::string_view value) {
    text_.append(" ").append(name).append("=").append(value);
    return *this;
  }

  std::string take() { return std::move(text_); }

 private:
  std::string code_text(reason_code value) const {
    const auto name = reason_code_name(value, type_);
    return "0x" + hex_byte(static_cast<unsigned>(value)) +
           (name.empty() ? "" : " (" + std::string(name) + ")");
  }

  std::string text_;
  packet_type type_;
  protocol_version version_;
};

std::string will_text(const will& of) {
  std::string text = "{topic_name=" + quoted(as_bytes(of.topic_name)) +
                     " payload=" + quoted(of.payload) +
                     " qos=" + std::to_string(static_cast<unsigned>(of.qos));
  if (of.retain) text += " retain";
  for (const property& item : of.properties) text += " " + to_text(item);
  return text + "}";
}

std::string options_text(const subscription_options& options) {
  std::string text = " qos=" + std::to_string(static_cast<unsigned>(options.maximum_qos));
  if (options.no_local) text += " no_local";
  if (options.retain_as_published) text += " retain_as_published";
  if (options.retain_handling != retain_handling::send_at_subscribe) {
    text += " retain_handling=" + std::to_string(static_cast<unsigned>(options.retain_handling));
  }
  return text;
}

struct packet_lines {
  line& to;

  void operator()(const connect& packet) const {
    to.add("version", version_name(packet.protocol_version))
        .string("client_id", packet.client_id)
        .flag("clean_start", packet.clean_start)
        .number("keep_alive", packet.keep_alive_s);
    if (packet.will) to.add("will", will_text(*packet.will));
    if (packet.user_name) to.string("user_name", *packet.user_name);
    // A transcript is shown around: the password is not.
    if (packet.password) to.add("password", std::to_string(packet.password->size()) + " bytes");
    to.properties(packet.properties);
  }
  void operator()(const connack& packet) const {
    to.flag("session_present", packet.session_present).code(packet.reason_code);
    to.properties(packet.properties);
  }
  void operator()(const publish& packet) const {
    to.flag("dup", packet.dup)
        .number("qos", static_cast<unsigned>(packet.qos))
        .flag("retain", packet.retain);
    if (packet.qos != qos::at_most_once) to.number("packet_identifier", packet.packet_identifier);
    to.string("topic_name", packet.topic_name).properties(packet.properties);
    to.bytes("payload", packet.payload);
  }
  void operator()(const subscribe& packet) const {
    to.number("packet_identifier", packet.packet_identifier);
    for (const subscription& each : packet.subscriptions) {
      to.add("filter", quoted(as_bytes(each.topic_filter)) + options_text(each.options));
    }
    to.properties(packet.properties);
  }
  void operator()(const suback& packet) const { answer(packet); }
  void operator()(const unsuback& packet) const { answer(packet); }
  void operator()(const unsubscribe& packet) const {
    to.number("packet_identifier", packet.packet_identifier);
    for (const std::string& filter : packet.topic_filters) to.string("filter", filter);
    to.properties(packet.properties);
  }
  void operator()(const pingreq&) const {}
  void operator()(const pingresp&) const {}
  void operator()(const disconnect& packet) const {
    to.code(packet.reason_code).properties(packet.properties);
  }
  void operator()(const auth& packet) const {
    to.code(packet.reason_code).properties(packet.properties);
  }
  template <class Acknowledgement>
  void operator()(const Acknowledgement& packet) const {
    to.number("packet_identifier", packet.packet_identifier);
    if (packet.reason_code != reason_code::success) to.code(packet.reason_code);
    to.properties(packet.properties);
  }

 private:
  template <class Answer>
  void answer(const Answer& packet) const {
    to.number("packet_identifier", packet.packet_identifier);
    to.codes(packet.reason_codes).properties(packet.properties);
  }
};

struct value_text {
  std::string operator()(const std::string& text) const { return quoted(as_bytes(text)); }
  std::string operator()(const byte_buffer& bytes) const { return quoted(bytes); }
  std::string operator()(const string_pair& pair) const {
    return quoted(as_bytes(pair.name)) + ":" + quoted(as_bytes(pair.value));
  }
  template <class Integer>
  std::string operator()(Integer value) const {
    return std::to_string(value);
  }
};

}  // namespace

std::string to_text(const packet& any, protocol_version version) {
  line made(type_of(any), version);
  std::visit(packet_lines{made}, any);
  return made.take();
}

std::string to_text(const property& item) {
  std::string name(info_of(item.id).name);
  for (char& letter : name) {
    letter = letter == ' ' ? '_' : static_cast<char>(std::tolower(letter));
  }
  return name + "=" + std::visit(value_text{}, item.value);
}

std::string quoted(byte_view text, std::size_t size_max) {
  std::string made = "\"";
  for (std::size_t i = 0; i < text.size() && i < size_max; ++i) {
    const std::uint8_t byte = text[i];
    if (byte == '"' || byte == '\\') {
      made += {'\\', static_cast<char>(byte)};
    } else if (byte >= 0x20 && byte < 0x7F) {
      made += static_cast<char>(byte);
    } else {
      made += "\\x" + hex_byte(byte);
    }
  }
  return made + (text.size() > size_max ? "\"..." : "\"");
}

}  // namespace gauntlet::mqtt
