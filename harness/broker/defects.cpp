#include "harness/broker/defects.hpp"

#include <algorithm>
#include <charconv>

#include "harness/base/seeded_stream.hpp"

namespace gauntlet::broker {
namespace {

// The name on the command line: that in the code with dashes.
struct dashed_name {
  std::array<char, 64> text{};
  std::size_t size = 0;

  constexpr explicit dashed_name(std::string_view in_code) : size(in_code.size()) {
    for (std::size_t i = 0; i < size; ++i) text[i] = in_code[i] == '_' ? '-' : in_code[i];
  }
};

constexpr std::array<dashed_name, defect_count> names = {{
#define GAUNTLET_DEFECT(name, sentence, violates) dashed_name(#name),
#include "harness/broker/defects/all.inc"
#undef GAUNTLET_DEFECT
}};

constexpr std::string_view name_of(defect which) {
  const dashed_name& name = names[static_cast<std::size_t>(which)];
  return {name.text.data(), name.size};
}

constexpr std::array<defect_info, defect_count> table = {{
#define GAUNTLET_DEFECT(name, sentence, violates) \
  {defect::name, name_of(defect::name), sentence, violates},
#include "harness/broker/defects/all.inc"
#undef GAUNTLET_DEFECT
}};

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

failure unknown_defect(std::string_view name) {
  const auto nearest = std::ranges::min_element(
      table, {}, [name](const defect_info& info) { return edit_distance(info.name, name); });
  return bad_input("no defect is named '" + std::string(name) + "'; did you mean '" +
                   std::string(nearest->name) + "'?");
}

}  // namespace

std::span<const defect_info, defect_count> all_defects() { return table; }

outcome<defect_switch> parse_defect(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const auto* const found = std::ranges::find(table, name, &defect_info::name);
  if (found == table.end()) return unknown_defect(name);
  defect_switch parsed{found->id, 1};
  if (colon == std::string_view::npos) return parsed;

  const std::string_view ratio = text.substr(colon + 1);
  const std::string_view digits = ratio.substr(0, 2) == "1/" ? ratio.substr(2) : std::string_view{};
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), parsed.one_in);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() ||
      parsed.one_in == 0) {
    return bad_input("'" + std::string(text) + "': how often a defect strikes is written as " +
                     std::string(name) + ":1/100");
  }
  return parsed;
}

std::string to_text(const defect_switch& chosen) {
  std::string text(name_of(chosen.which));
  if (chosen.one_in > 1) text += ":1/" + std::to_string(chosen.one_in);
  return text;
}

bool is_of_robustness(defect which) {
  return table[static_cast<std::size_t>(which)].violates.empty();
}

defect_set::defect_set(std::span<const defect_switch> switches, std::uint64_t seed)
    : any_(!switches.empty()), occasions_(defect_count), seed_(seed) {
  for (const defect_switch& wanted : switches) {
    const auto index = static_cast<std::size_t>(wanted.which);
    on_.set(index);
    occasions_[index].one_in = wanted.one_in;
    start_run(index);
  }
}

void defect_set::start_run(std::size_t index) {
  occasions& of = occasions_[index];
  const stream_key key = stream_key(seed_).with("defect").with(table[index].name).with(of.run++);
  of.position = 0;
  of.strikes_at = static_cast<std::uint32_t>(key.bits() % of.one_in);
}

bool defect_set::draw(std::size_t index) {
  occasions& of = occasions_[index];
  const bool now = of.position == of.strikes_at;
  if (++of.position == of.one_in) start_run(index);
  return now;
}

}  // namespace gauntlet::broker
