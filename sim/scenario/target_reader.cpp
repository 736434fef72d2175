#include "sim/scenario/target_reader.hpp"

#include <utility>

#include "harness/config/object.hpp"
#include "sim/scenario/field_readers.hpp"

namespace gauntlet::sim {
namespace {

using config::object;

config::reader<tls_settings> tls_reader() {
  using version = tls_settings::version;
  config::reader<version> versions =
      config::one_of<version>({{"1.2", version::v1_2}, {"1.3", version::v1_3}});
  versions.schema = R"({"enum":["1.2","1.3",1.2,1.3]})";
  return object<tls_settings>("TLS as the devices see it; files are PEM")
      .optional("ca_file", &tls_settings::ca_file, file_path(),
                "Certificates of the authorities trusted; by default those of the system")
      .optional("certificate_file", &tls_settings::certificate_file, file_path(),
                "The devices' own certificate")
      .optional("key_file", &tls_settings::key_file, file_path(), "Its private key")
      .optional("server_name", &tls_settings::server_name, config::text({.length_min = 1}),
                "Name to ask for and to verify; by default the host")
      .optional("alpn", &tls_settings::alpn, config::text({.length_min = 1, .length_max = 255}),
                "Application protocol to offer, such as mqtt")
      .optional("version_min", &tls_settings::version_min, versions, "Lowest version")
      .optional("version_max", &tls_settings::version_max, versions, "Highest version")
      .optional("insecure", &tls_settings::insecure, config::boolean(),
                "Accept any certificate; for tests only")
      .check([](const tls_settings& made, const config::node& from, config::diagnostics& wrong) {
        if (made.version_min > made.version_max) {
          wrong.add(from, "version_min is higher than version_max");
        }
        if (made.certificate_file.empty() != made.key_file.empty()) {
          wrong.add(from, "certificate_file and key_file belong together");
        }
      })
      .build();
}

}  // namespace

config::reader<target_settings> target_reader() {
  const std::string to_doc = "URL, name of a profile, or embedded";
  auto word = config::converted<target_settings, std::string>(
      config::text({.length_min = 1}),
      [](std::string to) { return target_settings{.to = std::move(to)}; });
  word.show = [](const target_settings& target) { return config::json_quote(target.to); };
  auto whole =
      object<target_settings>("Where the fleet connects, unless the command line says otherwise")
          .optional("to", &target_settings::to, config::text({.length_min = 1}), to_doc)
          .optional("tls", &target_settings::tls, tls_reader(), "TLS settings")
          .optional("connect_timeout", &target_settings::connect_timeout,
                    config::time_span(std::chrono::milliseconds(10), std::chrono::minutes(10)),
                    "How long a connect may take")
          .build();
  return config::scalar_or(word, whole);
}

}  // namespace gauntlet::sim
