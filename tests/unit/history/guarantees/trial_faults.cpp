#include "tests/unit/history/guarantees/trial_faults.hpp"

namespace gauntlet::history::proof {
namespace {

using namespace std::chrono_literals;
using enum direction;
using mqtt::packet_type;

fault_set cut_at(packet_type type, direction towards, fault::cut::moment when,
                 const std::string& moment) {
  fault_set set{.name = "cut " + moment + " " + std::string(mqtt::packet_type_name(type)) +
                        (towards == to_broker ? " to broker" : " to client")};
  set.rules.push_back({.name = "cut",
                       .who = {.packets = {type}, .towards = towards, .every = 61},
                       .what = fault::cut{.when = when}});
  return set;
}

// For packets that fit `who`, one in so many.
fault_set on_packets(std::string name, fault::action what, std::uint32_t every,
                     fault::selection who = {}) {
  who.every = every;
  return {.name = std::move(name), .rules = {{.name = "fault", .who = who, .what = what}}};
}

// On the streams of some clients, three seconds of ten.
fault_set on_streams(std::string name, fault::action what, std::string clients = "*-1") {
  return {.name = std::move(name),
          .rules = {{.name = "fault",
                     .who = {.clients = std::move(clients)},
                     .when = {.at = 2s, .lasting = 3s, .every = 10s},
                     .what = what}}};
}

}  // namespace

std::vector<fault_set> every_kind_of_fault() {
  std::vector<fault_set> sets = {{.name = "none"}};
  for (const direction towards : {to_broker, to_client}) {
    for (const packet_type type : {packet_type::publish, packet_type::puback, packet_type::pubrec,
                                   packet_type::pubrel, packet_type::pubcomp}) {
      sets.push_back(cut_at(type, towards, fault::cut::moment::before, "before"));
      sets.push_back(cut_at(type, towards, fault::cut::moment::after, "after"));
    }
    sets.push_back(cut_at(packet_type::publish, towards, fault::cut::moment::mid, "within"));
  }
  const fault::selection acknowledgements{
      .packets = {packet_type::puback, packet_type::pubrec, packet_type::pubcomp}};
  sets.push_back(on_packets("drop acknowledgements", fault::drop{}, 71, acknowledgements));
  sets.push_back(on_packets("delay", fault::delay{.by = 150ms, .jitter = 100ms}, 20));
  sets.push_back(on_packets("split", fault::split{.bytes = 1, .gap = 1ms}, 15));
  sets.push_back(on_packets("coalesce", fault::coalesce{.packets = 10, .at_most = 100ms}, 1,
                            {.clients = "s*"}));
  sets.push_back(on_packets("hold acknowledgements",
                            fault::hold{.until = packet_type::publish, .at_most = 2s}, 31,
                            acknowledgements));
  sets.push_back(on_packets("stall", fault::stall{.lasting = 2s}, 200));
  sets.push_back(on_packets("half open", fault::half_open{}, 400));
  sets.push_back(on_packets("withhold", fault::withhold{}, 1,
                            {.clients = "sleeper-*", .towards = to_broker, .probability = 0.02}));
  sets.push_back(on_packets("duplicate messages", fault::duplicate{.copies = 1, .set_dup = true},
                            50, {.packets = {packet_type::publish}, .towards = to_client}));
  sets.push_back(on_streams("latency", fault::latency{.by = 200ms, .jitter = 100ms}, "*"));
  sets.push_back(on_streams("bandwidth", fault::bandwidth{.bytes_per_second = 4'000}));
  sets.push_back(on_streams("slow close", fault::slow_close{.by = 1s}, "*"));
  sets.push_back(on_streams("timeout", fault::timeout{.after = 1s}));
  sets.push_back(on_streams("reset peer", fault::reset_peer{.after = 500ms}));
  sets.push_back(on_streams("slicer", fault::slicer{.average_bytes = 7, .gap = 1ms}));
  sets.push_back(on_streams("limit data", fault::limit_data{.bytes = 3'000}, "*"));
  sets.push_back(on_streams("packet loss", fault::packet_loss{.share = 0.05}, "*"));
  sets.push_back(on_streams("slow reader", fault::slow_reader{.bytes_per_second = 2'000}));
  sets.push_back(on_streams("down", fault::down{}));
  sets.push_back(on_streams("partition", fault::partition{}));
  fault_set several{.name = "several at once"};
  for (const std::string name :
       {"cut before PUBACK to client", "cut before PUBREC to broker", "delay", "packet loss",
        "half open", "partition", "drop acknowledgements"}) {
    for (const fault_set& each : sets) {
      if (each.name != name) continue;
      several.rules.push_back(each.rules.front());
      several.rules.back().name = name;
    }
  }
  sets.push_back(std::move(several));
  return sets;
}

}  // namespace gauntlet::history::proof
