#include "harness/target/profile.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "harness/base/embedded_file.hpp"
#include "harness/config/load.hpp"
#include "harness/config/object.hpp"
#include "harness/target/placeholders.hpp"

namespace gauntlet::target {

/// The files of profiles/; generated.
std::vector<embedded_file> built_in_profiles();

namespace {

using config::node;

constexpr std::string_view directory_placeholder = "directory";
constexpr std::string_view cache_placeholder = "cache";

template <class T>
using pairs = std::vector<std::pair<std::string, T>>;

bool is_plain_name(const std::string& text) {
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_part);
}

config::reader<std::string> plain_name() {
  return config::checked<std::string>(config::text(), [](const std::string& text) {
    return is_plain_name(text) ? std::string() : "use lower-case letters, digits, - and _ only";
  });
}

/// A name that placeholders can have.
config::reader<std::string> port_name() {
  return config::checked<std::string>(config::text(), [](const std::string& text) -> std::string {
    const auto found = find_placeholders("{" + text + "}");
    if (found.size() != 1 || found.front().name != text) {
      return "use lower-case letters, digits and _ only, a letter first";
    }
    if (text == directory_placeholder) return "'directory' stands for the broker's folder";
    if (text == cache_placeholder) return "'cache' stands for the folder of installed brokers";
    return {};
  });
}

config::reader<credentials> login_reader() {
  return config::object<credentials>("What clients log in with")
      .required("user_name", &credentials::user_name, config::text(), "The user name")
      .required("password", &credentials::password, config::text(), "The password")
      .build();
}

config::reader<profile_listener> listener_reader() {
  using net::transport;
  const auto transports = config::one_of<transport>({{"tcp", transport::tcp},
                                                     {"tls", transport::tls},
                                                     {"ws", transport::ws},
                                                     {"wss", transport::wss}});
  const auto versions = config::one_of<mqtt::protocol_version>(
      {{"3.1.1", mqtt::protocol_version::v3_1_1}, {"5.0", mqtt::protocol_version::v5}});
  return config::object<profile_listener>("An address that the broker listens on")
      .required("port", &profile_listener::port, port_name(), "The placeholder of its port")
      .required("transport", &profile_listener::transport, transports, "What carries the bytes")
      .required("versions", &profile_listener::versions, config::list_of(versions, 1, 2),
                "The protocol versions that it speaks")
      .optional("path", &profile_listener::path, config::text({.length_min = 1}),
                "The path of the WebSocket upgrade")
      .build();
}

config::reader<guarded_listener> guarded_reader() {
  return config::object<guarded_listener>("A listener that asks for a login")
      .required("port", &guarded_listener::port, port_name(), "The placeholder of its port")
      .required("user", &guarded_listener::user, login_reader(), "The one user who may come in")
      .optional("denied_topic", &guarded_listener::denied_topic, config::text({.length_min = 1}),
                "A topic that this user may neither publish to nor subscribe to")
      .optional("authentication_method", &guarded_listener::authentication_method,
                config::text({.length_min = 1}),
                "The method with which this user may authenticate in MQTT 5.0")
      .build();
}

config::reader<std::vector<profile_file>> files_reader() {
  return config::converted<std::vector<profile_file>, pairs<std::string>>(
      config::mapping_of(config::text()), [](pairs<std::string> files) {
        std::vector<profile_file> made;
        for (auto& [name, content] : files) made.push_back({std::move(name), std::move(content)});
        return made;
      });
}

config::reader<std::map<std::string, std::string>> environment_reader() {
  return config::converted<std::map<std::string, std::string>, pairs<std::string>>(
      config::mapping_of(config::text()), [](pairs<std::string> entries) {
        return std::map<std::string, std::string>(entries.begin(), entries.end());
      });
}

/// The places of a profile that name a port.
std::vector<const node*> ports_of(const node& from) {
  std::vector<const node*> ports;
  for (const node& listener : from.find("listeners")->items) ports.push_back(listener.find("port"));
  if (const node* guarded = from.find("guarded_listener")) ports.push_back(guarded->find("port"));
  if (const node* further = from.find("further_ports")) {
    for (const node& port : further->items) ports.push_back(&port);
  }
  return ports;
}

/// Calls `visit` with each text below the node: items, members, or itself.
template <class Visitor>
void visit_texts(const node& of, const Visitor& visit) {
  if (of.items.empty() && of.members.empty()) return visit(of);
  for (const node& item : of.items) visit_texts(item, visit);
  for (const config::member& each : of.members) visit_texts(each.value, visit);
}

/// Every placeholder has a meaning, and every port is told to the broker.
void check_placeholders(const profile&, const node& from, config::diagnostics& wrong) {
  const std::set<std::string> always = {std::string(cache_placeholder)};
  std::set<std::string> known = always;
  known.emplace(directory_placeholder);
  for (const node* port : ports_of(from)) {
    if (!known.insert(port->scalar).second) wrong.add(*port, "another listener has this port");
  }

  std::set<std::string> used;
  const auto look_into = [&](const char* key, const std::set<std::string>& allowed) {
    const node* section = from.find(key);
    if (section == nullptr) return;
    visit_texts(*section, [&](const node& text) {
      for (const placeholder& hole : find_placeholders(text.scalar)) {
        used.insert(hole.name);
        if (allowed.contains(hole.name)) continue;
        const std::vector<std::string> names(allowed.begin(), allowed.end());
        wrong.add(text,
                  "unknown placeholder {" + hole.name + "}" + config::suggest(hole.name, names));
      }
    });
  };
  for (const char* key : {"command", "version_arguments"}) look_into(key, always);
  for (const char* key : {"arguments", "files", "environment", "preparation"}) {
    look_into(key, known);
  }

  for (const node* port : ports_of(from)) {
    if (!used.contains(port->scalar)) {
      wrong.add(*port, "no argument or file tells the broker its {" + port->scalar + "}");
    }
  }
}

/// Who has no authority cannot be trusted, and who has no TLS needs none.
void check_tls(const profile& broker, const node& from, config::diagnostics& wrong) {
  const bool has_tls = std::any_of(broker.listeners.begin(), broker.listeners.end(),
                                   [](const profile_listener& listener) {
                                     return listener.transport == net::transport::tls ||
                                            listener.transport == net::transport::wss;
                                   });
  if (has_tls == !broker.certificate_authority.empty()) return;
  const node* authority = from.find("certificate_authority");
  wrong.add(authority != nullptr ? *authority : *from.find("listeners"),
            has_tls ? "a TLS listener needs a certificate_authority" : "no listener has TLS");
}

void check_file_names(const profile&, const node& from, config::diagnostics& wrong) {
  const node* files = from.find("files");
  if (files == nullptr) return;
  for (const config::member& file : files->members) {
    if (file.key.find('/') != file.key.npos || file.key.starts_with('.')) {
      wrong.add(file.key_at, "files: '" + file.key + "' must be a plain file name");
    }
  }
}

config::reader<profile> profile_reader() {
  using namespace std::chrono_literals;
  const auto patience = config::time_span(100ms, 10min);
  return config::object<profile>("How to get, start and reach a broker")
      .required("name", &profile::name, plain_name(), "What --target calls it")
      .required("title", &profile::title, config::text({.length_min = 1}), "Its full name")
      .required("install", &profile::install, config::text({.length_min = 1}),
                "The command that installs it")
      .required("command", &profile::command, config::text({.length_min = 1}),
                "The program, by name or path")
      .optional("arguments", &profile::arguments, config::list_of(config::text()),
                "Its arguments, with placeholders")
      .optional("environment", &profile::environment, environment_reader(),
                "Environment variables to add, with placeholders")
      .optional("version_arguments", &profile::version_arguments, config::list_of(config::text()),
                "The arguments that make it print its version")
      .optional("files", &profile::files, files_reader(),
                "Files to write into its folder, with placeholders")
      .optional("preparation", &profile::preparation,
                config::list_of(config::list_of(config::text(), 1, 64)),
                "Commands to run in its folder before the first start, with placeholders")
      .required("listeners", &profile::listeners, config::list_of(listener_reader(), 1, 16),
                "Where it listens; the first one is the usual one")
      .optional("guarded_listener", &profile::guarded, guarded_reader(),
                "A listener that asks for a login, apart from the others")
      .optional("further_ports", &profile::further_ports, config::list_of(port_name(), 1, 8),
                "The placeholders of ports that it needs for itself")
      .optional("certificate_authority", &profile::certificate_authority,
                config::text({.length_min = 1}),
                "The file of its folder that its TLS listeners are verified with")
      .optional("persistent", &profile::is_persistent, config::boolean(),
                "Whether sessions and retained messages outlive a stop and a start")
      .optional("login", &profile::login, login_reader(), "Credentials, if the broker insists")
      .optional("defect_argument", &profile::defect_argument, config::text({.length_min = 1}),
                "The argument before the name of a defect, for a broker that has some on request")
      .optional("ready_within", &profile::ready_within, patience,
                "How long it may take until it answers a CONNECT")
      .optional("stop_within", &profile::stop_within, patience,
                "How long it may take to end when asked to")
      .check(check_placeholders)
      .check(check_tls)
      .check(check_file_names)
      .build();
}

/// The profile with the folder of installed brokers in the texts that are used without a run.
outcome<profile> with_cache(profile broker) {
  const placeholder_values values = {{std::string(cache_placeholder), broker_cache().string()}};
  std::vector<std::string*> texts = {&broker.command};
  for (std::string& argument : broker.version_arguments) texts.push_back(&argument);
  for (std::string* text : texts) {
    auto expanded = expand_placeholders(*text, values);
    if (!expanded) return expanded.error();
    *text = std::move(*expanded);
  }
  return broker;
}

std::string file_name_of(std::string_view name) { return std::string(name) + ".yaml"; }

/// A profile is found by its file's name, so the two must agree.
outcome<profile> loaded_as(std::string_view name, config::loaded<profile> loaded,
                           const std::string& file) {
  if (!loaded) return config::to_failure(loaded.error());
  if (loaded->name != name) {
    return bad_input(file + ": a profile named '" + loaded->name + "' belongs into a file named " +
                     file_name_of(loaded->name));
  }
  return with_cache(std::move(*loaded));
}

/// The names of the profiles, built in or in the folder, in order.
outcome<std::set<std::string>> profile_names(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const embedded_file& file : built_in_profiles()) {
    names.insert(std::filesystem::path(file.name).stem().string());
  }
  if (folder.empty()) return names;
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  if (error) {
    return bad_input("cannot read the profiles in " + folder.string() + ": " + error.message());
  }
  for (const auto& entry : entries) {
    if (entry.path().extension() == ".yaml") names.insert(entry.path().stem().string());
  }
  return names;
}

outcome<profile> load_named(const std::string& name, const std::filesystem::path& folder) {
  if (!folder.empty()) {
    const auto file = folder / file_name_of(name);
    if (std::filesystem::exists(file)) {
      return loaded_as(name, config::load_file(file, profile_reader()), file.string());
    }
  }
  for (const embedded_file& file : built_in_profiles()) {
    if (file.name == file_name_of(name)) {
      const std::string shown = "profiles/" + std::string(file.name);
      return loaded_as(name, config::load_text(file.content, shown, profile_reader()), shown);
    }
  }
  return bad_input("no profile is named '" + name + "'");
}

}  // namespace

bool speaks(const profile_listener& listener, mqtt::protocol_version version) {
  return std::find(listener.versions.begin(), listener.versions.end(), version) !=
         listener.versions.end();
}

outcome<profile> parse_profile(std::string_view yaml, std::string_view file) {
  auto loaded = config::load_text(yaml, std::string(file), profile_reader());
  if (!loaded) return config::to_failure(loaded.error());
  return with_cache(std::move(*loaded));
}

std::filesystem::path broker_cache() {
  const auto folder_in = [](const char* variable) {
    const char* value = std::getenv(variable);
    return std::filesystem::path(value != nullptr ? value : "");
  };
  if (const auto chosen = folder_in("GAUNTLET_BROKERS"); !chosen.empty()) return chosen;
  auto caches = folder_in("XDG_CACHE_HOME");
  if (caches.empty()) caches = folder_in("HOME") / ".cache";
  return caches / "gauntlet" / "brokers";
}

outcome<std::vector<profile>> list_profiles(const std::filesystem::path& folder) {
  const auto names = profile_names(folder);
  if (!names) return names.error();
  std::vector<profile> profiles;
  for (const std::string& name : *names) {
    auto each = load_named(name, folder);
    if (!each) return each.error();
    profiles.push_back(std::move(*each));
  }
  return profiles;
}

outcome<profile> find_profile(std::string_view name, const std::filesystem::path& folder) {
  const auto names = profile_names(folder);
  if (!names) return names.error();
  const std::string wanted(name);
  if (!names->contains(wanted)) {
    std::vector<std::string> known(names->begin(), names->end());
    known.emplace_back("embedded");
    return bad_input("no broker profile is named '" + wanted + "'" +
                     config::suggest(wanted, known));
  }
  return load_named(wanted, folder);
}

}  // namespace gauntlet::target
