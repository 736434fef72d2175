#pragma once

// The few calls of SQLite that the store needs: a file opened for one process alone, statements
// prepared once, and the first error kept until somebody asks. SQLite's header stays in the .cpp.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/bytes.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace gauntlet::broker {

/// One open database file. Not thread-safe. The first error stays in error(); what is done
/// afterwards has no effect.
class sqlite_database {
 public:
  /// What went wrong, as far as a user can act on it.
  enum class problem : std::uint8_t { in_use, disk_full, read_only, damaged, other };
  struct error_state {
    problem kind = problem::other;
    std::string text;  ///< SQLite's words
  };

  /// Opens or creates the file, and keeps other processes out of it until this is destroyed.
  explicit sqlite_database(const std::string& path);
  ~sqlite_database();
  sqlite_database(const sqlite_database&) = delete;
  sqlite_database& operator=(const sqlite_database&) = delete;

  const std::optional<error_state>& error() const { return error_; }

  /// Runs statements that answer nothing of interest.
  void execute(const char* sql);
  /// The number that a query answers; 0 after an error.
  std::int64_t query_number(const char* sql);

 private:
  friend class sqlite_statement;
  void note_error(int code);

  sqlite3* handle_ = nullptr;
  std::optional<error_state> error_;
};

/// A prepared statement. Bind its parameters in order, then run() it, or step through its rows.
class sqlite_statement {
 public:
  sqlite_statement(sqlite_database& database, std::string_view sql);
  ~sqlite_statement();
  sqlite_statement(const sqlite_statement&) = delete;
  sqlite_statement& operator=(const sqlite_statement&) = delete;

  /// The next parameter. Text and bytes must stay valid until run() is over.
  sqlite_statement& bind(std::int64_t number);
  sqlite_statement& bind(std::optional<std::int64_t> number);
  sqlite_statement& bind_text(std::string_view text);
  sqlite_statement& bind_bytes(byte_view bytes);

  /// Executes it, and makes it ready to be bound anew.
  void run();

  /// The next row, or false after the last one or an error.
  bool step();
  std::int64_t number(int column) const;
  std::optional<std::int64_t> optional_number(int column) const;
  /// Valid until the next step().
  std::string_view text(int column) const;
  byte_view bytes(int column) const;

 private:
  sqlite_database& database_;
  sqlite3_stmt* handle_ = nullptr;
  int bound_ = 0;
};

}  // namespace gauntlet::broker
