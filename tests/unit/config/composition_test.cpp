// Goal: files are put together from others and from values, and what is wrong is told at its place
// in its own file.

#include "harness/config/composition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/config/include.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::config {
namespace {

using test::temporary_directory;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

/// A tree in one line, to compare: {a: 1, b: [x, "y"]}.
std::string shown(const node& from) {
  std::string text;
  switch (from.is) {
    case node::type::null:
      return "~";
    case node::type::scalar:
      return from.quoted ? "'" + from.scalar + "'" : from.scalar;
    case node::type::sequence:
      for (const node& item : from.items) text += (text.empty() ? "" : ", ") + shown(item);
      return "[" + text + "]";
    case node::type::mapping:
      for (const member& each : from.members) {
        text += (text.empty() ? "" : ", ") + each.key + ": " + shown(each.value);
      }
      return "{" + text + "}";
  }
  return text;
}

std::vector<std::string> lines_of(diagnostics& wrong) {
  std::vector<std::string> lines;
  for (const diagnostic& one : wrong.take()) lines.push_back(to_string(one));
  return lines;
}

/// Files in a folder, and what becomes of the first.
struct Include : testing::Test {
  std::string merged(const std::string& text) {
    diagnostics wrong(folder.file("main.yaml"));
    const node root = merge_includes(parse_yaml(text, wrong), wrong);
    errors = lines_of(wrong);
    for (std::string& line : errors) {
      const std::string prefix = folder.path().string() + "/";
      if (line.starts_with(prefix)) line.erase(0, prefix.size());
    }
    return shown(root);
  }

  temporary_directory folder;
  std::vector<std::string> errors;
};

TEST_F(Include, MergesMappingsAppendsListsAndReplacesTheRest) {
  folder.write("base.yaml",
               "name: base\ntarget: {to: a, tls: {alpn: mqtt}}\nfleet: [one]\n"
               "deep: {list: [1, 2]}\n");
  folder.write("more.yaml", "fleet: [two]\nseed: 3\n");
  EXPECT_EQ(merged("include: [base.yaml, more.yaml]\nname: mine\ntarget: {tls: {insecure: true}}\n"
                   "fleet: [three]\ndeep: {list: [3]}\n"),
            "{name: mine, target: {to: a, tls: {alpn: mqtt, insecure: true}}, "
            "fleet: [one, two, three], deep: {list: [3]}, seed: 3}");
  EXPECT_THAT(errors, IsEmpty());
}

TEST_F(Include, CountsPathsFromTheIncludingFile) {
  folder.write("parts.yaml", "a: 1\n");
  std::filesystem::create_directory(folder.file("parts"));
  folder.write("parts/one.yaml", "include: ../parts.yaml\nb: 2\n");
  EXPECT_EQ(merged("include: parts/one.yaml\n"), "{a: 1, b: 2}");
  EXPECT_THAT(errors, IsEmpty());
}

TEST_F(Include, TakesAFileOnce) {
  folder.write("common.yaml", "fleet: [common]\n");
  folder.write("a.yaml", "include: common.yaml\nfleet: [a]\n");
  folder.write("b.yaml", "include: common.yaml\nfleet: [b]\n");
  EXPECT_EQ(merged("include: [a.yaml, b.yaml]\n"), "{fleet: [common, a, b]}");
}

TEST_F(Include, RefusesCirclesMissingFilesAndOtherThings) {
  folder.write("a.yaml", "include: b.yaml\n");
  folder.write("b.yaml", "x: 1\ninclude: [a.yaml]\n");
  merged("include: a.yaml\n");
  EXPECT_THAT(errors, ElementsAre("b.yaml:2:11: include[0]: 'a.yaml' includes this file: files "
                                  "cannot include each other"));
  merged("include: main.yaml\n");
  EXPECT_THAT(errors, ElementsAre(HasSubstr("'main.yaml' includes this file")));
  merged("include: none.yaml\n");
  EXPECT_THAT(errors, ElementsAre(AllOf(HasSubstr("main.yaml:1:10: include: there is no file "),
                                        EndsWith("none.yaml to include"))));
  folder.write("list.yaml", "- 1\n");
  merged("include: list.yaml\n");
  EXPECT_THAT(errors, ElementsAre("list.yaml:1:1: an included file holds a mapping, not a list"));
  merged("include: {a: b}\n");
  EXPECT_THAT(errors, ElementsAre("main.yaml:1:10: include: expected text, not a mapping"));
}

TEST_F(Include, TellsErrorsInTheFileThatHasThem) {
  folder.write("bad.yaml", "a: 1\na: 2\n");
  merged("include: bad.yaml\n");
  EXPECT_THAT(errors, ElementsAre("bad.yaml:2:1: the key 'a' stands twice in this mapping"));
}

/// What a text becomes with these choices.
struct composed {
  explicit composed(const std::string& text, const std::vector<std::string>& choices = {}) {
    diagnostics wrong("f");
    node root = parse_yaml(text, wrong);
    std::vector<parameter_choice> chosen;
    for (const std::string& choice : choices) chosen.push_back(*parse_choice(choice));
    const composition whole(std::move(root), chosen, wrong);
    for (std::size_t i = 0; wrong.empty() && i < whole.combination_count(); ++i) {
      trees.push_back(shown(whole.tree_of(i, wrong)));
      varied.push_back(to_string(whole.varied_of(i)));
    }
    errors = lines_of(wrong);
  }

  std::vector<std::string> trees;
  std::vector<std::string> varied;
  std::vector<std::string> errors;
};

TEST(Parameters, TakeTheTypeOfTheirValueAloneAndBecomeTextInText) {
  const composed made(
      "parameters: {n: 5, t: 10s, quoted: \"7\", word: hall}\n"
      "a: ${n}\nb: \"${n}\"\nc: ${quoted}\nd: \"${word}/{index}/${n}\"\ne: ${n}ms\nf: [\"${t}\"]\n"
      "g: $${n}\nh: \"a $${b} ${word}\"\n");
  EXPECT_THAT(made.errors, IsEmpty());
  EXPECT_THAT(made.trees,
              ElementsAre("{a: 5, b: 5, c: '7', d: 'hall/{index}/5', e: 5ms, f: [10s], g: ${n}, "
                          "h: 'a ${b} hall'}"));
}

TEST(Parameters, AreChosenOnTheCommandLine) {
  const std::string text = "parameters: {n: 5, word: a}\nx: ${n}\ny: ${word}\n";
  EXPECT_THAT(composed(text, {"n=7", "word=b c: d"}).trees, ElementsAre("{x: 7, y: b c: d}"));
  EXPECT_THAT(composed(text, {"n=7", "n=8"}).trees, ElementsAre("{x: 8, y: a}"));
  EXPECT_THAT(composed(text, {"word=\"9\""}).trees, ElementsAre("{x: 5, y: '9'}"));
}

TEST(Parameters, AreMadeOfEarlierOnes) {
  EXPECT_THAT(composed("parameters: {n: 50, m: \"${n / 10}\"}\nx: ${m}\n").trees,
              ElementsAre("{x: 5}"));
  EXPECT_THAT(composed("parameters: {m: \"${n}\", n: 50}\nx: ${m}\ny: ${n}\n").errors,
              ElementsAre(HasSubstr("there is no parameter 'n'")));
}

TEST(Parameters, CanBeCalculatedWith) {
  const auto value = [](const std::string& expression) {
    const composed made(
        "parameters: {n: 25, t: 10s, s: 1KB, r: 30/s, p: 5%, w: hall}\n"
        "x: \"${" +
        expression +
        "}\"\n"
        "use: \"${n} ${t} ${s} ${r} ${p} ${w}\"\n");
    if (!made.errors.empty()) return made.errors.front();
    return made.trees.front().substr(4, made.trees.front().find(',') - 4);
  };
  EXPECT_EQ(value("n * 2 + 1"), "51");
  EXPECT_EQ(value("n - 5 * (2 + 1) / 3"), "20");
  EXPECT_EQ(value("n / 10"), "2.5");
  EXPECT_EQ(value("ceil(n / 10)"), "3");
  EXPECT_EQ(value("floor(n/10)"), "2");
  EXPECT_EQ(value("round(-n/10 + 10)"), "8");
  EXPECT_EQ(value("max(1, n/100)"), "1");
  EXPECT_EQ(value("min(t, 5s)"), "5s");
  EXPECT_EQ(value("t * 1.5"), "15s");
  EXPECT_EQ(value("t + 500ms"), "10.5s");
  EXPECT_EQ(value("t / 2s"), "5");
  EXPECT_EQ(value("s * 4"), "4KB");
  EXPECT_EQ(value("r / 4"), "7.5/s");
  EXPECT_EQ(value("p * 2"), "10%");
  EXPECT_EQ(value("n * r"), "750/s");
  EXPECT_THAT(value("t * t"), HasSubstr("f:2:4: x: ${t * t}: one factor must be a plain number"));
  EXPECT_THAT(value("t + n"), HasSubstr("'10s' and '25' are of different kinds"));
  EXPECT_THAT(value("n / t"), HasSubstr("the divisor must be a plain number"));
  EXPECT_THAT(value("n / 0"), HasSubstr("division by zero"));
  EXPECT_THAT(value("w * 2"), HasSubstr("'w' is 'hall', which is no quantity"));
  EXPECT_THAT(value("n +"), HasSubstr("something is missing at its end"));
  EXPECT_THAT(value("(n"), HasSubstr("a ')' is missing"));
  EXPECT_THAT(value("n n"), HasSubstr("cannot be read from 'n' on"));
  EXPECT_THAT(value("5x"), HasSubstr("'5x' is no number or quantity"));
  EXPECT_THAT(value("sqrt(n)"), HasSubstr("there is no function 'sqrt'"));
  EXPECT_THAT(value("t - 11s"), HasSubstr("the result is below zero"));
  EXPECT_THAT(value(""), HasSubstr("${} is empty"));
  EXPECT_THAT(value(std::string(200, '(')), HasSubstr("nested too deeply"));
}

TEST(Parameters, MustBeKnownUsedAndSingleValues) {
  EXPECT_THAT(composed("parameters: {devices: 5}\na: ${devises}\nb: ${devices}\n").errors,
              ElementsAre("f:2:4: a: ${devises}: there is no parameter 'devises', did you mean "
                          "'devices'?"));
  EXPECT_THAT(composed("a: ${devices}\n").errors,
              ElementsAre(HasSubstr("there is no parameter 'devices' here; define it under "
                                    "'parameters'")));
  EXPECT_THAT(composed("parameters: {n: 5, m: 6}\na: ${n}\n").errors,
              ElementsAre("f:1:20: the parameter 'm' is never used; use it as ${m}, or leave it "
                          "out"));
  EXPECT_THAT(composed("parameters: {n: [5]}\na: ${n}\n").errors,
              ElementsAre("f:1:17: parameters.n: a parameter has single values, not a list"));
  EXPECT_THAT(composed("parameters: {\"a b\": 5}\n").errors,
              ElementsAre(HasSubstr("the name of a parameter is made of letters, digits and '_'")));
  EXPECT_THAT(composed("parameters: {n: 5}\na: \"${n\"\nb: ${n}\n").errors,
              ElementsAre("f:2:4: a: a '${' is never closed; write $${ for the text itself"));
  EXPECT_THAT(composed("parameters: {n: 5}\na${n}: ${n}\n").errors,
              ElementsAre("f:2:1: a key cannot hold a parameter"));
}

TEST(Parameters, AreRefusedOnTheCommandLineIfUnknown) {
  const std::string text = "parameters: {devices: 5}\nx: ${devices}\n";
  EXPECT_THAT(composed(text, {"devises=1"}).errors,
              ElementsAre("--set devises=1: there is no parameter 'devises', did you mean "
                          "'devices'?"));
  EXPECT_THAT(composed("x: 1\n", {"n=1"}).errors,
              ElementsAre("--set n=1: the scenario has no parameters"));
  EXPECT_THAT(composed(text, {"devices=[1"}).errors,
              ElementsAre(testing::StartsWith("--set devices=[1:1:1: ")));
  EXPECT_FALSE(parse_choice("devices"));
  EXPECT_FALSE(parse_choice("=5"));
  EXPECT_FALSE(parse_choice("a b=5"));
}

TEST(Matrix, IsEveryCombinationTheLastOneFastest) {
  const composed made("parameters: {n: 1}\nmatrix: {qos: [0, 1], n: [10, 20]}\nx: ${qos} ${n}\n");
  EXPECT_THAT(made.errors, IsEmpty());
  EXPECT_THAT(made.trees, ElementsAre("{x: 0 10}", "{x: 1 10}", "{x: 0 20}", "{x: 1 20}"));
  EXPECT_THAT(made.varied, ElementsAre("n=10, qos=0", "n=10, qos=1", "n=20, qos=0", "n=20, qos=1"));
}

TEST(Matrix, IsNarrowedAndMadeOnTheCommandLine) {
  const std::string text = "parameters: {n: 1}\nmatrix: {qos: [0, 1, 2]}\nx: ${qos} ${n}\n";
  EXPECT_THAT(composed(text, {"qos=1"}).trees, ElementsAre("{x: 1 1}"));
  EXPECT_THAT(composed(text, {"qos=1"}).varied, ElementsAre(""));
  EXPECT_THAT(composed(text, {"qos=[0, 2]"}).trees, ElementsAre("{x: 0 1}", "{x: 2 1}"));
  EXPECT_THAT(composed(text, {"qos=1", "n=[5, 6]"}).varied, ElementsAre("n=5", "n=6"));
}

TEST(Matrix, RefusesWhatMakesNoSense) {
  EXPECT_THAT(composed("matrix: {q: [0, 0]}\nx: ${q}\n").errors,
              ElementsAre("f:1:17: matrix.q[1]: '0' stands twice among the values"));
  EXPECT_THAT(composed("matrix: {q: []}\nx: ${q}\n").errors,
              ElementsAre("f:1:13: matrix.q: expected 1 to 256 elements, not 0"));
  EXPECT_THAT(composed("matrix: {q: 5}\nx: ${q}\n").errors,
              ElementsAre("f:1:13: matrix.q: expected a list, not '5'"));
  EXPECT_THAT(composed("matrix: {q: [1, 2]}\nx: 5\n").errors,
              ElementsAre(HasSubstr("the parameter 'q' is never used")));
  std::string many;
  for (int i = 0; i < 20; ++i) many += (i == 0 ? "" : ", ") + std::to_string(i);
  EXPECT_THAT(composed("matrix: {a: [" + many + "], b: [" + many + "]}\nx: ${a}${b}\n").errors,
              ElementsAre(HasSubstr("the matrix has more than 256 combinations")));
}

TEST(ComposedSchema, LetsParametersStandForValuesAndKeysStandElsewhere) {
  EXPECT_EQ(
      composed_schema(R"({"type":"object","properties":{"n":{"description":"N","default":1,)"
                      R"("type":"integer","minimum":1},"t":{"type":"string"},"l":{"type":"array",)"
                      R"("items":{"enum":["a"]}}},"required":["n"]})"),
      R"({"type":"object","properties":{"n":{"description":"N","default":1,"anyOf":[)"
      R"({"type":"integer","minimum":1},{"$ref":"#/$defs/parameter"}]},"t":{"type":"string"},)"
      R"("l":{"type":"array","items":{"anyOf":[{"enum":["a"]},{"$ref":"#/$defs/parameter"}]}}},)"
      R"("if":{"required":["include"]},"else":{"required":["n"]},"$defs":{"parameter":{)"
      R"("description":"Holds ${name}, the value of a parameter","type":"string",)"
      R"("pattern":"\\$\\{"}}})");
}

}  // namespace
}  // namespace gauntlet::config
