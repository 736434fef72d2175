#include "sim/scenario/payload_reader.hpp"

#include <utility>

#include "harness/config/object.hpp"
#include "sim/scenario/payload_parts_reader.hpp"

namespace gauntlet::sim {
namespace {

using config::object;

struct payload_holder {
  payload_description made;
};

void add_document(object<payload_holder>& kinds, const std::string& name, document_format as,
                  const std::string& doc) {
  kinds.derived<document_node>(
      name, document_reader(),
      [as](payload_holder& to, document_node root) {
        to.made = document_payload{.as = as, .root = std::move(root)};
      },
      doc);
}

}  // namespace

config::reader<payload_description> payload_reader() {
  object<payload_holder> kinds("What a message carries");
  kinds.derived<payload_text>(
      "text", payload_text_reader(),
      [](payload_holder& to, payload_text text) { to.made = text_payload{std::move(text)}; },
      "Text with placeholders, after the stamp");
  add_document(kinds, "json", document_format::json,
               "An object: names, and constants, generators, objects or lists");
  add_document(kinds, "cbor", document_format::cbor, "The same in CBOR");
  add_document(kinds, "messagepack", document_format::messagepack, "The same in MessagePack");
  kinds.derived<layout_payload>(
      "layout", layout_reader(),
      [](payload_holder& to, layout_payload layout) { to.made = std::move(layout); },
      "Binary fields one after the other, the stamp last");
  kinds.derived<size_distribution>(
      "random", size_reader(),
      [](payload_holder& to, size_distribution size) { to.made = random_payload{std::move(size)}; },
      "Random bytes of this size, the stamp included");
  kinds.derived<file_payload>(
      "file", file_reader(),
      [](payload_holder& to, file_payload files) { to.made = std::move(files); },
      "The bytes of a file, or of several in turn, and the stamp");
  kinds.exactly_one({"text", "json", "cbor", "messagepack", "layout", "random", "file"});
  return config::scalar_or(
      config::converted<payload_description, payload_text>(
          payload_text_reader(),
          [](payload_text text) { return payload_description(text_payload{std::move(text)}); }),
      config::converted<payload_description, payload_holder>(
          kinds.build(), [](const payload_holder& holder) { return holder.made; }));
}

config::reader<stamp_place> stamp_place_reader() {
  return config::one_of<stamp_place>({{"payload", stamp_place::payload},
                                      {"compact", stamp_place::compact},
                                      {"user_property", stamp_place::user_property},
                                      {"none", stamp_place::none}});
}

}  // namespace gauntlet::sim
