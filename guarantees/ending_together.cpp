#include "guarantees/ending_together.hpp"

#include <optional>
#include <utility>

namespace gauntlet::guarantees {
namespace {

using namespace std::chrono_literals;
using history::broker_event;

constexpr duration end_patience = 60s;
constexpr duration start_patience = 120s;
constexpr duration patience = 300s;

}  // namespace

ending_together::ending_together(target::broker_control& broker, event_loop& loop,
                                 broker_event::kind how, std::size_t scenarios)
    : broker_(broker), loop_(loop), how_(how), scenarios_(scenarios) {}

outcome<std::vector<broker_event>> ending_together::ask(net::asio_loop& own) {
  auto asked = std::make_shared<request>();
  asked->from = &own;
  loop_.post([this, asked] { waiting_.push_back(asked); });
  const auto is_done = [&asked] { return asked->done.load(); };
  if (!own.run_until(is_done, own.now() + patience)) {
    return environment_failed("the broker was not ended and started in time");
  }
  return asked->answer;
}

bool ending_together::all_have_come() const {
  return !ended_ && !waiting_.empty() && waiting_.size() + over_ >= scenarios_;
}

void ending_together::end_now() {
  ended_ = true;
  const auto answer = end_and_start();
  for (const auto& each : waiting_) {
    each->answer = answer;
    // The scenario ends only after it has seen this, so its loop still stands.
    each->from->post([each] { each->done = true; });
  }
}

outcome<std::vector<broker_event>> ending_together::end_and_start() {
  std::vector<broker_event> events = {{.what = how_, .at = loop_.now()}};
  const auto ended = how_ == broker_event::kind::stop ? broker_.terminate() : broker_.kill();
  if (!ended) return ended.error();
  if (!loop_.run_until([this] { return !broker_.is_running(); }, loop_.now() + end_patience)) {
    return environment_failed("the broker did not end");
  }
  auto started = std::make_shared<std::optional<outcome<void>>>();
  broker_.start([started](const outcome<void>& result) { *started = result; });
  if (!loop_.run_until([&] { return started->has_value(); }, loop_.now() + start_patience)) {
    return environment_failed("the broker did not come back");
  }
  if (!**started) return (*started)->error();
  events.push_back({.what = broker_event::kind::start, .at = loop_.now()});
  return events;
}

}  // namespace gauntlet::guarantees
