// Proofs of the defects in harness/broker/defects/authentication.inc.

#include "harness/auth/scram.hpp"
#include "tests/unit/broker/defects/proof.hpp"
#include "tests/unit/broker/scram_packets.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property_id;
using mqtt::protocol_version;
using mqtt::reason_code;
using namespace scram_packets;

peer& begin(bench& broker, const auth::scram_client& client) {
  peer& opened = broker.open(v5);
  opened.send(mqtt::connect{.client_id = "c", .properties = with(client.first())});
  return opened;
}

auth::scram_client client_with(std::string_view password) {
  return {"ann", as_bytes(password), auth::draw_nonce()};
}

peer& authenticated(bench& broker) {
  auth::scram_client ann = client_with("secret");
  peer& opened = begin(broker, ann);
  answer(opened, ann);
  const auto accepted = opened.expect<mqtt::connack>();
  EXPECT_EQ(accepted.reason_code, reason_code::success);
  EXPECT_EQ(method_of(accepted), method);
  EXPECT_TRUE(ann.finish(data_of(accepted)).has_value());
  return opened;
}

void client_authenticates(bench& broker, protocol_version) { authenticated(broker); }

void wrong_proof_is_refused(bench& broker, protocol_version) {
  auth::scram_client wrong = client_with("guess");
  peer& opened = begin(broker, wrong);
  answer(opened, wrong);
  EXPECT_EQ(opened.expect<mqtt::connack>().reason_code, reason_code::not_authorized);
  opened.expect_closed();
}

void client_authenticates_again(bench& broker, protocol_version) {
  peer& opened = authenticated(broker);
  auth::scram_client again = client_with("secret");
  send_auth(opened, reason_code::re_authenticate, with(again.first()));
  answer(opened, again);
  EXPECT_EQ(opened.expect<mqtt::auth>().reason_code, reason_code::success);
}

void wrong_proof_ends_the_connection(bench& broker, protocol_version) {
  peer& opened = authenticated(broker);
  auth::scram_client wrong = client_with("guess");
  send_auth(opened, reason_code::re_authenticate, with(wrong.first()));
  answer(opened, wrong);
  opened.expect_refusal(reason_code::not_authorized);
}

}  // namespace

void add_authentication_proofs(defect_proofs& to) {
  const options with_user{.users = {make_user("ann", "secret")}};
  const auto add = [&](defect which, std::function<void(bench&, protocol_version)> story) {
    to.push_back({which, told_in::v5_only, std::move(story), with_user});
  };
  add(defect::accept_unknown_authentication_method, [](bench& broker, auto) {
    peer& a = broker.open(v5);
    a.send(mqtt::connect{.client_id = "a", .properties = with("", "UNKNOWN")});
    EXPECT_TRUE(mqtt::is_error(a.expect<mqtt::connack>().reason_code));
    a.expect_closed();
  });
  to.back().settings.allow_anonymous = true;
  add(defect::ignore_unasked_auth, [](bench& broker, auto) {
    peer& a = broker.connected(
        "a", v5, {.user_name = "ann", .password = byte_buffer{'s', 'e', 'c', 'r', 'e', 't'}});
    send_auth(a, reason_code::re_authenticate, with("x"));
    a.expect_refusal(reason_code::protocol_error);
  });
  add(defect::ignore_auth_of_other_method, [](bench& broker, auto) {
    peer& a = authenticated(broker);
    send_auth(a, reason_code::re_authenticate, with("x", "OTHER"));
    a.expect_refusal(reason_code::protocol_error);
  });
  add(defect::ignore_misplaced_auth, [](bench& broker, auto) {
    peer& a = authenticated(broker);
    send_auth(a, reason_code::continue_authentication, with("x"));
    a.expect_refusal(reason_code::protocol_error);
  });
  add(defect::ignore_packets_during_authentication, [](bench& broker, auto) {
    auth::scram_client ann = client_with("secret");
    peer& a = begin(broker, ann);
    a.expect<mqtt::auth>();
    a.send(mqtt::pingreq{});
    EXPECT_TRUE(mqtt::is_error(a.expect<mqtt::connack>().reason_code));
    a.expect_closed();
  });
  add(defect::accept_wrong_proof, wrong_proof_is_refused);
  add(defect::keep_connection_after_wrong_proof, wrong_proof_ends_the_connection);
  add(defect::send_success_in_place_of_challenge, client_authenticates);
  add(defect::omit_authentication_method_in_connack, client_authenticates);
  add(defect::send_other_authentication_method, client_authenticates);
  add(defect::omit_answer_to_re_authentication, client_authenticates_again);
}

}  // namespace gauntlet::broker
