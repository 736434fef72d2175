#pragma once

// A hash table keyed by Packet Identifier. Identifiers mostly come in sequence, and then each
// stands in its own place: the table is an array with a wrapped index, but one that survives
// stragglers.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace gauntlet::mqtt {

/// `Entry` is a small struct with a member `identifier`, 0 where the place is free. Pointers to
/// entries are good until the next insert or erase. Owns no memory while it has never been used or
/// after clear().
template <class Entry>
class identifier_table {
 public:
  /// The entry of this identifier (not 0), or nullptr.
  Entry* find(std::uint16_t identifier) {
    if (slots_.empty()) return nullptr;
    std::size_t at = home(identifier);
    for (std::size_t distance = 0;; ++distance, at = next(at)) {
      if (slots_[at].identifier == identifier) return &slots_[at];
      if (slots_[at].identifier == 0 || distance_at(at) < distance) return nullptr;
    }
  }

  /// Adds an entry whose identifier is not in the table.
  void insert(const Entry& entry) {
    if ((count_ + 1) * 4 > slots_.size() * 3) grow();
    place(entry);
    ++count_;
  }

  /// Removes an entry that find() answered.
  void erase(Entry* entry) {
    auto hole = static_cast<std::size_t>(entry - slots_.data());
    // What had to make way moves back by one. Entries stand in the order of their homes, so nothing
    // behind one that is at home had to make way for one before it.
    for (std::size_t i = next(hole); slots_[i].identifier != 0 && distance_at(i) > 0; i = next(i)) {
      slots_[hole] = slots_[i];
      hole = i;
    }
    slots_[hole].identifier = 0;
    --count_;
  }

  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }

  /// Removes everything and gives the memory back.
  void clear() {
    slots_ = {};
    count_ = 0;
  }

  /// Calls `visitor(entry)` for each entry, in no particular order.
  template <class Visitor>
  void visit(Visitor&& visitor) {
    for (Entry& entry : slots_) {
      if (entry.identifier != 0) visitor(entry);
    }
  }

 private:
  static constexpr std::size_t size_min = 4;

  static std::uint16_t identifier_of(const Entry& entry) {
    return static_cast<std::uint16_t>(entry.identifier);
  }
  std::size_t mask() const { return slots_.size() - 1; }
  std::size_t home(std::uint16_t identifier) const { return identifier & mask(); }
  std::size_t next(std::size_t i) const { return (i + 1) & mask(); }

  /// How far the entry at `i` stands from its home.
  std::size_t distance_at(std::size_t i) const {
    return (i - home(identifier_of(slots_[i]))) & mask();
  }

  /// Keeps entries in the order of their homes: one further from home goes before one nearer.
  void place(Entry entry) {
    std::size_t at = home(identifier_of(entry));
    for (std::size_t distance = 0; slots_[at].identifier != 0; ++distance, at = next(at)) {
      const std::size_t other = distance_at(at);
      if (other >= distance) continue;
      std::swap(entry, slots_[at]);
      distance = other;
    }
    slots_[at] = entry;
  }

  void grow() {
    std::vector<Entry> old(slots_.empty() ? size_min : slots_.size() * 2);
    old.swap(slots_);
    for (const Entry& entry : old) {
      if (entry.identifier != 0) place(entry);
    }
  }

  std::vector<Entry> slots_;  ///< Robin Hood hashing; its size is a power of two
  std::size_t count_ = 0;
};

}  // namespace gauntlet::mqtt
