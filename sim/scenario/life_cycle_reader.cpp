#include "sim/scenario/life_cycle_reader.hpp"

#include <string>
#include <utility>

#include "harness/config/object.hpp"
#include "sim/scenario/any_time.hpp"
#include "sim/scenario/field_readers.hpp"
#include "sim/scenario/limits.hpp"

namespace gauntlet::sim {
namespace {

using config::object;
using kind = life_cycle::kind;

// Shorter stretches than this would say more about the generator than about a broker.
constexpr duration stretch_min = std::chrono::milliseconds(10);

config::reader<duration> stretch() { return config::time_span(stretch_min, scenario_time_max); }

config::reader<spread> spread_reader() {
  return config::one_of<spread>({{"fixed", spread::fixed},
                                 {"uniform", spread::uniform},
                                 {"exponential", spread::exponential}});
}

template <class T>
config::reader<T> word_reader(const std::string& word, T value) {
  auto made = config::converted<T, bool>(config::one_of<bool>({{word, true}}),
                                         [value](bool) { return value; });
  return made;
}

// What stands under the key of each kind.
struct stretches {
  duration present{};
  duration away{};
  sim::spread spread = spread::fixed;
  std::optional<duration> first;
};
// Connections that nobody plans to lose end at any time.
struct random_stretches {
  duration present{};
  duration away{};
  sim::spread spread = spread::exponential;
  std::optional<duration> first;
};
struct visits {
  duration every{};
  duration linger{};
  std::optional<duration> first;
};

constexpr const char* first_doc = "When a device first leaves, after the start; else spread";
constexpr const char* spread_doc = "How the times spread around those named";

config::reader<stretches> sleep_reader() {
  return object<stretches>("There for a while, asleep for a while")
      .required("awake", &stretches::present, stretch(), "How long it is there")
      .required("asleep", &stretches::away, stretch(), "How long it is away")
      .optional("spread", &stretches::spread, spread_reader(), spread_doc)
      .optional("first", &stretches::first, any_time(), first_doc)
      .build();
}

config::reader<visits> visit_reader() {
  return object<visits>("Connects, sends what is due, leaves")
      .required("every", &visits::every, stretch(), "From one visit to the next")
      .optional("linger", &visits::linger, any_time(),
                "How long it stays when all is sent, for what waits for it")
      .optional("first", &visits::first, any_time(),
                "When the first visit begins, after the start; else spread over the interval")
      .build();
}

config::reader<random_stretches> flapping_reader() {
  return object<random_stretches>("The connection is lost again and again")
      .required("up", &random_stretches::present, stretch(), "How long a connection lasts")
      .required("down", &random_stretches::away, stretch(), "How long it is gone")
      .optional("spread", &random_stretches::spread, spread_reader(), spread_doc)
      .optional("first", &random_stretches::first, any_time(), first_doc)
      .build();
}

config::reader<random_stretches> roaming_reader() {
  return object<random_stretches>("A new connection from another address while the old one stands")
      .required("every", &random_stretches::present, stretch(), "How long it keeps an address")
      .optional("spread", &random_stretches::spread, spread_reader(), spread_doc)
      .optional("first", &random_stretches::first, any_time(), first_doc)
      .build();
}

template <class Stretches>
life_cycle life_of(const Stretches& keys, kind as, departure leaves) {
  return {.as = as,
          .present = keys.present,
          .away = keys.away,
          .spread = keys.spread,
          .first = keys.first,
          .leaves = leaves};
}

void check_life(const life_cycle& made, const config::node& from, config::diagnostics& wrong) {
  const config::node* leaves = from.find("departure");
  if (made.as == kind::roaming && leaves != nullptr) {
    wrong.add(*leaves,
              "a roaming device leaves its old connection to the broker; it has no "
              "departure of its own");
  }
}

}  // namespace

config::reader<departure> departure_reader() {
  return config::one_of<departure>({{"clean", departure::clean},
                                    {"abrupt", departure::abrupt},
                                    {"reset", departure::reset},
                                    {"half_open", departure::half_open}});
}

config::reader<life_cycle> life_cycle_reader() {
  auto word = word_reader<life_cycle>("always_on", {});
  word.show = [](const life_cycle&) { return config::json_quote("always_on"); };
  object<life_cycle> table("When the devices are there");
  table
      .derived<stretches>(
          "sleep", sleep_reader(),
          [](life_cycle& to, const stretches& keys) {
            to = life_of(keys, kind::sleep, departure::clean);
          },
          "There for a while, away for a while")
      .derived<visits>(
          "visit", visit_reader(),
          [](life_cycle& to, const visits& keys) {
            to = {
                .as = kind::visit, .every = keys.every, .linger = keys.linger, .first = keys.first};
          },
          "Comes, sends what is due, leaves")
      .derived<random_stretches>(
          "flapping", flapping_reader(),
          [](life_cycle& to, const random_stretches& keys) {
            to = life_of(keys, kind::flapping, departure::abrupt);
          },
          "Loses its connection again and again")
      .derived<random_stretches>(
          "roaming", roaming_reader(),
          [](life_cycle& to, const random_stretches& keys) {
            to = life_of(keys, kind::roaming, departure::half_open);
          },
          "Comes back from elsewhere while the broker holds its old connection")
      .derived<departure>(
          "departure", departure_reader(), [](life_cycle& to, departure how) { to.leaves = how; },
          "How a connection ends; clean, but abrupt for flapping")
      .exactly_one({"sleep", "visit", "flapping", "roaming"})
      .check(check_life);
  return config::scalar_or(word, table.build());
}

config::reader<reconnect_settings> reconnect_reader() {
  auto word = word_reader<reconnect_settings>("never", {.never = true});
  auto factor = config::real(1, 100);
  auto table =
      object<reconnect_settings>("When a device connects again")
          .optional("first", &reconnect_settings::first,
                    config::time_span(std::chrono::milliseconds(1), scenario_time_max),
                    "Before the first attempt")
          .optional("factor", &reconnect_settings::factor, factor,
                    "How much longer each further wait is")
          .optional("max", &reconnect_settings::max,
                    config::time_span(std::chrono::milliseconds(1), scenario_time_max),
                    "The longest wait")
          .derived<share>(
              "jitter", config::percentage(),
              [](reconnect_settings& to, share part) { to.jitter = part.percent / 100; },
              "By how much at random each wait is longer or shorter; 50% without it")
          .check([](const reconnect_settings& made, const config::node& from,
                    config::diagnostics& wrong) {
            if (made.first <= made.max) return;
            wrong.add(from, "the first wait (" + format_duration(made.first) +
                                ") is longer than the longest (" + format_duration(made.max) + ")");
          })
          .build();
  return config::scalar_or(word, table);
}

config::reader<offline_settings> offline_reader() {
  using victim = offline_settings::victim;
  return object<offline_settings>("What a device keeps while it has no connection")
      .required("buffer", &offline_settings::buffer, count_from(0, 1'000'000),
                "Messages that it keeps at most")
      .optional("drop", &offline_settings::drop,
                config::one_of<victim>({{"oldest", victim::oldest}, {"newest", victim::newest}}),
                "What goes when there is no room")
      .build();
}

}  // namespace gauntlet::sim
