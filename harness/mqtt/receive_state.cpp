#include "harness/mqtt/receive_state.hpp"

#include <string>
#include <utility>
#include <vector>

#include "harness/mqtt/identifier_table.hpp"

namespace gauntlet::mqtt {
namespace {

struct held_identifier {
  std::uint16_t identifier = 0;
};

}  // namespace

struct receive_state::more {
  identifier_table<held_identifier> held;  ///< empty while single_ is used
  std::uint16_t topic_alias_maximum = 0;
  std::vector<std::string> topics;  ///< by alias less one
};

receive_state::receive_state() noexcept = default;
receive_state::receive_state(receive_state&&) noexcept = default;
receive_state& receive_state::operator=(receive_state&&) noexcept = default;
receive_state::~receive_state() = default;

void receive_state::begin_connection(std::uint16_t receive_maximum,
                                     std::uint16_t topic_alias_maximum) {
  outstanding_ = 0;
  receive_maximum_ = receive_maximum;
  if (topic_alias_maximum > 0 && !more_) more_ = std::make_unique<more>();
  if (!more_) return;
  more_->topic_alias_maximum = topic_alias_maximum;
  more_->topics = {};
  release_memory();
}

void receive_state::drop_held() noexcept {
  single_ = 0;
  outstanding_ = 0;
  if (more_) more_->held.clear();
  release_memory();
}

bool receive_state::holds(std::uint16_t identifier) const {
  if (single_ != 0) return identifier == single_;
  return more_ && more_->held.find(identifier) != nullptr;
}

void receive_state::hold(std::uint16_t identifier) {
  ++outstanding_;
  if (held() == 0) {
    single_ = identifier;
    return;
  }
  if (!more_) more_ = std::make_unique<more>();
  if (single_ != 0) more_->held.insert({std::exchange(single_, std::uint16_t{0})});
  more_->held.insert({identifier});
}

bool receive_state::release(std::uint16_t identifier) {
  if (!holds(identifier)) return false;
  if (outstanding_ > 0) --outstanding_;
  if (single_ != 0) {
    single_ = 0;
  } else {
    more_->held.erase(more_->held.find(identifier));
  }
  return true;
}

std::size_t receive_state::held() const noexcept {
  if (single_ != 0) return 1;
  return more_ ? more_->held.size() : 0;
}

std::uint16_t receive_state::topic_alias_maximum() const noexcept {
  return more_ ? more_->topic_alias_maximum : std::uint16_t{0};
}

std::string_view receive_state::topic_of(std::uint16_t alias) const {
  if (!more_ || alias > more_->topics.size()) return {};
  return more_->topics[alias - 1u];
}

void receive_state::set_topic(std::uint16_t alias, std::string_view topic_name) {
  if (more_->topics.size() < alias) more_->topics.resize(alias);
  more_->topics[alias - 1u] = topic_name;
}

void receive_state::release_memory() noexcept {
  if (!more_ || !more_->held.empty()) return;
  if (more_->topic_alias_maximum == 0) {
    more_.reset();
  } else {
    more_->held.clear();
  }
}

}  // namespace gauntlet::mqtt
