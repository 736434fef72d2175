#include "harness/config/csv.hpp"

#include <algorithm>
#include <utility>

#include "harness/config/node.hpp"

namespace gauntlet::config {
namespace {

constexpr std::size_t size_bytes_max = 64U << 20U;

/// Takes a table apart, cell by cell.
class csv_scanner {
 public:
  explicit csv_scanner(std::string_view text) : rest_(text) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);  // byte order mark
  }

  bool done() const { return rest_.empty(); }
  std::uint32_t line() const { return line_; }

  /// The cells of the next line; empty for an empty one. False, and why_, if a quote has no end.
  bool take_row(std::vector<std::string>& cells) {
    cells.clear();
    if (take_line_end()) return true;
    do {
      std::string cell;
      if (rest_.starts_with('"')) {
        if (!take_quoted(cell)) return false;
      } else {
        const std::size_t end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
        cell = rest_.substr(0, end);
        rest_.remove_prefix(end);
      }
      cells.push_back(std::move(cell));
    } while (take(','));
    if (rest_.empty() || take_line_end()) return true;
    why_ = "after a closing quote only a comma or the end of the line may stand";
    return false;
  }

  const std::string& why() const { return why_; }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool take_line_end() {
    const bool carriage_return = take('\r');
    if (!take('\n') && !carriage_return) return false;
    ++line_;
    return true;
  }

  bool take_quoted(std::string& cell) {
    rest_.remove_prefix(1);
    for (;;) {
      const std::size_t end = rest_.find('"');
      if (end == std::string_view::npos) {
        why_ = "a quote has no end";
        return false;
      }
      const std::string_view part = rest_.substr(0, end);
      line_ += static_cast<std::uint32_t>(std::count(part.begin(), part.end(), '\n'));
      cell += part;
      rest_.remove_prefix(end + 1);
      if (!take('"')) return true;
      cell += '"';
    }
  }

  std::string_view rest_;
  std::uint32_t line_ = 1;
  std::string why_;
};

unit_error at_line(std::uint32_t line, const std::string& message) {
  return unit_error{"line " + std::to_string(line) + ": " + message};
}

}  // namespace

std::optional<std::size_t> csv_table::find(std::string_view column) const {
  const auto found = std::find(header.begin(), header.end(), column);
  if (found == header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header.begin());
}

unit_result<csv_table> parse_csv(std::string_view text) {
  csv_scanner scanner(text);
  csv_table table;
  std::vector<std::string> cells;
  while (!scanner.done()) {
    const std::uint32_t line = scanner.line();
    if (!scanner.take_row(cells)) return at_line(line, scanner.why());
    if (cells.empty()) continue;
    if (table.header.empty()) {
      table.header = std::move(cells);
      continue;
    }
    if (cells.size() != table.header.size()) {
      return at_line(line, std::to_string(cells.size()) + " cells, but the header has " +
                               std::to_string(table.header.size()));
    }
    table.rows.push_back(std::move(cells));
    table.lines.push_back(line);
  }
  if (table.rows.empty()) return unit_error{"there is no row below the header"};
  return table;
}

unit_result<csv_table> read_csv(const std::filesystem::path& file) {
  diagnostics wrong(file.string());
  std::string text;
  if (!read_text_file(file, size_bytes_max, text, wrong)) {
    return unit_error{to_string(wrong.take().front())};
  }
  auto table = parse_csv(text);
  if (!table) return unit_error{file.string() + ", " + table.error().message};
  return table;
}

}  // namespace gauntlet::config
