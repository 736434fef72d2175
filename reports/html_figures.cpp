#include "reports/html_figures.hpp"

#include <utility>

namespace gauntlet::reports {

void add_count(page_data& to, std::string_view key, std::string path, std::uint64_t value) {
  to.figure(key, count_of(value), std::move(path), std::to_string(value),
            value == 0 ? page_data::tone::quiet : page_data::tone::plain);
}

void add_trouble(page_data& to, std::string_view key, std::string path, std::uint64_t value,
                 bool allows) {
  using enum page_data::tone;
  to.figure(key, count_of(value), std::move(path), std::to_string(value),
            value == 0 ? quiet : (allows ? notice : alarm));
}

void add_duration(page_data& to, std::string_view key, std::string path, duration value) {
  to.figure(key, duration_of(value), std::move(path), std::to_string(value.count()));
}

void add_bytes(page_data& to, std::string_view key, std::string path, std::uint64_t value) {
  to.figure(key, bytes_of(value), std::move(path), std::to_string(value));
}

void add_percentiles(page_data& to, const std::string& path, const record::histogram& from) {
  add_count(to, "figures", path + "/count", from.count());
  if (from.empty()) return;
  add_duration(to, "figures", path + "/mean_ns", from.mean());
  add_duration(to, "figures", path + "/p50_ns", from.percentile(50));
  add_duration(to, "figures", path + "/p90_ns", from.percentile(90));
  add_duration(to, "figures", path + "/p99_ns", from.percentile(99));
  add_duration(to, "figures", path + "/p99_9_ns", from.percentile(99.9));
  add_duration(to, "figures", path + "/max_ns", from.max());
}

}  // namespace gauntlet::reports
