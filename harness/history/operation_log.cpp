#include "harness/history/operation_log.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <numeric>
#include <type_traits>
#include <utility>
#include <vector>

#include "harness/base/assert.hpp"

namespace gauntlet::history {
namespace {

constexpr std::size_t chunk_bytes = 1U << 20U;

enum class entry_kind : std::uint8_t { open, packet, end, fault };

// Fixed part of each entry; `first` and `second` bytes follow (sent and passed, or a text).
struct entry {
  time_point at{};  // when the broker saw it
  time_point sent{};
  time_point passed{};
  std::uint32_t connection = 0;
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  fault_index fault = 0;
  entry_kind kind = entry_kind::open;
  std::uint8_t what = 0;  // direction, side or moment
  packet_fate fate = packet_fate::passed;
  std::uint8_t flags = 0;  // of an end: by_link, reset, silent; of a packet: passed as sent
};
static_assert(std::is_trivially_copyable_v<entry>);

struct place {
  time_point at{};
  // Of what happens at one time: a client that lives in our process answers at once, a broker
  // never.
  std::uint32_t rank = 0;
  std::uint32_t chunk = 0;
  std::uint32_t offset = 0;
};

std::uint32_t rank_of(const entry& head) {
  if (head.kind == entry_kind::open) return 0;
  if (head.kind != entry_kind::packet) return 3;
  return static_cast<direction>(head.what) == direction::to_client ? 1 : 2;
}

struct chunk {
  std::vector<std::uint8_t> bytes;
  long on_disk = -1;  // where in the file; -1: in memory
  std::size_t size = 0;
};

void tell(const entry& head, byte_view first, byte_view second, packet_observer& to) {
  switch (head.kind) {
    case entry_kind::open:
      return to.on_open(head.connection, head.sent);
    case entry_kind::packet:
      return to.on_packet({.connection = head.connection,
                           .direction = static_cast<direction>(head.what),
                           .fate = head.fate,
                           .sent = first,
                           .passed = head.flags != 0 ? first : second,
                           .sent_at = head.sent,
                           .passed_at = head.passed,
                           .fault = head.fault});
    case entry_kind::end:
      return to.on_end({.connection = head.connection,
                        .side = static_cast<side>(head.what),
                        .by_link = (head.flags & 1U) != 0,
                        .reset = (head.flags & 2U) != 0,
                        .silent = (head.flags & 4U) != 0,
                        .at = head.sent,
                        .fault = head.fault});
    case entry_kind::fault:
      return to.on_fault({.fault = head.fault,
                          .what = static_cast<fault_seen::moment>(head.what),
                          .at = head.sent,
                          .connection = head.connection,
                          .text = as_text(first)});
  }
}

}  // namespace

struct operation_log::parts {
  std::size_t memory_max;
  std::vector<chunk> chunks;
  std::vector<place> places;
  std::size_t in_memory = 0;
  std::uint64_t total = 0, disk = 0, packets = 0;
  std::size_t first_in_memory = 0;
  std::FILE* file = nullptr;

  explicit parts(std::size_t limit) : memory_max(limit) {}
  ~parts() {
    if (file != nullptr) static_cast<void>(std::fclose(file));
  }

  void append(const entry& head, byte_view first, byte_view second) {
    const std::size_t size = sizeof head + first.size() + second.size();
    if (chunks.empty() || chunks.back().bytes.capacity() - chunks.back().bytes.size() < size) {
      spill();
      chunks.emplace_back();
      chunks.back().bytes.reserve(std::max(size, chunk_bytes));
    }
    std::vector<std::uint8_t>& bytes = chunks.back().bytes;
    places.push_back({head.at, rank_of(head), static_cast<std::uint32_t>(chunks.size() - 1),
                      static_cast<std::uint32_t>(bytes.size())});
    const auto* raw = reinterpret_cast<const std::uint8_t*>(&head);
    bytes.insert(bytes.end(), raw, raw + sizeof head);
    bytes.insert(bytes.end(), first.begin(), first.end());
    bytes.insert(bytes.end(), second.begin(), second.end());
    chunks.back().size = bytes.size();
    in_memory += size;
    total += size;
    if (head.kind == entry_kind::packet) ++packets;
  }

  // Moves the oldest chunks to the file until there is room. Without a file memory is used on.
  void spill() {
    while (in_memory > memory_max && first_in_memory < chunks.size()) {
      if (file == nullptr) file = std::tmpfile();
      if (file == nullptr) return;
      chunk& oldest = chunks[first_in_memory];
      if (std::fseek(file, 0, SEEK_END) != 0) return;
      const long at = std::ftell(file);
      if (std::fwrite(oldest.bytes.data(), 1, oldest.size, file) != oldest.size) return;
      oldest.on_disk = at;
      oldest.bytes = std::vector<std::uint8_t>();  // `= {}` would keep the memory
      in_memory -= oldest.size;
      disk += oldest.size;
      ++first_in_memory;
    }
  }
};

// The chunks of a log, those on disk as a whole: entries in the order of time jump to and fro over
// the borders of chunks, and seldom further.
class operation_log::reader {
 public:
  explicit reader(const parts& log) : log_(log) {}

  // From the entry on to the end of its chunk; valid until the next call.
  byte_view at(const place& where) {
    const chunk& of = log_.chunks[where.chunk];
    const byte_view bytes = of.on_disk < 0 ? byte_view(of.bytes) : loaded(where.chunk);
    return bytes.subspan(where.offset);
  }

 private:
  struct copy {
    std::uint32_t chunk = UINT32_MAX;
    byte_buffer bytes;
  };

  byte_view loaded(std::uint32_t number) {
    const auto known = std::ranges::find(copies_, number, &copy::chunk);
    if (known != copies_.end()) return known->bytes;
    copy& into = copies_[next_++ % copies_.size()];
    const chunk& of = log_.chunks[number];
    into.chunk = number;
    into.bytes.resize(of.size);
    const bool done = std::fseek(log_.file, of.on_disk, SEEK_SET) == 0 &&
                      std::fread(into.bytes.data(), 1, of.size, log_.file) == of.size;
    GAUNTLET_ASSERT(done);
    return into.bytes;
  }

  const parts& log_;
  std::array<copy, 4> copies_;
  std::size_t next_ = 0;
};

operation_log::operation_log(std::size_t memory_max)
    : parts_(std::make_unique<parts>(memory_max)) {}
operation_log::~operation_log() = default;
operation_log::operation_log(operation_log&&) noexcept = default;
operation_log& operation_log::operator=(operation_log&&) noexcept = default;

void operation_log::on_open(connection_index connection, time_point at) {
  parts_->append({.at = at, .sent = at, .connection = connection, .kind = entry_kind::open}, {},
                 {});
}

void operation_log::on_packet(const packet_seen& packet) {
  const bool same = packet.fate == packet_fate::passed;
  const bool to_broker = packet.direction == direction::to_broker;
  const bool had = to_broker && packet.passed_at != time_point::max();
  const byte_view passed = same ? byte_view{} : packet.passed;
  parts_->append({.at = had ? packet.passed_at : packet.sent_at,
                  .sent = packet.sent_at,
                  .passed = packet.passed_at,
                  .connection = packet.connection,
                  .first = static_cast<std::uint32_t>(packet.sent.size()),
                  .second = static_cast<std::uint32_t>(passed.size()),
                  .fault = packet.fault,
                  .kind = entry_kind::packet,
                  .what = static_cast<std::uint8_t>(packet.direction),
                  .fate = packet.fate,
                  .flags = static_cast<std::uint8_t>(same ? 1 : 0)},
                 packet.sent, passed);
}

void operation_log::on_end(const end_seen& end) {
  const unsigned flags = (end.by_link ? 1U : 0U) | (end.reset ? 2U : 0U) | (end.silent ? 4U : 0U);
  parts_->append({.at = end.at,
                  .sent = end.at,
                  .connection = end.connection,
                  .fault = end.fault,
                  .kind = entry_kind::end,
                  .what = static_cast<std::uint8_t>(end.side),
                  .flags = static_cast<std::uint8_t>(flags)},
                 {}, {});
}

void operation_log::on_fault(const fault_seen& fault) {
  parts_->append({.at = fault.at,
                  .sent = fault.at,
                  .connection = fault.connection,
                  .first = static_cast<std::uint32_t>(fault.text.size()),
                  .fault = fault.fault,
                  .kind = entry_kind::fault,
                  .what = static_cast<std::uint8_t>(fault.what)},
                 as_bytes(fault.text), {});
}

std::uint64_t operation_log::packets() const { return parts_->packets; }
std::uint64_t operation_log::bytes() const {
  return parts_->total + parts_->places.size() * sizeof(place);
}
std::uint64_t operation_log::bytes_on_disk() const { return parts_->disk; }
std::uint64_t operation_log::bytes_in_memory() const {
  std::uint64_t held = 0;
  for (const chunk& each : parts_->chunks) held += each.bytes.capacity();
  return held;
}

void operation_log::replay(packet_observer& to) const {
  const std::vector<place>& places = parts_->places;
  std::vector<std::uint32_t> order(places.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, [&](std::uint32_t index) {
    return std::pair(places[index].at, places[index].rank);
  });
  reader entries(*parts_);
  for (const std::uint32_t index : order) {
    const byte_view bytes = entries.at(places[index]);
    entry head;
    std::memcpy(&head, bytes.data(), sizeof head);
    tell(head, bytes.subspan(sizeof head, head.first),
         bytes.subspan(sizeof head + head.first, head.second), to);
  }
}

outcome<void> operation_log::write(const std::string& path) const {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  reader entries(*parts_);
  for (const place& each : parts_->places) {
    const byte_view bytes = entries.at(each);
    entry head;
    std::memcpy(&head, bytes.data(), sizeof head);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(sizeof head + head.first + head.second));
  }
  out.close();
  if (!out) {
    return environment_failed("cannot write the history to '" + path + "'");
  }
  return boost::system::in_place_value;
}

outcome<void> operation_log::read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const auto bad = [&] { return environment_failed("cannot read the history in '" + path + "'"); };
  if (!in) return bad();
  entry head;
  byte_buffer bytes;
  while (in.read(reinterpret_cast<char*>(&head), sizeof head)) {
    bytes.resize(std::size_t{head.first} + head.second);
    if (!bytes.empty() && !in.read(reinterpret_cast<char*>(bytes.data()),
                                   static_cast<std::streamsize>(bytes.size()))) {
      return bad();
    }
    parts_->append(head, byte_view(bytes).first(head.first), byte_view(bytes).subspan(head.first));
  }
  if (in.gcount() != 0) return bad();
  return boost::system::in_place_value;
}

}  // namespace gauntlet::history
