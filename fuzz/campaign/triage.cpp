#include "fuzz/campaign/triage.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "fuzz/campaign/finding_folder.hpp"
#include "fuzz/campaign/minimise.hpp"
#include "fuzz/input/packet_script.hpp"
#include "fuzz/oracles/protocol_oracle.hpp"

namespace gauntlet::fuzz {
namespace {

using record::finding_kind;

constexpr std::size_t ring_size = 64;
constexpr std::uint32_t replays = 5;
constexpr std::uint32_t replays_wanted = 3;

bool is_breach_again(const input& played, const observation& seen, const std::string& signature) {
  const auto all = breaches_of_protocol(played, seen);
  return std::any_of(all.begin(), all.end(),
                     [&](const suspicion& each) { return each.signature == signature; });
}

record::fuzz_input_size size_of(const std::vector<input>& inputs) {
  record::fuzz_input_size size{.inputs = inputs.size()};
  for (const input& each : inputs) {
    size.connections = std::max<std::uint64_t>(size.connections, connection_count(each));
    size.packets += each.steps.size();
    size.bytes += byte_count(each);
  }
  return size;
}

std::string script_of(const std::vector<input>& inputs) {
  std::string text;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs.size() > 1) text += "input " + std::to_string(i + 1) + "\n";
    text += to_script(inputs[i]);
  }
  return text;
}

/// Kinds between which one fault may change from one time to the next.
bool is_same_kind(finding_kind a, finding_kind b) {
  const auto rough = [](finding_kind kind) {
    if (kind == finding_kind::sanitizer) return finding_kind::crash;
    if (kind == finding_kind::spin || kind == finding_kind::refusal) return finding_kind::hang;
    return kind;
  };
  return rough(a) == rough(b);
}

}  // namespace

std::string finding_id(const suspicion& found) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::uint64_t hash = stream_key(0).with(found.signature).bits();
  std::string id = std::string(name(found.kind)) + "-";
  for (int i = 0; i < 8; ++i, hash >>= 4U) id += digits[hash & 0xFU];
  return id;
}

std::optional<suspicion> play_again(subject& on, const std::vector<input>& inputs,
                                    finding_kind wanted) {
  for (const input& each : inputs) {
    on.play(each);
    auto found = on.check_quickly();
    if (found && is_same_kind(found->kind, wanted) && wanted != finding_kind::leak) return found;
  }
  if (wanted == finding_kind::leak) return on.check_leak(inputs.back());
  auto found = on.check_thoroughly();
  if (found && is_same_kind(found->kind, wanted)) return found;
  return std::nullopt;
}

void triage::note(const input& of) {
  ring_.push_back(of);
  if (ring_.size() > ring_size) ring_.pop_front();
}

bool triage::is_known(const suspicion& found) const {
  const std::string id = finding_id(found);
  return std::any_of(findings_.begin(), findings_.end(),
                     [&](const record::fuzz_finding& each) { return each.id == id; });
}

bool triage::count_again(const suspicion& found) {
  const std::string id = finding_id(found);
  for (record::fuzz_finding& each : findings_) {
    if (each.id != id) continue;
    each.times_seen += 1;
    return true;
  }
  return false;
}

std::vector<input> triage::find_cause(subject& on, const suspicion& found,
                                      std::uint32_t& replayed) {
  // Whoever accuses has waited long once.
  const auto comes_again = [&](const std::vector<input>& inputs) {
    if (found.kind == finding_kind::protocol) {
      const observation& seen = on.play_patiently(inputs.back(), trial_patience);
      return is_breach_again(inputs.back(), seen, found.signature);
    }
    return on.restart().has_value() && play_again(on, inputs, found.kind).has_value();
  };
  const auto count = [&](const std::vector<input>& inputs) {
    std::uint32_t times = 0;
    for (std::uint32_t i = 0; i < replays; ++i) times += comes_again(inputs) ? 1U : 0U;
    return times;
  };
  std::vector<input> cause{ring_.back()};
  replayed = count(cause);
  if (replayed == 0 && found.kind != finding_kind::protocol) {
    cause.assign(ring_.begin(), ring_.end());
    replayed = count(cause);
  }
  if (replayed < replays_wanted || how_.time_max.count() == 0) return cause;
  const auto deadline = std::chrono::steady_clock::now() + how_.time_max;
  const auto still = [&](const std::vector<input>& smaller) {
    if (how_.is_cancelled && how_.is_cancelled()) return false;
    return std::chrono::steady_clock::now() < deadline && comes_again(smaller);
  };
  const int tries = found.kind == finding_kind::protocol ? how_.plays_max : how_.restarts_max;
  cause = minimise(std::move(cause), still, tries);
  replayed = count(cause);
  return cause;
}

outcome<void> triage::take_up(subject& on, const suspicion& found, double second,
                              std::uint64_t execution) {
  if (count_again(found)) {
    return found.kind == finding_kind::protocol ? outcome<void>() : on.restart();
  }
  record::fuzz_finding finding{.id = finding_id(found),
                               .kind = found.kind,
                               .sentence = found.sentence,
                               .signature = found.signature,
                               .statement = found.statement,
                               .section = found.section,
                               .configuration = how_.configuration,
                               .first_second = second,
                               .first_execution = execution,
                               .replays = replays,
                               .found = size_of({ring_.back()})};
  std::string log = on.log_since_start();
  on.set_hurried(true);
  const std::vector<input> cause = find_cause(on, found, finding.replayed);
  on.set_hurried(false);
  finding.flaky = finding.replayed < replays_wanted;
  if (found.kind != finding_kind::protocol) {
    if (!finding.flaky) log = on.log_since_start();
    if (const auto fresh = on.restart(); !fresh) return fresh;
  }
  finding.log_tail = log.substr(log.size() - std::min<std::size_t>(log.size(), 2000));
  return keep(cause, std::move(finding));
}

outcome<void> triage::keep(const std::vector<input>& cause, record::fuzz_finding finding) {
  finding.minimised = size_of(cause);
  finding.script = script_of(cause);
  finding.folder = (how_.folder.parent_path().filename() / "findings" / finding.id).string();
  finding.replay_command = how_.replay_words + " " + (how_.folder / finding.id).string();
  const auto written = write_finding(how_.folder / finding.id, finding, cause, finding.log_tail);
  findings_.push_back(std::move(finding));
  return written;
}

}  // namespace gauntlet::fuzz
