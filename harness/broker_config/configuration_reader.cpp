#include "harness/broker_config/configuration_reader.hpp"

#include "harness/broker_config/listener_reader.hpp"
#include "harness/broker_config/option_readers.hpp"
#include "harness/broker_config/user_reader.hpp"
#include "harness/config/object.hpp"

namespace gauntlet::broker_config {
namespace {

using broker::options;

config::reader<std::uint64_t> seed() {
  return config::converted<std::uint64_t, std::int64_t>(
      config::whole_number(0, std::numeric_limits<std::int64_t>::max()),
      [](std::int64_t value) { return static_cast<std::uint64_t>(value); });
}

// Zero, or from a millisecond to a day.
config::reader<duration> sys_interval() {
  return config::checked<duration>(
      config::time_span(duration::zero(), std::chrono::hours(24)), [](const duration& value) {
        return value > duration::zero() && value < std::chrono::milliseconds(1)
                   ? "expected at least 1ms, or 0s for none, not " + format_duration(value)
                   : std::string();
      });
}

config::reader<std::vector<broker::defect_switch>> defects() {
  auto made = config::list_of(defect());
  made.show = [](const auto&) { return std::string("[]"); };
  return made;
}

config::reader<configuration> make_reader() {
  using of = configuration;
  return config::object<of>("The reference broker")
      .optional("listen", &of::listen, listeners(),
                "Where to listen: URLs, or mappings where a listener has TLS files of its own")
      .optional("tls", &of::tls, tls(), "TLS of all listeners that have none of their own")
      .optional("users", &of::broker, &options::users, config::list_of(user(), 0, 100'000),
                "Who may connect, with user name and password or by SCRAM-SHA-256; none: nobody is "
                "asked. As a mapping, or as NAME:PASSWORD")
      .optional("allow_anonymous", &of::broker, &options::allow_anonymous, config::boolean(),
                "Whether a client without user name may connect although there are users")
      .optional("certificate_names_user", &of::broker, &options::certificate_names_user,
                config::boolean(),
                "Whether the common name of a verified client certificate is the user name; no "
                "password is asked then")
      .optional("default_access", &of::broker, &options::default_access, access_list(),
                "What clients may do that are none of the users; left out: everything")
      .optional("limits", &of::broker, &options::limits, limits(), "What the broker holds at most")
      .optional("capabilities", &of::broker, &options::capabilities, capabilities(),
                "What clients are told that the broker does, in CONNACK; it holds for 3.1.1 too")
      .optional("redirection", &of::broker, &options::redirection, redirection(),
                "Another server for all clients")
      .optional("explain_problems", &of::broker, &options::explain_problems, config::boolean(),
                "Whether refusals say why in Reason String and User Properties, if the client "
                "takes them")
      .optional("check_payload_format", &of::broker, &options::check_payload_format,
                config::boolean(),
                "Whether a payload declared as UTF-8 is refused with 0x99 if it is not")
      .optional("sys_interval", &of::broker, &options::sys_interval, sys_interval(),
                "How often the values below $SYS/ are published; 0s: there are none")
      .optional("persistence", &of::broker, &options::persistence, persistence(),
                "What survives a restart")
      .optional("defects", &of::broker, &options::defects, defects(),
                "What to do wrong: names, each with :1/N for one occasion in N; gauntlet broker "
                "--list-defects explains them")
      .optional("seed", &of::broker, &options::seed, seed(),
                "Of what is drawn at random: where defects strike, assigned client identifiers")
      .optional("log_level", &of::broker, &options::level, log_level(),
                "none, error, warning, info or debug")
      .build();
}

}  // namespace

const config::reader<configuration>& configuration_reader() {
  static const config::reader<configuration> reader = make_reader();
  return reader;
}

}  // namespace gauntlet::broker_config
