#include "sim/scenario/credential_list.hpp"

#include <algorithm>
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
  std::optional<std::string> client_id;
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

// Topics may be made of client identifiers, so nothing may stand in them that no topic name has.
bool check_client_ids(const std::vector<std::string>& ids, const config::node& place,
                      config::diagnostics& wrong) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const bool good = !ids[i].empty() && std::none_of(ids[i].begin(), ids[i].end(), [](char c) {
      return c == '+' || c == '#' || static_cast<unsigned char>(c) < 0x20;
    });
    if (good) continue;
    wrong.add(place, "row " + std::to_string(i + 1) + " has the client identifier '" + ids[i] +
                         "'; it may be neither empty nor hold '+', '#' or control characters");
    return false;
  }
  return true;
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
  const bool names_client = keys.client_id.has_value();
  const bool needs_user = !names_client || from.find("user_name") != nullptr;
  const auto user = column_of(*table, keys.user_name, place_of("user_name"), needs_user, wrong);
  const bool names_password = from.find("password") != nullptr;
  const auto password =
      column_of(*table, keys.password, place_of("password"), names_password, wrong);
  const auto client = names_client
                          ? column_of(*table, *keys.client_id, place_of("client_id"), true, wrong)
                          : std::nullopt;
  if ((needs_user && !user) || (names_password && !password) || (names_client && !client)) {
    return false;
  }
  std::vector<std::string> ids;
  std::vector<listed_credentials> rows;
  for (const std::vector<std::string>& cells : table->rows) {
    listed_credentials& row = rows.emplace_back();
    if (user) row.user_name = cells[*user];
    if (client) ids.push_back(cells[*client]);
    if (password) row.password = cells[*password];
  }
  if (client && !check_client_ids(ids, place_of("client_id"), wrong)) return false;
  if (client)
    keys.made.client_ids = std::make_shared<const std::vector<std::string>>(std::move(ids));
  keys.made.rows = std::make_shared<const std::vector<listed_credentials>>(std::move(rows));
  return true;
}

}  // namespace

config::reader<credential_list> credential_list_reader() {
  auto keys =
      config::object<list_keys>(
          "User names, passwords and client identifiers out of a CSV file, one row for each "
          "device")
          .required("file", &list_keys::file, file_path(),
                    "The file, from the folder of this one; its first line has the names "
                    "of the columns")
          .optional("user_name", &list_keys::user_name, config::text({.length_min = 1}),
                    "Name of the column with the user names")
          .optional("password", &list_keys::password, config::text({.length_min = 1}),
                    "Name of the column with the passwords")
          .optional("client_id", &list_keys::client_id, config::text({.length_min = 1}),
                    "Name of the column with the client identifiers")
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
