#pragma once

// Payloads of Sparkplug B as values, and their form on the wire (sparkplug_b.proto). Only what
// simple metrics need: data sets and templates are skipped when read.
//
// A payload that carries our stamp begins with a metric "_g" of type Bytes whose fields stand in
// an order of our choosing, so that the stamp is found at a fixed place (sim/plan/stamp.cpp):
//
//   12 size 0a 02 "_g" 82 01 24 | 36 bytes of stamp | datatype, timestamp | the rest

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/base/bytes.hpp"

namespace gauntlet::sim::sparkplug {

/// Data types of metrics. Sparkplug 3.0, "Data Types"
enum class data_type : std::uint8_t {
  unknown = 0,
  int8 = 1,
  int16 = 2,
  int32 = 3,
  int64 = 4,
  uint8 = 5,
  uint16 = 6,
  uint32 = 7,
  uint64 = 8,
  real32 = 9,
  real64 = 10,
  boolean = 11,
  string = 12,
  date_time = 13,  ///< milliseconds since 1970
  text = 14,
  bytes = 17,
};

/// A value to be written. Nothing: the metric is null. Texts live as long as their owner says.
using value_view = std::variant<std::monostate, bool, std::int64_t, double, std::string_view>;

/// One metric to be written.
struct metric_view {
  std::string_view name;  ///< empty: the alias alone
  std::optional<std::uint64_t> alias;
  std::uint64_t timestamp_ms = 0;
  data_type type = data_type::real64;
  bool names_type = false;  ///< births say the type, data need not
  bool is_historical = false;
  value_view value;
};

/// A value that was read.
using value = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

/// One metric that was read.
struct metric {
  std::optional<std::string> name;
  std::optional<std::uint64_t> alias;
  std::optional<std::uint64_t> timestamp_ms;
  data_type type = data_type::unknown;  ///< unknown if it does not say
  bool is_historical = false;
  bool is_null = false;
  sparkplug::value value;  ///< of bytes the bytes, as text
};

/// A payload that was read.
struct payload {
  std::optional<std::uint64_t> timestamp_ms;
  std::optional<std::uint64_t> seq;
  std::vector<metric> metrics;

  /// The first metric of a name, or nullptr.
  const metric* find(std::string_view name) const;
};

/// Reads a payload; nothing if it is none.
std::optional<payload> read_payload(byte_view bytes);

/// Bytes before the stamp in a stamped payload.
inline constexpr std::uint32_t stamp_offset = 9;
/// Bytes of the stamp itself.
inline constexpr std::size_t stamp_size = 36;

/// Writes payloads; what one needed serves the next one, so that a message costs no allocation
/// once all kinds have been seen.
class payload_writer {
 public:
  payload_writer();
  ~payload_writer();
  payload_writer(payload_writer&&) noexcept;
  payload_writer& operator=(payload_writer&&) noexcept;

  /// Begins a payload.
  void begin(std::uint64_t timestamp_ms, std::optional<std::uint8_t> seq);
  void add(const metric_view& what);
  /// Appends the payload that has been put together.
  void finish(byte_buffer& out);
  /// The same, with room for a stamp (zeros) before all other metrics. `names_type` in births.
  void finish_stamped(bool names_type, byte_buffer& out);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace gauntlet::sim::sparkplug
