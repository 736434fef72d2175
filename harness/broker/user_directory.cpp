#include "harness/broker/user_directory.hpp"

#include <algorithm>

namespace gauntlet::broker {

user_directory::user_directory(std::span<const user> users) {
  for (const user& each : users) {
    by_name_.emplace(each.name, entries_.size());
    entries_.push_back({&each, std::nullopt});
    secret_ = auth::keyed_hash(secret_, each.password.server_key);
  }
}

const user* user_directory::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : entries_[found->second].who;
}

const user* user_directory::log_in(std::string_view name, byte_view password) {
  const auth::digest given = keyed("password", name, password);
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) {
    verify(stand_in_for(name), password);
    return nullptr;
  }
  entry& known = entries_[found->second];
  if (known.verified && auth::same_secret(*known.verified, given)) return known.who;
  if (!verify(known.who->password, password)) return nullptr;
  known.verified = given;
  return known.who;
}

auth::password_verifier user_directory::stand_in_for(std::string_view name) const {
  const auth::digest drawn = keyed("stand-in", name, {});
  const std::size_t index = (std::size_t{drawn[0]} | std::size_t{drawn[1]} << 8U) % entries_.size();
  const auth::password_verifier& like = entries_[index].who->password;
  auth::password_verifier made{.iterations = like.iterations,
                               .salt = {},
                               .stored_key = keyed("stored key", name, {}),
                               .server_key = keyed("server key", name, {})};
  auth::digest block = drawn;
  while (made.salt.size() < like.salt.size()) {
    block = keyed("salt", name, block);
    const std::size_t missing = like.salt.size() - made.salt.size();
    made.salt.insert(made.salt.end(), block.begin(),
                     block.begin() + static_cast<std::ptrdiff_t>(std::min(missing, block.size())));
  }
  return made;
}

bool user_directory::verify(const auth::password_verifier& verifier, byte_view password) {
  ++derivations_;
  return auth::verify_password(verifier, password);
}

auth::digest user_directory::keyed(std::string_view purpose, std::string_view name,
                                   byte_view what) const {
  // Each part under a key made of those before it, so that no two lists of parts are confused.
  const auth::digest of_purpose = auth::keyed_hash(secret_, as_bytes(purpose));
  const auth::digest of_name = auth::keyed_hash(of_purpose, as_bytes(name));
  return auth::keyed_hash(of_name, what);
}

}  // namespace gauntlet::broker
