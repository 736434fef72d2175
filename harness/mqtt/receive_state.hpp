#pragma once

// What a client remembers of the messages that a server sends to it: the identifiers of QoS 2
// messages between PUBLISH and PUBREL, how many messages are outstanding, and Topic Aliases.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace gauntlet::mqtt {

/// The receiving half of a session. One held identifier is kept in place; more of them, and Topic
/// Aliases, on the heap. 16 bytes.
class receive_state {
 public:
  receive_state() noexcept;
  receive_state(receive_state&&) noexcept;
  receive_state& operator=(receive_state&&) noexcept;
  ~receive_state();

  /// A connection begins. Held identifiers stay, everything else starts anew.
  void begin_connection(std::uint16_t receive_maximum, std::uint16_t topic_alias_maximum);
  /// The session is gone, and the held identifiers with it.
  void drop_held() noexcept;

  /// Whether a QoS 2 message with this identifier has come and PUBREL has not.
  bool holds(std::uint16_t identifier) const;
  void hold(std::uint16_t identifier);
  /// PUBREL: answers whether the identifier was held.
  bool release(std::uint16_t identifier);
  /// How many identifiers are held.
  std::size_t held() const noexcept;

  /// How many of the held messages came on this connection, at the least.
  std::uint16_t outstanding() const noexcept { return outstanding_; }
  /// The Receive Maximum of this connection.
  std::uint16_t receive_maximum() const noexcept { return receive_maximum_; }

  /// The Topic Alias Maximum of this connection.
  std::uint16_t topic_alias_maximum() const noexcept;
  /// The Topic Name that stands for an alias in range; empty if none has come with it.
  std::string_view topic_of(std::uint16_t alias) const;
  void set_topic(std::uint16_t alias, std::string_view topic_name);

  /// Gives memory back that holds nothing.
  void release_memory() noexcept;

 private:
  struct more;

  std::unique_ptr<more> more_;
  std::uint16_t outstanding_ = 0;
  std::uint16_t receive_maximum_ = UINT16_MAX;
  std::uint16_t single_ = 0;  ///< the held identifier if there is no more than one; 0: none here
};

}  // namespace gauntlet::mqtt
