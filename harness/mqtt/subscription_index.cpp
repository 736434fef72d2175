#include "harness/mqtt/subscription_index.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "harness/base/assert.hpp"

namespace gauntlet::mqtt {
namespace {

using std::string_view;

constexpr std::size_t table_size_min = 16;
/// Long levels are moved together when more than half of a text of at least this size is unused.
constexpr std::size_t compact_from_bytes = 4096;

/// Spreads (parent, level) over 32 bits. Eight bytes a step; every bit of the input moves the high
/// half of the product, which is folded back.
std::uint32_t hash_of(std::uint32_t parent, string_view level) {
  constexpr std::uint64_t factor = 0x9e3779b97f4a7c15;
  std::uint64_t hash = (parent + level.size() * 0x100000001ull) * factor;
  const auto mix = [&hash](std::uint64_t word) { hash = (hash ^ (hash >> 32) ^ word) * factor; };
  while (level.size() >= 8) {
    std::uint64_t word;
    std::memcpy(&word, level.data(), 8);
    mix(word);
    level.remove_prefix(8);
  }
  if (!level.empty()) {
    std::uint64_t word = 0;
    std::memcpy(&word, level.data(), level.size());
    mix(word);
  }
  return static_cast<std::uint32_t>(hash >> 32);
}

/// Hands out the levels of a filter one by one; an empty filter has none.
class level_reader {
 public:
  explicit level_reader(string_view filter) : rest_(filter), at_end_(filter.empty()) {}

  bool next(string_view& level) {
    if (at_end_) return false;
    const auto end = rest_.find('/');
    level = rest_.substr(0, end);
    at_end_ = end == string_view::npos;
    if (!at_end_) rest_.remove_prefix(end + 1);
    return true;
  }
  /// Whether the last level has been handed out.
  bool at_end() const { return at_end_; }

 private:
  string_view rest_;
  bool at_end_;
};

}  // namespace

void subscription_index::clear() {
  nodes_ = {node{.parent = none, .text = {}}};
  table_ = {};
  in_table_ = 0;
  free_node_ = none;
  free_slots_ = {};
  long_levels_ = {};
  long_levels_unused_bytes_ = 0;
  size_ = 0;
}

std::size_t subscription_index::memory_bytes() const {
  return nodes_.capacity() * sizeof(node) + table_.capacity() * sizeof(bucket) +
         free_slots_.capacity() * sizeof(slot) + long_levels_.capacity();
}

subscription_index::insertion subscription_index::insert(string_view filter) {
  GAUNTLET_ASSERT(!filter.empty() && filter.size() <= UINT16_MAX);
  node_id at = root;
  slot node::*place = &node::value;
  level_reader levels(filter);
  for (string_view level; levels.next(level);) {
    if (level == "#" && levels.at_end()) {
      place = &node::multi_level_value;
      break;
    }
    node_id child = find_child(at, level);
    if (child == none) child = add_child(at, level);
    at = child;
  }
  slot& value = nodes_[at].*place;
  if (value != none) return {value, false};
  value = take_slot();
  ++size_;
  return {value, true};
}

subscription_index::slot subscription_index::find(string_view filter) const {
  const location found = locate(filter);
  return found.at == none ? none : nodes_[found.at].*found.place;
}

subscription_index::slot subscription_index::erase(string_view filter) {
  const location found = locate(filter);
  if (found.at == none) return none;
  const slot freed = std::exchange(nodes_[found.at].*found.place, none);
  if (freed == none) return none;
  free_slots_.push_back(freed);
  --size_;
  prune(found.at);
  return freed;
}

subscription_index::location subscription_index::locate(string_view filter) const {
  node_id at = root;
  level_reader levels(filter);
  for (string_view level; at != none && levels.next(level);) {
    if (level == "#" && levels.at_end()) return {at, &node::multi_level_value};
    at = find_child(at, level);
  }
  return {at, &node::value};
}

subscription_index::match_cursor subscription_index::match(string_view name) const {
  return {*this, name};
}

string_view subscription_index::text_of(const node& of) const {
  if (of.text.size <= of.text.bytes.size()) return {of.text.bytes.data(), of.text.size};
  std::uint32_t offset = 0;
  std::memcpy(&offset, of.text.bytes.data(), sizeof offset);
  return string_view(long_levels_).substr(offset, of.text.size);
}

subscription_index::level_text subscription_index::store(string_view level) {
  level_text text{static_cast<std::uint16_t>(level.size()), {}};
  if (level.size() <= text.bytes.size()) {
    std::copy(level.begin(), level.end(), text.bytes.begin());
    return text;
  }
  GAUNTLET_ASSERT(long_levels_.size() + level.size() <= UINT32_MAX);
  const auto offset = static_cast<std::uint32_t>(long_levels_.size());
  std::memcpy(text.bytes.data(), &offset, sizeof offset);
  long_levels_ += level;
  return text;
}

void subscription_index::write_filter(node_id id, std::string& filter) const {
  // The way up meets the last level first, so everything is written backwards and then turned.
  filter.clear();
  for (node_id at = id; at != root; at = nodes_[at].parent) {
    if (at != id) filter += '/';
    const string_view level = text_of(nodes_[at]);
    filter.append(level.rbegin(), level.rend());
  }
  std::reverse(filter.begin(), filter.end());
}

subscription_index::node_id subscription_index::find_child(node_id parent,
                                                           string_view level) const {
  if (level == "+") return nodes_[parent].single_level;
  if (table_.empty()) return none;
  const std::uint32_t hash = hash_of(parent, level);
  const std::size_t mask = table_.size() - 1;
  for (std::size_t i = hash & mask; table_[i].id != none; i = (i + 1) & mask) {
    if (table_[i].hash != hash) continue;
    const node& candidate = nodes_[table_[i].id];
    if (candidate.parent == parent && text_of(candidate) == level) return table_[i].id;
  }
  return none;
}

subscription_index::node_id subscription_index::add_child(node_id parent, string_view level) {
  node_id id = free_node_;
  if (id == none) {
    id = static_cast<node_id>(nodes_.size());
    GAUNTLET_ASSERT(id != none);
    nodes_.push_back({});
  } else {
    free_node_ = nodes_[id].parent;
  }
  nodes_[id] = node{.parent = parent, .text = store(level)};
  ++nodes_[parent].children;
  if (level == "+") {
    nodes_[parent].single_level = id;
  } else {
    add_to_table(hash_of(parent, level), id);
  }
  return id;
}

void subscription_index::add_to_table(std::uint32_t hash, node_id id) {
  // At most three quarters full.
  if ((in_table_ + 1) * 4 > table_.size() * 3) grow_table();
  const std::size_t mask = table_.size() - 1;
  std::size_t i = hash & mask;
  while (table_[i].id != none) i = (i + 1) & mask;
  table_[i] = {hash, id};
  ++in_table_;
}

void subscription_index::grow_table() {
  const std::vector<bucket> old = std::move(table_);
  table_.assign(std::max(table_size_min, old.size() * 2), {});
  const std::size_t mask = table_.size() - 1;
  for (const bucket& moved : old) {
    if (moved.id == none) continue;
    std::size_t i = moved.hash & mask;
    while (table_[i].id != none) i = (i + 1) & mask;
    table_[i] = moved;
  }
}

void subscription_index::remove_from_table(node_id id) {
  const std::size_t mask = table_.size() - 1;
  std::size_t hole = hash_of(nodes_[id].parent, text_of(nodes_[id])) & mask;
  while (table_[hole].id != id) hole = (hole + 1) & mask;
  // Later buckets of the run move back into the hole unless that would put them before their home.
  for (std::size_t i = (hole + 1) & mask; table_[i].id != none; i = (i + 1) & mask) {
    const std::size_t home = table_[i].hash & mask;
    if (((i - home) & mask) < ((i - hole) & mask)) continue;
    table_[hole] = table_[i];
    hole = i;
  }
  table_[hole] = {};
  --in_table_;
}

void subscription_index::prune(node_id id) {
  while (id != root) {
    node& here = nodes_[id];
    if (here.children > 0 || here.value != none || here.multi_level_value != none) break;
    node& parent = nodes_[here.parent];
    if (parent.single_level == id) {
      parent.single_level = none;
    } else {
      remove_from_table(id);
    }
    --parent.children;
    if (here.text.size > here.text.bytes.size()) long_levels_unused_bytes_ += here.text.size;
    const node_id above = here.parent;
    here = node{.parent = std::exchange(free_node_, id), .text = {}};
    id = above;
  }
  if (long_levels_unused_bytes_ > compact_from_bytes &&
      long_levels_unused_bytes_ > long_levels_.size() / 2) {
    compact_long_levels();
  }
}

void subscription_index::compact_long_levels() {
  const std::string old = std::exchange(long_levels_, {});
  long_levels_.reserve(old.size() - long_levels_unused_bytes_);
  for (node& here : nodes_) {
    if (here.text.size <= here.text.bytes.size()) continue;
    std::uint32_t offset = 0;
    std::memcpy(&offset, here.text.bytes.data(), sizeof offset);
    here.text = store(string_view(old).substr(offset, here.text.size));
  }
  long_levels_unused_bytes_ = 0;
}

subscription_index::slot subscription_index::take_slot() {
  if (free_slots_.empty()) return static_cast<slot>(size_);
  const slot taken = free_slots_.back();
  free_slots_.pop_back();
  return taken;
}

void subscription_index::match_cursor::descend(node_id child) {
  at_ = child;
  rest_ = level_end() + 1;
  step_ = step::enter;
}

void subscription_index::match_cursor::ascend() {
  if (at_ == root) {
    step_ = step::done;
    return;
  }
  // The level that led here ends one before rest_; look for its start.
  rest_ = name_.substr(0, rest_ - 1).rfind('/') + 1;
  const node_id parent = index_->nodes_[at_].parent;
  const bool was_single_level = index_->nodes_[parent].single_level == at_;
  at_ = parent;
  step_ = was_single_level ? step::leave : step::single_level;
}

subscription_index::slot subscription_index::match_cursor::next() {
  while (step_ != step::done) {
    const node& here = index_->nodes_[at_];
    switch (step_) {
      case step::enter:
        step_ = rest_ > name_.size() ? step::end_of_name : step::exact;
        if (here.multi_level_value != none && wildcards_apply()) return here.multi_level_value;
        break;
      case step::end_of_name:
        step_ = step::leave;
        if (here.value != none) return here.value;
        break;
      case step::exact: {
        step_ = step::single_level;
        const std::uint32_t named = here.children - (here.single_level != none ? 1 : 0);
        if (named == 0) break;
        const string_view level = name_.substr(rest_, level_end() - rest_);
        if (level == "+") break;  // no topic name holds it, and it must not find the wildcard
        const node_id child = index_->find_child(at_, level);
        if (child != none) descend(child);
        break;
      }
      case step::single_level:
        step_ = step::leave;
        if (here.single_level != none && wildcards_apply()) descend(here.single_level);
        break;
      case step::leave:
        ascend();
        break;
      case step::done:
        break;
    }
  }
  return none;
}

}  // namespace gauntlet::mqtt
