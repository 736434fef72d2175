#include "harness/broker/altered_message.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "harness/base/assert.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/property.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property;
using mqtt::property_id;

// --- Topic Name

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view decomposed = "e\xCC\x81";  // e and a combining acute accent
constexpr std::string_view composed = "\xC3\xA9";     // the same letter as one character
constexpr std::size_t short_topic_size = 255;

void replace_all(std::string& in, std::string_view what, std::string_view by) {
  for (auto at = in.find(what); at != std::string::npos; at = in.find(what, at + by.size())) {
    in.replace(at, what.size(), by);
  }
}

std::string in_lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  return text;
}

void alter_topic(defect_set& defects, std::string& topic) {
  if (defects.strikes(defect::put_topic_in_lower_case)) topic = in_lower_case(topic);
  if (topic.size() > 1 && topic.front() == '/' &&
      defects.strikes(defect::drop_leading_topic_separator)) {
    topic.erase(0, 1);
  }
  if (topic.size() > 1 && topic.back() == '/' &&
      defects.strikes(defect::drop_trailing_topic_separator)) {
    topic.pop_back();
  }
  if (defects.strikes(defect::merge_adjacent_topic_separators)) replace_all(topic, "//", "/");
  if (defects.strikes(defect::drop_spaces_in_topic)) replace_all(topic, " ", "");
  if (defects.strikes(defect::drop_byte_order_mark)) replace_all(topic, byte_order_mark, "");
  if (defects.strikes(defect::compose_characters_in_topic)) {
    replace_all(topic, decomposed, composed);
  }
  if (topic.size() > short_topic_size && defects.strikes(defect::cut_long_topic)) {
    topic.resize(short_topic_size);
  }
  if (topic.empty()) topic = "/";
}

// --- properties

// The property as it goes on; nullopt if it does not.
std::optional<property> altered(defect_set& defects, const property& item) {
  switch (item.id) {
    case property_id::payload_format_indicator:
      if (defects.strikes(defect::drop_payload_format_indicator)) return std::nullopt;
      if (defects.strikes(defect::change_payload_format_indicator)) {
        return mqtt::payload_format_indicator(std::get<std::uint8_t>(item.value) == 0 ? 1 : 0);
      }
      return item;
    case property_id::content_type:
      if (defects.strikes(defect::drop_content_type)) return std::nullopt;
      if (defects.strikes(defect::put_content_type_in_lower_case)) {
        return mqtt::content_type(in_lower_case(std::get<std::string>(item.value)));
      }
      return item;
    case property_id::response_topic:
      if (defects.strikes(defect::drop_response_topic)) return std::nullopt;
      if (defects.strikes(defect::put_response_topic_in_lower_case)) {
        return mqtt::response_topic(in_lower_case(std::get<std::string>(item.value)));
      }
      return item;
    case property_id::correlation_data:
      if (defects.strikes(defect::drop_correlation_data)) return std::nullopt;
      if (defects.strikes(defect::cut_correlation_data_at_zero_byte)) {
        auto data = std::get<byte_buffer>(item.value);
        data.erase(std::ranges::find(data, 0), data.end());
        return mqtt::correlation_data(std::move(data));
      }
      return item;
    case property_id::user_property:
      if (defects.strikes(defect::drop_user_properties)) return std::nullopt;
      if (std::get<mqtt::string_pair>(item.value).value.empty() &&
          defects.strikes(defect::drop_user_property_with_empty_value)) {
        return std::nullopt;
      }
      return item;
    default:
      return item;
  }
}

// User Properties with the same name, of which only the last stays.
void merge_user_properties(std::vector<property>& items) {
  for (std::size_t i = 0; i < items.size();) {
    const auto* const pair = std::get_if<mqtt::string_pair>(&items[i].value);
    const auto later =
        std::find_if(items.begin() + static_cast<std::ptrdiff_t>(i) + 1, items.end(),
                     [pair](const property& each) {
                       const auto* const other = std::get_if<mqtt::string_pair>(&each.value);
                       return pair != nullptr && other != nullptr && other->name == pair->name;
                     });
    if (later != items.end()) {
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
}

void alter_properties(broker_state& broker, message_view& message,
                      std::optional<std::uint16_t> alias) {
  defect_set& defects = broker.defects;
  if (message.message_expiry_interval && defects.strikes(defect::drop_message_expiry_interval)) {
    message.message_expiry_interval.reset();
  }
  std::vector<property> items;
  mqtt::property_reader reader(message.properties);
  while (const auto read = reader.next()) {
    if (auto item = altered(defects, mqtt::to_property(*read))) items.push_back(std::move(*item));
  }
  if (defects.strikes(defect::merge_user_properties_of_same_name)) merge_user_properties(items);
  if (defects.strikes(defect::reverse_user_properties)) std::ranges::reverse(items);
  if (alias && defects.strikes(defect::forward_topic_alias)) {
    items.push_back(mqtt::topic_alias(*alias));
  }
  mqtt::property_list list;
  for (property& item : items) list.add(std::move(item));
  byte_buffer& bytes = broker.defect_memory.properties;
  bytes.clear();
  const auto encoded = mqtt::encode_properties(list, bytes);
  GAUNTLET_ASSERT(encoded.has_value());
  message.properties = bytes;
}

// --- payload

constexpr std::size_t short_payload_size = 16'384;

void alter_payload(defect_set& defects, byte_buffer& payload) {
  if (defects.strikes(defect::cut_payload_at_zero_byte)) {
    payload.erase(std::ranges::find(payload, 0), payload.end());
  }
  if (payload.size() > short_payload_size && defects.strikes(defect::cut_long_payload)) {
    payload.resize(short_payload_size);
  }
  if (defects.strikes(defect::drop_white_space_after_payload)) {
    while (!payload.empty() && std::isspace(payload.back()) != 0) payload.pop_back();
  }
  if (defects.strikes(defect::put_payload_in_seven_bits)) {
    for (std::uint8_t& byte : payload) byte = byte < 0x80 ? byte : '?';
  }
}

}  // namespace

void alter_message(broker_state& broker, message_view& message, const mqtt::publish_view& received,
                   std::optional<std::uint16_t> alias) {
  defect_memory& memory = broker.defect_memory;
  memory.dup_received = received.dup;
  memory.topic = message.topic;
  alter_topic(broker.defects, memory.topic);
  message.topic = memory.topic;
  memory.payload.assign(message.payload.begin(), message.payload.end());
  alter_payload(broker.defects, memory.payload);
  message.payload = memory.payload;
  alter_properties(broker, message, alias);
}

}  // namespace gauntlet::broker
