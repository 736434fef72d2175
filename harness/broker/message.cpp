#include "harness/broker/message.hpp"

#include <algorithm>
#include <new>

namespace gauntlet::broker {

message_ref::message_ref(const message_view& message) {
  const std::size_t text_bytes =
      message.topic.size() + message.properties.size() + message.payload.size();
  void* const memory = ::operator new(sizeof(stored) + text_bytes);
  held_ = new (memory) stored{message, 1, {}};

  auto* const topic = static_cast<std::uint8_t*>(memory) + sizeof(stored);
  auto* const properties = std::ranges::copy(as_bytes(message.topic), topic).out;
  auto* const payload = std::ranges::copy(message.properties, properties).out;
  std::ranges::copy(message.payload, payload);
  held_->view.topic = as_text({topic, message.topic.size()});
  held_->view.properties = {properties, message.properties.size()};
  held_->view.payload = {payload, message.payload.size()};
}

message_ref::message_ref(const message_ref& other) : held_(other.held_) {
  if (held_ != nullptr) ++held_->holders;
}

void message_ref::release() {
  if (held_ == nullptr || --held_->holders > 0) return;
  held_->~stored();
  ::operator delete(held_);
}

std::size_t message_ref::size_bytes() const {
  return held_->view.topic.size() + held_->view.properties.size() + held_->view.payload.size();
}

}  // namespace gauntlet::broker
