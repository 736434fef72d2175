#pragma once

// The stamp of a request where its answer carries it: as Correlation Data in 5.0, and by convention
// at the end of the payload where there are no properties:
//
//   JSON   {"_g":"<stamp of the answer>",...,"_r":"<stamp of the request>"}
//   text   <stamp of the answer> ... _r=<stamp of the request>

#include <optional>

#include "harness/base/bytes.hpp"
#include "sim/plan/stamp.hpp"

namespace gauntlet::sim {

/// Appends the 36 bytes of a stamp.
void append_correlation(const stamp& request, byte_buffer& out);

/// The request that Correlation Data names, if it is one of ours and whole.
std::optional<stamp> read_correlation(byte_view data);

/// Puts a request's stamp at the end of a payload of text or of a JSON object.
void append_request_stamp(const stamp& request, byte_buffer& payload);

/// The stamp at the end of a payload, if there is one and it is whole. Constant time.
std::optional<stamp> read_request_stamp(byte_view payload);

}  // namespace gauntlet::sim
