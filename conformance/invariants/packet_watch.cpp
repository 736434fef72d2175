#include "conformance/invariants/packet_watch.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <utility>

#include "conformance/invariants/all_invariants.hpp"
#include "conformance/invariants/observed_packet.hpp"
#include "harness/mqtt/frame_reader.hpp"

namespace gauntlet::conformance {
namespace {

// What the connections of a test report together.
struct findings {
  std::vector<invariant_breach> breaches;
  invariant_counts checked;
};

class connection_watch final : public script::wire_observer {
 public:
  connection_watch(std::string client, mqtt::protocol_version version, test_story& test,
                   findings& into)
      : client_(std::move(client)), into_(into), story_(version, test) {
    sent_.set_version(version);
  }

  void on_sent(byte_view bytes) override {
    for (;;) {
      const auto frame = sent_.next(bytes);
      if (!frame.has_value()) return story_.on_illegal_sent();
      if (frame->empty()) return;
      story_.on_sent(*frame);
    }
  }

  void on_arrival(const script::arrival& what) override {
    if (const auto* const came = std::get_if<script::arrived_packet>(&what)) {
      std::optional<arrived_message> message;
      if (const auto* const publish = std::get_if<mqtt::publish>(&came->packet)) {
        message.emplace(look_up(story_, *publish));
      }
      judge({.on = story_,
             .bytes = came->bytes,
             .packet = &came->packet,
             .message = message ? &*message : nullptr},
            came->at);
      story_.on_received(came->packet);
    } else if (const auto* const bad = std::get_if<script::arrived_malformed>(&what)) {
      if (!bad->bytes.empty() && !may_be_our_own(bad->bytes)) {
        judge({.on = story_, .bytes = bad->bytes, .error = &bad->error}, bad->at);
      }
      story_.on_malformed_received();
    }
  }

 private:
  // What is wrong in a PUBLISH may be what a test published on purpose: whether a broker has to
  // find that out is what the test is about.
  bool may_be_our_own(byte_view bytes) const {
    return mqtt::packet_type_of(bytes.front()) == mqtt::packet_type::publish &&
           !story_.test.published.is_complete();
  }

  bool is_silent(const invariant& about) const {
    if (!about.counts_on(story_.version) || !story_.version_told) return true;
    return about.basis == invariant_basis::story && !story_.is_clean();
  }

  void judge(const observed_packet& came, time_point at) {
    for (const invariant& each : all_invariants()) {
      if (is_silent(each)) continue;
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
  mqtt::frame_reader sent_;
  connection_story story_;
  std::set<std::string> broken_;
};

}  // namespace

struct packet_watch::state {
  test_story test;
  findings found;
  std::deque<connection_watch> connections;
};

packet_watch::packet_watch() : state_(std::make_unique<state>()) {}
packet_watch::~packet_watch() = default;

script::wire_observer& packet_watch::watch(std::string client, mqtt::protocol_version version) {
  return state_->connections.emplace_back(std::move(client), version, state_->test, state_->found);
}

const std::vector<invariant_breach>& packet_watch::breaches() const {
  return state_->found.breaches;
}
const invariant_counts& packet_watch::checked() const { return state_->found.checked; }

}  // namespace gauntlet::conformance
