#pragma once

// Every place in the packets of a client where a UTF-8 string stands.

#include <string>
#include <vector>

#include "conformance/vectors/vector.hpp"

namespace gauntlet::conformance {

/// A string field, and the packet with a text of one's own in it.
struct text_field {
  std::string name;   ///< in identifiers of tests, such as "topic-name"
  std::string title;  ///< such as "the Topic Name of PUBLISH at QoS 0"
  const canonical_packet* like;
  bool in_v3_1_1;  ///< 5.0 has all of them
  std::function<mqtt::packet(const occasion&, const std::string& text)> make;
};

/// Those that are no properties.
std::vector<text_field> plain_text_fields();
/// Those that are properties, of 5.0 alone.
std::vector<text_field> property_text_fields();

}  // namespace gauntlet::conformance
