#include "harness/broker/session.hpp"

#include <algorithm>

namespace gauntlet::broker {

session* session_store::find(std::string_view client_id) {
  const auto found = sessions_.find(client_id);
  return found == sessions_.end() ? nullptr : found->second.get();
}

session& session_store::restore(std::string client_id, std::uint64_t serial) {
  auto made = std::make_unique<session>(std::move(client_id), serial);
  created_ = std::max(created_, serial);
  session& reference = *made;
  sessions_.emplace(reference.client_id, std::move(made));
  return reference;
}

void session_store::erase(session& gone) {
  // The key is a view of the session's own text: keep the session until the entry is gone.
  const auto node = sessions_.extract(std::string_view(gone.client_id));
}

}  // namespace gauntlet::broker
