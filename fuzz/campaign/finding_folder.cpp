#include "fuzz/campaign/finding_folder.hpp"

#include <string>

#include "harness/record/atomic_file.hpp"

namespace gauntlet::fuzz {
namespace {

namespace fs = std::filesystem;

fs::path input_file(const fs::path& folder, std::size_t number) {
  return folder / ("input-" + std::to_string(number) + ".bin");
}

std::string read_me(const record::fuzz_finding& finding) {
  std::string text = "# " + std::string(name(finding.kind)) + ": " + finding.sentence + "\n\n";
  text += "- configuration: " + finding.configuration + "\n";
  if (!finding.statement.empty()) text += "- statement: " + finding.statement + "\n";
  if (!finding.section.empty()) text += "- section of the standard: " + finding.section + "\n";
  text += "- came again " + std::to_string(finding.replayed) + " of " +
          std::to_string(finding.replays) + " times" +
          (finding.kind == record::finding_kind::protocol ? "" : ", each on a fresh broker") +
          (finding.flaky ? " (flaky)" : "") + "\n- play it again: `" + finding.replay_command +
          "`\n\n```\n" + finding.script + "```\n";
  return text;
}

outcome<input> read_input(const fs::path& file) {
  const auto text = record::read_file(file);
  if (!text) return text.error();
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text->data());
  return unpack({bytes, text->size()});
}

}  // namespace

outcome<void> write_finding(const fs::path& folder, const record::fuzz_finding& finding,
                            const std::vector<input>& inputs, const std::string& log) {
  std::error_code error;
  fs::remove_all(folder, error);
  fs::create_directories(folder, error);
  if (error) {
    return environment_failed("cannot make the folder " + folder.string() + ": " + error.message());
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const byte_buffer packed = pack(inputs[i]);
    const std::string_view text(reinterpret_cast<const char*>(packed.data()), packed.size());
    const auto written = record::write_file_atomically(input_file(folder, i + 1), text);
    if (!written) return written;
  }
  for (const auto& [name, text] :
       {std::pair<const char*, std::string>("script.txt", finding.script),
        {"broker.log", log},
        {"README.md", read_me(finding)}}) {
    const auto written = record::write_file_atomically(folder / name, text);
    if (!written) return written;
  }
  return outcome<void>();
}

outcome<std::vector<input>> read_inputs(const fs::path& place) {
  std::vector<input> inputs;
  std::error_code error;
  if (!fs::is_directory(place, error)) {
    auto single = read_input(place);
    if (!single) return single.error();
    inputs.push_back(std::move(*single));
    return inputs;
  }
  for (std::size_t number = 1; fs::exists(input_file(place, number), error); ++number) {
    auto each = read_input(input_file(place, number));
    if (!each) return each.error();
    inputs.push_back(std::move(*each));
  }
  if (inputs.empty()) {
    return bad_input("no input-1.bin in " + place.string() + ": give the folder of a finding");
  }
  return inputs;
}

}  // namespace gauntlet::fuzz
