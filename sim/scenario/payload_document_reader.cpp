// Documents: any tree of mappings, lists and values.

#include <utility>

#include "sim/scenario/payload_parts_reader.hpp"
#include "sim/scenario/payload_value_reader.hpp"

namespace gauntlet::sim {
namespace {

using node_type = config::node::type;

constexpr std::size_t members_max = 200;
/// How a nested object is written that has one member of a generator's name.
constexpr std::string_view plain_object = "object";

class document_builder {
 public:
  bool read(const config::node& from, document_node& to, config::diagnostics& wrong) const {
    if (from.is == node_type::sequence) return read_list(from, to, wrong);
    if (from.is != node_type::mapping || is_generator(from)) {
      return value_.read(from, to.value, wrong);
    }
    const config::node* plain = from.members.size() == 1 ? from.find(plain_object) : nullptr;
    const bool wrapped = plain != nullptr && plain->is == node_type::mapping;
    return read_object(wrapped ? *plain : from, to, wrong);
  }

  bool read_object(const config::node& from, document_node& to, config::diagnostics& wrong) const {
    to.is = document_node::shape::object;
    if (from.members.size() > members_max) {
      wrong.add(from, "an object has at most " + std::to_string(members_max) + " members, not " +
                          std::to_string(from.members.size()));
      return false;
    }
    bool good = true;
    for (const config::member& each : from.members) {
      to.names.push_back(each.key);
      to.children.emplace_back();
      good = read(each.value, to.children.back(), wrong) && good;
    }
    return good;
  }

 private:
  bool read_list(const config::node& from, document_node& to, config::diagnostics& wrong) const {
    to.is = document_node::shape::list;
    bool good = true;
    for (const config::node& each : from.items) {
      to.children.emplace_back();
      good = read(each, to.children.back(), wrong) && good;
    }
    return good;
  }

  config::reader<value_generator> value_ = value_reader();
};

}  // namespace

config::reader<document_node> document_reader() {
  config::reader<document_node> made;
  // What is nested is not described further: a mapping may be an object of any members.
  made.schema = R"({"type":"object","additionalProperties":{"anyOf":[)" + value_reader().schema +
                R"(,{"type":"array"},{"type":"object"}]},"maxProperties":)" +
                std::to_string(members_max) + "}";
  made.read = [builder = document_builder()](const config::node& from, document_node& to,
                                             config::diagnostics& wrong) {
    if (from.is != node_type::mapping) {
      wrong.add(from, "expected a mapping, not " + from.describe());
      return false;
    }
    if (from.find("_g") != nullptr) {
      wrong.add(from, "the member '_g' is taken by the message's stamp");
      return false;
    }
    to = {};
    return builder.read_object(from, to, wrong);
  };
  return made;
}

}  // namespace gauntlet::sim
