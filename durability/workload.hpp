#pragma once

// N operations of each kind, each acknowledged by the broker, and afterwards the count of what is
// still there. Scripted peers: they do what is written here and nothing else.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/net/network.hpp"
#include "harness/record/durability_result.hpp"
#include "harness/script/peer.hpp"
#include "harness/target/profile.hpp"

namespace gauntlet::durability {

/// Where and as whom.
struct workload_options {
  net::endpoint where;
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  std::optional<target::credentials> login;
  std::uint32_t count = 20;  ///< operations of each kind
};

/// One filling and one check of one broker. Belongs to the thread of the network's loop.
class workload {
 public:
  workload(net::network& network, workload_options options);
  ~workload();

  /// Brings everything into the broker.
  outcome<void> fill();
  /// Lets the clients with wills vanish, so that their wills wait; right before the end.
  void vanish();
  /// What is still there, once the broker answers again.
  outcome<std::vector<record::durability_count>> check();

 private:
  struct client {
    std::string id;
    std::unique_ptr<script::peer> peer;
    bool session_present = false;
  };
  using handler = std::function<void(client&, const mqtt::packet&)>;
  using tally = std::map<std::string, std::uint32_t>;

  outcome<client> connect(const std::string& id, bool clean_start,
                          const mqtt::will* will = nullptr);
  outcome<std::vector<client>> connect_all(const std::string& prefix);
  outcome<void> subscribe(client& who, const std::string& filter, mqtt::qos qos);
  /// The whole exchange of one message; false: the broker did not acknowledge it.
  bool publish(client& from, const std::string& topic, mqtt::qos qos, const std::string& payload,
               bool retain = false);
  /// Takes what comes until it is quiet, or for `at_most`.
  void take(std::vector<client*> from, const handler& on_packet, duration at_most);
  /// Acknowledges a message and counts it under "topic payload".
  static void receive(client& who, const mqtt::packet& came, tally& into);

  /// The message that client `number` leaves half-done.
  static void send_half(client& who, std::uint32_t number, bool again);

  outcome<void> fill_sleepers();
  outcome<void> fill_inbound();
  outcome<void> fill_outbound();
  outcome<void> fill_wills();
  outcome<void> check_sleepers(std::vector<record::durability_count>& into);
  outcome<void> check_inbound(std::vector<record::durability_count>& into);
  outcome<void> check_outbound(std::vector<record::durability_count>& into);
  void check_retained(std::vector<record::durability_count>& into);
  void check_wills(std::vector<record::durability_count>& into);

  net::network& network_;
  workload_options options_;
  client publisher_;
  client watcher_;
  std::vector<client> standing_;  ///< connections that end with the broker
  std::vector<client> doomed_;    ///< those with wills
  tally seen_before_;             ///< by the watcher
  tally seen_after_;
  std::set<std::string> queued_1_, queued_2_, retained_, inbound_, outbound_;
  std::uint32_t sessions_ = 0;
  std::uint32_t wills_ = 0;
};

}  // namespace gauntlet::durability
