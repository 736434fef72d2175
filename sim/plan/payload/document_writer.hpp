#pragma once

// One way of writing a document down: JSON, CBOR or MessagePack. A document is written front to
// back; who writes knows how many members follow before they do.

#include <cstdint>
#include <string_view>

#include "harness/base/bytes.hpp"
#include "sim/plan/payload/value.hpp"
#include "sim/plan/stamp.hpp"
#include "sim/scenario/payload.hpp"

namespace gauntlet::sim {

/// Appends the parts of a document to a buffer. Stateless.
class document_writer {
 public:
  virtual ~document_writer() = default;

  virtual void open_object(std::size_t members, byte_buffer& out) const = 0;
  virtual void open_list(std::size_t items, byte_buffer& out) const = 0;
  /// Before each member and item but the first.
  virtual void next(byte_buffer& out) const = 0;
  /// The name of a member; its value follows.
  virtual void name(std::string_view text, byte_buffer& out) const = 0;
  virtual void close_object(byte_buffer& out) const = 0;
  virtual void close_list(byte_buffer& out) const = 0;

  /// A value.
  virtual void put(const payload_value& value, byte_buffer& out) const = 0;
  /// What stands in `out` from `begin` on becomes the text it is meant as.
  virtual void seal_text(byte_buffer& out, std::size_t begin) const = 0;

  /// Opens the outermost object with a stamp as its first member, of which only the room is made;
  /// answers where in the document that is.
  virtual std::uint32_t open_stamped(std::size_t members, byte_buffer& out) const = 0;
  virtual stamp_layout::encoding stamp_encoding() const = 0;
};

/// The writer of a format; it lives as long as the program.
const document_writer& writer_of(document_format format);

// One for each format.
const document_writer& json_writer();
const document_writer& cbor_writer();
const document_writer& messagepack_writer();

}  // namespace gauntlet::sim
