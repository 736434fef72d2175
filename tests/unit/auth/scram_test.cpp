// Goal: both sides of SCRAM-SHA-256 speak as RFC 7677 shows, agree with each other, and take
// nothing else.

#include "harness/auth/scram.hpp"

#include <gtest/gtest.h>

#include "harness/base/base64.hpp"

namespace gauntlet::auth {
namespace {

// The exchange of RFC 7677 §3: user "user", password "pencil".
constexpr std::string_view client_nonce = "rOprNGfwEbeRWgbNEkqO";
constexpr std::string_view server_nonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
constexpr std::string_view client_first = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
constexpr std::string_view server_first =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
constexpr std::string_view client_final =
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
constexpr std::string_view server_final = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

password_verifier verifier_of_the_example() {
  return make_verifier(as_bytes("pencil"), *from_base64("W22ZaJ0SNY7soEsUEjb6gQ=="), 4'096);
}

scram_client client_of_the_example() {
  return {"user", as_bytes("pencil"), std::string(client_nonce)};
}

scram_error error_of_first(std::string_view message) {
  const auto answer = scram_server("more").read_first(message);
  EXPECT_FALSE(answer.has_value()) << message;
  return answer.has_value() ? scram_error::refused : answer.error();
}

scram_error error_of_final(std::string_view message) {
  scram_server server{std::string(server_nonce)};
  EXPECT_TRUE(server.read_first(client_first).has_value());
  server.challenge(verifier_of_the_example());
  const auto answer = server.finish(message);
  EXPECT_FALSE(answer.has_value()) << message;
  return answer.has_value() ? scram_error::refused : answer.error();
}

scram_error error_of_response(std::string_view message) {
  const auto answer = client_of_the_example().respond(message);
  EXPECT_FALSE(answer.has_value()) << message;
  return answer.has_value() ? scram_error::wrong_proof : answer.error();
}

// Both sides talk to each other; true if both are content.
bool agree(std::string_view name, std::string_view password, const password_verifier& verifier) {
  scram_client client(name, as_bytes(password), draw_nonce());
  scram_server server(draw_nonce());
  const auto named = server.read_first(client.first());
  if (!named || *named != name) return false;
  const auto proof = client.respond(server.challenge(verifier));
  if (!proof) return false;
  const auto last = server.finish(*proof);
  return last.has_value() && client.finish(*last).has_value();
}

TEST(Scram, ServerSpeaksAsTheStandardShows) {
  scram_server server{std::string(server_nonce)};
  const auto name = server.read_first(client_first);
  ASSERT_TRUE(name.has_value());
  EXPECT_EQ(*name, "user");
  EXPECT_EQ(server.challenge(verifier_of_the_example()), server_first);
  const auto last = server.finish(client_final);
  ASSERT_TRUE(last.has_value()) << to_string(last.error());
  EXPECT_EQ(*last, server_final);
}

TEST(Scram, ClientSpeaksAsTheStandardShows) {
  scram_client client = client_of_the_example();
  EXPECT_EQ(client.first(), client_first);
  const auto proof = client.respond(server_first);
  ASSERT_TRUE(proof.has_value()) << to_string(proof.error());
  EXPECT_EQ(*proof, client_final);
  EXPECT_TRUE(client.finish(server_final).has_value());
}

TEST(Scram, BothSidesAgreeOnAnyNameAndPassword) {
  for (const std::string_view name : {"a", "a,b=c", "=2C", "J\xC3\xBCrgen", "#/+"}) {
    for (const std::string_view password : {"", "pencil", "p,=\xFF"}) {
      EXPECT_TRUE(agree(name, password, make_verifier(as_bytes(password)))) << name;
    }
  }
}

TEST(Scram, WrongPasswordIsRefused) {
  EXPECT_FALSE(agree("user", "Pencil", make_verifier(as_bytes("pencil"))));
}

TEST(Scram, ServerTakesWhatTheSyntaxPermits) {
  for (const std::string_view good :
       {"y,,n=user,r=x", "n,a=user,n=user,r=x", "n,,n=user,r=x,z=more,Y=other"}) {
    EXPECT_TRUE(scram_server("more").read_first(good).has_value()) << good;
  }
}

TEST(Scram, ServerRefusesMalformedFirstMessages) {
  for (const std::string_view wrong : {"",
                                       "n",
                                       "n,",
                                       "n,,",
                                       "n,,n=user",
                                       "n,,n=user,",
                                       "n,,n=,r=x",
                                       "n,,n=user,r=",
                                       "n,,r=x,n=user",
                                       "x,,n=user,r=x",
                                       "n,user,n=user,r=x",
                                       "n,a=,n=user,r=x",
                                       "n,,n=us=er,r=x",
                                       "n,,n=us=2,r=x",
                                       "n,,n=us=2c,r=x",
                                       "n,,n=user,r=a b",
                                       "n,,n=user,r=\xFF",
                                       "n,,n=user,r=x,",
                                       "n,,n=user,r=x,1=y",
                                       "n,,n=user,r=x,z",
                                       "n,,n=user,r=x,z=",
                                       ",,n=user,r=x"}) {
    EXPECT_EQ(error_of_first(wrong), scram_error::malformed_message) << wrong;
  }
  EXPECT_EQ(error_of_first("p=tls-unique,,n=user,r=x"), scram_error::channel_binding_not_supported);
  EXPECT_EQ(error_of_first("n,a=root,n=user,r=x"), scram_error::authorization_not_supported);
  EXPECT_EQ(error_of_first("n,,m=must,n=user,r=x"), scram_error::extension_not_supported);
}

TEST(Scram, ServerRefusesMalformedFinalMessages) {
  const std::string final(client_final);
  for (const std::string& wrong :
       {std::string(), std::string("p="), std::string("c=biws"), final.substr(0, final.size() - 1),
        final + "=", final.substr(7), "x=y," + final}) {
    EXPECT_EQ(error_of_final(wrong), scram_error::malformed_message) << wrong;
  }
}

TEST(Scram, ServerRefusesAnotherExchangesAnswer) {
  std::string other_nonce(client_final);
  other_nonce[other_nonce.find("%hv")] = '&';
  EXPECT_EQ(error_of_final(other_nonce), scram_error::nonce_differs);
  std::string other_binding(client_final);
  other_binding.replace(2, 4, "eSws");  // "y,,"
  EXPECT_EQ(error_of_final(other_binding), scram_error::channel_binding_differs);
  std::string other_proof(client_final);
  other_proof[other_proof.find("p=") + 2] = 'e';
  EXPECT_EQ(error_of_final(other_proof), scram_error::wrong_proof);
}

TEST(Scram, ClientRefusesWhatAServerMustNotSay) {
  const std::string first(server_first);
  for (const std::string& wrong :
       {std::string(), std::string("r="), first.substr(0, first.find(",i=")), first + ",",
        first.substr(0, first.size() - 4) + "x", first.substr(0, first.size() - 4),
        std::string("s=W22ZaJ0SNY7soEsUEjb6gQ==,") + first}) {
    EXPECT_EQ(error_of_response(wrong), scram_error::malformed_message) << wrong;
  }
  const std::string stem = first.substr(0, first.size() - 4);
  for (const std::string count : {"0", "1000001", "99999999999999999999999"}) {
    EXPECT_EQ(error_of_response(stem + count), scram_error::iterations_out_of_range);
  }
  EXPECT_EQ(error_of_response("r=other,s=c2FsdA==,i=4096"), scram_error::nonce_differs);
  EXPECT_EQ(error_of_response("r=rOprNGfwEbeRWgbNEkqO,s=c2FsdA==,i=4096"),
            scram_error::nonce_differs);
  EXPECT_EQ(error_of_response("m=must," + first), scram_error::extension_not_supported);
  EXPECT_EQ(error_of_response("e=unknown-user"), scram_error::refused);
}

TEST(Scram, ClientChecksTheServersSignature) {
  scram_client client = client_of_the_example();
  ASSERT_TRUE(client.respond(server_first).has_value());
  EXPECT_EQ(client.finish("e=invalid-proof").error(), scram_error::refused);
  EXPECT_EQ(client.finish("v=6rriTRBi23WpRR/wtup").error(), scram_error::malformed_message);
  std::string forged(server_final);
  forged[2] = '7';
  EXPECT_EQ(client.finish(forged).error(), scram_error::wrong_signature);
}

TEST(Scram, NoncesDiffer) { EXPECT_NE(draw_nonce(), draw_nonce()); }

}  // namespace
}  // namespace gauntlet::auth
