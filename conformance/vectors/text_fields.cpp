#include "conformance/vectors/text_fields.hpp"

#include "conformance/vectors/packet_frames.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::property_place;
using mqtt::property_type;

template <class Packet>
Packet legal(const canonical_packet& like, const occasion& at) {
  return std::get<Packet>(like.make(at));
}

text_field in_connect(std::string name, std::string title,
                      std::function<void(mqtt::connect&, const std::string&)> set) {
  return {std::move(name), std::move(title), &full_connect_packet(), true,
          [set = std::move(set)](const occasion& at, const std::string& text) {
            auto packet = legal<mqtt::connect>(full_connect_packet(), at);
            set(packet, text);
            return packet;
          }};
}

text_field in_publish(mqtt::qos level, std::string name) {
  const canonical_packet& like = publish_packet(level);
  return {std::move(name), "the Topic Name of " + std::string(like.title), &like, true,
          [&like](const occasion& at, const std::string& text) {
            auto packet = legal<mqtt::publish>(like, at);
            packet.topic_name = at.topic + text;
            return packet;
          }};
}

mqtt::packet with_property(const canonical_packet& like, property_place place, const occasion& at,
                           const mqtt::property& item) {
  mqtt::packet made = like.make(at);
  std::visit(
      [&](auto& packet) {
        if constexpr (requires { packet.will; }) {
          (place == property_place::will ? packet.will->properties : packet.properties).add(item);
        } else if constexpr (requires { packet.properties; }) {
          packet.properties.add(item);
        }
      },
      made);
  return made;
}

// Authentication is a matter of methods that a broker knows; there is no control for any text.
bool is_usable(const mqtt::property_info& info, property_place place) {
  const bool is_text =
      info.type == property_type::utf8_string || info.type == property_type::utf8_string_pair;
  return is_text && info.may_stand_in(place) &&
         info.id != mqtt::property_id::authentication_method &&
         info.id != mqtt::property_id::server_reference;
}

void add_fields_of(const mqtt::property_info& info, property_place place,
                   std::vector<text_field>& to) {
  const canonical_packet& like =
      place == property_place::will ? full_connect_packet() : packet_at(place);
  const std::string name = dashed(info.name) + "-in-" + dashed(mqtt::place_name(place));
  const std::string title = std::string(info.name) + " in " + std::string(mqtt::place_name(place));
  const auto field = [&](std::string suffix, std::string prefix, auto property_of) {
    to.push_back({name + suffix, prefix + title, &like, false,
                  [&like, place, property_of](const occasion& at, const std::string& text) {
                    return with_property(like, place, at, property_of(text));
                  }});
  };
  if (info.type == property_type::utf8_string) {
    field("", "the ", [id = info.id](const std::string& text) { return mqtt::property{id, text}; });
    return;
  }
  field("-name", "the name of a ",
        [](const std::string& text) { return mqtt::user_property(text, "value"); });
  field("-value", "the value of a ",
        [](const std::string& text) { return mqtt::user_property("name", text); });
}

}  // namespace

std::vector<text_field> plain_text_fields() {
  std::vector<text_field> fields;
  fields.push_back({"client-identifier", "the Client Identifier", &connect_packet(), true,
                    [](const occasion& at, const std::string& text) {
                      auto packet = legal<mqtt::connect>(connect_packet(), at);
                      packet.client_id = at.client_id + text;
                      return packet;
                    }});
  fields.push_back(in_connect("will-topic", "the Will Topic", [](auto& packet, const auto& text) {
    packet.will->topic_name += text;
  }));
  fields.push_back(in_connect("user-name", "the User Name", [](auto& packet, const auto& text) {
    packet.user_name = *packet.user_name + text;
  }));
  fields.push_back(in_publish(mqtt::qos::at_most_once, "topic-name"));
  fields.push_back(in_publish(mqtt::qos::at_least_once, "topic-name-at-qos1"));
  fields.push_back(in_publish(mqtt::qos::exactly_once, "topic-name-at-qos2"));
  for (const std::size_t index : {0U, 1U}) {
    const std::string which = index == 0 ? "first" : "second";
    fields.push_back({which + "-filter", "the " + which + " Topic Filter of SUBSCRIBE",
                      &subscribe_packet(), true,
                      [index](const occasion& at, const std::string& text) {
                        auto packet = legal<mqtt::subscribe>(subscribe_packet(), at);
                        packet.subscriptions[index].topic_filter += text;
                        return packet;
                      }});
    fields.push_back({which + "-filter-of-unsubscribe",
                      "the " + which + " Topic Filter of UNSUBSCRIBE", &unsubscribe_packet(), true,
                      [index](const occasion& at, const std::string& text) {
                        auto packet = legal<mqtt::unsubscribe>(unsubscribe_packet(), at);
                        packet.topic_filters[index] += text;
                        return packet;
                      }});
  }
  return fields;
}

std::vector<text_field> property_text_fields() {
  std::vector<text_field> fields;
  for (const property_place place :
       {property_place::connect, property_place::will, property_place::publish,
        property_place::puback, property_place::pubrec, property_place::pubrel,
        property_place::pubcomp, property_place::subscribe, property_place::unsubscribe,
        property_place::disconnect}) {
    for (const mqtt::property_info& info : mqtt::property_table) {
      if (is_usable(info, place)) add_fields_of(info, place, fields);
    }
  }
  return fields;
}

}  // namespace gauntlet::conformance
