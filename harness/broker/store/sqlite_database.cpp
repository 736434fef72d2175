#include "harness/broker/store/sqlite_database.hpp"

#include <sqlite3.h>

namespace gauntlet::broker {
namespace {

sqlite_database::problem problem_of(int code) {
  using enum sqlite_database::problem;
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return in_use;
    case SQLITE_FULL:
      return disk_full;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return read_only;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return damaged;
    default:
      return other;
  }
}

}  // namespace

sqlite_database::sqlite_database(const std::string& path) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr);
  if (code != SQLITE_OK) note_error(code);
}

sqlite_database::~sqlite_database() { sqlite3_close_v2(handle_); }

void sqlite_database::execute(const char* sql) {
  if (error_) return;
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) note_error(code);
}

std::int64_t sqlite_database::query_number(const char* sql) {
  sqlite_statement query(*this, sql);
  return query.step() ? query.number(0) : 0;
}

void sqlite_database::note_error(int code) {
  if (error_) return;
  error_ = error_state{problem_of(code),
                       handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code)};
}

sqlite_statement::sqlite_statement(sqlite_database& database, std::string_view sql)
    : database_(database) {
  if (database_.error_) return;
  const int code = sqlite3_prepare_v3(database_.handle_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
  if (code != SQLITE_OK) database_.note_error(code);
}

sqlite_statement::~sqlite_statement() { sqlite3_finalize(handle_); }

sqlite_statement& sqlite_statement::bind(std::int64_t number) {
  if (handle_ != nullptr) sqlite3_bind_int64(handle_, ++bound_, number);
  return *this;
}

sqlite_statement& sqlite_statement::bind(std::optional<std::int64_t> number) {
  if (number) return bind(*number);
  if (handle_ != nullptr) sqlite3_bind_null(handle_, ++bound_);
  return *this;
}

sqlite_statement& sqlite_statement::bind_text(std::string_view text) {
  // A null pointer would be NULL, not empty.
  const char* const begin = text.empty() ? "" : text.data();
  if (handle_ != nullptr) {
    sqlite3_bind_text64(handle_, ++bound_, begin, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  return *this;
}

sqlite_statement& sqlite_statement::bind_bytes(byte_view bytes) {
  if (handle_ == nullptr) return *this;
  if (bytes.empty()) {
    sqlite3_bind_zeroblob(handle_, ++bound_, 0);
  } else {
    sqlite3_bind_blob64(handle_, ++bound_, bytes.data(), bytes.size(), SQLITE_STATIC);
  }
  return *this;
}

void sqlite_statement::run() {
  bound_ = 0;
  if (handle_ == nullptr || database_.error_) return;
  const int code = sqlite3_step(handle_);
  if (code != SQLITE_DONE && code != SQLITE_ROW) database_.note_error(code);
  sqlite3_reset(handle_);
}

bool sqlite_statement::step() {
  if (handle_ == nullptr || database_.error_) return false;
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_.note_error(code);
  return false;
}

std::int64_t sqlite_statement::number(int column) const {
  return sqlite3_column_int64(handle_, column);
}

std::optional<std::int64_t> sqlite_statement::optional_number(int column) const {
  if (sqlite3_column_type(handle_, column) == SQLITE_NULL) return std::nullopt;
  return number(column);
}

std::string_view sqlite_statement::text(int column) const { return as_text(bytes(column)); }

byte_view sqlite_statement::bytes(int column) const {
  const void* const begin = sqlite3_column_blob(handle_, column);
  const int size = sqlite3_column_bytes(handle_, column);
  if (begin == nullptr || size <= 0) return {};
  return {static_cast<const std::uint8_t*>(begin), static_cast<std::size_t>(size)};
}

}  // namespace gauntlet::broker
