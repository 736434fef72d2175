#include "harness/mqtt/in_flight.hpp"

#include <algorithm>
#include <utility>

#include "harness/base/assert.hpp"
#include "harness/mqtt/identifier_table.hpp"

namespace gauntlet::mqtt {
namespace {

struct entry {
  std::uint64_t tag = 0;
  /// Of a publication: its place in the order of sending, enough for a million messages a second
  /// over twelve days. Of a subscription: its number of filters.
  std::uint64_t order : 40 = 0;
  std::uint64_t identifier : 16 = 0;
  std::uint64_t stage : 8 = 0;
};
static_assert(sizeof(entry) == 16);

in_flight_stage stage_of(const entry& of) { return static_cast<in_flight_stage>(of.stage); }

bool is_publication(in_flight_stage stage) {
  return stage == in_flight_stage::puback || stage == in_flight_stage::pubrec ||
         stage == in_flight_stage::pubcomp;
}

}  // namespace

struct in_flight::table {
  identifier_table<entry> entries;
  std::uint64_t next_order = 0;
  std::vector<std::uint16_t> waiting;  ///< to be sent again, first to last, from next_waiting on
  std::size_t next_waiting = 0;

  void add(std::uint16_t identifier, in_flight_stage stage, std::uint64_t tag,
           std::uint16_t filters) {
    const std::uint64_t order = is_publication(stage) ? next_order++ : filters;
    entries.insert(entry{.tag = tag,
                         .order = order & ((std::uint64_t{1} << 40) - 1),
                         .identifier = identifier,
                         .stage = static_cast<std::uint8_t>(stage)});
  }
};

in_flight::in_flight(in_flight&& other) noexcept
    : tag_(other.tag_),
      identifier_(std::exchange(other.identifier_, std::uint16_t{0})),
      last_identifier_(other.last_identifier_),
      stage_(other.stage_),
      in_table_(other.in_table_) {
  if (in_table_) table_ = other.table_;
  other.in_table_ = false;
}

in_flight& in_flight::operator=(in_flight&& other) noexcept {
  if (this == &other) return *this;
  std::destroy_at(this);
  return *std::construct_at(this, std::move(other));
}

in_flight::~in_flight() { clear(); }

void in_flight::clear() noexcept {
  if (in_table_) delete table_;
  in_table_ = false;
  identifier_ = 0;
}

std::size_t in_flight::size() const noexcept {
  return in_table_ ? table_->entries.size() : std::size_t{identifier_ != 0};
}

in_flight::table& in_flight::make_table() {
  if (in_table_) return *table_;
  auto made = std::make_unique<table>();
  if (identifier_ != 0) made->add(std::exchange(identifier_, std::uint16_t{0}), stage_, tag_, 0);
  table_ = made.release();
  in_table_ = true;
  return *table_;
}

std::uint16_t in_flight::add(in_flight_stage stage, std::uint64_t tag, std::uint16_t filters) {
  if (size() == UINT16_MAX) return 0;
  std::uint16_t identifier = last_identifier_;
  do {
    identifier =
        identifier == UINT16_MAX ? std::uint16_t{1} : static_cast<std::uint16_t>(identifier + 1);
  } while (in_table_ ? table_->entries.find(identifier) != nullptr : identifier == identifier_);
  last_identifier_ = identifier;
  if (!in_table_ && identifier_ == 0 && is_publication(stage)) {
    identifier_ = identifier;
    stage_ = stage;
    tag_ = tag;
  } else {
    make_table().add(identifier, stage, tag, filters);
  }
  return identifier;
}

std::optional<in_flight_item> in_flight::find(std::uint16_t identifier) const {
  if (!in_table_) {
    if (identifier == 0 || identifier != identifier_) return std::nullopt;
    return in_flight_item{identifier, stage_, tag_, 0};
  }
  const entry* found = identifier == 0 ? nullptr : table_->entries.find(identifier);
  if (found == nullptr) return std::nullopt;
  const auto stage = stage_of(*found);
  const auto filters = is_publication(stage) ? 0 : static_cast<std::uint16_t>(found->order);
  return in_flight_item{identifier, stage, found->tag, static_cast<std::uint16_t>(filters)};
}

void in_flight::released(std::uint16_t identifier) {
  if (!in_table_) {
    GAUNTLET_ASSERT(identifier == identifier_ && stage_ == in_flight_stage::pubrec);
    stage_ = in_flight_stage::pubcomp;
    return;
  }
  entry* found = table_->entries.find(identifier);
  GAUNTLET_ASSERT(found != nullptr && stage_of(*found) == in_flight_stage::pubrec);
  found->stage = static_cast<std::uint8_t>(in_flight_stage::pubcomp);
  found->order = table_->next_order++ & ((std::uint64_t{1} << 40) - 1);
}

void in_flight::remove(std::uint16_t identifier) {
  if (!in_table_) {
    GAUNTLET_ASSERT(identifier != 0 && identifier == identifier_);
    identifier_ = 0;
    return;
  }
  entry* found = table_->entries.find(identifier);
  GAUNTLET_ASSERT(found != nullptr);
  table_->entries.erase(found);
}

void in_flight::remove_subscriptions() {
  if (!in_table_) return;
  std::vector<std::uint16_t> found;
  table_->entries.visit([&found](const entry& each) {
    if (!is_publication(stage_of(each)))
      found.push_back(static_cast<std::uint16_t>(each.identifier));
  });
  for (const std::uint16_t identifier : found) remove(identifier);
}

std::vector<std::uint16_t> in_flight::in_order() const {
  if (!in_table_) {
    return identifier_ == 0 ? std::vector<std::uint16_t>{} : std::vector{identifier_};
  }
  std::vector<entry> found;
  table_->entries.visit([&found](const entry& each) {
    if (is_publication(stage_of(each))) found.push_back(each);
  });
  std::sort(found.begin(), found.end(), [](const entry& a, const entry& b) {
    const bool a_released = stage_of(a) == in_flight_stage::pubcomp;
    const bool b_released = stage_of(b) == in_flight_stage::pubcomp;
    return a_released != b_released ? a_released : a.order < b.order;
  });
  std::vector<std::uint16_t> identifiers;
  identifiers.reserve(found.size());
  for (const entry& each : found)
    identifiers.push_back(static_cast<std::uint16_t>(each.identifier));
  return identifiers;
}

void in_flight::set_waiting(std::vector<std::uint16_t> identifiers) {
  if (identifiers.empty() && !in_table_) return;
  table& here = make_table();
  here.waiting = std::move(identifiers);
  here.next_waiting = 0;
}

bool in_flight::has_waiting() const noexcept {
  return in_table_ && table_->next_waiting < table_->waiting.size();
}

std::uint16_t in_flight::take_waiting() noexcept {
  if (!has_waiting()) return 0;
  const std::uint16_t taken = table_->waiting[table_->next_waiting++];
  if (!has_waiting()) {
    table_->waiting = std::vector<std::uint16_t>();  // `= {}` would keep the memory
    table_->next_waiting = 0;
  }
  return taken;
}

void in_flight::release_memory() noexcept {
  if (in_table_ && table_->entries.empty()) clear();
}

}  // namespace gauntlet::mqtt
