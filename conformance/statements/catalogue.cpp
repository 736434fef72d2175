#include "conformance/statements/catalogue.hpp"

#include <utility>

#include "harness/base/assert.hpp"
#include "harness/base/embedded_file.hpp"
#include "harness/config/load.hpp"
#include "harness/config/object.hpp"

namespace gauntlet::conformance {

/// The YAML files of this folder; generated.
std::vector<embedded_file> statement_files();

namespace {

using mqtt::protocol_version;

config::reader<bool> one_of_two(const std::string& if_false, const std::string& if_true) {
  return config::one_of<bool>({{if_false, false}, {if_true, true}});
}

// The keys that the statements of all files have.
config::object<statement> statement_object() {
  const auto binds = config::one_of<bound_party>({{"server", bound_party::server},
                                                  {"client", bound_party::client},
                                                  {"both", bound_party::both}});
  const auto level = config::one_of<requirement_level>({{"must", requirement_level::must},
                                                        {"should", requirement_level::should},
                                                        {"may", requirement_level::may}});
  const auto observable = config::one_of<observability>({{"yes", observability::direct},
                                                         {"indirect", observability::indirect},
                                                         {"no", observability::hidden}});
  config::object<statement> made("A normative statement");
  made.derived<std::string>(
          "id", config::text({.length_min = 1}),
          [](statement& to, std::string id) { to.name.id = std::move(id); }, "Its number")
      .required("section", &statement::section, config::text(), "Where it stands")
      .required("title", &statement::title, config::text(), "What the section is called")
      .required("binds", &statement::binds, binds, "Who has to do as it says")
      .required("level", &statement::level, level, "How strictly")
      .required("says", &statement::says, config::text({.length_min = 1}), "The rule")
      .required("observable", &statement::observable, observable, "Whether it can be seen")
      .required("probe", &statement::probe, config::text(), "How it is tested")
      .required("needs", &statement::needs, config::list_of(config::text()), "Preconditions")
      .optional("note", &statement::note, config::text(), "A doubt")
      .optional("printed_as", &statement::printed_as, config::text(), "A misprint");
  return made;
}

error_description& error_of(statement& of) {
  if (!of.error) of.error.emplace();
  return *of.error;
}

void add_error_keys(config::object<statement>& to) {
  to.derived<bool>(
        "kind", one_of_two("protocol-error", "malformed"),
        [](statement& of, bool malformed) { error_of(of).malformed = malformed; }, "What it is")
      .derived<bool>(
          "basis", one_of_two("stated", "implied"),
          [](statement& of, bool implied) { error_of(of).implied = implied; }, "Where it is from")
      .derived<bool>(
          "by", one_of_two("client", "server"),
          [](statement& of, bool by_server) { error_of(of).by_server = by_server; },
          "Who commits it")
      .derived<std::string>(
          "reason_code", config::text(),
          [](statement& of, std::string code) { error_of(of).reason_code = std::move(code); },
          "The code of the refusal");
}

protocol_version version_of(const statement& of, const std::string& file) {
  const bool v3_1_1 = file == "mqtt-3.1.1.yaml" || of.name.id.substr(0, 4) == "PR3-";
  return v3_1_1 ? protocol_version::v3_1_1 : protocol_version::v5;
}

}  // namespace

config::loaded<std::vector<statement>> load_statements(const std::string& text,
                                                       const std::string& file) {
  config::object<statement> keys = statement_object();
  statement_kind kind = statement_kind::numbered;
  if (file == "mqtt-5.0-protocol-errors.yaml") {
    kind = statement_kind::protocol_error;
    add_error_keys(keys);
  } else if (file == "mqtt-prose-behaviours.yaml") {
    kind = statement_kind::prose;
  }
  auto statements = config::load_text(text, file, config::list_of(keys.build(), 1));
  if (statements.has_value()) {
    for (statement& each : *statements) {
      each.kind = kind;
      each.name.version = version_of(each, file);
    }
  }
  return statements;
}

catalogue::catalogue(std::vector<statement> all) : all_(std::move(all)) {
  for (std::size_t i = 0; i < all_.size(); ++i) {
    const bool is_new = places_.insert({all_[i].name, i}).second;
    GAUNTLET_ASSERT(is_new);
  }
}

const statement* catalogue::find(const statement_name& name) const {
  const auto found = places_.find(name);
  return found == places_.end() ? nullptr : &all_[found->second];
}

catalogue load_catalogue() {
  std::vector<statement> all;
  for (const embedded_file& file : statement_files()) {
    auto statements = load_statements(std::string(file.content), std::string(file.name));
    GAUNTLET_ASSERT(statements.has_value());
    std::move(statements->begin(), statements->end(), std::back_inserter(all));
  }
  return catalogue(std::move(all));
}

}  // namespace gauntlet::conformance
