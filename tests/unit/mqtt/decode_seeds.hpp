#pragma once

// The seed corpus of the fuzz target `decode`, made from the golden packets: one file for each
// version, sender and packet type, with all golden packets of that kind one after the other.

#include <map>
#include <string>

#include "harness/base/bytes.hpp"

namespace gauntlet::mqtt {

/// File name -> content, in the form that fuzz/targets/decode/decode.cpp describes.
std::map<std::string, byte_buffer> decode_seeds();

}  // namespace gauntlet::mqtt
