// Goal: what the system says with a number, a user reads as what failed, where, and what to do.

#include "harness/net/error_texts.hpp"

#include <cerrno>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::net {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string dial_text(int error, const std::string& source = "") {
  return dial_error_text(dial_step::connect, error, "127.0.0.1:1883", source);
}

TEST(ErrorTexts, NameThePeerAndTheReason) {
  EXPECT_EQ(dial_text(ECONNREFUSED), "connection refused by 127.0.0.1:1883");
  EXPECT_EQ(dial_text(EHOSTUNREACH), "no route to 127.0.0.1:1883");
  EXPECT_EQ(dial_text(ETIMEDOUT), "no answer from 127.0.0.1:1883");
  EXPECT_THAT(dial_text(EPERM), HasSubstr("firewall"));
  EXPECT_THAT(dial_text(ENOBUFS), StartsWith("cannot connect to 127.0.0.1:1883: "));
}

TEST(ErrorTexts, TellExhaustedPortsFromWrongSourceAddresses) {
  EXPECT_EQ(dial_text(EADDRNOTAVAIL),
            "no local port left for connections to 127.0.0.1:1883: ports are exhausted (use more "
            "source addresses)");
  EXPECT_THAT(dial_text(EADDRNOTAVAIL, "127.0.0.2"), StartsWith("no local port left for "
                                                                "connections from 127.0.0.2 to "));
  EXPECT_EQ(dial_error_text(dial_step::bind_source, EADDRNOTAVAIL, "h:1", "192.0.2.1"),
            "192.0.2.1 is not an address of this machine");
}

TEST(ErrorTexts, SayWhoseDescriptorsAreUsedUp) {
  EXPECT_THAT(dial_text(EMFILE), HasSubstr("ulimit -n"));
  EXPECT_THAT(dial_text(ENFILE), HasSubstr("fs.file-max"));
}

TEST(ErrorTexts, TellAResetFromSilence) {
  EXPECT_EQ(broken_text(ECONNRESET, "h:1"), "connection reset by h:1");
  EXPECT_EQ(broken_text(EPIPE, "h:1"), "connection reset by h:1");
  EXPECT_EQ(broken_text(ETIMEDOUT, "h:1"), "connection lost: h:1 stopped acknowledging");
}

TEST(ErrorTexts, SayWhyNothingCanBeAccepted) {
  EXPECT_EQ(listen_error_text(EADDRINUSE, "h:1"), "cannot listen on h:1: the port is in use");
  EXPECT_EQ(listen_error_text(EACCES, "h:1"),
            "cannot listen on h:1: this port needs more privileges");
}

}  // namespace
}  // namespace gauntlet::net
