#include "sim/plan/plan_digest.hpp"

#include <algorithm>
#include <array>

#include "harness/base/assert.hpp"
#include "sim/plan/edge_story.hpp"
#include "sim/plan/life_plan.hpp"

namespace gauntlet::sim {
namespace {

template <class Int>
void put(byte_buffer& out, Int value) {
  for (std::size_t i = 0; i < sizeof(Int); ++i) {
    out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
}

void put(byte_buffer& out, byte_view bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

}  // namespace

namespace {

/// The messages of one device, the next one first.
class planned_messages {
 public:
  planned_messages(const fleet_plan& plan, device_number device)
      : plan_(plan),
        device_(device),
        publications_(plan.group_of(device).publish),
        client_id_(plan.client_id_of(device)) {
    if (plan.group_of(device).sparkplug) story_.emplace(plan, device);
    for (std::size_t p = 0; p < publications_.size(); ++p) {
      topics_.push_back(plan.topic_of(device, p));
      next_.push_back(plan.first_message(device, p));
      const bool is_birth = publications_[p].sparkplug.is == sparkplug_stream::kind::birth;
      if (is_birth) next_.back() = due_message{};
    }
  }

  /// The publication of the next message: of equal due times births come first, then the first
  /// publication wins.
  std::optional<std::size_t> first() const {
    std::optional<std::size_t> best;
    for (std::size_t p = 0; p < next_.size(); ++p) {
      if (next_[p] && (!best || comes_before(p, *best))) best = p;
    }
    return best;
  }

  void visit(std::size_t p, const std::function<void(const planned_publish&)>& visitor) {
    const due_message message = *next_[p];
    const sparkplug_stream stream = publications_[p].sparkplug;
    payload_.clear();
    if (stream.is == sparkplug_stream::kind::none) {
      plan_.append_payload(device_, p, message, payload_, &memory_);
    } else {
      story_->append(stream, message.due, payload_);
    }
    visitor({.due = message.due,
             .sequence = message.sequence,
             .publication = static_cast<std::uint32_t>(p),
             .client_id = client_id_,
             .topic = topics_[p],
             .payload = payload_,
             .qos = publications_[p].qos,
             .retain = publications_[p].retain});
    const bool is_planned = !publications_[p].triggered;
    next_[p] = is_planned ? plan_.next_message(device_, p, message) : std::nullopt;
    if (story_) follow(stream, message);
  }

 private:
  bool comes_before(std::size_t left, std::size_t right) const {
    if (next_[left]->due != next_[right]->due) return next_[left]->due < next_[right]->due;
    const auto is_birth = [this](std::size_t p) {
      return publications_[p].sparkplug.is == sparkplug_stream::kind::birth;
    };
    return is_birth(left) && !is_birth(right);
  }

  void follow(const sparkplug_stream& stream, const due_message& message) {
    const auto after = story_->after(stream, message.due);
    if (!after || after->due >= plan_.described().publish_for) return;
    for (std::size_t p = 0; p < publications_.size(); ++p) {
      const sparkplug_stream& other = publications_[p].sparkplug;
      if (other.is == after->stream.is && other.unit == after->stream.unit) {
        next_[p] = due_message{.due = after->due, .sequence = message.sequence};
      }
    }
  }

  const fleet_plan& plan_;
  device_number device_;
  const std::vector<publication>& publications_;
  std::string client_id_;
  std::vector<std::string> topics_;
  std::vector<std::optional<due_message>> next_;
  std::optional<edge_story> story_;
  byte_buffer payload_;
  sensor_memory memory_;
};

}  // namespace

void for_each_planned(const fleet_plan& plan, device_number device,
                      const std::function<void(const planned_publish&)>& visit,
                      std::uint64_t depth) {
  planned_messages messages(plan, device);
  for (std::uint64_t visited = 0; visited < depth; ++visited) {
    const auto next = messages.first();
    if (!next) return;
    messages.visit(*next, visit);
  }
}

std::uint64_t digest_depth(const plan_summary& summary) {
  constexpr double messages_max = 2e6;
  constexpr double bytes_max = 1e9;
  double bytes = 0;
  for (const load_figures& stage : summary.stages) bytes += stage.payload_bytes_sent;
  const double share = std::min(messages_max / std::max(1.0, summary.messages_total()),
                                bytes_max / std::max(1.0, bytes));
  if (share >= 1) return whole_plan;
  const auto publishers = static_cast<double>(std::max<std::uint64_t>(1, summary.publishers));
  return static_cast<std::uint64_t>(std::max(1.0, summary.messages_total() * share / publishers));
}

namespace {

constexpr std::size_t absences_max = 1'000;

void add_absences(const life_plan& lives, device_number device, sha256& hasher) {
  byte_buffer line;
  auto away = lives.first_absence(device);
  for (std::size_t i = 0; away && i < absences_max; ++i) {
    line.clear();
    put(line, static_cast<std::uint64_t>(away->from.count()));
    put(line, static_cast<std::uint64_t>(away->until.count()));
    put(line, static_cast<std::uint32_t>(away->disturbance));
    line.push_back(static_cast<std::uint8_t>(away->leaves));
    hasher.update(line);
    away = lives.next_absence(device, *away);
  }
}

sha256_digest digest_device(const fleet_plan& plan, const life_plan& lives, device_number device,
                            std::uint64_t depth) {
  sha256 hasher;
  byte_buffer line;
  for_each_planned(
      plan, device,
      [&](const planned_publish& each) {
        line.clear();
        put(line, static_cast<std::uint64_t>(each.due.count()));
        put(line, static_cast<std::uint32_t>(each.client_id.size()));
        put(line, static_cast<std::uint32_t>(each.topic.size()));
        put(line, static_cast<std::uint32_t>(each.payload.size()));
        line.push_back(static_cast<std::uint8_t>(each.qos));
        line.push_back(each.retain ? 1 : 0);
        put(line, as_bytes(each.client_id));
        put(line, as_bytes(each.topic));
        put(line, each.payload);
        hasher.update(line);
      },
      depth);
  if (lives.lives(plan.position_of(device).group)) add_absences(lives, device, hasher);
  return hasher.finish();
}

}  // namespace

sha256_digest digest_device(const fleet_plan& plan, device_number device, std::uint64_t depth) {
  return digest_device(plan, life_plan(plan), device, depth);
}

std::vector<sha256_digest> digest_devices(const fleet_plan& plan, device_number first,
                                          device_number last, std::uint64_t depth) {
  GAUNTLET_ASSERT(first <= last && last <= plan.device_count());
  std::vector<sha256_digest> digests;
  digests.reserve(last - first);
  const life_plan lives(plan);
  for (device_number device = first; device < last; ++device) {
    digests.push_back(digest_device(plan, lives, device, depth));
  }
  return digests;
}

sha256_digest combine_digests(std::span<const sha256_digest> devices) {
  sha256 hasher;
  for (const sha256_digest& each : devices) hasher.update(each);
  return hasher.finish();
}

sha256_digest digest_plan(const fleet_plan& plan, std::uint64_t depth) {
  return combine_digests(digest_devices(plan, 0, plan.device_count(), depth));
}

}  // namespace gauntlet::sim
