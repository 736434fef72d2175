#include "harness/target/check_target.hpp"

#include "harness/net/url.hpp"
#include "harness/target/child_process.hpp"
#include "harness/target/profile.hpp"

namespace gauntlet::target {

outcome<void> check_target(const target_options& options) {
  if (const auto possible = check_defects(options); !possible) return possible;
  const std::string& wanted = options.target;
  if (wanted == "embedded") return broker::validate(options.embedded);
  if (wanted.find("://") != wanted.npos) {
    const auto url = net::parse_url(wanted);
    return url ? outcome<void>() : url.error();
  }
  if (wanted.find_first_of(":.[") != wanted.npos) {
    return bad_input("'" + wanted +
                     "' is neither a URL nor a profile; for a broker there, write mqtt://" +
                     wanted);
  }
  const auto found = find_profile(wanted, options.profiles_folder);
  if (!found) return found.error();
  if (find_command(found->command)) return {};
  return bad_input(found->title + " is not installed; install it with: " + found->install);
}

}  // namespace gauntlet::target
