#include "harness/broker_config/user_reader.hpp"

#include <utility>

#include "harness/config/object.hpp"

namespace gauntlet::broker_config {
namespace {

using broker::access_kind;
using broker::permission;
using config::object;
using config::text;

config::reader<auth::password_verifier> password() {
  config::reader<auth::password_verifier> made;
  made.schema = text().schema;
  made.read = [](const config::node& from, auth::password_verifier& to,
                 config::diagnostics& wrong) {
    config::diagnostics unsaid("");  // it would repeat the password
    std::string given;
    if (!text().read(from, given, unsaid)) {
      wrong.add(from, "expected text of at most 65535 bytes; put it into quotes");
      return false;
    }
    if (!auth::looks_like_verifier(given)) {
      to = auth::make_verifier(as_bytes(given));
      return true;
    }
    auto verifier = auth::parse_verifier(given);
    if (!verifier) {
      wrong.add(from, verifier.error().message);
      return false;
    }
    to = std::move(*verifier);
    return true;
  };
  return made;
}

// Cuts the first word off a rule.
std::string_view take_word(std::string_view& rule) {
  const std::string_view word = rule.substr(0, rule.find(' '));
  rule.remove_prefix(std::min(word.size() + 1, rule.size()));
  return word;
}

unit_result<broker::access_rule> parse_rule(std::string_view rule) {
  const std::string quoted = '\'' + std::string(rule) + '\'';
  const unit_error form{
      "expected 'allow' or 'deny', then 'publish', 'subscribe' or 'both', then a Topic Filter, "
      "not " +
      quoted + "; put the rule into quotes if its filter begins with #"};
  broker::access_rule made;
  const std::string_view decision = take_word(rule);
  const std::string_view kind = take_word(rule);
  if (decision != "allow" && decision != "deny") return form;
  made.decision = decision == "allow" ? permission::allow : permission::deny;
  if (kind == "publish") {
    made.kind = access_kind::publish;
  } else if (kind == "subscribe") {
    made.kind = access_kind::subscribe;
  } else if (kind != "both") {
    return form;
  }
  if (rule.empty()) return form;
  made.filter = rule;
  return made;
}

}  // namespace

config::reader<broker::access_list> access_list() {
  using of = broker::access_list;
  auto rules = config::list_of(
      config::parsed_scalar<broker::access_rule>(R"({"type":"string"})", parse_rule, {}), 0,
      10'000);
  rules.show = [](const auto&) { return std::string("[]"); };
  return object<of>("What may be published and subscribed to")
      .optional(
          "rules", &of::rules, std::move(rules),
          "The first that matches decides, such as 'allow publish sensors/%c/#' or 'deny both "
          "secret/#'; %c is the Client Identifier, %u the user name")
      .optional(
          "otherwise", &of::otherwise,
          config::one_of<permission>({{"deny", permission::deny}, {"allow", permission::allow}}),
          "Where no rule matches: deny or allow")
      .build();
}

config::reader<broker::user> user() {
  using of = broker::user;
  auto word = config::parsed_scalar<of>(R"({"type":"string"})",
                                        [](std::string_view written) -> unit_result<of> {
                                          auto parsed = broker::parse_user(written);
                                          if (!parsed) return unit_error{parsed.error().message};
                                          return std::move(*parsed);
                                        },
                                        {});
  auto whole = object<of>("A user who may connect")
                   .required("name", &of::name, text({.length_min = 1}), "User Name")
                   .shown_as("fleet")
                   .required("password", &of::password, password(),
                             "Plain, or the form that gauntlet broker --hash-password makes")
                   .shown_as("secret")
                   .optional("access", &of::access, access_list(),
                             "What this user may publish and subscribe to; left out: everything")
                   .build();
  return config::scalar_or(word, whole);
}

}  // namespace gauntlet::broker_config
