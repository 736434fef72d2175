// Inputs: what is packed comes back, any bytes are an input, and the generator, the mutator and the
// minimiser do what their names say.

#include "fuzz/input/input.hpp"

#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "fuzz/campaign/minimise.hpp"
#include "fuzz/features/features.hpp"
#include "fuzz/input/name_space.hpp"
#include "fuzz/mutation/generate.hpp"
#include "fuzz/mutation/mutate.hpp"
#include "fuzz/mutation/packet_maker.hpp"
#include "fuzz/oracles/answer_rules.hpp"
#include "fuzz/oracles/process_watch.hpp"
#include "fuzz/oracles/reference_judge.hpp"

namespace gauntlet::fuzz {
namespace {

TEST(FuzzInput, ComesBackFromItsBytes) {
  seeded_stream draws(1, "test", "", 0);
  for (int i = 0; i < 500; ++i) {
    const input made = generate(draws, i % 2 == 0 ? profile::breadth : profile::depth);
    EXPECT_EQ(unpack(pack(made)), made);
    EXPECT_LE(made.steps.size(), steps_max);
  }
}

TEST(FuzzInput, IsMadeOfAnyBytes) {
  seeded_stream draws(2, "test", "", 0);
  for (std::size_t size = 0; size < 300; ++size) {
    byte_buffer bytes(size);
    draws.bytes(bytes);
    const input read = unpack(bytes);
    EXPECT_EQ(unpack(pack(read)), read);
  }
}

TEST(FuzzInput, OfOneSeedIsAlwaysTheSame) {
  seeded_stream one(3, "test", "", 0);
  seeded_stream other(3, "test", "", 0);
  EXPECT_EQ(generate(one, profile::depth), generate(other, profile::depth));
}

TEST(FuzzInput, EntersANameSpaceWithoutChangingItsLength) {
  const std::string text = "a@@@@@@@@/b@@@@@@@@@";
  byte_buffer out;
  enter_name_space({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, 0x12ab, out);
  EXPECT_EQ(std::string(out.begin(), out.end()), "a000012ab/b000012ab@");
}

TEST(FuzzMutation, RepairsLengths) {
  byte_buffer packet(300, 0);
  packet[0] = 0x30;
  packet[1] = 5;
  repair_length(packet);
  ASSERT_EQ(packet.size(), 301U);
  EXPECT_EQ(packet[1], (298U & 0x7FU) | 0x80U);
  EXPECT_EQ(packet[2], 298U >> 7U);
}

TEST(FuzzMutation, ChangesMostInputs) {
  seeded_stream draws(4, "test", "", 0);
  const byte_mutator flip = [](std::uint8_t* data, std::size_t size, std::size_t) {
    if (size > 0) data[0] ^= 1U;
    return size;
  };
  int changed = 0;
  for (int i = 0; i < 200; ++i) {
    const input before = generate(draws, profile::breadth);
    input after = before;
    mutate(after, draws, flip);
    changed += after == before ? 0 : 1;
    EXPECT_LE(after.steps.size(), steps_max);
  }
  EXPECT_GT(changed, 180);
}

TEST(FuzzMinimise, FindsTheTwoStepsThatMatter) {
  seeded_stream draws(5, "test", "", 0);
  std::vector<input> found;
  for (int i = 0; i < 3; ++i) found.push_back(generate(draws, profile::depth));
  const step cause{.connection = 3, .barrier = false, .piece_size = 2, .bytes = {0xF0, 0x01, 7, 9}};
  found[1].steps.insert(found[1].steps.begin(), cause);
  found[1].steps.push_back(cause);
  int tries = 0;
  const breaks needs_two = [&](const std::vector<input>& smaller) {
    ++tries;
    int times = 0;
    for (const input& each : smaller) {
      for (const step& part : each.steps) {
        times += part.bytes.size() > 1 && part.bytes[0] == 0xF0 ? 1 : 0;
      }
    }
    return times >= 2;
  };
  const auto small = minimise(found, needs_two, 1000);
  ASSERT_EQ(small.size(), 1U);
  ASSERT_EQ(small[0].steps.size(), 2U);
  EXPECT_TRUE(small[0].steps[0].barrier);
  EXPECT_EQ(small[0].steps[0].bytes.size(), 2U);
  EXPECT_LE(tries, 1000);
}

TEST(FuzzOracles, ReadAPanicOfGo) {
  const std::string log =
      "panic: runtime error: index out of range [24] with length 24\n\n"
      "goroutine 28 [running]:\n"
      "example.org/server/v2/packets.(*Packet).SubscribeDecode(0x2c6bf28accd8, {0x2c, 0x18})\n"
      "\t/root/go/packets.go:959 +0x5b5\n";
  EXPECT_FALSE(is_of_sanitizer(log));
  EXPECT_EQ(reason_in_log(log),
            "panic: runtime error: index out of range [N] with length N in "
            "packets.(*Packet).SubscribeDecode");
}

TEST(FuzzOracles, KnowWhoseMemoryIsCollected) { EXPECT_FALSE(collector_of(getpid()).has_value()); }

TEST(FuzzOracles, ReadTheReasonOfACrashWithoutItsNumbers) {
  const std::string log =
      "==12==ERROR: AddressSanitizer: heap-use-after-free on address 0x6020 at pc 0x55\n"
      "    #0 0x55aa in handle__publish /src/a.c:10\n    #1 0x55ab in packet__read b.c:3\n";
  EXPECT_TRUE(is_of_sanitizer(log));
  EXPECT_EQ(reason_in_log(log),
            "ERROR: AddressSanitizer: heap-use-after-free in handle__publish < packet__read");
  EXPECT_EQ(reason_in_log("x\npanic: index out of range [7]\n"), "panic: index out of range [N]");
  EXPECT_EQ(reason_in_log("all is well\n"), "");
}

/// A second CONNECT on the connection, which a server must end (MQTT-3.1.0-2).
input second_connect() {
  mqtt::connect hello;
  hello.client_id = "a";
  const byte_buffer bytes = bytes_of(hello, mqtt::protocol_version::v5);
  return {{step{.bytes = bytes}, step{.bytes = bytes}}};
}

TEST(FuzzOracles, SeeABreachThatTheTargetTolerates) {
  observation seen;
  seen.steps.resize(2);
  const auto breach = tolerated_breach(second_connect(), seen);
  ASSERT_TRUE(breach.has_value());
  EXPECT_EQ(breach->kind, record::finding_kind::protocol);
}

/// The answer of a server that knows MQTT 3.1.1 alone to a CONNECT of 5.0.
observation refused_version(const byte_buffer& answer) {
  observation seen;
  seen.connections_opened = 1;
  for (int i = 0; i < 2; ++i) seen.steps.push_back({.opening = 1});
  seen.bytes = answer;
  seen.arrivals = {{.step = 0, .opening = 1, .offset = 0, .size = answer.size()}};
  return seen;
}

TEST(FuzzOracles, LetAServerOfOneVersionRefuseTheOther) {
  const observation right = refused_version({0x20, 2, 0, 1});
  EXPECT_TRUE(breaches_of(second_connect(), right).empty());
  EXPECT_FALSE(tolerated_breach(second_connect(), right).has_value());
  const observation wrong = refused_version({0x20, 2, 0, 2});
  EXPECT_EQ(breaches_of(second_connect(), wrong).size(), 1U);
}

// A server that refuses or ends a connection seconds later reads nothing of what comes meanwhile.
TEST(FuzzOracles, BlameNobodyBeforeTheConnectionIsAccepted) {
  const byte_buffer success{0x20, 3, 0, 0x00, 0};
  const byte_buffer refusal{0x20, 3, 0, 0x86, 0};
  const auto tolerates = [](const input& of, std::vector<byte_buffer> answers) {
    observation seen;
    for (const auto row : {state_row::before_connect, state_row::connecting}) {
      seen.steps.push_back({.row = row, .opening = 1});
    }
    for (const byte_buffer& each : answers) {
      seen.arrivals.push_back(
          {.step = 1, .opening = 1, .offset = seen.bytes.size(), .size = each.size()});
      seen.bytes.insert(seen.bytes.end(), each.begin(), each.end());
    }
    return tolerated_breach(of, seen).has_value();
  };
  input malformed = second_connect();
  malformed.steps[1].bytes = {0x83, 0x00};  // SUBSCRIBE with a reserved flag
  EXPECT_TRUE(tolerates(malformed, {success}));
  EXPECT_FALSE(tolerates(malformed, {refusal}));
  EXPECT_FALSE(tolerates(malformed, {}));
  EXPECT_TRUE(tolerates(second_connect(), {success, refusal})) << "refused, and the first is kept";
}

// Somebody else's connection must not end because of what one client sends.
TEST(FuzzOracles, SeeThatOneClientEndsAnother) {
  const auto hello = [](std::string client_id) {
    mqtt::connect packet;
    packet.client_id = std::move(client_id);
    return bytes_of(packet, mqtt::protocol_version::v5);
  };
  const byte_buffer publish{0x30, 7, 0, 1, 't', 2, 11, 5, 'x'};  // with a Subscription Identifier
  input played{{{.connection = 0, .bytes = hello("a")},
                {.connection = 1, .bytes = hello("b")},
                {.connection = 1, .bytes = publish}}};
  const auto seen_with = [](std::uint8_t ended) {
    observation seen;
    for (const bool second : {false, true, true}) {
      seen.steps.push_back({.connection = second, .opening = second ? 2U : 1U});
    }
    seen.ends = {{.step = 2, .connection = ended}};
    return seen;
  };
  EXPECT_FALSE(tolerated_breach(played, seen_with(1)).has_value());
  const auto harm = tolerated_breach(played, seen_with(0));
  ASSERT_TRUE(harm.has_value());
  EXPECT_NE(harm->sentence.find("broke no rule"), std::string::npos) << harm->sentence;
  EXPECT_EQ(harm->statement, "MQTT-3.3.4-6");
  played.steps[0].barrier = false;
  const auto open = tolerated_breach(played, seen_with(0));
  ASSERT_TRUE(open.has_value());
  EXPECT_NE(open->sentence.find("keeps the connection"), std::string::npos)
      << "its own packets may have ended it: " << open->sentence;
}

// No server sends what does not fit into Maximum Packet Size, CONNACK neither (MQTT-3.1.2-24).
TEST(FuzzOracles, MissNoConnackThatTheClientHasNoRoomFor) {
  const auto suspicions = [](std::uint32_t maximum_packet_size) {
    mqtt::connect hello;
    hello.client_id = "a";
    hello.properties.add(mqtt::maximum_packet_size(maximum_packet_size));
    const input played{
        {step{.bytes = bytes_of(hello, mqtt::protocol_version::v5)}, step{.bytes = {0xC0, 0}}}};
    observation seen;
    for (int i = 0; i < 2; ++i) seen.steps.push_back({.opening = 1});
    seen.bytes = {0xD0, 0};
    seen.arrivals = {{.step = 1, .opening = 1, .offset = 0, .size = 2}};
    return breaches_of(played, seen).size() + (tolerated_breach(played, seen) ? 1 : 0);
  };
  EXPECT_EQ(suspicions(10), 0U);
  EXPECT_EQ(suspicions(1'000), 1U) << "a packet before CONNACK";
}

TEST(FuzzOracles, BlameNobodyForAConnectionThatWeEnded) {
  input played = second_connect();
  played.steps[1].barrier = false;
  played.steps.push_back({.kind = step_kind::close});
  observation seen;
  seen.steps.resize(3);
  EXPECT_FALSE(tolerated_breach(played, seen).has_value());
  played.steps[1].barrier = true;
  EXPECT_FALSE(tolerated_breach(played, seen).has_value());
  played.steps[2].connection = 1;
  EXPECT_TRUE(tolerated_breach(played, seen).has_value());
}

/// A PUBLISH whose topic, packet identifier and payload make up the token of name spaces, and the
/// PUBREC for what goes over the wire.
std::pair<input, observation> token_across_fields(std::uint16_t acknowledged) {
  const byte_buffer connect{0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 0};
  const byte_buffer publish{0x34, 10, 0, 1, '@', '@', '@', '@', '@', '@', '@', '@'};
  observation seen;
  seen.name_space = 0x1234;
  seen.connections_opened = 1;
  const auto version = mqtt::protocol_version::v3_1_1;
  for (int i = 0; i < 2; ++i) seen.steps.push_back({.opening = 1, .version = version});
  const byte_buffer answers{0x20,
                            2,
                            0,
                            0,
                            0x50,
                            2,
                            static_cast<std::uint8_t>(acknowledged >> 8U),
                            static_cast<std::uint8_t>(acknowledged & 0xFFU)};
  seen.bytes = answers;
  seen.arrivals = {{.step = 0, .opening = 1, .version = version, .offset = 0, .size = 4},
                   {.step = 1, .opening = 1, .version = version, .offset = 4, .size = 4}};
  return {input{{{.bytes = connect}, {.bytes = publish}}}, seen};
}

TEST(FuzzOracles, NameThePacketThatBreaksTheRuleWhereverStepsCutIt) {
  const byte_buffer connect{0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 0};
  byte_buffer with_half_a_ping = connect;
  with_half_a_ping.push_back(0xC3);
  const input played{{{.bytes = with_half_a_ping}, {.bytes = {0x00, 0xC0, 0x00}}}};
  observation seen;
  for (int i = 0; i < 2; ++i) {
    seen.steps.push_back({.opening = 1, .version = mqtt::protocol_version::v3_1_1});
  }
  const auto breach = tolerated_breach(played, seen);
  ASSERT_TRUE(breach.has_value());
  EXPECT_EQ(breach->statement, "MQTT-2.2.2-2");
  EXPECT_NE(breach->sentence.find("PINGREQ"), std::string::npos) << breach->sentence;
}

TEST(FuzzOracles, JudgeWhatWentOverTheWire) {
  const auto [played, seen] = token_across_fields(0x3030);  // "00" of the name space 00001234
  EXPECT_TRUE(breaches_of(played, seen).empty());
  const auto [again, wrong] = token_across_fields(0x4040);
  EXPECT_EQ(breaches_of(again, wrong).size(), 1U);
}

TEST(FuzzFeatures, TellWhichRuleWasBrokenAndWhatFollowed) {
  const byte_buffer connect{0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 0};
  input played{{{.bytes = connect}, {.bytes = {0xC1, 0}}}};
  observation seen;
  for (int i = 0; i < 2; ++i) {
    seen.steps.push_back({.opening = 1, .version = mqtt::protocol_version::v3_1_1});
  }
  const auto features = [&] {
    std::vector<std::uint16_t> found;
    find_features(played, seen, found);
    return found;
  };
  const auto kept = features();
  EXPECT_EQ(kept.size(), 1U);
  played.steps[1].bytes[0] = 0xC2;
  seen.steps[1].first_byte = 0xC2;
  EXPECT_NE(features(), kept);
  played.steps[1].bytes[0] = 0xC0;
  EXPECT_TRUE(features().empty()) << "no rule is broken";
}

TEST(FuzzFeatures, DoNotTellAResetFromAClose) {
  const input played{{{.bytes = {0xC0, 0}}}};
  observation seen;
  seen.steps.push_back({.first_byte = 0xC0, .opening = 1});
  const auto features = [&](socket_state how) {
    std::vector<std::uint16_t> found;
    seen.ends = {{.step = 0, .connection = 0, .how = how}};
    find_features(played, seen, found);
    return found;
  };
  EXPECT_FALSE(features(socket_state::ended).empty());
  EXPECT_EQ(features(socket_state::ended), features(socket_state::aborted));
}

TEST(FuzzOracles, AreContentWhenTheTargetEndsTheConnection) {
  observation seen;
  seen.steps.resize(2);
  seen.ends.push_back({.step = 1, .connection = 0, .how = socket_state::ended});
  EXPECT_FALSE(tolerated_breach(second_connect(), seen).has_value());
}

}  // namespace
}  // namespace gauntlet::fuzz
