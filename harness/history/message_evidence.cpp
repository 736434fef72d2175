// Messages as evidence: what was published, what was delivered, and which answers belong to them.

#include <algorithm>
#include <utility>

#include "harness/history/evidence_maker.hpp"
#include "harness/mqtt/property.hpp"

namespace gauntlet::history {

using mqtt::property_id;

message_content evidence_maker::content_of(const mqtt::publish_view& message) {
  message_content content{.payload_digest = digest_of({}, message.payload),
                          .payload_size = static_cast<std::uint32_t>(message.payload.size())};
  byte_buffer kept;
  mqtt::property_reader reader(message.properties);
  while (const auto next = reader.next()) {
    switch (next->id) {
      case property_id::message_expiry_interval:
      case property_id::topic_alias:
      case property_id::subscription_identifier:
      case property_id::will_delay_interval:
        break;
      default:
        static_cast<void>(mqtt::encode_property(*next, kept));
    }
  }
  if (!kept.empty()) content.properties_digest = digest_of({}, kept);
  return content;
}

message_key evidence_maker::name_of(const mqtt::publish_view& message) const {
  if (namer_) {
    if (const auto name = namer_(message)) return *name;
  }
  return digest_of(message.topic_name, message.payload);
}

std::uint32_t evidence_maker::publication_for(std::uint32_t client,
                                              const publication_record& like) {
  client_state& of = clients_[client];
  const auto last = of.last_by_key.find(like.key);
  const auto is_answered = [](const publish_attempt& attempt) { return attempt.answer.was_sent(); };
  if (last != of.last_by_key.end() && like.content.payload_size > 0) {
    publication_record& before = made.publications[last->second];
    const bool open =
        before.qos != mqtt::qos::at_most_once && std::ranges::none_of(before.attempts, is_answered);
    if (open && before.qos == like.qos) return last->second;
    before.ambiguous = true;
  }
  const auto index = static_cast<std::uint32_t>(made.publications.size());
  made.publications.push_back(like);
  made.publications.back().ambiguous = last != of.last_by_key.end();
  of.last_by_key[like.key] = index;
  return index;
}

namespace {

// A fault that changed a message but not its name leaves open which of the two the broker had.
bool is_alike(const publication_record& a, const publication_record& b) {
  return a.topic == b.topic && a.content == b.content && a.qos == b.qos && a.retain == b.retain &&
         a.expiry_s == b.expiry_s;
}

}  // namespace

void evidence_maker::publish_from_client(const seen& where, byte_view bytes) {
  if (where.on.record == none) return;
  auto decoded = mqtt::decode_publish(bytes, where.on.version, mqtt::sender::client);
  if (!decoded) return;
  mqtt::publish_view message = *decoded;
  if (const auto alias = mqtt::find_property<property_id::topic_alias>(message.properties)) {
    std::string& name = where.on.aliases_to_broker[*alias];
    if (!message.topic_name.empty()) name = message.topic_name;
    message.topic_name = name;
  }
  const std::uint32_t client = made.connections[where.on.record].client;
  const publication_record like{
      .key = name_of(message),
      .client = client,
      .topic = topic_index(message.topic_name),
      .content = content_of(message),
      .qos = message.qos,
      .retain = message.retain,
      .expiry_s = mqtt::find_property<property_id::message_expiry_interval>(message.properties)};
  client_state& state = clients_[client];
  std::uint32_t index = none;
  const bool late = is_superseded(where.on);
  const auto open = state.outbound.find(message.packet_identifier);
  if (message.qos != mqtt::qos::at_most_once && (message.dup || where.copied) &&
      open != state.outbound.end() && made.publications[open->second.publication].key == like.key) {
    index = open->second.publication;
  } else if ((where.copied || late) && state.last_by_key.contains(like.key)) {
    index = state.last_by_key[like.key];
  } else {
    index = publication_for(client, like);
  }
  publication_record& publication = made.publications[index];
  if (where.copied && !is_alike(publication, like)) publication.ambiguous = true;
  publication.attempts.push_back({.connection = where.on.record,
                                  .packet_identifier = message.packet_identifier,
                                  .dup = message.dup,
                                  .copied = where.copied,
                                  .publish = where.times});
  if (message.qos == mqtt::qos::at_most_once) return;
  // What comes late on a connection that was taken over answers for nothing on the new one.
  if (late && open != state.outbound.end()) return;
  state.outbound[message.packet_identifier] = {
      index, static_cast<std::uint32_t>(publication.attempts.size() - 1)};
}

// What is still on its way on a connection that another one has taken over has no meaning any more:
// neither end counts on it.
bool evidence_maker::is_superseded(const connection_state& on) const {
  const std::uint32_t latest = clients_[made.connections[on.record].client].connection;
  return latest != none && latest > on.record;
}

void evidence_maker::publish_from_broker(const seen& where, byte_view bytes) {
  if (is_superseded(where.on)) return;
  auto decoded = mqtt::decode_publish(bytes, where.on.version, mqtt::sender::server);
  if (!decoded) return note_malformed(where, describe(decoded.error()));
  mqtt::publish_view message = *decoded;
  if (const auto alias = mqtt::find_property<property_id::topic_alias>(message.properties)) {
    std::string& name = where.on.aliases_to_client[*alias];
    if (!message.topic_name.empty()) name = message.topic_name;
    message.topic_name = name;
  }
  const std::uint32_t client = made.connections[where.on.record].client;
  delivery_record record{
      .connection = where.on.record,
      .client = client,
      .key = name_of(message),
      .topic = topic_index(message.topic_name),
      .content = content_of(message),
      .packet_identifier = message.packet_identifier,
      .qos = message.qos,
      .dup = message.dup,
      .retain = message.retain,
      .expiry_s = mqtt::find_property<property_id::message_expiry_interval>(message.properties),
      .has_will_delay =
          mqtt::find_property<property_id::will_delay_interval>(message.properties).has_value(),
      .publish = where.times};
  mqtt::property_reader reader(message.properties);
  while (const auto next = reader.next()) {
    if (next->id != property_id::subscription_identifier) continue;
    record.subscription_identifiers.push_back(std::get<std::uint32_t>(next->value));
  }
  const auto index = static_cast<std::uint32_t>(made.deliveries.size());
  if (message.qos != mqtt::qos::at_most_once) {
    client_state& state = clients_[client];
    const auto open = state.inbound.find(message.packet_identifier);
    if (open != state.inbound.end()) {
      const bool same = made.deliveries[open->second].key == record.key;
      (same ? record.repeats : record.displaces) = open->second;
    }
    state.inbound[message.packet_identifier] = index;
  }
  made.deliveries.push_back(std::move(record));
}

namespace {

// Fills in what is new: of two equal packets the first one counts.
void note(packet_times& times, const packet_times& seen) {
  if (!times.was_sent() || (!times.has_passed() && seen.has_passed())) times = seen;
}

}  // namespace

// The sending that an answer is for: the latest on its own connection, else the latest of all.
publish_attempt* evidence_maker::attempt_of(const seen& where, std::uint16_t identifier) {
  const client_state& state = clients_[made.connections[where.on.record].client];
  const auto open = state.outbound.find(identifier);
  if (open == state.outbound.end()) return nullptr;
  std::vector<publish_attempt>& attempts = made.publications[open->second.publication].attempts;
  for (auto each = attempts.rbegin(); each != attempts.rend(); ++each) {
    if (each->connection == where.on.record && each->packet_identifier == identifier) return &*each;
  }
  return &attempts[open->second.attempt];
}

void evidence_maker::answer_of_client(const seen& where, const mqtt::packet& packet) {
  if (is_superseded(where.on)) return;
  client_state& state = clients_[made.connections[where.on.record].client];
  const auto delivery = [&](std::uint16_t identifier) -> delivery_record* {
    const auto open = state.inbound.find(identifier);
    return open == state.inbound.end() ? nullptr : &made.deliveries[open->second];
  };
  if (const auto* puback = std::get_if<mqtt::puback>(&packet)) {
    delivery_record* of = delivery(puback->packet_identifier);
    if (!of || of->qos != mqtt::qos::at_least_once) return;
    note(of->answer, where.times);
    of->answer_code = puback->reason_code;
    if (where.times.has_passed()) state.inbound.erase(puback->packet_identifier);
  } else if (const auto* pubrec = std::get_if<mqtt::pubrec>(&packet)) {
    delivery_record* of = delivery(pubrec->packet_identifier);
    if (!of || of->qos != mqtt::qos::exactly_once) return;
    note(of->answer, where.times);
    of->answer_code = pubrec->reason_code;
    if (mqtt::is_error(pubrec->reason_code) && where.times.has_passed()) {
      state.inbound.erase(pubrec->packet_identifier);
    }
  } else if (const auto* pubcomp = std::get_if<mqtt::pubcomp>(&packet)) {
    delivery_record* of = delivery(pubcomp->packet_identifier);
    if (!of) return;
    note(of->pubcomp, where.times);
    if (where.times.has_passed()) state.inbound.erase(pubcomp->packet_identifier);
  } else if (const auto* pubrel = std::get_if<mqtt::pubrel>(&packet)) {
    publish_attempt* of = attempt_of(where, pubrel->packet_identifier);
    if (of != nullptr) note(of->pubrel, where.times);
  }
}

void evidence_maker::answer_of_broker(const seen& where, const mqtt::packet& packet) {
  client_state& state = clients_[made.connections[where.on.record].client];
  if (const auto* puback = std::get_if<mqtt::puback>(&packet)) {
    publish_attempt* of = attempt_of(where, puback->packet_identifier);
    if (!of || !of->publish.has_passed()) return;
    note(of->answer, where.times);
    of->answer_code = puback->reason_code;
    if (where.times.has_passed()) state.outbound.erase(puback->packet_identifier);
  } else if (const auto* pubrec = std::get_if<mqtt::pubrec>(&packet)) {
    publish_attempt* of = attempt_of(where, pubrec->packet_identifier);
    if (!of || !of->publish.has_passed()) return;
    note(of->answer, where.times);
    of->answer_code = pubrec->reason_code;
  } else if (const auto* pubcomp = std::get_if<mqtt::pubcomp>(&packet)) {
    publish_attempt* of = attempt_of(where, pubcomp->packet_identifier);
    if (!of) return;
    note(of->pubcomp, where.times);
    if (where.times.has_passed()) state.outbound.erase(pubcomp->packet_identifier);
  } else if (const auto* pubrel = std::get_if<mqtt::pubrel>(&packet)) {
    const auto open = state.inbound.find(pubrel->packet_identifier);
    if (open == state.inbound.end()) return;
    made.deliveries[open->second].pubrel = where.times;
  }
}

void evidence_maker::name_deliveries() {
  // Publications by name, and in their order among those of one name.
  std::vector<std::pair<message_key, std::uint32_t>> publications;
  publications.reserve(made.publications.size());
  for (std::uint32_t i = 0; i < made.publications.size(); ++i) {
    publications.emplace_back(made.publications[i].key, i);
  }
  std::ranges::sort(publications);
  const auto key_of = [](const std::pair<message_key, std::uint32_t>& each) { return each.first; };
  std::unordered_map<message_key, std::uint32_t> wills;
  for (const connection_record& connection : made.connections) {
    if (connection.will) wills.emplace(connection.will->key, connection.number);
  }
  for (delivery_record& delivery : made.deliveries) {
    const auto first = std::ranges::lower_bound(publications, delivery.key, {}, key_of);
    const auto last = std::ranges::upper_bound(publications, delivery.key, {}, key_of);
    for (auto named = first; named != last; ++named) {
      publication_record& publication = made.publications[named->second];
      const bool earlier = publication.first_sent() <= delivery.publish.sent;
      if (delivery.publication == none || earlier) delivery.publication = named->second;
      if (last - first > 1) publication.ambiguous = true;
    }
    if (const auto will = wills.find(delivery.key); will != wills.end()) {
      delivery.will_of = will->second;
    }
  }
}

void evidence_maker::decide_outcomes() {
  for (publication_record& each : made.publications) {
    bool reached = false, owned = false, refused = false, open = false;
    for (const publish_attempt& attempt : each.attempts) {
      if (!attempt.publish.has_passed()) continue;
      reached = true;
      if (!attempt.answer.was_sent()) {
        open = true;
      } else if (mqtt::is_error(attempt.answer_code)) {
        refused = true;
      } else {
        owned = true;
      }
    }
    each.outcome = owned      ? publish_outcome::owned
                   : !reached ? publish_outcome::absent
                   : open     ? publish_outcome::maybe
                   : refused  ? publish_outcome::rejected
                              : publish_outcome::maybe;
  }
}

}  // namespace gauntlet::history
