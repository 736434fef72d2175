#include "harness/history/ledger.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace gauntlet::history {
namespace {

// Every number goes as a little-endian base-128 integer: nearly all of them are small.
class writer {
 public:
  explicit writer(byte_buffer& out) : out_(out) {}

  void number(std::uint64_t value) {
    while (value >= 0x80) {
      out_.push_back(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    out_.push_back(static_cast<std::uint8_t>(value));
  }
  void text(std::string_view value) {
    number(value.size());
    out_.insert(out_.end(), value.begin(), value.end());
  }
  void time(time_point value) {
    number(static_cast<std::uint64_t>(value.time_since_epoch().count()));
  }
  void set(const sequence_set& value) {
    number(value.ranges().size());
    for (const sequence_range range : value.ranges()) {
      number(range.first);
      number(range.last - range.first);
    }
  }

 private:
  byte_buffer& out_;
};

// After the first number that is cut or too large every further one is 0, and failed() says so.
class reader {
 public:
  explicit reader(byte_view bytes) : bytes_(bytes) {}

  bool failed() const { return failed_; }
  bool at_end() const { return bytes_.empty(); }

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
      const std::uint8_t byte = bytes_.front();
      bytes_ = bytes_.subspan(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if ((byte & 0x80) == 0) return value;
    }
    failed_ = true;
    return 0;
  }
  // How many entries follow; an entry takes at least one byte, so a larger number is a lie.
  std::uint64_t count() {
    const std::uint64_t value = number();
    if (value > bytes_.size()) failed_ = true;
    return failed_ ? 0 : value;
  }
  std::uint32_t number32() { return static_cast<std::uint32_t>(number()); }
  std::uint16_t number16() { return static_cast<std::uint16_t>(number()); }
  std::string text() {
    const std::uint64_t size = count();
    std::string value(as_text(bytes_.first(size)));
    bytes_ = bytes_.subspan(size);
    return value;
  }
  time_point time() { return time_point(duration(static_cast<std::int64_t>(number()))); }
  sequence_set set() {
    sequence_set value;
    for (std::uint64_t n = count(); n > 0 && !failed_; --n) {
      const std::uint32_t first = number32();
      const std::uint32_t above = number32();
      if (above > UINT32_MAX - first) {
        failed_ = true;
      } else {
        value.add({first, first + above});
      }
    }
    return value;
  }

 private:
  byte_view bytes_;
  bool failed_ = false;
};

void write_published(const publication_ledger& published, writer& out) {
  out.number(published.size());
  for (const auto& [stream, facts] : published) {
    out.number(stream);
    out.number(facts.sent);
    out.number(facts.acknowledged);
    out.set(facts.rejected);
    out.set(facts.uncertain);
  }
}

void write_receivers(const receipt_ledger& received, writer& out) {
  out.number(received.receivers.size());
  for (const auto& [receiver, record] : received.receivers) {
    out.number(receiver);
    out.number(record.epoch);
    out.number(record.subscriptions.size());
    for (const granted_subscription& subscription : record.subscriptions) {
      out.text(subscription.topic_filter);
      out.text(subscription.share_name);
      out.number(static_cast<std::uint8_t>(subscription.granted_qos));
      out.number(subscription.no_local ? 1 : 0);
    }
    out.number(record.subscribed.size());
    for (const time_span span : record.subscribed) {
      out.time(span.from);
      out.time(span.until);
    }
  }
}

void write_trackers(const receipt_ledger& received, writer& out) {
  out.number(received.trackers.size());
  for (const auto& [key, tracker] : received.trackers) {
    const receipt_tracker::parts parts = tracker.to_parts();
    out.number(key.receiver);
    out.number(key.stream);
    out.number(parts.next);
    out.number(parts.duplicates);
    out.number(parts.late);
    out.number(parts.epoch);
    out.set(parts.missing);
    out.set(parts.excused);
  }
}

void read_published(reader& in, publication_ledger& into) {
  for (std::uint64_t n = in.count(); n > 0 && !in.failed(); --n) {
    const stream_index stream = in.number32();
    published_stream& facts = into[stream];
    facts.sent = in.number32();
    facts.acknowledged = in.number32();
    facts.rejected = in.set();
    facts.uncertain = in.set();
  }
}

void read_receivers(reader& in, receipt_ledger& into) {
  for (std::uint64_t n = in.count(); n > 0 && !in.failed(); --n) {
    receiver_record& record = into.receivers[in.number32()];
    record.epoch = in.number16();
    for (std::uint64_t m = in.count(); m > 0 && !in.failed(); --m) {
      granted_subscription subscription;
      subscription.topic_filter = in.text();
      subscription.share_name = in.text();
      subscription.granted_qos = static_cast<mqtt::qos>(std::min<std::uint64_t>(in.number(), 2));
      subscription.no_local = in.number() != 0;
      record.subscriptions.push_back(std::move(subscription));
    }
    for (std::uint64_t m = in.count(); m > 0 && !in.failed(); --m) {
      const time_point from = in.time();
      record.subscribed.push_back({.from = from, .until = in.time()});
    }
  }
}

void read_trackers(reader& in, receipt_ledger& into) {
  for (std::uint64_t n = in.count(); n > 0 && !in.failed(); --n) {
    receipt_ledger::pair key;
    key.receiver = in.number32();
    key.stream = in.number32();
    receipt_tracker::parts parts;
    parts.next = in.number32();
    parts.duplicates = in.number32();
    parts.late = in.number32();
    parts.epoch = in.number16();
    parts.missing = in.set();
    parts.excused = in.set();
    into.trackers[key] = receipt_tracker::from_parts(std::move(parts));
  }
}

}  // namespace

void write_ledger(const ledger& from, byte_buffer& out) {
  writer to(out);
  write_published(from.published, to);
  write_receivers(from.received, to);
  write_trackers(from.received, to);
}

outcome<void> read_ledger(byte_view bytes, ledger& into) {
  reader in(bytes);
  read_published(in, into.published);
  read_receivers(in, into.received);
  read_trackers(in, into.received);
  if (in.failed() || !in.at_end()) {
    return failure{exit_code::internal_error, "a worker's ledger is cut or damaged"};
  }
  return {};
}

}  // namespace gauntlet::history
