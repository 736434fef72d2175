// Reader of CSV columns that are played back.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "harness/config/csv.hpp"
#include "sim/scenario/signal_parts_reader.hpp"
#include "sim/scenario/signal_reader.hpp"

namespace gauntlet::sim {
namespace {

using config::object;

/// A replay as it is written.
struct replay_keys {
  replay_signal made;
  std::string file;
  std::string column;
  std::optional<std::string> time;
  std::optional<duration> interval;
  bool loop = true;
  bool interpolate = false;
  double spread = 0;
  std::uint8_t decimals = 2;
};

literal_value cell_value(const std::string& cell) {
  if (cell.empty()) return std::monostate{};
  const config::node as_node{.is = config::node::type::scalar, .scalar = cell};
  config::diagnostics unheard("");
  literal_value value;
  if (!literal_reader().read(as_node, value, unheard)) value = cell;
  return value;
}

bool is_number(const literal_value& value) {
  return std::holds_alternative<std::int64_t>(value) ||
         std::holds_alternative<decimal_number>(value);
}

std::optional<std::size_t> column_of(const config::csv_table& table, const std::string& name,
                                     const config::node& from, config::diagnostics& wrong) {
  const auto found = table.find(name);
  if (!found) {
    wrong.add(from, "the file has no column '" + name + "'" + config::suggest(name, table.header));
  }
  return found;
}

/// Seconds from the first row on.
bool read_times(const config::csv_table& table, std::size_t column, const config::node& from,
                std::vector<duration>& times, config::diagnostics& wrong) {
  double first = 0;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const std::string& cell = table.rows[i][column];
    double seconds = 0;
    const char* end = cell.data() + cell.size();
    const auto read = std::from_chars(cell.data(), end, seconds);
    const std::string where = "line " + std::to_string(table.lines[i]) + " of the file: ";
    if (read.ec != std::errc{} || read.ptr != end || !std::isfinite(seconds)) {
      wrong.add(from, where + "'" + cell + "' is no time in seconds");
      return false;
    }
    if (i == 0) first = seconds;
    if (seconds - first > 1e10) {
      wrong.add(from, where + "'" + cell + "' is more than three hundred years after the first");
      return false;
    }
    const duration time(std::llround((seconds - first) * 1e9));
    if (i > 0 && time <= times.back()) {
      wrong.add(from, where + "times must ascend from row to row");
      return false;
    }
    times.push_back(time);
  }
  return true;
}

/// Fills in what the file says.
bool load(replay_keys& keys, const config::node& from, config::diagnostics& wrong) {
  const config::node& file = *from.find("file");
  auto table = config::read_csv(config::resolve_path(file, keys.file, wrong));
  if (!table) {
    wrong.add(file, table.error().message);
    return false;
  }
  const auto column = column_of(*table, keys.column, *from.find("column"), wrong);
  if (!column) return false;
  std::vector<literal_value> values;
  for (std::size_t i = 0; i < table->rows.size(); ++i) {
    values.push_back(cell_value(table->rows[i][*column]));
    if (!keys.interpolate || is_number(values.back())) continue;
    wrong.add(from, "line " + std::to_string(table->lines[i]) + " of the file: '" +
                        table->rows[i][*column] + "' is no number to be interpolated");
    return false;
  }
  replay_signal& made = keys.made;
  if (keys.time) {
    const config::node& time = *from.find("time");
    const auto times = column_of(*table, *keys.time, time, wrong);
    if (!times || !read_times(*table, *times, time, made.times, wrong)) return false;
    // Without an interval, as long as rows are apart on average.
    const auto gaps = static_cast<std::int64_t>(made.times.size()) - 1;
    made.interval = keys.interval.value_or(gaps > 0 ? made.times.back() / gaps
                                                    : duration(std::chrono::seconds(1)));
  } else {
    made.interval = keys.interval.value_or(duration::zero());
  }
  made.by_time = keys.time || keys.interval;
  made.rows = std::make_shared<const std::vector<literal_value>>(std::move(values));
  made.file = keys.file;
  made.column = keys.column;
  made.loop = keys.loop;
  made.interpolate = keys.interpolate;
  made.spread = keys.spread;
  made.decimals = keys.decimals;
  return true;
}

}  // namespace

config::reader<replay_signal> replay_reader() {
  auto keys =
      object<replay_keys>("A column of a CSV file, row by row")
          .required("file", &replay_keys::file, config::text({.length_min = 1}),
                    "The file, relative to this one; its first line has the names of the columns")
          .required("column", &replay_keys::column, config::text({.length_min = 1}),
                    "Name of the column")
          .optional("time", &replay_keys::time, config::text({.length_min = 1}),
                    "Name of a column with the rows' times in seconds, of which the first counts 0")
          .optional("interval", &replay_keys::interval, signal_interval(),
                    "Time between two rows, or with 'time' from the last row to the first; without "
                    "both, each value is the next row")
          .optional("loop", &replay_keys::loop, config::boolean(),
                    "Whether it begins anew after the last row, which stays otherwise")
          .optional("interpolate", &replay_keys::interpolate, config::boolean(),
                    "Whether values between two rows lie on a straight line")
          .derived<double>(
              "spread", signal_share(), [](replay_keys& to, double part) { to.spread = part; },
              "The part of the file over which devices are spread at the start")
          .optional("decimals", &replay_keys::decimals, signal_decimals(),
                    "Digits after the point of interpolated values")
          .check([](const replay_keys& made, const config::node& from, config::diagnostics& wrong) {
            if (made.interpolate && !made.time && !made.interval) {
              wrong.add(from, "'interpolate' needs 'interval' or 'time'");
            }
          })
          .build();
  config::reader<replay_signal> made;
  made.schema = keys.schema;
  made.example = keys.example;
  made.read = [read = std::move(keys.read)](const config::node& from, replay_signal& to,
                                            config::diagnostics& wrong) {
    replay_keys written;
    if (!read(from, written, wrong) || !load(written, from, wrong)) return false;
    to = std::move(written.made);
    return true;
  };
  return made;
}

}  // namespace gauntlet::sim
