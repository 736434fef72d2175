// Sizes: a number of bytes, or how it is drawn.

#include <algorithm>
#include <utility>

#include "harness/config/object.hpp"
#include "sim/scenario/payload_parts_reader.hpp"

namespace gauntlet::sim {
namespace {

using config::object;

config::reader<std::uint64_t> some_size() { return config::size_in_bytes(0, payload_size_max); }

template <class T>
void check_bounds(const T& made, const config::node& from, config::diagnostics& wrong) {
  if (made.min > made.max) wrong.add(from, "min is larger than max");
}

struct uniform_size {
  std::uint64_t min = 0;
  std::uint64_t max = 0;
};

struct normal_size {
  std::uint64_t mean = 0;
  std::uint64_t stddev = 0;
  std::uint64_t min = stamp_size_bytes;
  std::uint64_t max = payload_size_max;
};

config::reader<size_distribution> uniform_reader() {
  return config::converted<size_distribution, uniform_size>(
      object<uniform_size>("Each size between two is equally likely")
          .required("min", &uniform_size::min, some_size(), "The smallest size")
          .required("max", &uniform_size::max, some_size(), "The largest size")
          .check(check_bounds<uniform_size>)
          .build(),
      [](uniform_size from) {
        return size_distribution{.min_bytes = from.min, .max_bytes = from.max, .choice = {}};
      });
}

config::reader<size_distribution> normal_reader() {
  return config::converted<size_distribution, normal_size>(
      object<normal_size>("Normally distributed sizes, cut at their bounds")
          .required("mean", &normal_size::mean, some_size(), "The mean")
          .required("stddev", &normal_size::stddev, some_size(), "The standard deviation")
          .optional("min", &normal_size::min, some_size(), "The smallest size")
          .optional("max", &normal_size::max, some_size(), "The largest size")
          .check(check_bounds<normal_size>)
          .build(),
      [](normal_size from) {
        return size_distribution{.as = size_distribution::shape::normal,
                                 .min_bytes = from.min,
                                 .max_bytes = from.max,
                                 .mean_bytes = static_cast<double>(from.mean),
                                 .stddev_bytes = static_cast<double>(from.stddev),
                                 .choice = {}};
      });
}

config::reader<size_distribution> choice_reader() {
  using weighted = size_distribution::weighted;
  constexpr double weight_max = 1e6;
  auto element = object<weighted>("One of the sizes")
                     .required("size", &weighted::size_bytes, some_size(), "The size")
                     .optional("weight", &weighted::weight, config::real(0, weight_max),
                               "How much more likely it is than a size of weight 1")
                     .build();
  auto whole = config::checked<std::vector<weighted>>(
      config::list_of(std::move(element), 1), [](const std::vector<weighted>& all) {
        const bool some = std::any_of(all.begin(), all.end(),
                                      [](const weighted& each) { return each.weight > 0; });
        return std::string(some ? "" : "at least one weight must be above 0");
      });
  return config::converted<size_distribution, std::vector<weighted>>(
      std::move(whole), [](std::vector<weighted> all) {
        const auto [least, most] = std::minmax_element(
            all.begin(), all.end(),
            [](const weighted& a, const weighted& b) { return a.size_bytes < b.size_bytes; });
        return size_distribution{.as = size_distribution::shape::choice,
                                 .min_bytes = least->size_bytes,
                                 .max_bytes = most->size_bytes,
                                 .choice = std::move(all)};
      });
}

struct size_holder {
  size_distribution made;
};

void add_kind(object<size_holder>& kinds, const std::string& name,
              config::reader<size_distribution> as, const std::string& doc) {
  kinds.derived<size_distribution>(
      name, std::move(as),
      [](size_holder& to, size_distribution value) { to.made = std::move(value); }, doc);
}

}  // namespace

config::reader<size_distribution> size_reader() {
  object<size_holder> kinds("How the size is drawn");
  add_kind(kinds, "uniform", uniform_reader(), "Each size from min to max is equally likely");
  add_kind(kinds, "normal", normal_reader(), "Normally distributed, cut at min and max");
  add_kind(kinds, "choice", choice_reader(), "One of these sizes, by weight");
  kinds.exactly_one({"uniform", "normal", "choice"});
  return config::scalar_or(
      config::converted<size_distribution, std::uint64_t>(
          some_size(),
          [](std::uint64_t size) {
            return size_distribution{.min_bytes = size, .max_bytes = size, .choice = {}};
          }),
      config::converted<size_distribution, size_holder>(
          kinds.build(), [](size_holder holder) { return std::move(holder.made); }));
}

}  // namespace gauntlet::sim
