#include "conformance/invariants/rule_checks.hpp"

#include <algorithm>
#include <utility>

namespace gauntlet::conformance {

bool breaks(const observed_packet& came, const mqtt::rule& broken, std::string_view subject) {
  return came.error != nullptr && came.error->rule == broken.says &&
         (subject.empty() || came.error->subject == subject);
}

invariant_check keeps(const mqtt::rule& rule, std::string_view subject, concern is_concerned) {
  return [=](const observed_packet& came) {
    if (breaks(came, rule, subject)) return finding::broken(mqtt::describe(*came.error));
    const bool counts = came.packet != nullptr && (!is_concerned || is_concerned(came));
    return counts ? finding::holds() : finding::not_concerned();
  };
}

invariant_check keeps_in(mqtt::packet_type type, const mqtt::rule& rule, std::string_view subject,
                         concern is_concerned) {
  return
      [type, check = keeps(rule, subject, std::move(is_concerned))](const observed_packet& came) {
        return came.is(type) ? check(came) : finding::not_concerned();
      };
}

const mqtt::property_list* properties_of(const observed_packet& came) {
  if (came.packet == nullptr || !came.is_v5()) return nullptr;
  return std::visit(
      [](const auto& packet) -> const mqtt::property_list* {
        if constexpr (requires { packet.properties; }) {
          return &packet.properties;
        } else {
          return nullptr;
        }
      },
      *came.packet);
}

concern has_property(mqtt::property_id id) {
  return [id](const observed_packet& came) {
    const mqtt::property_list* const properties = properties_of(came);
    return properties != nullptr && properties->contains(id);
  };
}

std::string in_words_of_ids(std::string_view name) {
  std::string words(name);
  std::ranges::transform(words, words.begin(), [](char letter) {
    if (letter == ' ') return '-';
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
  });
  return words;
}

}  // namespace gauntlet::conformance
