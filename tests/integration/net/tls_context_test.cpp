// Certificate and key files that are wrong, and what the user is told.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/net/channel_layers.hpp"
#include "tests/support/certificates.hpp"

namespace gauntlet::net {
namespace {

using testing::HasSubstr;

class TlsContext : public testing::Test {
 protected:
  std::string client_error(const tls_client_options& options) {
    const auto made = make_tls_client_context(options);
    if (made) return "";
    EXPECT_EQ(made.error().code, exit_code::bad_input);
    return made.error().message;
  }
  std::string server_error(const tls_server_options& options) {
    const auto made = make_tls_server_context(options);
    if (made) return "";
    EXPECT_EQ(made.error().code, exit_code::bad_input);
    return made.error().message;
  }

  test::temporary_directory directory_;
  test::certificate_authority authority_{directory_, "ca"};
  test::identity_files server_ = authority_.issue("server");
  test::identity_files other_ = authority_.issue("other");
  std::string not_pem_ = directory_.write("not.pem", "hello\n");
  std::string missing_ = directory_.file("missing.pem");
};

TEST_F(TlsContext, TakesGoodFiles) {
  EXPECT_EQ(client_error({}), "");
  EXPECT_EQ(client_error({.ca_file = authority_.ca_file(),
                          .certificate_file = server_.certificate_file,
                          .key_file = server_.key_file,
                          .alpn = "mqtt"}),
            "");
  EXPECT_EQ(server_error({.certificate_file = server_.certificate_file,
                          .key_file = server_.key_file,
                          .client_ca_file = authority_.ca_file()}),
            "");
}

TEST_F(TlsContext, NamesTheFileThatIsMissing) {
  const std::string reason = missing_ + ": No such file or directory";
  EXPECT_EQ(client_error({.ca_file = missing_}), "CA file " + reason);
  EXPECT_EQ(client_error({.certificate_file = missing_}), "certificate " + reason);
  EXPECT_EQ(client_error({.certificate_file = server_.certificate_file, .key_file = missing_}),
            "key " + reason);
  EXPECT_EQ(server_error({.certificate_file = missing_, .key_file = server_.key_file}),
            "certificate " + reason);
  EXPECT_EQ(server_error({.certificate_file = server_.certificate_file,
                          .key_file = server_.key_file,
                          .client_ca_file = missing_}),
            "CA file " + reason);
}

TEST_F(TlsContext, SaysWhatAFileIsInsteadOfPem) {
  EXPECT_EQ(client_error({.ca_file = not_pem_}),
            "CA file " + not_pem_ + ": no CERTIFICATE in PEM form");
  EXPECT_EQ(client_error({.certificate_file = not_pem_, .key_file = server_.key_file}),
            "certificate " + not_pem_ + ": no CERTIFICATE in PEM form");
  EXPECT_EQ(client_error({.certificate_file = server_.certificate_file, .key_file = not_pem_}),
            "key " + not_pem_ + ": no PRIVATE KEY in PEM form");
  EXPECT_EQ(client_error({.certificate_file = server_.certificate_file}),
            "key " + server_.certificate_file + ": no PRIVATE KEY in PEM form");
  EXPECT_THAT(client_error({.ca_file = directory_.write("empty.pem", "")}),
              HasSubstr("no CERTIFICATE in PEM form"));
  EXPECT_THAT(client_error({.ca_file = directory_.path().string()}), HasSubstr("s a directory"));
}

TEST_F(TlsContext, SaysThatAFileIsDamaged) {
  const std::string damaged = directory_.write(
      "damaged.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  EXPECT_THAT(client_error({.ca_file = damaged}), HasSubstr(damaged + ": damaged ("));
  EXPECT_THAT(client_error({.certificate_file = damaged}), HasSubstr(damaged + ": damaged ("));
}

TEST_F(TlsContext, SaysThatKeyAndCertificateDoNotMatch) {
  EXPECT_EQ(
      server_error({.certificate_file = server_.certificate_file, .key_file = other_.key_file}),
      "key " + other_.key_file + ": does not belong to certificate " + server_.certificate_file);
}

TEST_F(TlsContext, RefusesAnEncryptedKeyWithoutAskingForAPassphrase) {
  const std::string encrypted = directory_.write("encrypted.key", test::make_encrypted_key());
  EXPECT_EQ(server_error({.certificate_file = server_.certificate_file, .key_file = encrypted}),
            "key " + encrypted + ": encrypted; only keys without a passphrase can be used");
}

TEST_F(TlsContext, RefusesSettingsThatContradictThemselves) {
  EXPECT_EQ(client_error({.key_file = server_.key_file}),
            "key " + server_.key_file + ": the certificate for it is not given");
  EXPECT_THAT(
      client_error({.version_min = tls_version::tls1_3, .version_max = tls_version::tls1_2}),
      HasSubstr("newer than the newest"));
  EXPECT_THAT(client_error({.alpn = std::string(256, 'x')}), HasSubstr("255 bytes"));
}

}  // namespace
}  // namespace gauntlet::net
