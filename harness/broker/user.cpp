#include "harness/broker/user.hpp"

#include <unordered_set>
#include <utility>

#include "harness/mqtt/topic.hpp"
#include "harness/mqtt/utf8.hpp"

namespace gauntlet::broker {
namespace {

outcome<void> validate_access(const std::optional<access_list>& list, const std::string& whose) {
  if (!list) return {};
  for (const access_rule& rule : list->rules) {
    const auto valid = mqtt::validate_topic_filter(rule.filter, mqtt::protocol_version::v3_1_1);
    if (valid.has_value()) continue;
    return bad_input("the access list of " + whose + ", filter '" + rule.filter +
                     "': " + std::string(mqtt::to_string(valid.error().rule)));
  }
  return {};
}

}  // namespace

user make_user(std::string name, std::string_view password) {
  return {.name = std::move(name),
          .password = auth::make_verifier(as_bytes(password)),
          .access = std::nullopt};
}

outcome<user> parse_user(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) {
    return bad_input("a user is written as NAME:PASSWORD");
  }
  const std::string name(text.substr(0, colon));
  const std::string_view password = text.substr(colon + 1);
  if (!auth::looks_like_verifier(password)) return make_user(name, password);
  auto verifier = auth::parse_verifier(password);
  if (!verifier) {
    return bad_input("the password of user '" + name + "': " + verifier.error().message);
  }
  return user{.name = name, .password = std::move(*verifier), .access = std::nullopt};
}

outcome<void> validate_users(std::span<const user> users,
                             const std::optional<access_list>& default_access) {
  constexpr std::size_t name_size_max = 65'535;
  std::unordered_set<std::string_view> names;
  for (const user& each : users) {
    if (each.name.empty()) return bad_input("a user must have a name");
    if (each.name.size() > name_size_max ||
        mqtt::check_text(each.name).fault != mqtt::text_fault::none) {
      return bad_input("a user name must be text of at most 65535 bytes");
    }
    if (!names.insert(each.name).second) {
      return bad_input("there are two users with the name '" + each.name + "'");
    }
    if (auto access = validate_access(each.access, "user '" + each.name + "'"); !access) {
      return access;
    }
  }
  return validate_access(default_access, "the clients without user");
}

}  // namespace gauntlet::broker
