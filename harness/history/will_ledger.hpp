#pragma once

// The book of wills: which connections ended so that the broker publishes their will, and which
// wills came. Judged at the end (will_account.hpp).

#include <cstdint>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "harness/base/event_loop.hpp"

namespace gauntlet::history {

/// A connection with a will that ended without the broker being told to drop it.
struct will_ending {
  std::uint32_t device = 0;
  std::uint32_t connection = 0;  ///< of the device's connections, from 1
  /// False: the will may come or not, as of a connection that the broker or the network ended.
  bool required = false;
  time_point ended{};  ///< when the device was done with it
  time_point due{};    ///< by when the will has to have come
};

/// All that is known of wills.
struct will_ledger {
  static std::size_t mixed(std::uint64_t left, std::uint64_t right) {
    const std::uint64_t all = (left * 0x9e3779b97f4a7c15ULL) ^ (right + 0x7f4a7c15U);
    return static_cast<std::size_t>(all ^ (all >> 29U));
  }

  /// One will as one receiver gets it.
  struct receipt_key {
    std::uint32_t receiver = 0;
    std::uint32_t device = 0;
    std::uint32_t connection = 0;
    friend bool operator==(const receipt_key&, const receipt_key&) = default;
    friend std::size_t hash_value(const receipt_key& key) {
      return mixed(mixed(key.receiver, key.device), key.connection);
    }
  };
  struct connection_key {
    std::uint32_t device = 0;
    std::uint32_t connection = 0;
    friend bool operator==(const connection_key&, const connection_key&) = default;
    friend std::size_t hash_value(const connection_key& key) {
      return mixed(key.device, key.connection);
    }
  };
  using ended_set = boost::unordered_flat_set<connection_key>;

  std::vector<will_ending> endings;
  boost::unordered_flat_map<receipt_key, std::uint32_t> receipts;  ///< copies
};

}  // namespace gauntlet::history
