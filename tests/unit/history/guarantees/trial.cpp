#include "tests/unit/history/guarantees/trial.hpp"

#include <algorithm>

#include "harness/base/assert.hpp"
#include "harness/base/virtual_loop.hpp"
#include "harness/broker/server.hpp"
#include "harness/fault/faulty_network.hpp"
#include "harness/history/evidence_builder.hpp"
#include "harness/history/judge.hpp"
#include "harness/net/memory_network.hpp"

namespace gauntlet::history::proof {
namespace {

using namespace std::chrono_literals;

// The clients' own numbering names a message, however spoiled the rest of it is: "id topic number".
std::optional<message_key> name_of(const mqtt::publish_view& message) {
  std::string_view text = as_text(message.payload);
  const std::size_t first = text.find(' ');
  const std::size_t second = first == text.npos ? first : text.find(' ', first + 1);
  if (second == text.npos || text.starts_with("will")) return std::nullopt;
  std::size_t end = second + 1;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  return digest_of("stamp", as_bytes(text.substr(0, end)));
}

}  // namespace

trial_result run_trial(const trial_plan& plan) {
  virtual_loop loop;
  net::memory_network network(loop, {.seed = plan.fleet.seed, .delay_min = 1ms, .delay_max = 4ms});
  const net::endpoint where{.host = "broker", .port = 1'883};
  auto broker =
      broker::server::start(network, {.listen = {{.where = where}}, .broker = plan.broker});
  GAUNTLET_ASSERT(broker.has_value());
  evidence_builder builder(name_of);
  fault::injector faults(loop, {.seed = plan.fleet.seed, .observer = &builder});
  for (const fault::rule& each : plan.faults) GAUNTLET_ASSERT(faults.add(each).has_value());
  trial_result result;
  {
    fault::faulty_network faulty(network, faults);
    lively_fleet fleet(faulty, where, plan.fleet);
    faults.start(loop.now());
    fleet.run([&] { faults.heal(); });
    result.published = fleet.published();
    result.delivered = fleet.received();
    result.unsettled = fleet.unsettled();
    const evidence seen = builder.finish(loop.now(), fleet.drain_began(), plan.promises);
    for (const publication_record& each : seen.publications) {
      if (each.qos != mqtt::qos::at_most_once && each.outcome == publish_outcome::maybe) {
        ++result.maybe;
      }
    }
    result.found = judge(seen);
  }
  return result;
}

std::string lines_of(const findings& found, guarantee_verdict verdict, std::size_t lines_max) {
  std::string text;
  for (const finding& each : found.kept()) {
    if (each.verdict != verdict) continue;
    if (lines_max-- == 0) return text + "...\n";
    text += std::string(each.rule) + " " + std::string(each.class_name) + ": " + each.sentence;
    for (const witness_packet& packet : each.witness) {
      text += "\n    " + packet.what + " on connection " + std::to_string(packet.connection) +
              (packet.way == direction::to_broker ? " to broker, " : " to client, ");
      const auto seconds = [](time_point at) {
        return at == never
                   ? std::string("never")
                   : std::to_string(static_cast<double>(at.time_since_epoch().count()) / 1e9);
      };
      text += "sent " + seconds(packet.times.sent) + ", passed " + seconds(packet.times.passed);
      if (packet.times.fault != 0) text += ", fault " + std::to_string(packet.times.fault);
    }
    text += "\n";
  }
  return text;
}

}  // namespace gauntlet::history::proof
