#include "harness/net/memory_link.hpp"

#include <algorithm>
#include <utility>

#include "harness/base/assert.hpp"
#include "harness/base/units.hpp"

namespace gauntlet::net {

memory_core::memory_core(event_loop& loop, const memory_network_options& options,
                         accept_dial on_dial)
    : loop_(loop),
      options_(options),
      on_dial_(std::move(on_dial)),
      limits_(loop),
      timer_(loop.make_timer([this] { on_due(); })) {
  GAUNTLET_ASSERT(options_.delay_min <= options_.delay_max && options_.window_bytes > 0);
}

void memory_core::schedule(time_point due, memory_link& link, arrival_kind kind, link_end to,
                           byte_view bytes) {
  on_the_way_.push_back({due, ++sequence_, link.shared_from_this(), kind, to,
                         byte_buffer(bytes.begin(), bytes.end())});
  std::push_heap(on_the_way_.begin(), on_the_way_.end(), later);
  if (on_the_way_.front().sequence == sequence_) timer_->arm(due);
}

bool memory_core::later(const arrival& a, const arrival& b) {
  return a.due != b.due ? a.due > b.due : a.sequence > b.sequence;
}

void memory_core::on_due() {
  // One arrival a turn, so that whoever watches the loop sees every state in between.
  std::pop_heap(on_the_way_.begin(), on_the_way_.end(), later);
  arrival next = std::move(on_the_way_.back());
  on_the_way_.pop_back();
  if (!on_the_way_.empty()) timer_->arm(on_the_way_.front().due);
  next.link->arrive(next);
}

memory_link::memory_link(memory_core& core, stream_key key, std::array<std::string, 2> names)
    : core_(core), draws_(key), names_(std::move(names)) {}

void memory_link::dial() {
  if (core_.operation_fails()) return refuse();
  core_.schedule(travel(link_end::dialer, 0), *this, arrival_kind::dial, link_end::acceptor);
}

void memory_link::refuse() {
  core_.schedule(travel(link_end::acceptor, 0), *this, arrival_kind::refusal, link_end::dialer);
}

void memory_link::accept(memory_channel& acceptor) {
  join(link_end::acceptor, acceptor);
  core_.schedule(travel(link_end::acceptor, 0), *this, arrival_kind::opening, link_end::dialer);
}

std::size_t memory_link::send(link_end from, byte_view bytes) {
  end_state& sender = at(from);
  if (core_.operation_fails()) break_now();
  if (sender.reset_arrived) {
    core_.schedule(core_.loop().now(), *this, arrival_kind::give_up, from);
  }
  if (broken_ || sender.reset_arrived) return 0;
  std::size_t taken = 0;
  if (sender.kept.empty()) {
    const std::size_t window = core_.options().window_bytes;
    taken = std::min(bytes.size(), window - std::min(window, sender.unread_by_peer));
    transmit(from, bytes.first(taken));
  }
  const byte_view rest = bytes.subspan(taken);
  sender.kept.insert(sender.kept.end(), rest.begin(), rest.end());
  return rest.size();
}

std::size_t memory_link::backlog_bytes(link_end from) const {
  return at(from).kept.size() - at(from).kept_begin;
}

void memory_link::close(link_end from) {
  at(from).channel = nullptr;
  at(from).fin_wanted = true;
  has_read(from, std::exchange(at(from).unread, {}).size());
  if (at(from).kept.empty()) send_fin(from);
}

void memory_link::abort(link_end from) {
  at(from).channel = nullptr;
  at(from).kept.clear();
  at(from).kept_begin = 0;
  core_.schedule(travel(from, 0), *this, arrival_kind::reset, other(from));
}

void memory_link::resume(link_end end) {
  end_state& reader = at(end);
  if (!std::exchange(reader.paused, false) || reader.channel == nullptr) return;
  core_.schedule(core_.loop().now(), *this, arrival_kind::wake_up, end);
}

void memory_link::fail_dial(end_kind kind, std::string detail) {
  broken_ = true;
  core_.schedule(travel(link_end::dialer, 0), *this, arrival_kind::reset, link_end::acceptor);
  finish(link_end::dialer, kind, std::move(detail));
}

void memory_link::arrive(arrival& what) {
  end_state& end = at(what.to);
  if (broken_ && what.kind != arrival_kind::reset) return;
  switch (what.kind) {
    case arrival_kind::dial:
      if (at(link_end::dialer).channel != nullptr) core_.dial_arrived(*this);
      return;
    case arrival_kind::refusal:
      if (end.channel == nullptr) return;
      return fail_dial(end_kind::connect_failed,
                       "connection refused by " + name(link_end::acceptor));
    case arrival_kind::opening:
      if (end.channel != nullptr) end.channel->opened();
      return;
    case arrival_kind::data:
      if (core_.operation_fails()) return break_now();
      return receive(what.to, what.bytes);
    case arrival_kind::fin:
      end.fin_arrived = true;
      return deliver(what.to);
    case arrival_kind::reset:
      end.reset_arrived = true;
      return deliver(what.to);
    case arrival_kind::window:
      end.window_update_due = false;
      return send_kept(what.to);
    case arrival_kind::wake_up:
      return deliver(what.to);
    case arrival_kind::give_up:
      return finish(what.to, end_kind::reset, "connection reset by " + name(other(what.to)));
  }
}

time_point memory_link::travel(link_end from, std::size_t size_bytes) {
  const memory_network_options& options = core_.options();
  end_state& sender = at(from);
  sender.line_free = std::max(sender.line_free, core_.loop().now());
  if (options.bytes_per_s > 0) {
    const double seconds =
        static_cast<double>(size_bytes) / static_cast<double>(options.bytes_per_s);
    sender.line_free +=
        std::chrono::duration_cast<duration>(std::chrono::duration<double>(seconds));
  }
  duration delay{draws_.between(options.delay_min.count(), options.delay_max.count())};
  duration retransmission = options.retransmission_delay;
  for (int tries = 0; tries < 8 && draws_.chance(options.loss); ++tries) {
    delay += retransmission;
    retransmission *= 2;
  }
  sender.last_due = std::max(sender.last_due, sender.line_free + delay);
  return sender.last_due;
}

void memory_link::transmit(link_end from, byte_view bytes) {
  const std::size_t longest = core_.options().segment_bytes_max;
  while (!bytes.empty()) {
    std::size_t size = bytes.size();
    if (longest > 0 && size > longest) size = 1 + static_cast<std::size_t>(draws_.below(longest));
    if (draws_.chance(core_.options().breakage)) return break_now();
    at(from).unread_by_peer += size;
    core_.schedule(travel(from, size), *this, arrival_kind::data, other(from), bytes.first(size));
    bytes = bytes.subspan(size);
  }
}

void memory_link::send_kept(link_end from) {
  end_state& sender = at(from);
  const byte_view kept = byte_view(sender.kept).subspan(sender.kept_begin);
  if (kept.empty()) return;
  const std::size_t window = core_.options().window_bytes;
  const std::size_t taken = std::min(kept.size(), window - std::min(window, sender.unread_by_peer));
  transmit(from, kept.first(taken));
  sender.kept_begin += taken;
  if (taken < kept.size()) return;
  sender.kept.clear();
  sender.kept_begin = 0;
  if (sender.fin_wanted) return send_fin(from);
  if (sender.channel != nullptr && !broken_) {
    sender.channel->handler().on_drained(*sender.channel);
  }
}

void memory_link::send_fin(link_end from) {
  core_.schedule(travel(from, 0), *this, arrival_kind::fin, other(from));
}

void memory_link::break_now() {
  broken_ = true;
  const time_point now = core_.loop().now();
  core_.schedule(now, *this, arrival_kind::reset, link_end::dialer);
  core_.schedule(now, *this, arrival_kind::reset, link_end::acceptor);
}

void memory_link::receive(link_end to, byte_view bytes) {
  end_state& reader = at(to);
  if (reader.channel == nullptr) return has_read(to, bytes.size());
  reader.unread.insert(reader.unread.end(), bytes.begin(), bytes.end());
  deliver(to);
}

void memory_link::deliver(link_end to) {
  end_state& reader = at(to);
  const memory_channel* const channel = reader.channel;
  if (channel == nullptr || reader.paused) return;
  if (!reader.unread.empty()) {
    const byte_buffer bytes = std::exchange(reader.unread, {});
    has_read(to, bytes.size());
    reader.channel->handler().on_bytes(*reader.channel, bytes);
    if (reader.channel != channel || reader.paused) return;
  }
  if (reader.reset_arrived) {
    finish(to, end_kind::reset, "connection reset by " + name(other(to)));
  } else if (reader.fin_arrived) {
    finish(to, end_kind::finished, "connection closed by " + name(other(to)));
  }
}

void memory_link::has_read(link_end reader, std::size_t size_bytes) {
  const link_end writer = other(reader);
  end_state& sender = at(writer);
  sender.unread_by_peer -= size_bytes;
  if (size_bytes == 0 || sender.kept.empty() || sender.window_update_due) return;
  sender.window_update_due = true;
  core_.schedule(travel(reader, 0), *this, arrival_kind::window, writer);
}

void memory_link::finish(link_end end, end_kind kind, std::string detail) {
  memory_channel* const channel = std::exchange(at(end).channel, nullptr);
  if (channel == nullptr) return;
  if (kind == end_kind::finished) close(end);
  channel->ended();
  channel->handler().on_end(*channel, {kind, std::move(detail)});
}

class memory_channel::dial_limit final : private deadline {
 public:
  dial_limit(memory_core& core, duration timeout, memory_link& link)
      : deadline(core.limits(), timeout), timeout_(timeout), link_(link) {}

 private:
  void on_deadline() override {
    const auto kept = link_.shared_from_this();
    kept->fail_dial(end_kind::timed_out, "no connection for " + kept->name(link_end::acceptor) +
                                             " within " + format_duration(timeout_));
  }
  duration timeout_;
  memory_link& link_;
};

memory_channel::memory_channel(std::shared_ptr<memory_link> link, link_end end,
                               channel_handler* handler)
    : link_(std::move(link)),
      handler_(handler),
      end_(end),
      phase_(end == link_end::dialer ? phase::dialing : phase::open) {
  link_->join(end, *this);
}

memory_channel::~memory_channel() { abort(); }

void memory_channel::limit_dial(memory_core& core, duration timeout) {
  limit_ = std::make_unique<dial_limit>(core, timeout, *link_);
}

std::size_t memory_channel::send(byte_view bytes) {
  if (phase_ != phase::open || bytes.empty()) return 0;
  return link_->send(end_, bytes);
}

void memory_channel::close() {
  if (phase_ == phase::dialing) return abort();
  if (phase_ == phase::over) return;
  ended();
  link_->close(end_);
}

void memory_channel::abort() {
  if (phase_ == phase::over) return;
  ended();
  link_->abort(end_);
}

channel_handler& memory_channel::handler() {
  GAUNTLET_ASSERT(handler_ != nullptr);
  return *handler_;
}

void memory_channel::opened() {
  phase_ = phase::open;
  limit_.reset();
  handler().on_open(*this);
}

void memory_channel::ended() {
  phase_ = phase::over;
  limit_.reset();
}

}  // namespace gauntlet::net
