#include "harness/history/delivery_account.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <vector>

#include "harness/history/pair_judgement.hpp"
#include "harness/mqtt/subscription_tree.hpp"

namespace gauntlet::history {
namespace {

// Who is owed messages: one client, or all members of one shared subscription together.
struct claimant {
  std::vector<receiver_index> members;
  std::vector<time_span> subscribed;
  std::vector<time_span> away;  // not of shared subscriptions: the others are there
};

struct matching_subscription {
  std::uint32_t claimant = 0;
  mqtt::qos granted_qos = mqtt::qos::at_most_once;
  bool no_local = false;
};

using subscriptions_of_filter = std::vector<matching_subscription>;

class judge {
 public:
  judge(const ledger& books, const stream_catalogue& catalogue)
      : books_(books), catalogue_(catalogue), later_stages_(catalogue.later_stages()) {
    enter_claimants();
  }

  delivery_account run() {
    for (const auto& [stream, published] : books_.published) judge_stream(stream, published);
    enter_unmatched();
    return std::move(account_);
  }

 private:
  void enter_claimants() {
    for (const auto& [receiver, record] : books_.received.receivers) {
      std::optional<std::uint32_t> own;
      for (const granted_subscription& subscription : record.subscriptions) {
        if (!subscription.share_name.empty()) {
          enter_member(receiver, record, subscription);
          continue;
        }
        if (!own)
          own = add_claimant(
              {.members = {receiver}, .subscribed = record.subscribed, .away = record.away});
        enter_filter(*own, subscription);
      }
    }
  }

  void enter_filter(std::uint32_t claimant, const granted_subscription& subscription) {
    tree_.find_or_add(subscription.topic_filter)
        .push_back({.claimant = claimant,
                    .granted_qos = subscription.granted_qos,
                    .no_local = subscription.no_local});
  }

  // All members of a shared subscription are one claimant, whose filter stands in the tree once.
  void enter_member(receiver_index receiver, const receiver_record& record,
                    const granted_subscription& subscription) {
    const auto [it, fresh] =
        shared_.try_emplace({subscription.share_name, subscription.topic_filter}, next_claimant());
    if (fresh) {
      add_claimant({});
      enter_filter(it->second, subscription);
    }
    join(claimants_[it->second], receiver, record);
  }

  std::uint32_t next_claimant() const { return static_cast<std::uint32_t>(claimants_.size()); }

  std::uint32_t add_claimant(claimant who) {
    claimants_.push_back(std::move(who));
    return next_claimant() - 1;
  }

  // A shared subscription stands from its first member's SUBACK on; it is open while one member's
  // is.
  static void join(claimant& group, receiver_index receiver, const receiver_record& record) {
    group.members.push_back(receiver);
    if (record.subscribed.empty()) return;
    const time_span span{.from = record.subscribed.front().from,
                         .until = record.subscribed.back().until};
    if (group.subscribed.empty()) {
      group.subscribed = {span};
    } else {
      group.subscribed[0].from = std::min(group.subscribed[0].from, span.from);
      group.subscribed[0].until = std::max(group.subscribed[0].until, span.until);
    }
  }

  void judge_stream(stream_index stream, const published_stream& published) {
    const stream_facts facts = catalogue_.describe(stream);
    if (facts.topic_name.empty()) return;
    matches_.clear();
    tree_.match(facts.topic_name, [this](const subscriptions_of_filter& found) {
      matches_.insert(matches_.end(), found.begin(), found.end());
    });
    if (!matches_.empty()) make_windows(stream);
    std::sort(matches_.begin(), matches_.end(),
              [](const auto& a, const auto& b) { return a.claimant < b.claimant; });
    for (std::size_t begin = 0; begin < matches_.size();) {
      std::size_t end = begin + 1;
      while (end < matches_.size() && matches_[end].claimant == matches_[begin].claimant) ++end;
      judge_claim(stream, published, facts, std::span(matches_).subspan(begin, end - begin));
      begin = end;
    }
  }

  // The numbers of the stream in each stage; an empty stage gets a window beyond all numbers.
  void make_windows(stream_index stream) {
    windows_.clear();
    stages_.clear();
    std::uint32_t first = 0;
    for (std::uint32_t stage = 0; stage <= later_stages_.size(); ++stage) {
      const std::uint32_t end = stage < later_stages_.size()
                                    ? catalogue_.first_scheduled_from(stream, later_stages_[stage])
                                    : UINT32_MAX;
      if (end <= first) continue;
      windows_.push_back({first, end == UINT32_MAX ? UINT32_MAX : end - 1});
      stages_.push_back(stage);
      first = end;
    }
  }

  void judge_claim(stream_index stream, const published_stream& published,
                   const stream_facts& facts, std::span<const matching_subscription> matches) {
    const claimant& who = claimants_[matches.front().claimant];
    mqtt::qos granted = mqtt::qos::at_most_once;
    std::uint32_t matching = 0;
    for (const matching_subscription& match : matches) {
      if (match.no_local && who.members.front() == facts.publisher) continue;
      granted = std::max(granted, match.granted_qos);
      ++matching;
    }
    if (matching == 0) return;

    receipt_tracker joined;
    const receipt_tracker* receipts = &joined;
    for (const receiver_index member : who.members) {
      const auto tracker = books_.received.trackers.find({member, stream});
      if (tracker == books_.received.trackers.end()) continue;
      matched_.insert(&tracker->second);
      if (who.members.size() == 1) {
        receipts = &tracker->second;
      } else {
        joined.join(tracker->second);
      }
    }
    // No broker has to keep messages of QoS 0 for a session. MQTT 5.0 §4.1
    const mqtt::qos effective = std::min(facts.published_qos, granted);
    const bool kept = effective != mqtt::qos::at_most_once;
    const auto figures = judge_pair(
        {.published = published,
         .receipts = *receipts,
         .subscribed = who.subscribed,
         .not_due = kept ? std::span<const time_span>() : who.away,
         .matching = matching},
        [&](time_point when) { return catalogue_.first_scheduled_from(stream, when); }, windows_);
    for (std::size_t i = 0; i < figures.size(); ++i) {
      figures_of(facts, effective, stages_[i]) += figures[i];
    }
  }

  // What came although no subscription of its receiver matches, or of a stream that never sent.
  void enter_unmatched() {
    if (matched_.size() == books_.received.trackers.size()) return;
    for (const auto& [key, tracker] : books_.received.trackers) {
      if (matched_.contains(&tracker)) continue;
      const stream_facts facts = catalogue_.describe(key.stream);
      make_windows(key.stream);
      for (std::size_t i = 0; i < windows_.size(); ++i) {
        figures_of(facts, facts.published_qos, stages_[i]).unexpected +=
            tracker.received_in(windows_[i]) + tracker.duplicates_in(windows_[i]);
      }
    }
  }

  delivery_figures& figures_of(const stream_facts& facts, mqtt::qos effective_qos,
                               std::uint32_t stage) {
    return account_[{.group = facts.group, .effective_qos = effective_qos, .stage = stage}];
  }

  const ledger& books_;
  const stream_catalogue& catalogue_;
  std::vector<time_point> later_stages_;
  std::vector<sequence_range> windows_;  // of the stream being judged
  std::vector<std::uint32_t> stages_;    // beside windows_
  std::vector<claimant> claimants_;
  std::map<std::pair<std::string, std::string>, std::uint32_t> shared_;  // by share name and filter
  mqtt::subscription_tree<subscriptions_of_filter> tree_;
  std::vector<matching_subscription> matches_;
  std::unordered_set<const receipt_tracker*> matched_;
  delivery_account account_;
};

}  // namespace

delivery_figures& delivery_figures::operator+=(const delivery_figures& other) {
  expected += other.expected;
  delivered += other.delivered;
  lost += other.lost;
  uncertain += other.uncertain;
  extra += other.extra;
  duplicated += other.duplicated;
  reordered += other.reordered;
  unexpected += other.unexpected;
  return *this;
}

delivery_account judge_deliveries(const ledger& books, const stream_catalogue& catalogue) {
  return judge(books, catalogue).run();
}

}  // namespace gauntlet::history
