#pragma once

// Readers of single formats of payloads. Internal to the payload reader.

#include "harness/config/reader.hpp"
#include "sim/scenario/payload.hpp"

namespace gauntlet::sim {

/// The largest payload that a scenario may ask for.
inline constexpr std::uint64_t payload_size_max = 16U << 20U;

/// The members of a document's outermost object.
config::reader<document_node> document_reader();

/// A list of fields, each as "u16be 42" or as a mapping.
config::reader<layout_payload> layout_reader();

/// A size, or a distribution of sizes.
config::reader<size_distribution> size_reader();

/// The path of a file or folder, or a list of them; reads the files.
config::reader<file_payload> file_reader();

}  // namespace gauntlet::sim
