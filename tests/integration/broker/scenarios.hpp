#pragma once

// What foreign clients do with the reference broker. Each scenario is played by every client that
// can, in each version and over each transport, and between different clients; and it must complain
// when the broker has a defect that it is there to notice.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/broker/options.hpp"
#include "tests/integration/broker/stage.hpp"

namespace gauntlet::broker {

/// A broker that is wrong, and what the scenario must say about it.
struct proof {
  std::string_view broken;     ///< a defect as on the command line
  std::string_view complaint;  ///< part of the complaint
};

struct scenario {
  std::string_view name;
  void (*play)(stage&) = nullptr;
  bool for_v5 = false;           ///< both ends must speak 5.0
  bool for_secure = false;       ///< the reader must use TLS
  bool reader_commanded = true;  ///< not for mosquitto_sub
  bool writer_commanded = true;  ///< not for mosquitto_pub
  std::vector<proof> proofs;
};

/// All of them.
std::span<const scenario> all_scenarios();
/// Whether these two can play it.
bool is_for(const scenario& what, const client_end& reader, const client_end& writer);
/// How the broker of every scenario is set up.
options scenario_broker();

/// Plays it on a broker with these options; answers with the complaints.
std::vector<std::string> play(const scenario& what, const certificate_set& certificates,
                              const options& broker_options, player reader, player writer,
                              std::chrono::milliseconds patience);

// Of both versions.
void pass_messages_at_each_qos(stage& on);
void pass_a_large_payload(stage& on);
void keep_retained_messages(stage& on);
void publish_wills(stage& on);
void resume_a_session(stage& on);
void check_passwords(stage& on);
void end_subscriptions(stage& on);
void take_over_a_client_identifier(stage& on);
void grant_each_qos(stage& on);
void accept_an_empty_client_identifier(stage& on);
void show_the_right_certificate(stage& on);
// Of 5.0.
void pass_properties_on(stage& on);
void obey_subscription_options(stage& on);
void name_subscriptions(stage& on);
void resolve_topic_aliases(stage& on);
void share_subscriptions(stage& on);
void assign_client_identifiers(stage& on);

}  // namespace gauntlet::broker
