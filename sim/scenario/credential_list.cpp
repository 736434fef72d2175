#include "sim/scenario/credential_list.hpp"

#include <utility>

#include "harness/config/csv.hpp"
#include "harness/config/object.hpp"
#include "sim/scenario/field_readers.hpp"

namespace gauntlet::sim {
namespace {

struct list_keys {
  std::string file;
  std::string user_name = "user_name";
  std::string password = "password";
  credential_list made;
};

// The number of a column that the keys name; the default need not be there unless it is needed.
std::optional<std::size_t> column_of(const config::csv_table& table, const std::string& name,
                                     const config::node& place, bool is_needed,
                                     config::diagnostics& wrong) {
  const auto found = table.find(name);
  if (!found && is_needed) {
    wrong.add(place, "the file has no column '" + name + "'" + config::suggest(name, table.header));
  }
  return found;
}

bool load(list_keys& keys, const config::node& from, config::diagnostics& wrong) {
  const config::node& file = *from.find("file");
  const auto table = config::read_csv(keys.file);
  if (!table) {
    wrong.add(file, table.error().message);
    return false;
  }
  const auto place_of = [&](std::string_view key) -> const config::node& {
    const config::node* named = from.find(key);
    return named != nullptr ? *named : file;
  };
  const auto user = column_of(*table, keys.user_name, place_of("user_name"), true, wrong);
  const bool names_password = from.find("password") != nullptr;
  const auto password =
      column_of(*table, keys.password, place_of("password"), names_password, wrong);
  if (!user || (names_password && !password)) return false;
  std::vector<listed_credentials> rows;
  for (const std::vector<std::string>& cells : table->rows) {
    listed_credentials& row = rows.emplace_back();
    row.user_name = cells[*user];
    if (password) row.password = cells[*password];
  }
  keys.made.rows = std::make_shared<const std::vector<listed_credentials>>(std::move(rows));
  return true;
}

}  // namespace

config::reader<credential_list> credential_list_reader() {
  auto keys = config::object<list_keys>(
                  "User names and passwords out of a CSV file, one row for each device")
                  .required("file", &list_keys::file, file_path(),
                            "The file, from the folder of this one; its first line has the names "
                            "of the columns")
                  .optional("user_name", &list_keys::user_name, config::text({.length_min = 1}),
                            "Name of the column with the user names")
                  .optional("password", &list_keys::password, config::text({.length_min = 1}),
                            "Name of the column with the passwords")
                  .build();
  config::reader<credential_list> made;
  made.schema = keys.schema;
  made.example = keys.example;
  made.read = [read = std::move(keys.read)](const config::node& from, credential_list& to,
                                            config::diagnostics& wrong) {
    list_keys given;
    if (!read(from, given, wrong) || !load(given, from, wrong)) return false;
    to = std::move(given.made);
    return true;
  };
  return made;
}

}  // namespace gauntlet::sim
