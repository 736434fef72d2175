#include "tests/integration/broker/scenarios.hpp"

namespace gauntlet::broker {
namespace {

const std::vector<scenario>& table() {
  static const std::vector<scenario> scenarios = {
      {.name = "messages at each QoS",
       .play = pass_messages_at_each_qos,
       .reader_commanded = false,
       .writer_commanded = false,
       .proofs = {{"omit-suback", "\"suback\" did not come"},
                  {"omit-puback", "\"published\" did not come"},
                  {"omit-pubrec", "\"published\" did not come"},
                  {"omit-pubcomp", "\"published\" did not come"},
                  {"lose-qos1-delivery:1/9", "at QoS 1: expected"},
                  {"deliver-qos2-twice:1/5", "at QoS 2: expected"},
                  {"reorder-deliveries:1/5", "expected"},
                  {"cut-payload-at-zero-byte", "at QoS 0: expected"}}},
      {.name = "a large payload",
       .play = pass_a_large_payload,
       .reader_commanded = false,
       .writer_commanded = false,
       .proofs = {{"cut-long-payload", "100 KB: expected"}}},
      {.name = "retained messages",
       .play = keep_retained_messages,
       .reader_commanded = false,
       .writer_commanded = false,
       .proofs = {{"forget-retained-message", "after they were stored: expected"},
                  {"keep-retained-on-empty-payload", "after it was removed: expected"},
                  {"forward-retain-flag", "to a standing subscription: expected"}}},
      {.name = "wills",
       .play = publish_wills,
       .reader_commanded = false,
       .proofs = {{"lose-will", "\"message\" did not come"},
                  {"publish-will-after-disconnect", "after DISCONNECT: expected"},
                  {"publish-will-without-retain", "retained will: expected"}}},
      {.name = "a session resumed",
       .play = resume_a_session,
       .reader_commanded = false,
       .writer_commanded = false,
       .proofs = {{"forget-session-at-disconnect", "present"},
                  {"deny-session-present", "denied"},
                  {"keep-session-at-clean-start", "at a clean start"}}},
      {.name = "user name and password",
       .play = check_passwords,
       .writer_commanded = false,
       .proofs = {{"accept-any-password", "a wrong password was accepted"}}},
      {.name = "subscriptions ended",
       .play = end_subscriptions,
       .writer_commanded = false,
       .proofs = {{"omit-unsuback", "\"unsuback\" did not come"},
                  {"ignore-unsubscribe", "after UNSUBSCRIBE: expected"}}},
      {.name = "a client identifier taken over",
       .play = take_over_a_client_identifier,
       .proofs = {{"leave-existing-client-connected", "\"closed\" did not come"}}},
      {.name = "each QoS granted",
       .play = grant_each_qos,
       .writer_commanded = false,
       .proofs = {{"reverse-suback-codes", "codes of SUBACK"},
                  {"exceed-granted-qos", "at the granted QoS: expected"}}},
      {.name = "an empty client identifier",
       .play = accept_an_empty_client_identifier,
       .writer_commanded = false,
       .proofs = {{"assign-same-client-identifier", "did not come"}}},
      {.name = "the right certificate",
       .play = show_the_right_certificate,
       .for_secure = true,
       .writer_commanded = false},
      {.name = "properties",
       .play = pass_properties_on,
       .for_v5 = true,
       .reader_commanded = false,
       .writer_commanded = false,
       .proofs = {{"drop-user-properties", "properties: expected"},
                  {"merge-user-properties-of-same-name", "properties: expected"},
                  {"reverse-user-properties", "properties: expected"},
                  {"drop-content-type", "properties: expected"},
                  {"drop-response-topic", "properties: expected"},
                  {"drop-correlation-data", "properties: expected"},
                  {"cut-correlation-data-at-zero-byte", "properties: expected"},
                  {"drop-payload-format-indicator", "properties: expected"},
                  {"drop-message-expiry-interval", "properties: expected"}}},
      {.name = "subscription options",
       .play = obey_subscription_options,
       .for_v5 = true,
       .proofs = {{"ignore-no-local", "No Local: expected"},
                  {"ignore-retain-handling", "Retain Handling 2: expected"}}},
      {.name = "subscription identifiers",
       .play = name_subscriptions,
       .for_v5 = true,
       .writer_commanded = false,
       .proofs = {{"send-unknown-subscription-identifier", "identifiers: expected"}}},
      {.name = "topic aliases",
       .play = resolve_topic_aliases,
       .for_v5 = true,
       .reader_commanded = false,
       .proofs = {{"ignore-new-topic-alias-mapping", "under an alias: expected"}}},
      {.name = "a shared subscription",
       .play = share_subscriptions,
       .for_v5 = true,
       .reader_commanded = false,
       .writer_commanded = false,
       .proofs = {{"lose-qos1-delivery:1/10", "of both members: expected"}}},
      {.name = "an assigned client identifier",
       .play = assign_client_identifiers,
       .for_v5 = true,
       .writer_commanded = false,
       .proofs = {{"omit-assigned-client-identifier", "no Assigned Client Identifier"},
                  {"assign-same-client-identifier", "were given one identifier"}}},
  };
  return scenarios;
}

}  // namespace

std::span<const scenario> all_scenarios() { return table(); }

bool is_for(const scenario& what, const client_end& reader, const client_end& writer) {
  if (what.for_v5 && !(reader.is_v5() && writer.is_v5())) return false;
  if (what.for_secure && !reader.is_secure()) return false;
  return (reader.takes_commands() || !what.reader_commanded) &&
         (writer.takes_commands() || !what.writer_commanded);
}

options scenario_broker() {
  static const user ann = make_user("ann", "secret");  // costs milliseconds
  options settings;
  settings.users = {ann};
  settings.allow_anonymous = true;
  return settings;
}

std::vector<std::string> play(const scenario& what, const certificate_set& certificates,
                              const options& broker_options, player reader, player writer,
                              std::chrono::milliseconds patience) {
  stage on(certificates, broker_options, reader, writer, patience);
  try {
    what.play(on);
  } catch (const scenario_over& over) {
    on.complain(over.what());
  }
  return on.complaints();
}

}  // namespace gauntlet::broker
