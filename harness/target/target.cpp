#include "harness/target/target.hpp"

#include "harness/target/check_target.hpp"
#include "harness/target/openers.hpp"

namespace gauntlet::target {

outcome<std::unique_ptr<target_handle>> open_target(const target_options& options,
                                                    net::network& network) {
  if (const auto possible = check_target(options); !possible) return possible.error();
  const std::string& wanted = options.target;
  if (wanted == "embedded") return open_embedded(options, network);
  if (wanted.find("://") != wanted.npos) return open_url(options, network);
  return open_managed(options, network);
}

outcome<void> check_defects(const target_options& options) {
  if (options.embedded.defects.empty() || options.target == "embedded") return outcome<void>();
  if (options.target.find("://") == std::string::npos) {
    const auto found = find_profile(options.target, options.profiles_folder);
    if (!found) return found.error();
    if (!found->defect_argument.empty()) return outcome<void>();
  }
  return bad_input(
      "--defect is for the embedded broker, or the same as a process, --target reference; " +
      options.target + " has none to choose from");
}

broker::options embedded_options(const target_options& options) {
  broker::options settings = options.embedded;
  if (options.keep_state && settings.persistence.directory.empty() && !options.run_folder.empty()) {
    settings.persistence.directory = (options.run_folder / "store").string();
    // Only its process dies here, never the machine.
    settings.persistence.synchronization = broker::store_synchronization::normal;
  }
  return settings;
}

}  // namespace gauntlet::target
