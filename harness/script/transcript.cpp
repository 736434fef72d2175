#include "harness/script/transcript.hpp"

#include <algorithm>
#include <utility>

namespace gauntlet::script {

void transcript::add(time_point at, wire_event what, byte_view bytes, std::string text) {
  if (entries_.size() >= entries_max) {
    ++left_out_;
    return;
  }
  const byte_view kept = bytes.first(std::min(bytes.size(), entry_bytes_max));
  entries_.push_back({.at = at,
                      .what = what,
                      .bytes = byte_buffer(kept.begin(), kept.end()),
                      .size_bytes = bytes.size(),
                      .text = std::move(text)});
}

}  // namespace gauntlet::script
