#include "guarantees/scenario.hpp"

namespace gauntlet::guarantees {

std::string with_version(const std::string& name, mqtt::protocol_version version) {
  return name + "/" + std::string(mqtt::version_name(version));
}

scenarios catalogue() {
  scenarios all;
  add_cuts(all);
  add_delivery(all);
  add_sessions(all);
  add_retained(all);
  add_expiry_and_groups(all);
  add_wills(all);
  add_random(all);
  add_restarts(all);
  return all;
}

}  // namespace gauntlet::guarantees
