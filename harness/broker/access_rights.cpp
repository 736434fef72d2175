#include "harness/broker/access_rights.hpp"

#include <algorithm>
#include <optional>

#include "harness/mqtt/filter_relation.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::broker {
namespace {

constexpr std::string_view client_pattern = "%c";
constexpr std::string_view user_pattern = "%u";

// Where the first pattern stands, or npos.
std::size_t find_pattern(std::string_view filter) {
  return std::min(filter.find(client_pattern), filter.find(user_pattern));
}

// Whether the text stands in its place for itself and nothing more.
bool is_harmless(std::string_view text, std::size_t place) {
  return !text.empty() && text.find_first_of("/+#") == std::string_view::npos &&
         (place > 0 || text[0] != '$');
}

// The filter with its patterns filled in; nullopt if that would reach further than was meant.
std::optional<std::string> fill_in(std::string_view filter, std::string_view client_id,
                                   std::string_view user_name) {
  std::string filled;
  for (std::size_t at = find_pattern(filter); at != std::string_view::npos;
       at = find_pattern(filter)) {
    const std::string_view text =
        filter.substr(at, client_pattern.size()) == client_pattern ? client_id : user_name;
    filled += filter.substr(0, at);
    if (!is_harmless(text, filled.size())) return std::nullopt;
    filled += text;
    filter.remove_prefix(at + client_pattern.size());
  }
  filled += filter;
  return filled;
}

// All that the filter could match, whatever its patterns stand for.
std::string widest(std::string_view filter) {
  const std::size_t slash = filter.substr(0, find_pattern(filter)).rfind('/');
  return slash == std::string_view::npos ? "#" : std::string(filter.substr(0, slash + 1)) + "#";
}

bool is_about(const access_rule& rule, access_kind kind) {
  return rule.kind == kind || rule.kind == access_kind::both;
}

}  // namespace

access_rights::access_rights(const access_list& list, std::string_view client_id,
                             std::string_view user_name)
    : otherwise_(list.otherwise) {
  for (const access_rule& rule : list.rules) {
    auto filter = fill_in(rule.filter, client_id, user_name);
    if (!filter && rule.decision == permission::allow) continue;
    rules_.push_back({rule.decision, rule.kind, filter ? *std::move(filter) : widest(rule.filter)});
  }
}

bool access_rights::decide(access_kind kind, std::string_view topic) const {
  const auto first = std::ranges::find_if(rules_, [&](const access_rule& rule) {
    return is_about(rule, kind) && mqtt::matches(rule.filter, topic);
  });
  return (first == rules_.end() ? otherwise_ : first->decision) == permission::allow;
}

subscription_access access_rights::may_subscribe(std::string_view filter) const {
  bool some_allowed = false;
  bool some_denied = false;
  const auto note = [&](permission decision) {
    (decision == permission::allow ? some_allowed : some_denied) = true;
  };
  bool decided = false;
  for (const access_rule& rule : rules_) {
    if (!is_about(rule, access_kind::subscribe) || !mqtt::overlap(rule.filter, filter)) continue;
    note(rule.decision);
    decided = mqtt::covers(rule.filter, filter);
    if (decided) break;  // nothing is left for later rules
  }
  if (!decided) note(otherwise_);
  if (!some_allowed) return subscription_access::none;
  return some_denied ? subscription_access::part : subscription_access::whole;
}

access_rights_ref access_rights_source::rights_by(const access_list* list,
                                                  std::string_view client_id,
                                                  std::string_view user_name) {
  if (list == nullptr) return nullptr;
  const bool personal = std::ranges::any_of(list->rules, [](const access_rule& rule) {
    return find_pattern(rule.filter) != std::string_view::npos;
  });
  if (personal) return std::make_shared<const access_rights>(*list, client_id, user_name);
  access_rights_ref& shared = shared_[list];
  if (!shared) shared = std::make_shared<const access_rights>(*list, client_id, user_name);
  return shared;
}

}  // namespace gauntlet::broker
