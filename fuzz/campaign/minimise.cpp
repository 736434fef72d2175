#include "fuzz/campaign/minimise.hpp"

#include <algorithm>
#include <utility>

#include "fuzz/mutation/packet_maker.hpp"

namespace gauntlet::fuzz {
namespace {

class search {
 public:
  search(std::vector<input> found, const breaks& still_breaks, int tries)
      : best_(std::move(found)), still_breaks_(still_breaks), tries_(tries) {}

  std::vector<input> run() {
    drop_inputs();
    for (std::size_t i = 0; i < best_.size(); ++i) {
      drop_connections(i);
      drop_steps(i);
      simplify_steps(i);
      shorten_bytes(i);
    }
    return std::move(best_);
  }

 private:
  bool take_if(std::vector<input> smaller) {
    if (tries_ <= 0) return false;
    tries_ -= 1;
    if (!still_breaks_(smaller)) return false;
    best_ = std::move(smaller);
    return true;
  }

  /// Calls `drop(from, count)` over [0, size) with halving counts, as long as there is success.
  template <class Size, class Drop>
  void in_halves(const Size& size, const Drop& drop) {
    for (std::size_t count = std::max<std::size_t>(1, size() / 2);; count /= 2) {
      for (std::size_t from = 0; from < size();) {
        if (!drop(from, std::min(count, size() - from))) from += count;
        if (tries_ <= 0) return;
      }
      if (count <= 1) return;
    }
  }

  void drop_inputs() {
    if (best_.size() < 2) return;
    in_halves([&] { return best_.size(); },
              [&](std::size_t from, std::size_t count) {
                if (count == best_.size()) return false;
                auto smaller = best_;
                const auto at = smaller.begin() + static_cast<std::ptrdiff_t>(from);
                smaller.erase(at, at + static_cast<std::ptrdiff_t>(count));
                return take_if(std::move(smaller));
              });
  }

  void drop_connections(std::size_t which) {
    for (std::uint8_t connection = 0; connection < connections_max; ++connection) {
      if (connection_count(best_[which]) < 2) return;
      auto smaller = best_;
      auto& steps = smaller[which].steps;
      const auto is_of = [&](const step& each) { return each.connection == connection; };
      const auto kept = std::remove_if(steps.begin(), steps.end(), is_of);
      if (kept == steps.end()) continue;
      steps.erase(kept, steps.end());
      take_if(std::move(smaller));
    }
  }

  void drop_steps(std::size_t which) {
    in_halves([&] { return best_[which].steps.size(); },
              [&](std::size_t from, std::size_t count) {
                auto smaller = best_;
                auto& steps = smaller[which].steps;
                if (count == steps.size()) return false;
                const auto at = steps.begin() + static_cast<std::ptrdiff_t>(from);
                steps.erase(at, at + static_cast<std::ptrdiff_t>(count));
                return take_if(std::move(smaller));
              });
  }

  void simplify_steps(std::size_t which) {
    for (std::size_t at = 0; at < best_[which].steps.size(); ++at) {
      const step& now = best_[which].steps[at];
      if (now.barrier && now.piece_size == 0) continue;
      auto smaller = best_;
      smaller[which].steps[at].barrier = true;
      smaller[which].steps[at].piece_size = 0;
      take_if(std::move(smaller));
    }
  }

  void shorten_bytes(std::size_t which) {
    for (std::size_t at = 0; at < best_[which].steps.size(); ++at) {
      in_halves([&] { return best_[which].steps[at].bytes.size(); },
                [&](std::size_t from, std::size_t count) {
                  auto smaller = best_;
                  byte_buffer& bytes = smaller[which].steps[at].bytes;
                  if (from < 2) return false;  // the fixed header; its length is repaired
                  const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(from);
                  bytes.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
                  repair_length(bytes);
                  if (bytes.size() >= best_[which].steps[at].bytes.size()) return false;
                  return take_if(std::move(smaller));
                });
    }
  }

  std::vector<input> best_;
  const breaks& still_breaks_;
  int tries_;
};

}  // namespace

std::vector<input> minimise(std::vector<input> found, const breaks& still_breaks, int tries_max) {
  return search(std::move(found), still_breaks, tries_max).run();
}

}  // namespace gauntlet::fuzz
