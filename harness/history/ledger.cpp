#include "harness/history/ledger.hpp"

#include <algorithm>
#include <utility>

#include "harness/base/compact.hpp"

namespace gauntlet::history {
namespace {

void write_set(const sequence_set& value, compact_writer& out) {
  out.number(value.ranges().size());
  for (const sequence_range range : value.ranges()) {
    out.number(range.first);
    out.number(range.last - range.first);
  }
}

sequence_set read_set(compact_reader& in) {
  sequence_set value;
  for (std::uint64_t n = in.count(); n > 0 && !in.failed(); --n) {
    const std::uint32_t first = in.number32();
    const std::uint32_t above = in.number32();
    if (above > UINT32_MAX - first) {
      in.fail();
    } else {
      value.add({first, first + above});
    }
  }
  return value;
}

void write_published(const publication_ledger& published, compact_writer& out) {
  out.number(published.size());
  for (const auto& [stream, facts] : published) {
    out.number(stream);
    out.number(facts.sent);
    out.number(facts.acknowledged);
    write_set(facts.rejected, out);
    write_set(facts.uncertain, out);
  }
}

void write_recorded(const recorded_times& recorded, compact_writer& out) {
  out.number(recorded.size());
  for (const auto& [stream, times] : recorded) {
    out.number(stream);
    times.write(out);
  }
}

void write_spans(const std::vector<time_span>& spans, compact_writer& out) {
  out.number(spans.size());
  for (const time_span span : spans) {
    out.time(span.from);
    out.time(span.until);
  }
}

void read_spans(compact_reader& in, std::vector<time_span>& into) {
  for (std::uint64_t n = in.count(); n > 0 && !in.failed(); --n) {
    const time_point from = in.time();
    into.push_back({.from = from, .until = in.time()});
  }
}

void write_receivers(const receipt_ledger& received, compact_writer& out) {
  out.number(received.receivers.size());
  for (const auto& [receiver, record] : received.receivers) {
    out.number(receiver);
    out.number(record.epoch);
    out.number(record.subscriptions.size());
    for (const granted_subscription& subscription : record.subscriptions) {
      out.text(subscription.topic_filter);
      out.text(subscription.share_name);
      out.number(static_cast<std::uint8_t>(subscription.granted_qos));
      out.flag(subscription.no_local);
    }
    write_spans(record.subscribed, out);
    write_spans(record.away, out);
  }
}

void write_trackers(const receipt_ledger& received, compact_writer& out) {
  out.number(received.trackers.size());
  for (const auto& [key, tracker] : received.trackers) {
    const receipt_tracker::parts parts = tracker.to_parts();
    out.number(key.receiver);
    out.number(key.stream);
    out.number(parts.next);
    out.number(parts.duplicates);
    out.number(parts.late);
    out.number(parts.epoch);
    write_set(parts.missing, out);
    write_set(parts.excused, out);
    write_set(parts.repeated, out);
    write_set(parts.overtaken, out);
  }
}

void read_published(compact_reader& in, publication_ledger& into) {
  for (std::uint64_t n = in.count(); n > 0 && !in.failed(); --n) {
    const stream_index stream = in.number32();
    published_stream& facts = into[stream];
    facts.sent = in.number32();
    facts.acknowledged = in.number32();
    facts.rejected = read_set(in);
    facts.uncertain = read_set(in);
  }
}

void read_recorded(compact_reader& in, recorded_times& into) {
  for (std::uint64_t n = in.count(); n > 0 && !in.failed(); --n) {
    const stream_index stream = in.number32();
    into[stream] = due_times::read(in);
  }
}

void read_receivers(compact_reader& in, receipt_ledger& into) {
  for (std::uint64_t n = in.count(); n > 0 && !in.failed(); --n) {
    receiver_record& record = into.receivers[in.number32()];
    record.epoch = in.number16();
    for (std::uint64_t m = in.count(); m > 0 && !in.failed(); --m) {
      granted_subscription subscription;
      subscription.topic_filter = in.text();
      subscription.share_name = in.text();
      subscription.granted_qos = static_cast<mqtt::qos>(std::min<std::uint64_t>(in.number(), 2));
      subscription.no_local = in.flag();
      record.subscriptions.push_back(std::move(subscription));
    }
    read_spans(in, record.subscribed);
    read_spans(in, record.away);
  }
}

void read_trackers(compact_reader& in, receipt_ledger& into) {
  for (std::uint64_t n = in.count(); n > 0 && !in.failed(); --n) {
    receipt_ledger::pair key;
    key.receiver = in.number32();
    key.stream = in.number32();
    receipt_tracker::parts parts;
    parts.next = in.number32();
    parts.duplicates = in.number32();
    parts.late = in.number32();
    parts.epoch = in.number16();
    parts.missing = read_set(in);
    parts.excused = read_set(in);
    parts.repeated = read_set(in);
    parts.overtaken = read_set(in);
    // What the bytes say must hold together, for the account relies on it.
    if (parts.repeated.size() > parts.duplicates || parts.overtaken.size() != parts.late ||
        (parts.duplicates > 0 && parts.repeated.empty())) {
      in.fail();
      return;
    }
    into.trackers[key] = receipt_tracker::from_parts(std::move(parts));
  }
}

void write_wills(const will_ledger& wills, compact_writer& out) {
  out.number(wills.endings.size());
  for (const will_ending& each : wills.endings) {
    out.number(each.device);
    out.number(each.connection);
    out.flag(each.required);
    out.time(each.ended);
    out.time(each.due);
  }
  out.number(wills.receipts.size());
  for (const auto& [key, copies] : wills.receipts) {
    out.number(key.receiver);
    out.number(key.device);
    out.number(key.connection);
    out.number(copies);
  }
}

void read_wills(compact_reader& in, will_ledger& into) {
  for (std::uint64_t n = in.count(); n > 0 && !in.failed(); --n) {
    will_ending each;
    each.device = in.number32();
    each.connection = in.number32();
    each.required = in.flag();
    each.ended = in.time();
    each.due = in.time();
    into.endings.push_back(each);
  }
  for (std::uint64_t n = in.count(); n > 0 && !in.failed(); --n) {
    will_ledger::receipt_key key;
    key.receiver = in.number32();
    key.device = in.number32();
    key.connection = in.number32();
    into.receipts[key] += in.number32();
  }
}

void move(time_point& time, duration by) {
  // What has no end has none on any time line.
  if (time != time_point::max()) time += by;
}

void move(std::vector<time_span>& spans, duration by) {
  for (time_span& each : spans) {
    move(each.from, by);
    move(each.until, by);
  }
}

}  // namespace

void merge(ledger& into, ledger&& other) {
  into.published.merge(other.published);
  into.recorded.merge(other.recorded);
  into.received.receivers.merge(other.received.receivers);
  into.received.trackers.merge(other.received.trackers);
  std::vector<will_ending>& endings = into.wills.endings;
  endings.insert(endings.end(), other.wills.endings.begin(), other.wills.endings.end());
  into.wills.receipts.merge(other.wills.receipts);
}

void move_times(ledger& books, duration by) {
  for (auto& [receiver, record] : books.received.receivers) {
    move(record.subscribed, by);
    move(record.away, by);
  }
  for (will_ending& each : books.wills.endings) {
    move(each.ended, by);
    move(each.due, by);
  }
}

void write_ledger(const ledger& from, byte_buffer& out) {
  compact_writer to(out);
  write_published(from.published, to);
  write_recorded(from.recorded, to);
  write_receivers(from.received, to);
  write_trackers(from.received, to);
  write_wills(from.wills, to);
}

outcome<void> read_ledger(byte_view bytes, ledger& into) {
  compact_reader in(bytes);
  read_published(in, into.published);
  read_recorded(in, into.recorded);
  read_receivers(in, into.received);
  read_trackers(in, into.received);
  read_wills(in, into.wills);
  if (in.failed() || !in.at_end()) {
    return failure{exit_code::internal_error, "a worker's ledger is cut or damaged"};
  }
  return {};
}

}  // namespace gauntlet::history
