// YAML text to our own tree, from yaml-cpp's events: these still show duplicate keys, anchors and
// aliases, which its node tree has already merged or resolved, and can be stopped at a limit.

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "harness/base/utf8.hpp"
#include "harness/config/node.hpp"

namespace gauntlet::config {
namespace {

/// Ends the parsing after a diagnostic that makes the rest meaningless.
struct stop_parsing : std::runtime_error {
  stop_parsing() : std::runtime_error("stopped") {}
};

place to_place(const YAML::Mark& mark, std::uint32_t file) {
  if (mark.line < 0) return {.file = file};
  return {static_cast<std::uint32_t>(mark.line) + 1, static_cast<std::uint32_t>(mark.column) + 1,
          file};
}

bool is_null_text(std::string_view text) {
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

class tree_builder final : public YAML::EventHandler {
 public:
  tree_builder(diagnostics& wrong, const parse_limits& limits, std::uint32_t file)
      : wrong_(wrong), limits_(limits), file_(file) {}

  node take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    put(node{.at = to_place(mark)});
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    wrong_.add(to_place(mark), "aliases (*name) are not allowed here; write the value out");
    put(node{.at = to_place(mark)});
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    const bool quoted = tag == "!";
    node made{.quoted = quoted, .at = to_place(mark)};
    if (quoted || !is_null_text(value)) {
      made.is = node::type::scalar;
      made.scalar = value;
    }
    if (at_key()) {
      take_key(made, value);
    } else {
      put(std::move(made));
    }
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    open(mark, node::type::sequence);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    open(mark, node::type::mapping);
  }
  void OnMapEnd() override { close(); }

 private:
  place to_place(const YAML::Mark& mark) const { return config::to_place(mark, file_); }

  struct level {
    node value;
    std::optional<member> pending;  // the key whose value comes next
    std::set<std::string> keys;
    bool drop_value = false;  // of a duplicate key
  };

  bool at_key() const {
    return !levels_.empty() && levels_.back().value.is == node::type::mapping &&
           !levels_.back().pending;
  }

  void take_key(const node& key, const std::string& text) {
    level& in = levels_.back();
    if (text == "<<" && !key.quoted) {
      wrong_.add(key.at, "merge keys (<<) are not allowed here; write the keys out");
    }
    in.drop_value = !in.keys.insert(text).second;
    if (in.drop_value) wrong_.add(key.at, "the key '" + text + "' stands twice in this mapping");
    in.pending = member{text, key.at, {}};
  }

  std::string path_of_next() const {
    if (levels_.empty()) return {};
    const level& in = levels_.back();
    if (in.value.is == node::type::sequence) {
      return in.value.path + "[" + std::to_string(in.value.items.size()) + "]";
    }
    const std::string& key = in.pending ? in.pending->key : std::string();
    return in.value.path.empty() ? key : in.value.path + "." + key;
  }

  void count_node(place at) {
    if (++nodes_ <= limits_.nodes_max) return;
    wrong_.add(at, "more than " + std::to_string(limits_.nodes_max) + " values in one file");
    throw stop_parsing();
  }

  void open(const YAML::Mark& mark, node::type type) {
    if (at_key()) {
      wrong_.add(to_place(mark), "a key must be a single text");
      throw stop_parsing();
    }
    if (levels_.size() >= limits_.depth_max) {
      wrong_.add(to_place(mark),
                 "nested deeper than " + std::to_string(limits_.depth_max) + " levels");
      throw stop_parsing();
    }
    count_node(to_place(mark));
    level made;
    made.value.is = type;
    made.value.at = to_place(mark);
    made.value.path = path_of_next();
    levels_.push_back(std::move(made));
  }

  void close() {
    node done = std::move(levels_.back().value);
    levels_.pop_back();
    attach(std::move(done));
  }

  void put(node value) {
    if (at_key()) {  // a null or an alias as a key
      wrong_.add(value.at, "a key must be a single text");
      throw stop_parsing();
    }
    count_node(value.at);
    value.path = path_of_next();
    attach(std::move(value));
  }

  void attach(node value) {
    if (levels_.empty()) {
      root_ = std::move(value);
      return;
    }
    level& in = levels_.back();
    if (in.value.is == node::type::sequence) {
      in.value.items.push_back(std::move(value));
      return;
    }
    if (!in.drop_value) {
      in.pending->value = std::move(value);
      in.value.members.push_back(std::move(*in.pending));
    }
    in.pending.reset();
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor == 0) return;
    wrong_.add(to_place(mark), "anchors (&name) are not allowed here; write the value out");
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    wrong_.add(to_place(mark), "tags (!name) are not allowed here");
  }

  diagnostics& wrong_;
  parse_limits limits_;
  std::uint32_t file_;
  node root_;
  std::vector<level> levels_;
  std::size_t nodes_ = 0;
};

bool check_characters(std::string_view text, diagnostics& wrong, std::uint32_t file) {
  place at{1, 1, file};
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_sequence_size(text.substr(i));
    if (length == 0) {
      wrong.add(at, "this is not UTF-8 text");
      return false;
    }
    const char c = text[i];
    const auto code = static_cast<unsigned char>(c);
    if ((code < 0x20 && c != '\t' && c != '\n' && c != '\r') || code == 0x7f) {
      wrong.add(at, "control characters are not allowed in YAML");
      return false;
    }
    at = c == '\n' ? place{at.line + 1, 1, file} : place{at.line, at.column + 1, file};
    i += length;
  }
  return true;
}

/// A line of a text, counted from 0.
std::string_view line_of(std::string_view text, int number) {
  for (; number > 0 && !text.empty(); --number) {
    const std::size_t end = text.find('\n');
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return text.substr(0, text.find('\n'));
}

/// What is most likely wrong with a line that is no YAML.
std::string hint_at(std::string_view line) {
  const std::size_t parameter = line.find("${");
  const bool in_braces = parameter != std::string_view::npos &&
                         line.substr(0, parameter).find_first_of("{[") != std::string_view::npos;
  return in_braces ? "; between braces or brackets, ${...} needs quotes: \"${...}\"" : "";
}

/// Feeds the one document of `text` to `builder`; answers false, with a diagnostic, if there is
/// none.
bool read_document(std::string_view text, tree_builder& builder, diagnostics& wrong,
                   std::uint32_t file) {
  std::istringstream in{std::string(text)};
  YAML::Parser parser(in);
  if (!parser.HandleNextDocument(builder)) {
    wrong.add(place{1, 1, file}, "the file is empty");
    return false;
  }
  diagnostics ignored({});
  tree_builder rest(ignored, {}, 0);
  if (parser.HandleNextDocument(rest)) {
    wrong.add(place{.file = file}, "the file holds more than one YAML document; only one is read");
    return false;
  }
  return true;
}

}  // namespace

node parse_yaml(std::string_view text, diagnostics& wrong, const parse_limits& limits,
                std::uint32_t file) {
  if (text.size() > limits.size_bytes_max) {
    wrong.add(place{.file = file},
              "the file is larger than " + std::to_string(limits.size_bytes_max) + " bytes");
    return {};
  }
  if (!check_characters(text, wrong, file)) return {};
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.substr(0, byte_order_mark.size()) == byte_order_mark) {
    text.remove_prefix(byte_order_mark.size());
  }
  // yaml-cpp takes the end of a file for the end of an open quote, unless the file's last byte is
  // inside it: hence the first, dry run without the space at the end.
  const std::string_view trimmed = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  diagnostics ignored({});
  tree_builder dry_run(ignored, limits, 0);
  tree_builder builder(wrong, limits, file);
  try {
    if (!read_document(text, builder, wrong, file)) return {};
    read_document(trimmed, dry_run, ignored, 0);
  } catch (const stop_parsing&) {
    return {};
  } catch (const YAML::Exception& error) {
    wrong.add(to_place(error.mark, file),
              "this is not valid YAML: " + error.msg + hint_at(line_of(text, error.mark.line)));
    return {};
  }
  return builder.take_root();
}

}  // namespace gauntlet::config
