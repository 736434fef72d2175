#include "sim/scenario/scenario.hpp"

#include <utility>

#include "harness/config/load.hpp"
#include "harness/config/object.hpp"
#include "sim/scenario/expectation_reader.hpp"
#include "sim/scenario/field_readers.hpp"
#include "sim/scenario/group_reader.hpp"
#include "sim/scenario/scenario_checks.hpp"

namespace gauntlet::sim {
namespace {

using config::object;

config::reader<arrival_settings> arrival_reader() {
  using shape = arrival_settings::shape;
  auto word = config::converted<arrival_settings, shape>(
      config::one_of<shape>({{"all_at_once", shape::all_at_once}}),
      [](shape as) { return arrival_settings{.as = as}; });
  word.show = [](const arrival_settings&) { return config::json_quote("all_at_once"); };
  object<arrival_settings> paced("How fast the devices come");
  paced.derived<rate>(
      "rate", config::frequency(),
      [](arrival_settings& to, rate pace) {
        to.as = shape::rate;
        to.per_second = pace.per_second();
      },
      "Devices per unit of time, evenly");
  paced.derived<duration>(
      "ramp", config::time_span(std::chrono::milliseconds(1), scenario_time_max),
      [](arrival_settings& to, duration over) {
        to.as = shape::ramp;
        to.over = over;
      },
      "Ever faster, so that all have come after this time");
  paced.exactly_one({"rate", "ramp"});
  return config::scalar_or(word, paced.build());
}

config::reader<tls_settings> tls_reader() {
  using version = tls_settings::version;
  config::reader<version> versions =
      config::one_of<version>({{"1.2", version::v1_2}, {"1.3", version::v1_3}});
  versions.schema = R"({"enum":["1.2","1.3",1.2,1.3]})";
  return object<tls_settings>("TLS as the devices see it; files are PEM")
      .optional("ca_file", &tls_settings::ca_file, config::text({.length_min = 1}),
                "Certificates of the authorities trusted; by default those of the system")
      .optional("certificate_file", &tls_settings::certificate_file,
                config::text({.length_min = 1}), "The devices' own certificate")
      .optional("key_file", &tls_settings::key_file, config::text({.length_min = 1}),
                "Its private key")
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

config::reader<scenario> scenario_reader() {
  using start = publishing_start;
  constexpr std::int64_t seed_max = INT64_MAX;
  return object<scenario>("A fleet of devices, what it does and what is expected of the broker")
      .required("name", &scenario::name, identifier(), "Short name, also of the results folder")
      .optional("description", &scenario::description, config::text(), "What it shows")
      .optional(
          "seed", &scenario::seed,
          [] {
            auto made = config::converted<std::uint64_t, std::int64_t>(
                config::whole_number(0, seed_max),
                [](std::int64_t value) { return static_cast<std::uint64_t>(value); });
            made.show = [](const std::uint64_t& value) { return std::to_string(value); };
            return made;
          }(),
          "Everything random follows from it")
      .optional("target", &scenario::target, target_reader(),
                "Where the fleet connects, unless the command line says otherwise")
      .required("duration", &scenario::publish_for,
                config::time_span(std::chrono::milliseconds(1), scenario_time_max),
                "How long messages are published")
      .optional("drain", &scenario::drain,
                config::time_span(duration::zero(), std::chrono::hours(24)),
                "How long the last deliveries are waited for at most")
      .optional("arrival", &scenario::arrival, arrival_reader(),
                "How the devices come, in the order of this file")
      .optional("publishing", &scenario::publishing,
                config::one_of<start>(
                    {{"after_arrival", start::after_arrival}, {"on_arrival", start::on_arrival}}),
                "Whether devices begin together once all have come, or each when it comes")
      .required("fleet", &scenario::fleet, config::list_of(group_reader(), 1, 1'000),
                "The groups of devices")
      .optional("expect", &scenario::expect, expectations_reader(), "What must be true at the end")
      .check(check_scenario)
      .build();
}

}  // namespace

text_template default_client_id() { return *text_template::parse("{group}-{index}"); }

std::uint64_t scenario::device_count() const {
  std::uint64_t count = 0;
  for (const device_group& group : fleet) count += group.count;
  return count;
}

config::loaded<scenario> load_scenario(const std::filesystem::path& file) {
  return config::load_file(file, scenario_reader());
}

config::loaded<scenario> parse_scenario(std::string_view text, std::string file) {
  return config::load_text(text, std::move(file), scenario_reader());
}

std::string scenario_json_schema() {
  return config::json_schema_document(scenario_reader().schema, "Gauntlet scenario");
}

}  // namespace gauntlet::sim
