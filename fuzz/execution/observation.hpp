#pragma once

// What one execution showed.

#include <array>
#include <cstdint>
#include <vector>

#include "fuzz/execution/abstract_state.hpp"
#include "fuzz/execution/plain_socket.hpp"
#include "fuzz/input/input.hpp"

namespace gauntlet::fuzz {

/// A packet of the broker.
struct arrival {
  std::uint16_t step = 0;  ///< the last step before it
  std::uint8_t connection = 0;
  std::uint32_t opening = 0;  ///< which connection of the execution, counted from 1
  mqtt::protocol_version version = mqtt::protocol_version::v5;  ///< that it speaks
  bool is_framed = true;   ///< false: the bytes from here on are no packet
  std::size_t offset = 0;  ///< its bytes in observation::bytes
  std::size_t size = 0;
};

/// The end of a connection by the broker.
struct broker_end {
  std::uint16_t step = 0;
  std::uint8_t connection = 0;
  socket_state how = socket_state::ended;
};

/// What a step met.
struct played_step {
  std::uint8_t connection = 0;
  std::uint8_t first_byte = 0;  ///< of what was sent; 0: nothing
  std::uint16_t state = 0;      ///< abstract_state::bits() before it
  state_row row = state_row::before_connect;
  std::uint32_t opening = 0;  ///< as in arrival
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  bool was_accepted = true;  ///< whether the connection could be opened and took the bytes
};

/// Whether the broker went on serving.
enum class broker_life : std::uint8_t {
  serves,
  refuses,         ///< a connection of the input was not taken
  control_ended,   ///< the control connection has ended
  control_silent,  ///< no PINGRESP within the wait
};

/// All of it, in the order of time within each list.
struct observation {
  std::vector<played_step> steps;
  std::vector<arrival> arrivals;
  std::vector<broker_end> ends;
  byte_buffer bytes;
  std::array<abstract_state, connections_max> states;
  broker_life life = broker_life::serves;
  std::uint32_t name_space = 0;  ///< that it was played in
  std::uint32_t connections_opened = 0;
  std::uint32_t packets_sent = 0;

  byte_view packet_of(const arrival& which) const {
    return byte_view(bytes).subspan(which.offset, which.size);
  }
  void clear();
};

}  // namespace gauntlet::fuzz
