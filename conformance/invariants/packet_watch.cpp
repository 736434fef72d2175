#include "conformance/invariants/packet_watch.hpp"

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

#include "conformance/invariants/all_invariants.hpp"
#include "conformance/invariants/observed_packet.hpp"

namespace gauntlet::conformance {
namespace {

// What the connections of a test report together.
struct findings {
  std::vector<invariant_breach> breaches;
  invariant_counts checked;
};

class connection_watch final : public script::wire_observer {
 public:
  connection_watch(std::string client, mqtt::protocol_version version, findings& into)
      : client_(std::move(client)), into_(into), story_{.version = version} {}

  void on_arrival(const script::arrival& what) override {
    if (const auto* const came = std::get_if<script::arrived_packet>(&what)) {
      judge({.on = story_, .bytes = came->bytes, .packet = &came->packet}, came->at);
    } else if (const auto* const bad = std::get_if<script::arrived_malformed>(&what)) {
      if (!bad->bytes.empty()) {
        judge({.on = story_, .bytes = bad->bytes, .error = &bad->error}, bad->at);
      }
    }
  }

 private:
  void judge(const observed_packet& came, time_point at) {
    for (const invariant& each : all_invariants()) {
      if (!each.counts_on(story_.version)) continue;
      finding found = each.check(came);
      if (found.what == finding::kind::not_concerned) continue;
      invariant_name name{story_.version, each.id};
      ++into_.checked[name];
      if (found.what == finding::kind::holds || !broken_.insert(each.id).second) continue;
      const byte_view kept =
          came.bytes.first(std::min(came.bytes.size(), script::transcript::entry_bytes_max));
      into_.breaches.push_back({.invariant = std::move(name),
                                .client = client_,
                                .packet = byte_buffer(kept.begin(), kept.end()),
                                .text = std::move(found.how),
                                .at = at});
    }
  }

  const std::string client_;
  findings& into_;
  connection_story story_;
  std::set<std::string> broken_;
};

}  // namespace

struct packet_watch::state {
  findings found;
  std::deque<connection_watch> connections;
};

packet_watch::packet_watch() : state_(std::make_unique<state>()) {}
packet_watch::~packet_watch() = default;

script::wire_observer& packet_watch::watch(std::string client, mqtt::protocol_version version) {
  return state_->connections.emplace_back(std::move(client), version, state_->found);
}

const std::vector<invariant_breach>& packet_watch::breaches() const {
  return state_->found.breaches;
}
const invariant_counts& packet_watch::checked() const { return state_->found.checked; }

}  // namespace gauntlet::conformance
