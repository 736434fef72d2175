#include "conformance/invariants/all_invariants.hpp"

#include <algorithm>

#include "conformance/invariants/themes.hpp"

namespace gauntlet::conformance {
namespace {

std::vector<invariant> make_invariants() {
  std::vector<invariant> all;
  add_fixed_header_invariants(all);
  add_length_invariants(all);
  add_text_invariants(all);
  add_property_invariants(all);
  add_reason_code_invariants(all);
  add_connack_invariants(all);
  add_connection_invariants(all);
  add_authentication_invariants(all);
  add_acknowledgement_invariants(all);
  add_publish_invariants(all);
  add_delivery_invariants(all);
  add_subscription_invariants(all);
  add_message_invariants(all);
  return all;
}

}  // namespace

bool invariant::counts_on(mqtt::protocol_version version) const {
  return std::ranges::any_of(covers,
                             [version](const auto& each) { return each.version == version; });
}

const std::vector<invariant>& all_invariants() {
  static const std::vector<invariant> all = make_invariants();
  return all;
}

const invariant* find_invariant(std::string_view id) {
  const auto found = std::ranges::find(all_invariants(), id, &invariant::id);
  return found == all_invariants().end() ? nullptr : &*found;
}

}  // namespace gauntlet::conformance
