#pragma once

// An application message on its way through the broker. A message that only passes is a view of the
// publisher's packet; one that has to wait (in flight, queued, retained, a will) is stored once, in
// one allocation, and shared by all who wait for it.

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::broker {

/// A message somebody else holds, as it was published.
struct message_view {
  std::string_view topic;
  byte_view payload;
  /// The properties that the broker passes on unchanged and in order, as they stood on the wire
  /// (MQTT 5.0 §3.3.2.3): payload format, response topic, correlation data, content type, user
  /// properties.
  byte_view properties;
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool retain = false;
  /// In seconds from `received_at`; nullopt if it never expires.
  std::optional<std::uint32_t> message_expiry_interval;
  time_point received_at{};
};

/// Whether the message's expiry interval has passed (MQTT 5.0 §3.3.2.3.3).
inline bool has_expired(const message_view& message, time_point now) {
  return message.message_expiry_interval &&
         now - message.received_at >= std::chrono::seconds(*message.message_expiry_interval);
}

/// What the store on disk knows about a message, see persistence.hpp.
struct durable_mark {
  std::uint64_t number = 0;   ///< of its record; 0 if there is none
  std::uint32_t records = 0;  ///< how many records name it
};

/// Shares one stored, unchanging message. Not thread-safe: all holders live in the broker's thread.
class message_ref {
 public:
  message_ref() = default;
  /// Stores a copy.
  explicit message_ref(const message_view& message);
  message_ref(const message_ref& other);
  message_ref(message_ref&& other) noexcept : held_(std::exchange(other.held_, nullptr)) {}
  message_ref& operator=(message_ref other) noexcept {
    std::swap(held_, other.held_);
    return *this;
  }
  ~message_ref() { release(); }

  explicit operator bool() const { return held_ != nullptr; }
  const message_view& operator*() const { return held_->view; }
  const message_view* operator->() const { return &held_->view; }

  /// Bytes of topic, properties and payload: what queue limits count.
  std::size_t size_bytes() const;

  durable_mark& durable() const { return held_->durable; }

 private:
  struct stored {
    message_view view;
    std::uint32_t holders = 1;
    durable_mark durable;
  };
  void release();

  stored* held_ = nullptr;
};

/// A message that is stored when the first one asks for it, and not if nobody does.
class lazy_message {
 public:
  explicit lazy_message(const message_view& view) : view_(view) {}
  explicit lazy_message(message_ref stored) : view_(*stored), stored_(std::move(stored)) {}

  const message_view& view() const { return view_; }
  const message_ref& share() {
    if (!stored_) stored_ = message_ref(view_);
    return stored_;
  }

  /// Not 0 while copies of this message go to several clients, see send_publish().
  std::uint64_t shared_serial = 0;

 private:
  message_view view_;
  message_ref stored_;
};

}  // namespace gauntlet::broker
