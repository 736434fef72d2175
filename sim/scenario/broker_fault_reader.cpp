#include "sim/scenario/broker_fault_reader.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <utility>

#include "sim/scenario/field_readers.hpp"
#include "sim/scenario/limits.hpp"

namespace gauntlet::sim {
namespace {

using kind = scheduled_broker_fault::kind;
using state = scheduled_broker_fault::state;

constexpr std::array<std::pair<kind, std::string_view>, 6> words = {{
    {kind::kill, "kill"},
    {kind::terminate, "terminate"},
    {kind::pause, "pause"},
    {kind::reload, "reload"},
    {kind::disk_full, "disk_full"},
    {kind::descriptors, "descriptors"},
}};

bool ends_broker(kind what) { return what == kind::kill || what == kind::terminate; }

/// Tells of each of these keys that it has no meaning here.
void refuse(const config::node& from, std::initializer_list<const char*> keys,
            const std::string& why, config::diagnostics& wrong) {
  for (const char* key : keys) {
    if (const config::node* found = from.find(key)) {
      wrong.add(*found, std::string("'") + key + "' " + why);
    }
  }
}

void check_end(const scheduled_fault& made, const config::node& from, config::diagnostics& wrong) {
  const scheduled_broker_fault& fault = made.broker;
  refuse(from, {"for"}, "says nothing of a broker that ends: 'restart_after' does", wrong);
  if (!fault.restart_after) {
    refuse(from, {"every", "times", "state"},
           "needs 'restart_after': nobody starts the broker again", wrong);
    return;
  }
  const duration away = fault.times * *fault.restart_after;
  if (made.rule.when.every && *made.rule.when.every <= away) {
    wrong.add(*from.find("every"),
              "the broker ends again before it is back: that takes " + format_duration(away));
  }
  const bool is_spoilt = fault.store == state::truncated || fault.store == state::flipped;
  if (is_spoilt && fault.what != kind::kill) {
    wrong.add(*from.find("state"), "only 'broker: kill' leaves files truncated or flipped");
  }
  if (fault.times > 1 && (fault.what != kind::kill || fault.store != state::kept)) {
    wrong.add(*from.find("times"), "only 'broker: kill' with the state kept comes several times");
  }
}

void check_lasting(const scheduled_fault& made, const config::node& from,
                   config::diagnostics& wrong) {
  const fault::active_time& when = made.rule.when;
  refuse(from, {"restart_after", "state", "times"},
         "belongs to 'broker: kill' and 'broker: terminate'", wrong);
  if (made.broker.what == kind::reload) {
    refuse(from, {"for"}, "says nothing of 'broker: reload', which is over at once", wrong);
    return;
  }
  if (when.every && !when.lasting) {
    wrong.add(*from.find("every"), "a fault that comes again has to end before: say 'for'");
  } else if (when.every && *when.every <= *when.lasting) {
    wrong.add(*from.find("every"),
              "it comes again before it is over: 'for' is " + format_duration(*when.lasting));
  }
  if (when.lasting && *when.lasting == duration::zero()) {
    wrong.add(*from.find("for"), "a fault lasts longer than no time");
  }
}

void check_limit(const scheduled_fault& made, const config::node& from,
                 config::diagnostics& wrong) {
  const config::node* at_most = from.find("at_most");
  if (made.broker.what != kind::descriptors) {
    refuse(from, {"at_most"}, "belongs to 'broker: descriptors'", wrong);
  } else if (at_most == nullptr) {
    wrong.add(*from.find("broker"), "'at_most' is missing: how many the broker is left");
  }
}

}  // namespace

std::string_view word_of(kind what) {
  const auto* const found = std::find_if(words.begin(), words.end(),
                                         [&](const auto& each) { return each.first == what; });
  return found == words.end() ? std::string_view("none") : found->second;
}

void add_broker_fault_keys(config::object<scheduled_fault>& table) {
  table
      .derived<kind>(
          "broker",
          config::one_of<kind>({{"kill", kind::kill},
                                {"terminate", kind::terminate},
                                {"pause", kind::pause},
                                {"reload", kind::reload},
                                {"disk_full", kind::disk_full},
                                {"descriptors", kind::descriptors}}),
          [](scheduled_fault& to, kind what) { to.broker.what = what; },
          "What happens to the broker itself, if it is one that Gauntlet has started")
      .derived<duration>(
          "restart_after", config::time_span(duration::zero(), scenario_time_max),
          [](scheduled_fault& to, duration after) { to.broker.restart_after = after; },
          "Started again so long after it ended; without it when publishing is over")
      .derived<state>(
          "state",
          config::one_of<state>({{"kept", state::kept},
                                 {"lost", state::lost},
                                 {"truncated", state::truncated},
                                 {"flipped", state::flipped}}),
          [](scheduled_fault& to, state store) { to.broker.store = store; },
          "What it finds of its files then; without it all")
      .derived<std::uint32_t>(
          "times", count_from(1, 1'000),
          [](scheduled_fault& to, std::uint32_t times) { to.broker.times = times; },
          "Killed so often in a row, each time once it answers; without it once")
      .derived<std::uint32_t>(
          "at_most", count_from(1, 1'000'000),
          [](scheduled_fault& to, std::uint32_t most) { to.broker.at_most = most; },
          "How many descriptors it may have")
      .derived<bool>(
          "optional", config::boolean(),
          [](scheduled_fault& to, bool may) { to.broker.is_optional = may; },
          "Whether it is left out where the broker is not ours; else such a run is refused");
}

void check_broker_fault(const scheduled_fault& made, const config::node& from,
                        config::diagnostics& wrong) {
  if (!made.is_of_broker()) {
    refuse(from, {"restart_after", "state", "times", "at_most", "optional"},
           "belongs to faults of the broker: 'broker: kill' and the like", wrong);
    return;
  }
  if (const config::node* when = from.find("when")) {
    refuse(from, {"every"}, "has no place beside 'when', which says how often", wrong);
    if (made.rule.who.packets.empty()) {
      wrong.add(*when, "which packet ends the wait? Say 'packet'");
    }
  } else {
    refuse(from, {"groups", "share", "clients"},
           "says nothing of the broker, which is one, unless 'when' waits for a packet", wrong);
  }
  if (ends_broker(made.broker.what)) {
    check_end(made, from, wrong);
  } else {
    check_lasting(made, from, wrong);
  }
  check_limit(made, from, wrong);
}

}  // namespace gauntlet::sim
