// Goal: each class of finding is seen on the smallest history that shows it, each open question
// stays INDETERMINATE, and right histories are met with silence.

#include <gtest/gtest.h>

#include "tests/unit/history/guarantees/evidence_bench.hpp"

namespace gauntlet::history::proof {
namespace {

using enum mqtt::qos;

// A publisher and a subscriber of "#", connected from the beginning to the end.
class Checkers : public testing::Test, public evidence_bench {
 protected:
  Checkers() {
    publisher = connect("p", 0);
    subscriber = connect("s", 0);
    subscribe(subscriber, "t/#", 10);
  }
  std::uint32_t publisher = 0, subscriber = 0;
};

TEST_F(Checkers, AreSilentAboutWhatIsRight) {
  deliver(subscriber, publish(publisher, "t/a", 100), 110);
  deliver(subscriber, publish(publisher, "t/a", 200, exactly_once), 210);
  deliver(subscriber, publish(publisher, "t/a", 300, at_most_once), 310);
  EXPECT_EQ(verdict(), "");
}

TEST_F(Checkers, SeeALostMessage) {
  publish(publisher, "t/a", 100);
  EXPECT_EQ(verdict(), "D3 lost");
}

TEST_F(Checkers, SayStuckWhenTheSentinelIsMissing) {
  all.drain_began = at(50'000);
  publish(publisher, "t/a", 100);
  publish(publisher, "t/a", 60'000);
  EXPECT_EQ(verdict(), "D10 stuck");
}

TEST_F(Checkers, DoNotMissWhatWasOnlyPerhapsTaken) {
  const auto message = publish(publisher, "t/a", 100);
  publication(message).outcome = publish_outcome::maybe;
  publication(message).attempts[0].answer = {};
  end(publisher, 101);
  EXPECT_EQ(verdict(), "");
}

TEST_F(Checkers, SeeWhatNobodySent) {
  const auto extra = deliver(subscriber, publish(publisher, "t/a", 100), 110);
  delivery(extra).publication = none;
  EXPECT_EQ(verdict(), "D1 unexpected, D3 lost");
}

TEST_F(Checkers, SeeAGhost) {
  const auto message = publish(publisher, "t/a", 100);
  publication(message).outcome = publish_outcome::absent;
  publication(message).attempts[0].publish = swallowed_at(100);
  publication(message).attempts[0].answer = {};
  deliver(subscriber, message, 110);
  EXPECT_EQ(verdict(), "D1 ghost");
}

TEST_F(Checkers, SeeARejectedMessageDelivered) {
  const auto message = publish(publisher, "t/a", 100);
  publication(message).outcome = publish_outcome::rejected;
  publication(message).attempts[0].answer_code = mqtt::reason_code::quota_exceeded;
  deliver(subscriber, message, 110);
  EXPECT_EQ(verdict(), "D1 rejected-delivered");
}

TEST_F(Checkers, SeeADeliveryAfterUnsubscribe) {
  all.subscriptions[0].unsubscribe = sent_at(50);
  all.subscriptions[0].unsuback = sent_at(51);
  deliver(subscriber, publish(publisher, "t/a", 100), 110);
  EXPECT_EQ(verdict(), "D1 after-unsubscribe");
}

TEST_F(Checkers, SeeADeliveryWithoutSubscription) {
  deliver(subscriber, publish(publisher, "u", 100), 110);
  EXPECT_EQ(verdict(), "D1 wrong-session");
}

TEST_F(Checkers, SeeChangedContent) {
  const auto copy = deliver(subscriber, publish(publisher, "t/a", 100), 110);
  delivery(copy).content.properties_digest = 5;
  EXPECT_EQ(verdict(), "D2 corrupt");
}

TEST_F(Checkers, SeeAMessageOnTheTopicOfAnother) {
  const auto message = publish(publisher, "t/a", 100);
  const auto other = publish(publisher, "t/b", 200);
  const auto copy = deliver(subscriber, message, 110);
  deliver(subscriber, other, 210);
  delivery(copy).topic = publication(other).topic;
  EXPECT_EQ(verdict(), "D2 corrupt");
}

TEST_F(Checkers, SeeDuplicates) {
  for (const mqtt::qos qos : {at_most_once, at_least_once, exactly_once}) {
    const auto message = publish(publisher, "t/a", 100 + 100 * static_cast<int>(qos), qos);
    deliver(subscriber, message, 110 + 100 * static_cast<int>(qos));
    deliver(subscriber, message, 120 + 100 * static_cast<int>(qos));
  }
  EXPECT_EQ(verdict(), "D4 duplicate, D5 gratuitous-duplicate, D6 duplicate-qos0");
}

TEST_F(Checkers, PermitASecondCopyOfWhatThePublisherSentAgain) {
  const auto message = publish(publisher, "t/a", 100);
  publication(message).attempts.push_back(publication(message).attempts[0]);
  publication(message).attempts[1].publish = sent_at(150);
  publication(message).attempts[1].answer = sent_at(151);
  deliver(subscriber, message, 110);
  deliver(subscriber, message, 160);
  EXPECT_EQ(verdict(), "");
}

TEST_F(Checkers, SeeReordering) {
  const auto first = publish(publisher, "t/a", 100);
  const auto second = publish(publisher, "t/a", 200);
  deliver(subscriber, second, 210);
  deliver(subscriber, first, 220);
  EXPECT_EQ(verdict(), "O1 reordered");
}

TEST_F(Checkers, LeaveReorderingOpenWhenAMessageWasSentAgain) {
  const auto first = publish(publisher, "t/a", 100);
  const auto second = publish(publisher, "t/a", 200);
  publication(first).attempts.push_back(publication(first).attempts[0]);
  publication(first).attempts[0].publish = swallowed_at(100);
  publication(first).attempts[1].publish = sent_at(205);
  publication(first).attempts[1].answer = sent_at(206);
  deliver(subscriber, second, 210);
  deliver(subscriber, first, 220);
  EXPECT_EQ(verdict(), "O1 reordered INDETERMINATE");
}

TEST_F(Checkers, SeeARepetitionOnAnOpenConnection) {
  const auto message = publish(publisher, "t/a", 100);
  const auto first = deliver(subscriber, message, 110);
  const auto again = deliver(subscriber, message, 500);
  delivery(first).answer = {};
  delivery(again).repeats = first;
  delivery(again).dup = true;
  EXPECT_EQ(verdict(), "D5 gratuitous-duplicate");
}

TEST_F(Checkers, WarnOfAQos0MessageThatDidNotComeWithoutAFault) {
  publish(publisher, "t/a", 100, at_most_once);
  EXPECT_EQ(verdict(), "D6 qos0-loss-unfaulted WARN");
}

TEST_F(Checkers, SayNothingOfAQos0MessageInARunWithFaults) {
  publish(publisher, "t/a", 100, at_most_once);
  all.faults = {"", "cut"};
  EXPECT_EQ(verdict(), "");
}

TEST_F(Checkers, SayNothingOfAQos0MessageToASubscriberWhoseLinkHeldUp) {
  const auto before = deliver(subscriber, publish(publisher, "t/a", 100, at_most_once), 110);
  delivery(before).publish.passed = at(4'000);
  publish(publisher, "t/a", 200, at_most_once);
  EXPECT_EQ(verdict(), "");
}

TEST_F(Checkers, SayNothingOfAQos0MessageToASubscriberWhoWent) {
  publish(publisher, "t/a", 100, at_most_once);
  end(subscriber, 900);
  EXPECT_EQ(verdict(), "");
}

TEST_F(Checkers, ClaimOrderForTheLoneMemberOfASharedSubscription) {
  const auto lone = connect("lone", 0);
  subscribe(lone, "u/#", 10, 2, "group");
  const auto first = publish(publisher, "u/a", 100);
  const auto second = publish(publisher, "u/a", 200);
  deliver(lone, second, 210);
  deliver(lone, first, 220);
  EXPECT_EQ(verdict(), "O4 reordered");
}

TEST_F(Checkers, ClaimNoOrderWhereASharedSubscriptionHasTwoMembers) {
  const auto lone = connect("lone", 0);
  subscribe(lone, "u/#", 10, 2, "group");
  subscribe(connect("other", 0), "u/#", 10, 2, "group");
  const auto first = publish(publisher, "u/a", 100);
  const auto second = publish(publisher, "u/a", 200);
  deliver(lone, second, 210);
  deliver(lone, first, 220);
  EXPECT_EQ(verdict(), "");
}

TEST_F(Checkers, SeeASecondCopyGoBackWithAReceiveMaximumOfOne) {
  all.connections[subscriber].receive_maximum = 1;
  const auto first = publish(publisher, "t/a", 100);
  const auto second = publish(publisher, "t/a", 200);
  const auto copy = deliver(subscriber, first, 110);
  deliver(subscriber, second, 210);
  end(subscriber, 300);
  const auto resumed = connect("s", 400, true);
  all.connections[resumed].receive_maximum = 1;
  const auto again = deliver(resumed, first, 410);
  delivery(again).repeats = copy;
  delivery(again).dup = true;
  EXPECT_EQ(verdict(), "O2 reordered");
  all.connections[subscriber].receive_maximum = 2;
  EXPECT_EQ(verdict(), "");
}

TEST_F(Checkers, SeeReleasesInAnotherOrderThanTheirPubrec) {
  const auto first = deliver(subscriber, publish(publisher, "t/a", 100, exactly_once), 110);
  const auto second = deliver(subscriber, publish(publisher, "t/b", 100, exactly_once), 111);
  delivery(first).answer = sent_at(120);
  delivery(second).answer = sent_at(121);
  delivery(second).pubrel = sent_at(122);
  delivery(first).pubrel = sent_at(123);
  delivery(first).pubcomp = delivery(second).pubcomp = sent_at(124);
  EXPECT_EQ(verdict(), "O3 acknowledgements-reordered WARN");
  all.connections[subscriber].version = mqtt::protocol_version::v3_1_1;
  EXPECT_EQ(verdict(), "O3 acknowledgements-reordered");
  delivery(first).pubrel = sent_at(122);
  delivery(second).pubrel = sent_at(123);
  EXPECT_EQ(verdict(), "");
}

// --- sessions

class Sessions : public Checkers {
 protected:
  void return_at(int when, bool present) {
    end(subscriber, 1'000);
    back = connect("s", when, present, 10);
    all.connections[subscriber].session_expiry_s = 10;
  }
  std::uint32_t back = 0;
};

TEST_F(Sessions, SeeALostOne) {
  return_at(5'000, false);
  EXPECT_EQ(verdict(), "S1 session-lost");
}

TEST_F(Sessions, AskNothingAtTheEdgeOfExpiry) {
  return_at(10'900, false);
  EXPECT_EQ(verdict(), "");
}

TEST_F(Sessions, SeeOneThatIsKeptTooLong) {
  return_at(13'500, true);
  EXPECT_EQ(verdict(), "S1 session-kept WARN");
}

TEST_F(Sessions, SeeOneThatIsKeptForEver) {
  return_at(30'000, true);
  EXPECT_EQ(verdict(), "S1 session-kept");
}

TEST_F(Sessions, SeeAnUncleanStart) {
  return_at(5'000, true);
  all.connections[back].clean_start = true;
  EXPECT_EQ(verdict(), "S2 not-clean");
}

TEST_F(Sessions, SeeOldMessagesInANewSession) {
  const auto message = publish(publisher, "t/a", 2'000);
  return_at(30'000, false);
  subscribe(back, "t/#", 30'010);
  deliver(back, message, 30'020);
  EXPECT_EQ(verdict(), "S2 not-clean");
}

TEST_F(Sessions, SeeAmnesia) {
  for (int i = 0; i < 3; ++i) publish(publisher, "t/a", 2'000 + 100 * i);
  return_at(5'000, true);
  EXPECT_EQ(verdict(), "D3 lost, S3 amnesia");
}

TEST_F(Sessions, SeeAConnectionThatOutlivesItsTakeover) {
  connect("s", 5'000, true);
  EXPECT_EQ(verdict(), "S4 old-connection-open");
}

TEST_F(Sessions, WantATakeoverAnnouncedToTheOldConnection) {
  connect("s", 5'000, true);
  connection_record& old = all.connections[subscriber];
  old.broker_end = {.at = at(5'001)};
  old.client_end = {.at = at(5'002), .by_link = true};
  EXPECT_EQ(verdict(), "S4 taken-over-unannounced WARN");
  old.broker_disconnect = sent_at(5'001);
  old.broker_disconnect_code = mqtt::reason_code::session_taken_over;
  EXPECT_EQ(verdict(), "");
}

TEST_F(Sessions, WantNoAnnouncementOfAnEndThatAFaultMade) {
  connect("s", 5'000, true);
  all.connections[subscriber].broker_end = {.at = at(5'001), .fault = 1};
  EXPECT_EQ(verdict(), "");
}

TEST_F(Sessions, AskForWhatWasNotAcknowledged) {
  const auto copy = deliver(subscriber, publish(publisher, "t/a", 100), 110);
  delivery(copy).answer = swallowed_at(111);
  return_at(5'000, true);
  EXPECT_EQ(verdict(), "D7 not-redelivered");
  const auto again = deliver(back, 0, 5'010);
  delivery(again).repeats = copy;
  delivery(again).packet_identifier = delivery(copy).packet_identifier;
  EXPECT_EQ(verdict(), "D7 redelivered-changed") << "without DUP";
  delivery(again).dup = true;
  EXPECT_EQ(verdict(), "");
}

TEST_F(Sessions, AskForTheOrderOfWhatTheySawBegin) {
  const auto one = deliver(subscriber, publish(publisher, "t/a", 100), 110);
  const auto two = deliver(subscriber, publish(publisher, "t/b", 120), 130);
  return_at(5'000, true);
  for (const auto& [first, when] : {std::pair(two, 5'010), std::pair(one, 5'020)}) {
    delivery(first).answer = swallowed_at(140);
    const auto again = deliver(back, delivery(first).publication, when);
    delivery(again).repeats = first;
    delivery(again).packet_identifier = delivery(first).packet_identifier;
    delivery(again).dup = true;
  }
  EXPECT_EQ(verdict(), "D7 redelivered-out-of-order WARN");
  delivery(two).dup = true;
  EXPECT_EQ(verdict(), "") << "it was sent before, where nobody saw it";
}

// --- retained messages

class Retained : public Checkers {
 protected:
  std::uint32_t write(int when, bool empty = false) {
    const auto version = publish(publisher, "r", when, at_least_once, true);
    if (empty) publication(version).content.payload_size = 0;
    return version;
  }
  std::uint32_t read(int when) {
    const auto reader = connect("reader" + std::to_string(when), when - 10);
    subscribe(reader, "r", when);
    return reader;
  }
};

TEST_F(Retained, AreTheLastValue) {
  write(100);
  deliver(read(500), write(200), 502, true);
  EXPECT_EQ(verdict(), "");
}

TEST_F(Retained, AreNotAnOlderOne) {
  const auto old = write(100);
  write(200);
  deliver(read(500), old, 502, true);
  EXPECT_EQ(verdict(), "R1 stale-retained");
}

TEST_F(Retained, MayBeEitherWhileOneIsWritten) {
  const auto old = write(100);
  const auto young = write(499);
  publication(young).attempts[0].answer = sent_at(510);
  deliver(read(500), old, 502, true);
  deliver(read(505), young, 507, true);
  EXPECT_EQ(verdict(), "");
}

TEST_F(Retained, DoNotComeBackAfterTheirDeletion) {
  const auto old = write(100);
  write(200, true);
  deliver(read(500), old, 502, true);
  EXPECT_EQ(verdict(), "R1 resurrected");
}

TEST_F(Retained, AreNotMissing) {
  write(100);
  read(500);
  EXPECT_EQ(verdict(), "R1 retained-missing");
}

TEST_F(Retained, MayBeMissingAtQos0) {
  publish(publisher, "r", 100, at_most_once, true);
  read(500);
  EXPECT_EQ(verdict(), "");
}

TEST_F(Retained, ComeOnce) {
  const auto version = write(100);
  const auto reader = read(500);
  deliver(reader, version, 502, true);
  deliver(reader, version, 503, true);
  EXPECT_EQ(verdict(), "R3 retained-twice");
}

TEST_F(Retained, DoNotComeWhereTheyAreDeclined) {
  const auto version = write(100);
  const auto reader = read(500);
  all.subscriptions.back().options.retain_handling = mqtt::retain_handling::do_not_send;
  deliver(reader, version, 502, true);
  EXPECT_EQ(verdict(), "R3 retain-handling");
}

TEST_F(Retained, AreNeverEmpty) {
  const auto version = write(100, true);
  const auto copy = deliver(read(500), version, 502, true);
  delivery(copy).content.payload_size = 0;
  EXPECT_EQ(verdict(), "R3 empty-retained");
}

TEST_F(Retained, SetTheFlagOnlyForNewSubscriptions) {
  const auto reader = read(50);
  deliver(reader, write(100), 101, true);
  deliver(reader, write(200), 201, true);
  EXPECT_EQ(verdict(), "R3 retain-flag");
}

TEST_F(Retained, MayBeGoneAfterAKillOfABrokerThatPromisesNothing) {
  write(100);
  all.broker_events = {{broker_event::kind::kill, at(300), 0},
                       {broker_event::kind::start, at(310), 0}};
  read(500);
  EXPECT_EQ(verdict(), "");
  all.promises.survives_kill = true;
  EXPECT_EQ(verdict(), "R4 retained-lost");
}

// --- wills

class Wills : public Checkers {
 protected:
  Wills() {
    subscribe(subscriber, "w/#", 20);
    mortal = connect("m", 1'000);
  }
  std::uint32_t mortal = 0;
};

TEST_F(Wills, ComeWhenTheConnectionBreaks) {
  with_will(mortal);
  end(mortal, 2'000);
  EXPECT_EQ(verdict(), "W1 will-missing");
  deliver_will(subscriber, mortal, 2'010);
  EXPECT_EQ(verdict(), "");
  deliver_will(subscriber, mortal, 2'020);
  EXPECT_EQ(verdict(), "W1 will-twice");
}

TEST_F(Wills, ComeInTime) {
  with_will(mortal, 5);
  end(mortal, 2'000);
  const auto will = deliver_will(subscriber, mortal, 2'010);
  EXPECT_EQ(verdict(), "W1 will-early");
  delivery(will).publish = sent_at(10'000);
  EXPECT_EQ(verdict(), "W1 will-late WARN");
  delivery(will).publish = sent_at(40'000);
  EXPECT_EQ(verdict(), "W1 will-missing");
}

TEST_F(Wills, AreOpenAtTheEndOfTheRun) {
  with_will(mortal);
  end(mortal, 190'000);
  EXPECT_EQ(verdict(), "W1 will-missing INDETERMINATE");
}

TEST_F(Wills, AreCancelledByDisconnect) {
  with_will(mortal);
  disconnect(mortal, 2'000);
  EXPECT_EQ(verdict(), "");
  deliver_will(subscriber, mortal, 2'010);
  EXPECT_EQ(verdict(), "W2 will-although-cancelled");
}

TEST_F(Wills, AreNotCancelledByDisconnectWithWill) {
  with_will(mortal);
  disconnect(mortal, 2'000, mqtt::reason_code::disconnect_with_will_message);
  EXPECT_EQ(verdict(), "W4 will-missing");
}

TEST_F(Wills, AreCancelledByAReturnInTime) {
  with_will(mortal, 5);
  end(mortal, 2'000);
  connect("m", 4'000, true);
  EXPECT_EQ(verdict(), "");
  deliver_will(subscriber, mortal, 7'000);
  EXPECT_EQ(verdict(), "W2 will-although-cancelled");
}

TEST_F(Wills, AreOpenAtTheEdgeOfTheirDelay) {
  with_will(mortal, 5);
  end(mortal, 2'000);
  connect("m", 6'800, true);
  EXPECT_EQ(verdict(), "");
  deliver_will(subscriber, mortal, 7'000);
  EXPECT_EQ(verdict(), "");
  deliver_will(subscriber, mortal, 7'010);
  EXPECT_EQ(verdict(), "W3 will-twice");
}

TEST_F(Wills, ComeAtATakeover) {
  with_will(mortal);
  connect("m", 2'000, true);
  end(mortal, 2'001);
  EXPECT_EQ(verdict(), "W5 will-missing");
}

TEST_F(Wills, WaitThroughATakeoverThatResumes) {
  with_will(mortal, 5);
  connect("m", 2'000, true);
  end(mortal, 2'001);
  EXPECT_EQ(verdict(), "");
  deliver_will(subscriber, mortal, 2'010);
  EXPECT_EQ(verdict(), "W5 will-although-resumed");
}

TEST_F(Wills, AreAsTheyWereGiven) {
  with_will(mortal);
  end(mortal, 2'000);
  const auto will = deliver_will(subscriber, mortal, 2'010);
  delivery(will).has_will_delay = true;
  EXPECT_EQ(verdict(), "W6 will-altered");
}

// --- expiry

class Expiry : public Checkers {
 protected:
  std::uint32_t expiring(int when, std::uint32_t seconds) {
    const auto message = publish(publisher, "t/e", when);
    publication(message).expiry_s = seconds;
    return message;
  }
};

TEST_F(Expiry, TakesOffTheTimeThatAMessageWaited) {
  end(subscriber, 1'000);
  const auto message = expiring(2'000, 10);
  const auto back = connect("s", 6'000, true);
  const auto copy = deliver(back, message, 6'010);
  delivery(copy).expiry_s = 6;
  EXPECT_EQ(verdict(), "");
  delivery(copy).expiry_s = 10;
  EXPECT_EQ(verdict(), "E1 expiry-wrong");
  delivery(copy).expiry_s = std::nullopt;
  EXPECT_EQ(verdict(), "E1 expiry-missing");
}

TEST_F(Expiry, EndsWhatWaitedTooLong) {
  end(subscriber, 1'000);
  const auto message = expiring(2'000, 3);
  const auto back = connect("s", 6'000, true);
  EXPECT_EQ(verdict(), "");
  const auto copy = deliver(back, message, 6'010);
  delivery(copy).expiry_s = 0;
  EXPECT_EQ(verdict(), "E2 expired-delivered");
}

TEST_F(Expiry, IsNoReasonToKeepAMessageFromWhoIsThere) {
  expiring(2'000, 10);
  EXPECT_EQ(verdict(), "E3 expired-early INDETERMINATE");
  deliver(subscriber, expiring(2'100, 10), 2'110);
  EXPECT_EQ(verdict(), "E3 expired-early");
}

TEST_F(Expiry, DoesNotBreakOffWhatWasSent) {
  const auto copy = deliver(subscriber, expiring(900, 3), 910);
  delivery(copy).answer = swallowed_at(911);
  end(subscriber, 1'000);
  const auto back = connect("s", 6'000, true);
  EXPECT_EQ(verdict(), "D7 not-redelivered, E4 expired-in-flight");
  const auto again = deliver(back, 0, 6'010);
  delivery(again).repeats = copy;
  delivery(again).dup = true;
  EXPECT_EQ(verdict(), "");
}

// --- shared subscriptions

class Shared : public Checkers {
 protected:
  Shared() {
    one = connect("one", 0);
    two = connect("two", 0);
    subscribe(one, "j", 10, 2, "g");
    subscribe(two, "j", 10, 2, "g");
  }
  std::uint32_t one = 0, two = 0;
};

TEST_F(Shared, GiveAMessageToOneMember) {
  const auto message = publish(publisher, "j", 100);
  EXPECT_EQ(verdict(), "H1 shared-lost");
  deliver(two, message, 110);
  EXPECT_EQ(verdict(), "");
  deliver(one, message, 120);
  EXPECT_EQ(verdict(), "H3 shared-second-member");
}

TEST_F(Shared, NeverGiveAQos2MessageToASecondMember) {
  const auto message = publish(publisher, "j", 100, exactly_once);
  deliver(one, message, 110);
  deliver(two, message, 120);
  EXPECT_EQ(verdict(), "H2 shared-second-member");
}

TEST_F(Shared, MayGiveToAnotherWhatALostMemberHadNotAcknowledged) {
  const auto message = publish(publisher, "j", 100);
  const auto copy = deliver(one, message, 110);
  delivery(copy).answer = {};
  all.connections[one].session_expiry_s = 0;
  end(one, 200);
  deliver(two, message, 210);
  EXPECT_EQ(verdict(), "");
}

TEST_F(Shared, DropWhatAMemberRefused) {
  const auto message = publish(publisher, "j", 100);
  const auto copy = deliver(one, message, 110);
  delivery(copy).answer_code = mqtt::reason_code::unspecified_error;
  deliver(two, message, 120);
  EXPECT_EQ(verdict(), "H4 refused-redispatched");
}

TEST_F(Shared, BringNoRetainedMessages) {
  const auto message = publish(publisher, "j", 5, at_least_once, true);
  deliver(one, message, 20, true);
  EXPECT_EQ(verdict(), "H5 shared-retained");
}

// --- offline queues

class Queues : public Checkers {
 protected:
  Queues() {
    end(subscriber, 1'000);
    for (int i = 0; i < 200; ++i) publish(publisher, "t/q", 2'000 + 10 * i);
    back = connect("s", 10'000, true);
    all.promises.queue_limit = 100;
  }
  void deliver_between(std::uint32_t first, std::uint32_t end_of) {
    for (std::uint32_t i = first; i < end_of; ++i) {
      deliver(back, i, 10'010 + static_cast<int>(i));
    }
  }
  std::uint32_t back = 0;
};

TEST_F(Queues, KeepTheFirst) {
  deliver_between(0, 100);
  EXPECT_EQ(verdict(), "");
}

TEST_F(Queues, OrTheLast) {
  deliver_between(100, 200);
  EXPECT_EQ(verdict(), "");
}

TEST_F(Queues, WithoutHoles) {
  deliver_between(0, 50);
  deliver_between(51, 102);
  EXPECT_EQ(verdict(), "Q1 torn-queue");
}

TEST_F(Queues, AsLongAsPromised) {
  deliver_between(0, 30);
  EXPECT_EQ(verdict(), "Q1 queue-too-short");
}

}  // namespace
}  // namespace gauntlet::history::proof
