#pragma once

// What samples say about the distribution that they are drawn from.

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace gauntlet::sim {

inline double mean_of(const std::vector<double>& all) {
  double sum = 0;
  for (const double each : all) sum += each;
  return sum / static_cast<double>(all.size());
}

inline double deviation_of(const std::vector<double>& all) {
  const double mean = mean_of(all);
  double sum = 0;
  for (const double each : all) sum += (each - mean) * (each - mean);
  return std::sqrt(sum / static_cast<double>(all.size() - 1));
}

/// The correlation of values that are `lag` places apart.
inline double autocorrelation(const std::vector<double>& all, std::size_t lag) {
  const double mean = mean_of(all);
  double products = 0;
  double squares = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    squares += (all[i] - mean) * (all[i] - mean);
    if (i + lag < all.size()) products += (all[i] - mean) * (all[i + lag] - mean);
  }
  return products / squares;
}

/// Kolmogorov and Smirnov: the largest distance from the distribution, times the root of the count.
/// Above 1.95 with a probability of 0.1 %.
inline double kolmogorov_smirnov(std::vector<double> all,
                                 const std::function<double(double)>& distribution) {
  std::sort(all.begin(), all.end());
  const auto count = static_cast<double>(all.size());
  double distance = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double there = distribution(all[i]);
    const auto below = static_cast<double>(i);
    distance = std::max({distance, there - below / count, (below + 1) / count - there});
  }
  return distance * std::sqrt(count);
}
inline constexpr double kolmogorov_smirnov_limit = 1.95;

inline double normal_distribution(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

/// Pearson: how far counts are off those expected. For k cells and k - 1 degrees of freedom the
/// mean is k - 1 and the deviation sqrt(2 (k - 1)).
inline double chi_square(const std::vector<double>& counts, const std::vector<double>& expected) {
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    sum += (counts[i] - expected[i]) * (counts[i] - expected[i]) / expected[i];
  }
  return sum;
}

}  // namespace gauntlet::sim
