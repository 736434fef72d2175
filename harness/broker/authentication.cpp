#include "harness/broker/authentication.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::reason_code;

}  // namespace

boost::system::result<identity, admission_refusal> authenticate(broker_state& broker,
                                                                const connection& from,
                                                                const mqtt::connect& packet) {
  if (broker.options.certificate_names_user) {
    if (std::string name = from.link->certificate_name(); !name.empty()) {
      const user* const listed = broker.users.find(name);
      return identity{listed, std::move(name)};
    }
  }
  if (broker.users.empty()) return identity{};
  if (!packet.user_name) {
    if (broker.options.allow_anonymous ||
        broker.defects.strikes(defect::accept_any_anonymous_client)) {
      return identity{};
    }
    return admission_refusal{reason_code::not_authorized, "no user name"};
  }
  const byte_view password = packet.password ? byte_view(*packet.password) : byte_view{};
  const user* who = broker.users.log_in(*packet.user_name, password);
  if (who == nullptr) {
    if (!broker.defects.strikes(defect::accept_any_password)) {
      return admission_refusal{reason_code::bad_user_name_or_password,
                               "wrong user name or password"};
    }
    who = broker.users.find(*packet.user_name);
  }
  return identity{who, *packet.user_name};
}

}  // namespace gauntlet::broker
