#include "sim/plan/plan_digest.hpp"

#include <algorithm>
#include <array>

#include "harness/base/assert.hpp"

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

void for_each_planned(const fleet_plan& plan, device_number device,
                      const std::function<void(const planned_publish&)>& visit,
                      std::uint64_t depth) {
  const std::vector<publication>& publications = plan.group_of(device).publish;
  const std::string client_id = plan.client_id_of(device);
  std::vector<std::string> topics;
  std::vector<std::optional<due_message>> next;
  for (std::size_t p = 0; p < publications.size(); ++p) {
    topics.push_back(plan.topic_of(device, p));
    next.push_back(plan.first_message(device, p));
  }
  byte_buffer payload;
  sensor_memory memory;
  for (std::uint64_t visited = 0; visited < depth; ++visited) {
    // Of equal due times the first publication wins: min_element answers the first smallest.
    const auto first = std::min_element(next.begin(), next.end(), [](const auto& a, const auto& b) {
      return a && (!b || a->due < b->due);
    });
    if (first == next.end() || !*first) return;
    const auto p = static_cast<std::size_t>(first - next.begin());
    payload.clear();
    plan.append_payload(device, p, **first, payload, &memory);
    visit({.due = (*first)->due,
           .sequence = (*first)->sequence,
           .publication = static_cast<std::uint32_t>(p),
           .client_id = client_id,
           .topic = topics[p],
           .payload = payload,
           .qos = publications[p].qos,
           .retain = publications[p].retain});
    *first = plan.next_message(device, p, **first);
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

sha256_digest digest_device(const fleet_plan& plan, device_number device, std::uint64_t depth) {
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
  return hasher.finish();
}

std::vector<sha256_digest> digest_devices(const fleet_plan& plan, device_number first,
                                          device_number last, std::uint64_t depth) {
  GAUNTLET_ASSERT(first <= last && last <= plan.device_count());
  std::vector<sha256_digest> digests;
  digests.reserve(last - first);
  for (device_number device = first; device < last; ++device) {
    digests.push_back(digest_device(plan, device, depth));
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
