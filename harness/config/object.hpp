#pragma once

// Describes a mapping with known keys once: name, member, reader, default, documentation. Loading,
// the detection of unknown keys and the JSON Schema all follow from that table:
//     object<will_settings>("What the broker publishes when the device is lost")
//         .required("topic", &will_settings::topic, text(), "Where it is published")
//         .optional("retain", &will_settings::retain, boolean(), "Whether the broker keeps it")
//         .build()
// Also an example with every key at its default follows from it (example.hpp).

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/config/reader.hpp"

namespace gauntlet::config {

/// The JSON Schema of an object with these fields; `exclusive` holds groups of keys of which
/// exactly one must stand.
std::string object_schema(const std::string& doc, const std::vector<field_description>& fields,
                          const std::vector<std::vector<std::string>>& exclusive);

/// Reports keys that are unknown or missing and groups without exactly one key; answers whether all
/// is well.
bool check_keys(const node& from, const std::vector<field_description>& fields,
                const std::vector<std::vector<std::string>>& exclusive, diagnostics& wrong);

/// Builder of a reader for T. Members that the file leaves out keep what T's initialisers say.
template <class T>
class object {
 public:
  using check_function = std::function<void(const T&, const node&, diagnostics&)>;

  explicit object(std::string doc) : table_(std::make_shared<table>()) {
    table_->doc = std::move(doc);
  }

  /// A key that must stand.
  template <class M>
  object& required(std::string name, M T::*into, reader<M> as, std::string doc) {
    return add<M>(
        std::move(name), true, [into](auto& of) -> auto& { return of.*into; }, std::move(as),
        std::move(doc));
  }

  /// A key that may be left out; T's initialiser is the default, and the schema tells it.
  template <class M>
  object& optional(std::string name, M T::*into, reader<M> as, std::string doc) {
    return add<M>(
        std::move(name), false, [into](auto& of) -> auto& { return of.*into; }, std::move(as),
        std::move(doc));
  }

  /// The same for a member of a member.
  template <class Part, class M>
  object& optional(std::string name, Part T::*part, M Part::*into, reader<M> as, std::string doc) {
    return add<M>(
        std::move(name), false, [ part, into ](auto& of) -> auto& { return of.*part.*into; },
        std::move(as), std::move(doc));
  }

  /// The same for a member without default.
  template <class Part, class M>
  object& optional(std::string name, Part T::*part, std::optional<M> Part::*into, reader<M> as,
                   std::string doc) {
    return derived<M>(
        std::move(name), std::move(as),
        [part, into](T& to, M value) { to.*part.*into = std::move(value); }, std::move(doc));
  }

  /// A key that may be left out, with no default.
  template <class M>
  object& optional(std::string name, std::optional<M> T::*into, reader<M> as, std::string doc) {
    return derived<M>(
        std::move(name), std::move(as), [into](T& to, M value) { to.*into = std::move(value); },
        std::move(doc));
  }

  /// A key whose value is stored by `assign`, may be left out and has no default.
  template <class M>
  object& derived(std::string name, reader<M> as, std::function<void(T&, M)> assign,
                  std::string doc) {
    table_->fields.push_back({.name = std::move(name),
                              .schema = as.schema,
                              .doc = std::move(doc),
                              .example = as.example});
    table_->loads.push_back([read = std::move(as.read), assign = std::move(assign)](
                                const node& from, T& to, diagnostics& wrong) {
      M value{};
      if (!read(from, value, wrong)) return false;
      assign(to, std::move(value));
      return true;
    });
    return *this;
  }

  /// What the example shows as the value of the last field, which has no default to show.
  object& shown_as(std::string sample) {
    table_->fields.back().sample = std::move(sample);
    return *this;
  }

  /// Exactly one of these keys must stand.
  object& exactly_one(std::vector<std::string> names) {
    table_->exclusive.push_back(std::move(names));
    return *this;
  }

  /// Stores where the mapping begins, for checks that need the whole file.
  object& placed(place T::*into) {
    table_->place_into = into;
    return *this;
  }

  /// Checks what no single field can: runs on values whose fields were all read.
  object& check(check_function function) {
    table_->checks.push_back(std::move(function));
    return *this;
  }

  reader<T> build() const {
    reader<T> made;
    made.schema = object_schema(table_->doc, table_->fields, table_->exclusive);
    made.example = mapping_example(table_->fields);
    made.read = [table = table_](const node& from, T& to, diagnostics& wrong) {
      return table->read(from, to, wrong);
    };
    return made;
  }

 private:
  using load_function = std::function<bool(const node&, T&, diagnostics&)>;

  struct table {
    std::string doc;
    std::vector<field_description> fields;
    std::vector<load_function> loads;  // beside fields
    std::vector<std::vector<std::string>> exclusive;
    std::vector<check_function> checks;
    place T::*place_into = nullptr;

    bool read(const node& from, T& to, diagnostics& wrong) const {
      if (from.is != node::type::mapping) {
        wrong.add(from, "expected a mapping, not " + from.describe());
        return false;
      }
      if (place_into != nullptr) to.*place_into = from.at;
      bool good = check_keys(from, fields, exclusive, wrong);
      for (std::size_t i = 0; i < fields.size(); ++i) {
        const node* value = from.find(fields[i].name);
        if (value != nullptr) good = loads[i](*value, to, wrong) && good;
      }
      if (!good) return false;
      const std::size_t before = wrong.count();
      for (const check_function& check : checks) check(to, from, wrong);
      return wrong.count() == before;
    }
  };

  // `member_of` gets the member of a T, const or not.
  template <class M, class Access>
  object& add(std::string name, bool required, Access member_of, reader<M> as, std::string doc) {
    std::string default_;
    if (!required && as.show) {
      const T initial{};
      default_ = as.show(member_of(initial));
    }
    table_->fields.push_back({.name = std::move(name),
                              .required = required,
                              .has_default = !required,
                              .schema = as.schema,
                              .default_ = std::move(default_),
                              .doc = std::move(doc),
                              .example = as.example});
    table_->loads.push_back(
        [read = std::move(as.read), member_of](const node& from, T& to, diagnostics& wrong) {
          M value = member_of(to);
          if (!read(from, value, wrong)) return false;
          member_of(to) = std::move(value);
          return true;
        });
    return *this;
  }

  std::shared_ptr<table> table_;
};

}  // namespace gauntlet::config
