#include "guarantees/stage.hpp"

#include <algorithm>
#include <utility>

#include "harness/history/guarantee_report.hpp"
#include "harness/history/judge.hpp"
#include "harness/mqtt/publish_view.hpp"

namespace gauntlet::guarantees {
namespace {

using namespace std::chrono_literals;

constexpr duration patience = 10s;
constexpr duration quiet = 700ms;
// Rules give a broker two seconds to send again what was not acknowledged.
constexpr duration after_return = 2100ms;

// "client topic number", however spoiled the rest of the payload is.
std::optional<history::message_key> name_of(const mqtt::publish_view& message) {
  std::string_view text = as_text(message.payload);
  const std::size_t first = text.find(' ');
  const std::size_t second = first == text.npos ? first : text.find(' ', first + 1);
  if (second == text.npos || text.starts_with("will")) return std::nullopt;
  std::size_t end = second + 1;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  return history::digest_of("stamp", as_bytes(text.substr(0, end)));
}

}  // namespace

stage::stage(net::network& network, stage_settings settings)
    : settings_(std::move(settings)),
      loop_(network.loop()),
      began_(loop_.now()),
      builder_(name_of, began_),
      faults_(loop_, {.seed = settings_.seed, .observer = &builder_, .trace = {}}),
      network_(network, faults_) {
  faults_.start(began_);
}

client& stage::add(const std::string& role, client_settings settings) {
  settings.id = settings_.client_prefix + role;
  settings.version = settings_.version;
  clients_.push_back(std::make_unique<client>(network_, settings_.broker, std::move(settings)));
  return *clients_.back();
}

client& stage::join(const std::string& role, client_settings settings) {
  client& made = add(role, std::move(settings));
  made.come();
  if (!await([&] { return made.is_open(); }, role + " is connected") &&
      !made.last_trouble().empty()) {
    remark(made.last_trouble());
  }
  return made;
}

void stage::inject(fault::rule what) {
  const std::string name = what.name;
  if (!faults_.add(std::move(what))) remark("the fault " + name + " cannot be injected");
}

bool stage::await_strike(const std::string& fault, std::uint64_t times) {
  return await(
      [&] {
        return std::ranges::any_of(faults_.rules(), [&](const fault::numbered_rule& each) {
          return each.what.name == fault && each.strikes >= times;
        });
      },
      "the fault " + fault + " strikes");
}

bool stage::await(const std::function<bool()>& done, const std::string& what, duration at_most) {
  if (loop_.run_until(done, loop_.now() + at_most)) return true;
  remark("not reached: " + what);
  return false;
}

bool stage::await_quietly(const std::function<bool()>& done, duration at_most) {
  return loop_.run_until(done, loop_.now() + at_most);
}

bool stage::settle() {
  return await([this] { return all_idle(); }, "all exchanges are over");
}

void stage::rest(duration time) {
  loop_.run_until([] { return false; }, loop_.now() + time);
}

bool stage::end_broker(history::broker_event::kind how) {
  const auto done = settings_.end_broker(loop_, how);
  if (!done) {
    remark(done.error().message);
    return false;
  }
  for (const history::broker_event& each : *done) builder_.on_broker_event(each);
  return true;
}

void stage::remark(const std::string& text) {
  if (remark_.empty()) remark_ = text;
}

bool stage::all_idle() const {
  return std::ranges::all_of(clients_, [](const auto& each) { return each->is_idle(); });
}

void stage::await_quiet() {
  const auto is_quiet = [this] {
    const time_point now = loop_.now();
    if (!all_idle()) return false;
    return std::ranges::all_of(clients_, [&](const auto& each) {
      return now > each->last_received() + quiet && now > each->last_connack() + after_return;
    });
  };
  loop_.run_until(is_quiet, loop_.now() + patience);
}

std::vector<record::fault_record> stage::fault_records() const {
  std::vector<record::fault_record> made;
  for (const fault::numbered_rule& each : faults_.rules()) {
    made.push_back({.name = each.what.name,
                    .what = fault::describe(each.what),
                    .active = {},
                    .strikes = each.strikes});
  }
  return made;
}

void stage::finish(record::guarantee_scenario& to, bool faults_may_rest) {
  to.faults = fault_records();
  for (const record::fault_record& each : to.faults) {
    if (each.strikes == 0 && !faults_may_rest) remark("the fault " + each.name + " never struck");
  }
  faults_.heal();
  for (const auto& each : clients_) {
    if (each->is_refused()) remark("the broker refuses a subscription");
    each->settings().back_after = std::min<duration>(each->settings().back_after, 100ms);
    each->come();
  }
  settle();
  const time_point drain_began = loop_.now();
  for (const auto& each : clients_) each->publish_last();
  settle();
  await_quiet();
  const time_point ended = loop_.now();
  to.took = ended - began_;
  to.remark = remark_;
  const history::evidence seen = builder_.finish(ended, drain_began, settings_.promises);
  to.verdict = remark_.empty() ? record::verdict::pass : record::verdict::inconclusive;
  for (auto& each : history::report_guarantees(seen, history::judge(seen), time_point{})) {
    if (each.verdict == record::verdict::skipped) continue;
    to.verdict = record::worst(to.verdict, each.verdict);
    to.guarantees.push_back(std::move(each));
  }
}

void stage::clean_up() {
  for (const auto& each : clients_) each->delete_retained();
  const auto idle = [this] { return all_idle(); };
  loop_.run_until(idle, loop_.now() + 1s);
  for (const auto& each : clients_) each->forget();
  loop_.run_until(idle, loop_.now() + 1s);
  for (const auto& each : clients_) each->leave(departure::disconnect);
}

}  // namespace gauntlet::guarantees
