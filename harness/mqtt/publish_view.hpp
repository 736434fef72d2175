#pragma once

// PUBLISH borrowed from the bytes it stands in, for hot paths: decoding copies and allocates
// nothing, encoding only lets `out` grow. The checks are those of decode().

#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/base/bytes.hpp"
#include "harness/base/result.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/property.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::mqtt {

/// A PUBLISH whose strings and bytes belong to somebody else. MQTT 5.0 §3.3
struct publish_view {
  bool dup = false;
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool retain = false;
  std::uint16_t packet_identifier = 0;  ///< only with QoS 1 and 2; not written at QoS 0
  std::string_view topic_name;
  byte_view properties;  ///< as on the wire, without the Property Length; empty in 3.1.1
  byte_view payload;
};

/// Decodes one whole PUBLISH. What the view borrows lives as long as `whole_packet`.
boost::system::result<publish_view, decode_error> decode_publish(byte_view whole_packet,
                                                                 protocol_version version,
                                                                 sender from) noexcept;

/// Appends the PUBLISH to `out`; on error `out` is as before. `properties` are written as they are;
/// encode_properties() makes them. Errors as encode().
encode_result encode_publish(const publish_view& view, protocol_version version, byte_buffer& out);

/// The size of the encoded packet in bytes, fixed header included.
std::size_t encoded_size(const publish_view& view, protocol_version version) noexcept;

/// Reads properties one by one out of bytes that decode_publish() has accepted.
class property_reader {
 public:
  explicit property_reader(byte_view properties) noexcept : rest_(properties) {}
  /// The next property; none at the end, and none after bytes that are no property.
  std::optional<property_view> next() noexcept;

 private:
  byte_view rest_;
};

/// The first property with this identifier.
template <property_id Id>
std::optional<property_read_t<Id>> find_property(byte_view properties) noexcept {
  property_reader reader(properties);
  while (auto found = reader.next()) {
    if (found->id != Id) continue;
    if (const auto* value = std::get_if<property_read_t<Id>>(&found->value)) return *value;
  }
  return std::nullopt;
}

/// An owned copy.
publish to_publish(const publish_view& view);

}  // namespace gauntlet::mqtt
