// Goal: what an editor is told is what the program accepts. Method: an independent validator
// (Python's jsonschema) over every scenario of the library, and over files that are wrong in
// structure.

#include <filesystem>

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::HasSubstr;

class ScenarioSchema : public end_to_end {
 protected:
  /// Lines of the validator, one for each file; empty if it is not installed.
  std::string validate(const words& files) {
    const program_end schema = run({"scenario", "schema"});
    EXPECT_EQ(schema.code, 0) << schema;
    folder.write("schema.json", schema.out);
    words command{"/usr/bin/python3", GAUNTLET_SOURCE_FOLDER "/tests/end_to_end/validate_yaml.py",
                  folder.file("schema.json")};
    command.insert(command.end(), files.begin(), files.end());
    const program_end said = run_other(command);
    EXPECT_EQ(said.code, 0) << said;
    return said.out == "missing\n" ? "" : said.out;
  }
};

#define SKIP_WITHOUT_VALIDATOR(said) \
  if ((said).empty()) GTEST_SKIP() << "apt-get install python3-jsonschema python3-yaml"

TEST_F(ScenarioSchema, AdmitsTheWholeLibrary) {
  words files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(GAUNTLET_SOURCE_FOLDER "/scenarios")) {
    const bool is_part = entry.path().parent_path().filename() == "parts";
    if (entry.path().extension() == ".yaml" && !is_part) files.push_back(entry.path().string());
  }
  ASSERT_GE(files.size(), 2U);
  const std::string said = validate(files);
  SKIP_WITHOUT_VALIDATOR(said);
  for (const std::string& file : files) EXPECT_THAT(said, HasSubstr("valid " + file + "\n"));
}

TEST_F(ScenarioSchema, AdmitsParametersIncludesAndMatrices) {
  folder.write(
      "composed.yaml",
      "include: [a.yaml, b.yaml]\nparameters: {n: 5, t: 1s, p: 3.1.1, on: true}\n"
      "matrix: {qos: [0, 1]}\n"
      "fleet:\n  - group: g\n    count: ${n}\n    protocol: ${p}\n    clean_start: ${on}\n"
      "    publish: [{topic: \"${p}/x\", every: \"${t}\", qos: \"${qos}\", payload: x}]\n");
  folder.write("included.yaml", "include: base.yaml\nname: only\n");
  const std::string said = validate({folder.file("composed.yaml"), folder.file("included.yaml")});
  SKIP_WITHOUT_VALIDATOR(said);
  EXPECT_EQ(said, "valid " + folder.file("composed.yaml") + "\nvalid " +
                      folder.file("included.yaml") + "\n");
}

/// A scenario that is right but for this.
struct wrong_structure {
  const char* what;
  const char* text;
};

const std::vector<wrong_structure> wrong_structures{
    {"no fleet", "name: a\nduration: 1s\n"},
    {"empty fleet", "name: a\nduration: 1s\nfleet: []\n"},
    {"unknown key", "name: a\nduration: 1s\ncolour: red\nfleet: [{group: g, count: 1}]\n"},
    {"unknown key of a group",
     "name: a\nduration: 1s\nfleet: [{group: g, count: 1, colour: red}]\n"},
    {"count as text", "name: a\nduration: 1s\nfleet: [{group: g, count: many}]\n"},
    {"count of zero", "name: a\nduration: 1s\nfleet: [{group: g, count: 0}]\n"},
    {"duration without unit", "name: a\nduration: 10\nfleet: [{group: g, count: 1}]\n"},
    {"name with a blank", "name: a b\nduration: 1s\nfleet: [{group: g, count: 1}]\n"},
    {"fleet as a mapping", "name: a\nduration: 1s\nfleet: {group: g, count: 1}\n"},
    {"unknown protocol", "name: a\nduration: 1s\nfleet: [{group: g, count: 1, protocol: 4}]\n"},
    {"QoS 3",
     "name: a\nduration: 1s\n"
     "fleet: [{group: g, count: 1, subscribe: [{filter: t, qos: 3}]}]\n"},
    {"a flag that is no flag",
     "name: a\nduration: 1s\nfleet: [{group: g, count: 1, clean_start: maybe}]\n"},
    {"payload of two kinds",
     "name: a\nduration: 1s\nfleet: [{group: g, count: 1, publish: "
     "[{topic: t, every: 1s, payload: {text: x, random: 64B}}]}]\n"},
    {"payload missing",
     "name: a\nduration: 1s\nfleet: [{group: g, count: 1, publish: [{topic: t, every: 1s}]}]\n"},
    {"share without percent",
     "name: a\nduration: 1s\nfleet: [{group: g, count: 1}]\nexpect: [{connected: 100}]\n"},
    {"unknown figure",
     "name: a\nduration: 1s\nfleet: [{group: g, count: 1}]\nexpect: [{loss: 0}]\n"},
    {"arrival of two shapes",
     "name: a\nduration: 1s\narrival: {rate: 1/s, ramp: 1s}\nfleet: [{group: g, count: 1}]\n"},
    {"parameter that is a list",
     "name: a\nduration: 1s\nparameters: {n: [1]}\nfleet: [{group: g, count: \"${n}\"}]\n"},
    {"parameter with a dash",
     "name: a\nduration: 1s\nparameters: {n-m: 1}\nfleet: [{group: g, count: 1}]\n"},
    {"matrix without lists",
     "name: a\nduration: 1s\nmatrix: {n: 1}\nfleet: [{group: g, count: \"${n}\"}]\n"},
    {"include of a number", "include: {a: 1}\nname: a\nduration: 1s\n"},
};

TEST_F(ScenarioSchema, RefusesWhatIsWrongInStructureAsTheProgramDoes) {
  words files;
  for (std::size_t i = 0; i < wrong_structures.size(); ++i) {
    const std::string name = "wrong" + std::to_string(i) + ".yaml";
    folder.write(name, wrong_structures[i].text);
    files.push_back(folder.file(name));
    EXPECT_EQ(run({"scenario", "check", name}).code, 2) << wrong_structures[i].what;
  }
  const std::string said = validate(files);
  SKIP_WITHOUT_VALIDATOR(said);
  for (std::size_t i = 0; i < files.size(); ++i) {
    EXPECT_THAT(said, HasSubstr("refused " + files[i] + ":")) << wrong_structures[i].what;
  }
}

}  // namespace
}  // namespace gauntlet::test
