#include "harness/broker/store/sqlite_store.hpp"

#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "harness/broker/store/sqlite_database.hpp"

namespace gauntlet::broker {
namespace {

constexpr std::int64_t schema_version = 1;

// The application number marks the file as ours ("Gntl").
constexpr const char* schema = R"sql(
  PRAGMA application_id = 0x476E746C;
  PRAGMA user_version = 1;
  CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE message(
    number INTEGER PRIMARY KEY, topic TEXT NOT NULL, payload BLOB NOT NULL, properties BLOB NOT NULL,
    qos INTEGER NOT NULL, retain INTEGER NOT NULL, message_expiry_interval_s INTEGER,
    received_at_ms INTEGER NOT NULL);
  CREATE TABLE session(
    serial INTEGER PRIMARY KEY, client_id TEXT NOT NULL, session_expiry_interval_s INTEGER NOT NULL,
    left_at_ms INTEGER);
  CREATE TABLE subscription(
    session INTEGER NOT NULL, filter TEXT NOT NULL, shared INTEGER NOT NULL,
    maximum_qos INTEGER NOT NULL, no_local INTEGER NOT NULL, retain_as_published INTEGER NOT NULL,
    retain_handling INTEGER NOT NULL, identifier INTEGER NOT NULL,
    PRIMARY KEY(session, filter)) WITHOUT ROWID;
  CREATE TABLE delivery(
    number INTEGER PRIMARY KEY, session INTEGER NOT NULL, message INTEGER NOT NULL,
    packet_identifier INTEGER NOT NULL, qos INTEGER NOT NULL, retain INTEGER NOT NULL,
    state INTEGER NOT NULL, subscription_identifiers BLOB NOT NULL, shared_filter TEXT NOT NULL);
  CREATE TABLE inbound(
    session INTEGER NOT NULL, packet_identifier INTEGER NOT NULL,
    PRIMARY KEY(session, packet_identifier)) WITHOUT ROWID;
  CREATE TABLE will(
    session INTEGER PRIMARY KEY, message INTEGER NOT NULL, will_delay_interval_s INTEGER NOT NULL,
    due_ms INTEGER);
  CREATE TABLE retained(
    topic TEXT PRIMARY KEY, message INTEGER NOT NULL, publisher TEXT NOT NULL) WITHOUT ROWID;
)sql";

std::int64_t to_ms(wall_time when) { return when.time_since_epoch().count(); }
wall_time from_ms(std::int64_t ms) { return wall_time(std::chrono::milliseconds(ms)); }

std::optional<std::int64_t> to_ms(std::optional<wall_time> when) {
  if (!when) return std::nullopt;
  return to_ms(*when);
}

// SQLite's integers are signed; ours never get that large.
std::int64_t number_of(std::uint64_t value) { return static_cast<std::int64_t>(value); }

failure failure_of(const std::string& path, const sqlite_database::error_state& error) {
  using enum sqlite_database::problem;
  switch (error.kind) {
    case in_use:
      return environment_failed(fmt::format(
          "{} is in use by another broker; stop that one, or give another directory", path));
    case disk_full:
      return environment_failed(fmt::format(
          "cannot store in {}: the disk is full; free some space and start again", path));
    case read_only:
      return environment_failed(
          fmt::format("cannot write {}: {}; check the permissions of the directory and its files",
                      path, error.text));
    case damaged:
      return environment_failed(fmt::format(
          "{} is damaged ({}); put a copy in its place, or move it away to start with nothing",
          path, error.text));
    case other:
      break;
  }
  return environment_failed(fmt::format("cannot use {}: {}", path, error.text));
}

// Statements by what they do, prepared when the file is open.
struct statements {
  explicit statements(sqlite_database& in)
      : begin(in, "BEGIN IMMEDIATE"),
        commit(in, "COMMIT"),
        put_counter(in, "INSERT OR REPLACE INTO counter VALUES('assigned_identifiers', ?)"),
        put_message(in, "INSERT INTO message VALUES(?, ?, ?, ?, ?, ?, ?, ?)"),
        put_session(in, "INSERT OR REPLACE INTO session VALUES(?, ?, ?, ?)"),
        put_subscription(in, "INSERT OR REPLACE INTO subscription VALUES(?, ?, ?, ?, ?, ?, ?, ?)"),
        put_delivery(in, "INSERT OR REPLACE INTO delivery VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        put_inbound(in, "INSERT OR REPLACE INTO inbound VALUES(?, ?)"),
        put_will(in, "INSERT OR REPLACE INTO will VALUES(?, ?, ?, ?)"),
        put_retained(in, "INSERT OR REPLACE INTO retained VALUES(?, ?, ?)"),
        erase_message(in, "DELETE FROM message WHERE number = ?"),
        erase_session(in, "DELETE FROM session WHERE serial = ?"),
        erase_subscriptions(in, "DELETE FROM subscription WHERE session = ?"),
        erase_inbound_of(in, "DELETE FROM inbound WHERE session = ?"),
        erase_subscription(in, "DELETE FROM subscription WHERE session = ? AND filter = ?"),
        erase_delivery(in, "DELETE FROM delivery WHERE number = ?"),
        erase_inbound(in, "DELETE FROM inbound WHERE session = ? AND packet_identifier = ?"),
        erase_will(in, "DELETE FROM will WHERE session = ?"),
        erase_retained(in, "DELETE FROM retained WHERE topic = ?") {}

  sqlite_statement begin, commit;
  sqlite_statement put_counter, put_message, put_session, put_subscription, put_delivery,
      put_inbound, put_will, put_retained;
  sqlite_statement erase_message, erase_session, erase_subscriptions, erase_inbound_of,
      erase_subscription, erase_delivery, erase_inbound, erase_will, erase_retained;
};

class sqlite_store final : public durable_store {
 public:
  explicit sqlite_store(std::string path) : path_(std::move(path)), database_(path_) {}

  outcome<void> open(store_synchronization synchronization);

  outcome<void> read_all(record_reader& into) override;

  void put_assigned_identifiers(std::uint64_t count) override {
    change(run_->put_counter).bind(number_of(count)).run();
  }
  void put(const message_record& record) override {
    change(run_->put_message)
        .bind(number_of(record.number))
        .bind_text(record.topic)
        .bind_bytes(record.payload)
        .bind_bytes(record.properties)
        .bind(record.qos)
        .bind(record.retain)
        .bind(record.message_expiry_interval_s)
        .bind(to_ms(record.received_at))
        .run();
  }
  void put(const session_record& record) override {
    change(run_->put_session)
        .bind(number_of(record.serial))
        .bind_text(record.client_id)
        .bind(record.session_expiry_interval_s)
        .bind(to_ms(record.left_at))
        .run();
  }
  void put(const subscription_record& record) override {
    change(run_->put_subscription)
        .bind(number_of(record.session))
        .bind_text(record.filter)
        .bind(record.shared)
        .bind(record.maximum_qos)
        .bind(record.no_local)
        .bind(record.retain_as_published)
        .bind(record.retain_handling)
        .bind(record.identifier)
        .run();
  }
  void put(const delivery_record& record) override {
    const auto identifiers = std::as_bytes(record.subscription_identifiers);
    change(run_->put_delivery)
        .bind(number_of(record.number))
        .bind(number_of(record.session))
        .bind(number_of(record.message))
        .bind(record.packet_identifier)
        .bind(record.qos)
        .bind(record.retain)
        .bind(record.state)
        .bind_bytes({reinterpret_cast<const std::uint8_t*>(identifiers.data()), identifiers.size()})
        .bind_text(record.shared_filter)
        .run();
  }
  void put(const inbound_record& record) override {
    change(run_->put_inbound).bind(number_of(record.session)).bind(record.packet_identifier).run();
  }
  void put(const will_record& record) override {
    change(run_->put_will)
        .bind(number_of(record.session))
        .bind(number_of(record.message))
        .bind(record.will_delay_interval_s)
        .bind(to_ms(record.due))
        .run();
  }
  void put(const retained_record& record) override {
    change(run_->put_retained)
        .bind_text(record.topic)
        .bind(number_of(record.message))
        .bind_text(record.publisher)
        .run();
  }

  void erase_message(std::uint64_t number) override {
    change(run_->erase_message).bind(number_of(number)).run();
  }
  void erase_session(std::uint64_t serial) override {
    change(run_->erase_session).bind(number_of(serial)).run();
    change(run_->erase_subscriptions).bind(number_of(serial)).run();
    change(run_->erase_inbound_of).bind(number_of(serial)).run();
  }
  void erase_subscription(std::uint64_t session, std::string_view filter) override {
    change(run_->erase_subscription).bind(number_of(session)).bind_text(filter).run();
  }
  void erase_delivery(std::uint64_t number) override {
    change(run_->erase_delivery).bind(number_of(number)).run();
  }
  void erase_inbound(std::uint64_t session, std::uint16_t packet_identifier) override {
    change(run_->erase_inbound).bind(number_of(session)).bind(packet_identifier).run();
  }
  void erase_will(std::uint64_t session) override {
    change(run_->erase_will).bind(number_of(session)).run();
  }
  void erase_retained(std::string_view topic) override {
    change(run_->erase_retained).bind_text(topic).run();
  }

  outcome<void> commit() override {
    if (in_transaction_) {
      run_->commit.run();
      in_transaction_ = false;
    }
    return what_failed();
  }

 private:
  // Every change belongs to the transaction that the next commit() ends.
  sqlite_statement& change(sqlite_statement& what) {
    if (!in_transaction_) {
      run_->begin.run();
      in_transaction_ = true;
    }
    return what;
  }

  outcome<void> what_failed() const {
    if (database_.error()) return failure_of(path_, *database_.error());
    return {};
  }

  outcome<void> check_version();
  bool read_messages(record_reader& into);
  bool read_sessions(record_reader& into);
  bool read_subscriptions(record_reader& into);
  bool read_deliveries(record_reader& into);
  bool read_rest(record_reader& into);

  std::string path_;
  sqlite_database database_;
  std::optional<statements> run_;
  bool in_transaction_ = false;
};

outcome<void> sqlite_store::open(store_synchronization synchronization) {
  // An exclusive lock needs no memory shared between processes; it is taken with the first write.
  database_.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;");
  database_.execute(synchronization == store_synchronization::full ? "PRAGMA synchronous = FULL"
                                                                   : "PRAGMA synchronous = NORMAL");
  database_.execute(
      "PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000;"
      "PRAGMA journal_size_limit = 67108864; BEGIN IMMEDIATE;");
  if (auto right = check_version(); !right) return right;
  if (!database_.error() && database_.query_number("PRAGMA user_version") == 0) {
    database_.execute(schema);
  }
  database_.execute("COMMIT");
  run_.emplace(database_);
  return what_failed();
}

outcome<void> sqlite_store::check_version() {
  const std::int64_t version = database_.query_number("PRAGMA user_version");
  if (version > schema_version) {
    return environment_failed(fmt::format(
        "{} was written by a newer Gauntlet (schema {}, this one knows {}); use that, or give "
        "another directory",
        path_, version, schema_version));
  }
  if (version == 0 && database_.query_number("SELECT count(*) FROM sqlite_schema") != 0) {
    return environment_failed(
        fmt::format("{} is no store of Gauntlet's; give another directory", path_));
  }
  return {};
}

bool sqlite_store::read_messages(record_reader& into) {
  sqlite_statement rows(database_, "SELECT * FROM message");
  while (rows.step()) {
    message_record record{.number = static_cast<std::uint64_t>(rows.number(0)),
                          .topic = rows.text(1),
                          .payload = rows.bytes(2),
                          .properties = rows.bytes(3),
                          .qos = static_cast<std::uint8_t>(rows.number(4)),
                          .retain = rows.number(5) != 0,
                          .message_expiry_interval_s = {},
                          .received_at = from_ms(rows.number(7))};
    if (const auto interval = rows.optional_number(6)) {
      record.message_expiry_interval_s = static_cast<std::uint32_t>(*interval);
    }
    if (!into.read(record)) return false;
  }
  return true;
}

bool sqlite_store::read_sessions(record_reader& into) {
  sqlite_statement rows(database_, "SELECT * FROM session");
  while (rows.step()) {
    session_record record{.serial = static_cast<std::uint64_t>(rows.number(0)),
                          .client_id = rows.text(1),
                          .session_expiry_interval_s = static_cast<std::uint32_t>(rows.number(2)),
                          .left_at = {}};
    if (const auto left_at = rows.optional_number(3)) record.left_at = from_ms(*left_at);
    if (!into.read(record)) return false;
  }
  return true;
}

bool sqlite_store::read_subscriptions(record_reader& into) {
  sqlite_statement rows(database_, "SELECT * FROM subscription");
  while (rows.step()) {
    if (!into.read(subscription_record{.session = static_cast<std::uint64_t>(rows.number(0)),
                                       .filter = rows.text(1),
                                       .shared = rows.number(2) != 0,
                                       .maximum_qos = static_cast<std::uint8_t>(rows.number(3)),
                                       .no_local = rows.number(4) != 0,
                                       .retain_as_published = rows.number(5) != 0,
                                       .retain_handling = static_cast<std::uint8_t>(rows.number(6)),
                                       .identifier = static_cast<std::uint32_t>(rows.number(7))})) {
      return false;
    }
  }
  return true;
}

bool sqlite_store::read_deliveries(record_reader& into) {
  sqlite_statement rows(database_, "SELECT * FROM delivery ORDER BY number");
  std::vector<std::uint32_t> identifiers;
  while (rows.step()) {
    const byte_view raw = rows.bytes(7);
    identifiers.resize(raw.size() / sizeof(std::uint32_t));
    if (!identifiers.empty()) {
      std::memcpy(identifiers.data(), raw.data(), identifiers.size() * sizeof(std::uint32_t));
    }
    if (!into.read(delivery_record{.number = static_cast<std::uint64_t>(rows.number(0)),
                                   .session = static_cast<std::uint64_t>(rows.number(1)),
                                   .message = static_cast<std::uint64_t>(rows.number(2)),
                                   .packet_identifier = static_cast<std::uint16_t>(rows.number(3)),
                                   .qos = static_cast<std::uint8_t>(rows.number(4)),
                                   .retain = rows.number(5) != 0,
                                   .state = static_cast<std::uint8_t>(rows.number(6)),
                                   .subscription_identifiers = identifiers,
                                   .shared_filter = rows.text(8)})) {
      return false;
    }
  }
  return true;
}

bool sqlite_store::read_rest(record_reader& into) {
  into.assigned_identifiers(
      static_cast<std::uint64_t>(database_.query_number("SELECT sum(value) FROM counter")));
  sqlite_statement inbound(database_, "SELECT * FROM inbound");
  while (inbound.step()) {
    if (!into.read(inbound_record{static_cast<std::uint64_t>(inbound.number(0)),
                                  static_cast<std::uint16_t>(inbound.number(1))})) {
      return false;
    }
  }
  sqlite_statement wills(database_, "SELECT * FROM will");
  while (wills.step()) {
    will_record record{.session = static_cast<std::uint64_t>(wills.number(0)),
                       .message = static_cast<std::uint64_t>(wills.number(1)),
                       .will_delay_interval_s = static_cast<std::uint32_t>(wills.number(2)),
                       .due = {}};
    if (const auto due = wills.optional_number(3)) record.due = from_ms(*due);
    if (!into.read(record)) return false;
  }
  sqlite_statement retained(database_, "SELECT * FROM retained");
  while (retained.step()) {
    if (!into.read(retained_record{.topic = retained.text(0),
                                   .message = static_cast<std::uint64_t>(retained.number(1)),
                                   .publisher = retained.text(2)})) {
      return false;
    }
  }
  return true;
}

outcome<void> sqlite_store::read_all(record_reader& into) {
  const bool sensible = read_messages(into) && read_sessions(into) && read_subscriptions(into) &&
                        read_deliveries(into) && read_rest(into);
  if (auto done = what_failed(); !done) return done;
  if (sensible) return {};
  return failure_of(path_, {sqlite_database::problem::damaged, "its records do not fit together"});
}

}  // namespace

outcome<std::unique_ptr<durable_store>> open_sqlite_store(const persistence_settings& settings) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path directory(settings.directory);
  if (fs::create_directories(directory, error)) {
    // Messages are nobody else's business.
    fs::permissions(directory, fs::perms::owner_all, error);
  }
  if (error) {
    return environment_failed(
        fmt::format("cannot create the directory {}: {}", settings.directory, error.message()));
  }
  auto opened = std::make_unique<sqlite_store>((directory / "broker.db").string());
  if (auto done = opened->open(settings.synchronization); !done) return done.error();
  return std::unique_ptr<durable_store>(std::move(opened));
}

}  // namespace gauntlet::broker
