#include "harness/fault/injector.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/base/assert.hpp"
#include "harness/fault/link.hpp"
#include "harness/fault/rule_state.hpp"

namespace gauntlet::fault {

bool is_active_at(const active_time& when, duration now) {
  if (now < when.at) return false;
  duration since = now - when.at;
  if (when.every && *when.every > duration::zero()) since %= *when.every;
  return !when.lasting || since < *when.lasting;
}

duration next_change(const active_time& when, duration now) {
  if (now < when.at) return when.at;
  if (!when.lasting) return duration::max();
  const duration since = now - when.at;
  if (!when.every || *when.every <= duration::zero()) {
    return since < *when.lasting ? when.at + *when.lasting : duration::max();
  }
  const duration round = when.at + (since / *when.every) * *when.every;
  return now < round + *when.lasting ? round + *when.lasting : round + *when.every;
}

struct injector::parts {
  std::unique_ptr<timer> clock;
  time_point origin = time_point::max();
  bool healed = false;
  std::vector<link*> links;
  std::unordered_map<std::string, std::uint32_t> connects;
};

injector::injector(event_loop& loop, injector_options options)
    : loop_(loop), options_(std::move(options)), parts_(std::make_unique<parts>()) {
  parts_->clock = loop_.make_timer([this] { look_at_clock(); });
}

injector::~injector() = default;

rule_state* injector::find(std::string_view name) const {
  const auto found = std::find_if(states_.begin(), states_.end(),
                                  [&](const auto& each) { return each->what.name == name; });
  return found == states_.end() ? nullptr : found->get();
}

outcome<history::fault_index> injector::add(rule what) {
  if (what.name.empty()) return bad_input("a fault needs a name");
  if (find(what.name) != nullptr) {
    return bad_input("there is a fault '" + what.name + "' already");
  }
  if (last_number_ == UINT16_MAX) return bad_input("there are 65535 faults already; no more fit");
  auto state = std::make_shared<rule_state>();
  state->what = std::move(what);
  state->number = ++last_number_;
  states_.push_back(std::move(state));
  tell_links();
  look_at_clock();
  return last_number_;
}

bool injector::change(std::string_view name, rule what) {
  for (auto& each : states_) {
    if (each->what.name != name) continue;
    auto state = std::make_shared<rule_state>();
    what.name = std::string(name);
    state->what = std::move(what);
    state->number = each->number;
    tell_that_it_ends(*each);
    each = std::move(state);
    tell_links();
    look_at_clock();
    return true;
  }
  return false;
}

bool injector::remove(std::string_view name) {
  rule_state* state = find(name);
  if (state == nullptr) return false;
  tell_that_it_ends(*state);
  std::erase_if(states_, [&](const auto& each) { return each.get() == state; });
  tell_links();
  return true;
}

bool injector::enable(std::string_view name, bool enabled) {
  rule_state* state = find(name);
  if (state == nullptr) return false;
  state->what.enabled = enabled;
  look_at_clock();
  return true;
}

std::vector<numbered_rule> injector::rules() const {
  std::vector<numbered_rule> all;
  for (const auto& each : states_)
    all.push_back({each->number, each->what, each->active, each->strikes});
  return all;
}

void injector::tell_that_it_ends(rule_state& fault) {
  if (!fault.active) return;
  tell(history::fault_seen::moment::ends, fault, history::fault_seen::no_connection,
       describe(fault.what));
}

injector::dial_answer injector::answer_to_dial() const {
  dial_answer answer = dial_answer::connects;
  for (const auto& each : states_) {
    if (!each->active || !is_about_all(each->what.who)) continue;
    const auto* cut_off = std::get_if<down>(&each->what.what);
    if (cut_off != nullptr && cut_off->how != ending::silent) return dial_answer::refused;
    if (cut_off != nullptr || std::holds_alternative<partition>(each->what.what)) {
      answer = dial_answer::unanswered;
    }
  }
  return answer;
}

void injector::start(time_point origin) {
  parts_->origin = origin;
  look_at_clock();
}

duration injector::since_start() const {
  return parts_->origin == time_point::max() ? duration::zero() : loop_.now() - parts_->origin;
}

void injector::clear() {
  for (const auto& each : states_) tell_that_it_ends(*each);
  states_.clear();
  tell_links();
  const std::vector<link*> all = parts_->links;
  for (link* each : all) each->heal();
}

void injector::heal() {
  parts_->healed = true;
  look_at_clock();
  const std::vector<link*> all = parts_->links;
  for (link* each : all) each->heal();
}

std::size_t injector::links() const { return parts_->links.size(); }

void injector::join(link& who) { parts_->links.push_back(&who); }

void injector::leave(link& who) { std::erase(parts_->links, &who); }

std::uint32_t injector::next_connect(const std::string& client_id) {
  return ++parts_->connects[client_id];
}

// Brings every rule to what the time says, and wakes up when that changes next.
void injector::look_at_clock() {
  if (parts_->origin == time_point::max()) return;
  const duration now = loop_.now() - parts_->origin;
  duration next = duration::max();
  bool changed = false;
  for (const auto& each : states_) {
    const bool may = each->what.enabled && !parts_->healed;
    const bool active = may && is_active_at(each->what.when, now);
    if (may) next = std::min(next, next_change(each->what.when, now));
    if (active == each->active) continue;
    each->active = active;
    changed = true;
    using moment = history::fault_seen::moment;
    tell(active ? moment::begins : moment::ends, *each, history::fault_seen::no_connection,
         describe(each->what));
  }
  if (next != duration::max()) parts_->clock->arm(parts_->origin + next);
  if (changed) tell_links();
}

void injector::tell_links() {
  const std::vector<link*> all = parts_->links;
  for (link* each : all) each->rules_changed();
}

void injector::tell(history::fault_seen::moment moment, rule_state& fault,
                    history::connection_index connection, std::string_view text) {
  const time_point now = loop_.now();
  if (moment == history::fault_seen::moment::strikes) ++fault.strikes;
  if (options_.observer != nullptr) {
    options_.observer->on_fault(
        {.fault = fault.number, .what = moment, .at = now, .connection = connection, .text = text});
  }
  if (!options_.trace) return;
  using enum history::fault_seen::moment;
  const char* word = moment == begins ? "begins" : moment == ends ? "ends" : "strikes";
  options_.trace(fmt::format("{:.6f} {} {}: {}\n",
                             std::chrono::duration<double>(since_start()).count(), fault.what.name,
                             word, text));
}

}  // namespace gauntlet::fault
